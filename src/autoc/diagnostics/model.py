"""Diagnostics as data: what is wrong, where, why, and how to mend it."""

from typing import Literal

import attrs

from autoc.text.source import Span

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


@attrs.frozen(kw_only=True)
class Label:
    """A place with a few words to it; `automation` is the one that the place belongs to."""

    span: Span
    message: str = ""
    automation: str | None = None


@attrs.frozen(kw_only=True)
class Edit:
    """Replace the text of `span` by `replacement`."""

    span: Span
    replacement: str


@attrs.frozen(kw_only=True)
class Fix:
    """A change of the text that mends a finding.

    `safe` promises that the plan, or the set of events that each automation takes, stays equal.
    The edits do not overlap.
    """

    title: str
    safe: bool
    edits: tuple[Edit, ...]


@attrs.frozen(kw_only=True)
class Diagnostic:
    """One finding. Code and severity come from `kinds.KINDS`, by way of `kinds.report`.

    `message` is one sentence, lower case, without a final stop; user text stands in backticks.
    `primary` is the place to change first; `related` are the others that matter, in reading order.
    `witness` is an event, as plain JSON data, that shows the finding is true.
    """

    code: str
    name: str
    severity: Severity
    message: str
    primary: Label
    related: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    help: str | None = None
    fix: Fix | None = None
    witness: dict[str, object] | None = None
    automation: str | None = None
