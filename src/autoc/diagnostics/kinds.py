"""The one table of all diagnostics. A code is never used again for something else.

Families: 1xx writing, 2xx names and types, 3xx choice, 4xx time, 5xx actions, 9xx the house's own.
Names read after "allow". Severities: language.md, section 6.
"""

from collections.abc import Sequence

import attrs

from autoc.diagnostics.model import Diagnostic, Fix, Label, Severity

SUPPRESSIBLE_FAMILIES = ("3", "4", "5")


@attrs.frozen(kw_only=True)
class Kind:
    """One kind of finding. `fixable`: some findings of this kind carry a fix."""

    code: str
    name: str
    severity: Severity
    summary: str
    fixable: bool = False

    @property
    def family(self) -> str:
        """The first digit of the code."""
        return self.code[2]


_ROWS: tuple[tuple[str, str, Severity, str], ...] = (
    ("AC101", "unexpected-word", "error", "a word stands where the language does not expect it"),
    ("AC102", "unclosed-string", "error", "a text has no closing quote"),
    ("AC103", "unknown-unit", "error", "a duration has no unit, or one that does not exist"),
    ("AC104", "mixed-and-or", "error", "`and` and `or` are mixed without parentheses"),
    ("AC105", "single-quotes", "error", "text stands in quotes that are not double quotes"),
    ("AC106", "unknown-character", "error", "a character has no meaning in the language"),
    ("AC107", "invalid-escape", "error", "a backslash in a text is followed by something unknown"),
    ("AC108", "missing-steps", "error", "an automation says nothing to do"),
    ("AC109", "unreadable-file", "error", "a rule file is no UTF-8 text, or cannot be read"),
    ("AC110", "foreign-operator", "error", "an operator of another language, such as `&&`"),
    ("AC111", "invalid-time", "error", "a time of day that does not exist"),
    (
        "AC112",
        "invalid-number",
        "error",
        "a number is written in a way that the language does not know",
    ),
    ("AC113", "too-deep", "error", "conditions are nested deeper than anybody can read"),
    ("AC201", "unknown-trigger", "error", "a trigger that does not exist"),
    ("AC202", "unknown-fact", "error", "a fact that does not exist, or lacks its key"),
    ("AC203", "unknown-action", "error", "an action that does not exist"),
    ("AC204", "unknown-contact", "error", "a contact that no file declares"),
    ("AC205", "unknown-list", "error", "a list that no file declares"),
    ("AC206", "unknown-template", "error", "a template that no file declares"),
    ("AC207", "unknown-retry-policy", "error", "a retry policy that no file declares"),
    ("AC208", "unknown-endpoint", "error", "an endpoint that no file declares"),
    ("AC209", "declared-twice", "error", "two declarations of one name, or of a setting"),
    ("AC210", "unused-declaration", "warning", "a declaration that nothing uses"),
    ("AC211", "wrong-type", "error", "a constant or an operator that does not fit the fact"),
    ("AC212", "missing-currency", "error", "an amount of money without a currency"),
    (
        "AC213",
        "impossible-minor-units",
        "error",
        "an amount finer than the currency's smallest unit",
    ),
    ("AC214", "fact-not-available", "error", "a fact that this trigger's object cannot have"),
    (
        "AC215",
        "unknown-template-variable",
        "error",
        "a template names something that its trigger does not have",
    ),
    ("AC216", "unknown-currency", "error", "a currency that does not exist"),
    ("AC217", "unknown-timezone", "error", "a time zone that does not exist"),
    ("AC218", "unknown-value", "error", "a value that this fact never has"),
    ("AC219", "unknown-condition", "error", "a condition that no `let` declares"),
    ("AC220", "invalid-address", "error", "a mail address that is none"),
    ("AC221", "invalid-url", "error", "a web address that is none, or cannot be used"),
    ("AC222", "template-syntax", "error", "a template that cannot be read as Liquid"),
    (
        "AC223",
        "template-not-found",
        "error",
        "a template file that does not exist or cannot be read",
    ),
    (
        "AC224",
        "unknown-holidays",
        "error",
        "a country whose public holidays are not known, or a date that is none",
    ),
    ("AC225", "unknown-webhook-type", "error", "a type of outgoing webhook that does not exist"),
    ("AC226", "recursive-let", "error", "a condition that is defined by itself"),
    ("AC227", "team-without-address", "info", "nobody is named as `team`"),
    ("AC228", "no-rate-table", "info", "amounts in other currencies cannot be converted"),
    (
        "AC229",
        "default-timezone",
        "info",
        "calendar units are counted in UTC, because no time zone is declared",
    ),
    (
        "AC230",
        "default-calendar",
        "info",
        "business days are plain weekdays, because no calendar is declared",
    ),
    ("AC231", "invalid-retry-policy", "error", "a retry policy that cannot be followed"),
    ("AC232", "template-outside-project", "error", "a template's path leaves the project"),
    ("AC233", "unknown-filter", "error", "a template uses a filter that does not exist"),
    ("AC234", "empty-range", "warning", "a range whose lower end is above its upper end"),
    (
        "AC301",
        "unreachable-automation",
        "error",
        "earlier automations take every event that it matches",
    ),
    ("AC302", "contradictory-condition", "error", "a condition that no event can meet"),
    ("AC303", "always-true-condition", "warning", "a condition that every event meets"),
    ("AC304", "part-never-matters", "warning", "a part of a condition that changes nothing"),
    ("AC305", "redundant-condition", "warning", "a condition that the others already say"),
    (
        "AC306",
        "order-matters",
        "warning",
        "two automations in different files overlap, and do different things",
    ),
    ("AC308", "unmatched-event", "error", "an event that no automation takes"),
    ("AC309", "fact-needs-fetch", "info", "a fact that must be fetched before it can be decided"),
    ("AC310", "undecided-analysis", "warning", "the analysis ran out of its budget"),
    ("AC401", "before-unforeseeable", "error", "`before` where the moment is not known ahead"),
    ("AC402", "steps-out-of-order", "warning", "a step is due before the step above it"),
    ("AC403", "order-can-flip", "warning", "the order of two steps changes with the calendar"),
    ("AC404", "never-due", "error", "a step that can never be due"),
    (
        "AC405",
        "before-beyond-lead-time",
        "warning",
        "`before` reaches back further than anything is known ahead",
    ),
    ("AC406", "nonexistent-local-time", "info", "a time of day that does not exist on some day"),
    ("AC407", "same-moment-twice", "warning", "the same action twice at the same moment"),
    ("AC501", "action-not-allowed", "error", "an action that this trigger does not allow"),
    ("AC502", "impossible-action", "error", "an action that an earlier one makes impossible"),
    ("AC503", "mails-too-close", "warning", "two mails to one recipient at nearly the same time"),
    ("AC504", "too-many-mails", "warning", "more mails in a run than the project's limit"),
    (
        "AC505",
        "irreversible-without-delay",
        "warning",
        "an action that cannot be undone, at once and for everyone",
    ),
    ("AC506", "missing-argument", "error", "an action lacks an argument"),
    (
        "AC507",
        "webhook-type-not-allowed",
        "error",
        "a type of outgoing webhook that this trigger does not have",
    ),
    ("AC508", "wrong-argument", "error", "an argument that the action does not take"),
    ("AC901", "unused-suppression", "warning", "a suppression that suppresses nothing"),
    ("AC902", "expired-suppression", "warning", "a suppression whose end date has passed"),
    ("AC903", "suppression-without-reason", "warning", "a suppression that gives no reason"),
    (
        "AC904",
        "unknown-suppression",
        "warning",
        "a suppression of something that cannot be suppressed",
    ),
    ("AC905", "unnamed-automation", "info", "an automation without a name of its own"),
)

