"""The syntax tree. Words are kept as written; what they mean is decided in `semantics`."""

from typing import Literal

import attrs

from autoc.text.source import Span


@attrs.frozen(kw_only=True)
class Word:
    """A bare word, or a text in quotes (`quoted`); `value` is without quotes and escapes."""

    span: Span
    value: str
    quoted: bool = False


@attrs.frozen(kw_only=True)
class NumberValue:
    """`1000 EUR`, `3`: the digits as written, and the word after them."""

    span: Span
    number: str
    unit: Word | None = None


@attrs.frozen(kw_only=True)
class DurationText:
    """`3d`, `2 months`, as written."""

    span: Span
    text: str


@attrs.frozen(kw_only=True)
class EveryValue:
    """`every 3 months`."""

    span: Span
    duration: DurationText


Value = Word | NumberValue | DurationText | EveryValue


@attrs.frozen(kw_only=True)
class FactName:
    """`customer.metadata.tier`, `customer.metadata["any key"]`: the path, and a key in brackets."""

    span: Span
    path: str
    key: Word | None = None


@attrs.frozen(kw_only=True)
class Compares:
    """`fact OPERATOR value`."""

    span: Span
    fact: FactName
    operator: Literal["=", "!=", "<", "<=", ">", ">="]
    operator_span: Span
    value: Value


@attrs.frozen(kw_only=True)
class Between:
    """`fact between low and high`."""

    span: Span
    fact: FactName
    low: Value
    high: Value


@attrs.frozen(kw_only=True)
class InValues:
    """`fact [not] in (values)`."""

    span: Span
    fact: FactName
    negated: bool
    values: tuple[Value, ...]


@attrs.frozen(kw_only=True)
class InList:
    """`fact [not] in NAME`."""

    span: Span
    fact: FactName
    negated: bool
    name: Word


@attrs.frozen(kw_only=True)
class Matches:
    """`fact starts with "…"`, `ends with`, `contains`."""

    span: Span
    fact: FactName
    how: Literal["starts with", "ends with", "contains"]
    text: Word


@attrs.frozen(kw_only=True)
class Presence:
    """`fact is set`, `fact is missing`."""

    span: Span
    fact: FactName
    missing: bool


@attrs.frozen(kw_only=True)
class NamedCondition:
    """A word alone: a condition that `let` declares."""

    span: Span
    name: Word


@attrs.frozen(kw_only=True)
class Chain:
    """`a and b and …`, or `a or b or …`: two parts or more."""

    span: Span
    joiner: Literal["and", "or"]
    parts: tuple["ConditionNode", ...]


@attrs.frozen(kw_only=True)
class Negation:
    """`not a`."""

    span: Span
    part: "ConditionNode"


@attrs.frozen(kw_only=True)
class Group:
    """`( a )`; the span includes the parentheses."""

    span: Span
    part: "ConditionNode"


ConditionNode = (
    Compares
    | Between
    | InValues
    | InList
    | Matches
    | Presence
    | NamedCondition
    | Chain
    | Negation
    | Group
)


@attrs.frozen(kw_only=True)
class ClockTime:
    """`at HH:MM [on business days]`."""

    span: Span
    text: str
    on_business_days: bool


@attrs.frozen(kw_only=True)
class WhenNode:
    """The time of a step. `base` is None when only `at HH:MM` is written."""

    span: Span
    base: Literal["after", "before", "anchor", "then", "then after"] | None
    duration: DurationText | None
    clock_time: ClockTime | None


@attrs.frozen(kw_only=True)
class Argument:
    """One argument of an action. `role` is the word before it, or None for a bare one."""

    span: Span
    role: Literal["using", "subject", "body", "survey", "to"] | None
    value: Word


@attrs.frozen(kw_only=True)
class Pair:
    """`key: "value"`."""

    span: Span
    key: Word
    value: Word


@attrs.frozen(kw_only=True)
class WithArgument:
    """`with { … }`."""

    span: Span
    pairs: tuple[Pair, ...]


@attrs.frozen(kw_only=True)
class ActionNode:
    """An action's name and its arguments, in the order in which they are written."""

    span: Span
    name: Word
    arguments: tuple[Argument | WithArgument, ...]


@attrs.frozen(kw_only=True)
class StepNode:
    """`[when] ACTION`; the span does not include the semicolon."""

    span: Span
    when: WhenNode | None
    action: ActionNode


@attrs.frozen(kw_only=True)
class AutomationNode:
    """One automation. `header` is the span to point at: `automation NAME`, else `on TRIGGER`."""

    span: Span
    header: Span
    name: Word | None
    title: Word | None
    paused: bool
    trigger: Word
    where: ConditionNode | None
    until: ConditionNode | None
    steps: tuple[StepNode, ...]


@attrs.frozen(kw_only=True)
class CurrencyNode:
    """`currency EUR`."""

    span: Span
    code: Word


@attrs.frozen(kw_only=True)
class TimezoneNode:
    """`timezone "Europe/Paris"`."""

    span: Span
    zone: Word


@attrs.frozen(kw_only=True)
class CalendarNode:
    """`calendar NAME = weekdays [except holidays FR, 2026-12-24]`."""

    span: Span
    name: Word
    holidays: tuple[Word, ...]
    dates: tuple[Word, ...]


@attrs.frozen(kw_only=True)
class ContactNode:
    """`contact NAME = "address", …`."""

    span: Span
    name: Word
    addresses: tuple[Word, ...]


@attrs.frozen(kw_only=True)
class TemplateNode:
    """`template NAME = "path"`."""

    span: Span
    name: Word
    path: Word


@attrs.frozen(kw_only=True)
class SmartRetriesNode:
    """`smart up to N times within D`."""

    span: Span
    tries: NumberValue
    within: DurationText


@attrs.frozen(kw_only=True)
class FixedRetriesNode:
    """`after D, D, …`."""

    span: Span
    gaps: tuple[DurationText, ...]


@attrs.frozen(kw_only=True)
class RetryPolicyNode:
    """`retry_policy NAME = …`."""

    span: Span
    name: Word
    retries: SmartRetriesNode | FixedRetriesNode


@attrs.frozen(kw_only=True)
class EndpointNode:
    """`endpoint NAME = "url"`."""

    span: Span
    name: Word
    url: Word


@attrs.frozen(kw_only=True)
class ListNode:
    """`list NAME = a, b, …`."""

    span: Span
    name: Word
    elements: tuple[Word, ...]


@attrs.frozen(kw_only=True)
class LetNode:
    """`let NAME = condition`."""

    span: Span
    name: Word
    condition: ConditionNode


Statement = (
    AutomationNode
    | CurrencyNode
    | TimezoneNode
    | CalendarNode
    | ContactNode
    | TemplateNode
    | RetryPolicyNode
    | EndpointNode
    | ListNode
    | LetNode
)


@attrs.frozen(kw_only=True)
class Comment:
    """A comment from its `#` to the end of its line; `alone` when nothing stands before it there."""

    span: Span
    text: str
    alone: bool


@attrs.frozen(kw_only=True)
class File:
    """One parsed file: the statements that could be read, and all comments, in their order."""

    path: str
    statements: tuple[Statement, ...]
    comments: tuple[Comment, ...]
    complete: bool
    """Whether the whole text was read without a mistake."""
