"""The project-wide names: what each file declares, declared once, used at least once.

Declarations are gathered from all files first; a second declaration of a name is reported with
both places, the later one primary (language.md, sections 1 and 6).
"""

from collections.abc import Iterable, Mapping
from typing import Any, Generic, TypeVar

import attrs

from autoc.catalogue.lookup import nearest_name
from autoc.diagnostics.kinds import report
from autoc.diagnostics.model import Diagnostic, Label
from autoc.syntax import tree
from autoc.text.source import Span

Node = TypeVar("Node")

KNOWN_CONTACT = "team"
"""The contact that every project has (language.md, section 1)."""


@attrs.frozen(kw_only=True)
class Declared(Generic[Node]):
    """One declaration: its node, and the span of its name."""

    node: Node
    place: Span


@attrs.define(kw_only=True)
class Names(Generic[Node]):
    """The declarations of one kind, by name, and which of them were used.

    `kind` is the word of the language; `unknown` is the code for a name that is not declared.
    """

    kind: str
    unknown: str
    declared: dict[str, Declared[Node]] = attrs.field(factory=dict)
    used: set[str] = attrs.field(factory=set)

    def find(self, word: tree.Word, *, also: Iterable[str] = ()) -> Node | Diagnostic:
        """The declaration that `word` names, marked as used; else the mistake."""
        found = self.declared.get(word.value)
        if found is not None:
            self.used.add(word.value)
            return found.node
        what = self.kind.replace("_", " ")
        guess = nearest_name(word.value, [*self.declared, *also])
        return report(
            self.unknown,
            message=f"there is no {what} `{word.value}`",
            primary=Label(span=word.span, message="not declared in any file"),
            help=f"did you mean `{guess}`?"
            if guess
            else f"declare it with `{self.kind} {word.value} = …`",
        )


@attrs.define(kw_only=True)
class Scope:
    """All names of a project, and its three settings."""

    contacts: Names[tree.ContactNode] = attrs.field(
        factory=lambda: Names(kind="contact", unknown="AC204")
    )
    templates: Names[tree.TemplateNode] = attrs.field(
        factory=lambda: Names(kind="template", unknown="AC206")
    )
    policies: Names[tree.RetryPolicyNode] = attrs.field(
        factory=lambda: Names(kind="retry_policy", unknown="AC207")
    )
    endpoints: Names[tree.EndpointNode] = attrs.field(
        factory=lambda: Names(kind="endpoint", unknown="AC208")
    )
    lists: Names[tree.ListNode] = attrs.field(factory=lambda: Names(kind="list", unknown="AC205"))
    lets: Names[tree.LetNode] = attrs.field(factory=lambda: Names(kind="let", unknown="AC219"))
    automations: Names[tree.AutomationNode] = attrs.field(
        factory=lambda: Names(kind="automation", unknown="AC204")
    )
    currency: tree.CurrencyNode | None = None
    timezone: tree.TimezoneNode | None = None
    calendar: tree.CalendarNode | None = None

    @property
    def namespaces(self) -> tuple[Names[Any], ...]:
        """The kinds of names that must be used, in the order in which they are reported."""
        return (
            self.contacts,
            self.templates,
            self.policies,
            self.endpoints,
            self.lists,
            self.lets,
        )


def gather_names(
    files: Iterable[tree.File], *, contacts: Mapping[str, tuple[str, ...]], settings_file: str
) -> tuple[Scope, tuple[Diagnostic, ...]]:
    """The scope of all `files`, in their order, and what is declared twice."""
    scope = Scope()
    mistakes: list[Diagnostic] = []
    for file in files:
        for statement in file.statements:
            mistakes.extend(_declare(scope, statement))
    for name, declared in scope.contacts.declared.items():
        if name in contacts:
            mistakes.append(
                report(
                    "AC209",
                    message=f"the contact `{name}` is declared twice",
                    primary=Label(span=declared.place, message="declared here"),
                    notes=(f"`{settings_file}` declares it too, under `[contacts]`",),
                    help="keep one of the two",
                )
            )
    return scope, tuple(mistakes)


def _declare(scope: Scope, statement: tree.Statement) -> Iterable[Diagnostic]:
    match statement:
        case tree.ContactNode():
            return _add(scope.contacts, statement.name, statement)
        case tree.TemplateNode():
            return _add(scope.templates, statement.name, statement)
        case tree.RetryPolicyNode():
            return _add(scope.policies, statement.name, statement)
        case tree.EndpointNode():
            return _add(scope.endpoints, statement.name, statement)
        case tree.ListNode():
            return _add(scope.lists, statement.name, statement)
        case tree.LetNode():
            return _add(scope.lets, statement.name, statement)
        case tree.AutomationNode(name=name):
            return _add(scope.automations, name, statement) if name else ()
        case tree.CurrencyNode():
            first, scope.currency = scope.currency, scope.currency or statement
        case tree.TimezoneNode():
            first, scope.timezone = scope.timezone, scope.timezone or statement
        case tree.CalendarNode():
            first, scope.calendar = scope.calendar, scope.calendar or statement
    if first is None:
        return ()
    what = {"CurrencyNode": "currency", "TimezoneNode": "time zone", "CalendarNode": "calendar"}
    return (_report_twice(f"the {what[type(statement).__name__]}", statement.span, first.span),)


def _add(names: Names[Node], word: tree.Word, node: Node) -> Iterable[Diagnostic]:
    first = names.declared.get(word.value)
    if first is None:
        names.declared[word.value] = Declared(node=node, place=word.span)
        return ()
    what = names.kind.replace("_", " ").replace("let", "condition")
    return (_report_twice(f"the {what} `{word.value}`", word.span, first.place),)


def _report_twice(what: str, later: Span, first: Span) -> Diagnostic:
    return report(
        "AC209",
        message=f"{what} is declared twice",
        primary=Label(span=later, message="declared again here"),
        related=(Label(span=first, message="first declared here"),),
        help="keep one of the two; a declaration holds for the whole project",
    )


def find_unused(scope: Scope) -> Iterable[Diagnostic]:
    """One AC210 for each declaration that no automation uses."""
    for names in scope.namespaces:
        for name, declared in names.declared.items():
            if name in names.used:
                continue
            what = names.kind.replace("_", " ").replace("let", "condition")
            yield report(
                "AC210",
                message=f"the {what} `{name}` is never used",
                primary=Label(span=declared.place, message="declared here"),
                help="use it, or take it away",
            )