_FIXABLE = frozenset("AC104 AC105 AC110 AC211 AC212 AC402".split())

KINDS: tuple[Kind, ...] = tuple(
    Kind(code=code, name=name, severity=severity, summary=summary, fixable=code in _FIXABLE)
    for code, name, severity, summary in _ROWS
)
KIND: dict[str, Kind] = {kind.code: kind for kind in KINDS}
_BY_NAME: dict[str, Kind] = {kind.name: kind for kind in KINDS}


def find_kind(code_or_name: str) -> Kind | None:
    """The kind with this code (in any case) or this name."""
    return KIND.get(code_or_name.upper()) or _BY_NAME.get(code_or_name)


def report(  # noqa: PLR0913 - one parameter for each part of a finding
    code: str,
    *,
    message: str,
    primary: Label,
    related: Sequence[Label] = (),
    notes: Sequence[str] = (),
    help: str | None = None,  # noqa: A002 - the field's name
    fix: Fix | None = None,
    witness: dict[str, object] | None = None,
    automation: str | None = None,
) -> Diagnostic:
    """A finding of the kind `code`, with the name and severity of its row."""
    kind = KIND[code]
    return Diagnostic(
        code=kind.code,
        name=kind.name,
        severity=kind.severity,
        message=message,
        primary=primary,
        related=tuple(related),
        notes=tuple(notes),
        help=help,
        fix=fix,
        witness=witness,
        automation=automation if automation is not None else primary.automation,
    )
