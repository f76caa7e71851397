"""Conditions as data: Boolean trees over atoms, each of which speaks about one fact and constants.

An atom with `negated`, or with the operator `!=`, is exactly the complement of its positive form:
it holds when the fact is missing (language.md, section 3). There is no third truth value here;
facts that are not known yet are the business of `evaluation`.
"""

from collections.abc import Iterator
from typing import Literal

import attrs

from autoc.values.interval import Interval
from autoc.values.money import Money

Comparison = Literal["=", "!=", "<", "<=", ">", ">="]
MatchKind = Literal["starts with", "ends with", "contains"]


@attrs.frozen(kw_only=True, order=True)
class FactRef:
    """A fact by its catalogue name; `key` is the metadata key of a keyed fact."""

    name: str
    key: str | None = None


@attrs.frozen(kw_only=True)
class MoneyCompares:
    """`amount >= 1000 EUR`. Money in another currency is converted to the literal's first."""

    fact: FactRef
    operator: Comparison
    money: Money


@attrs.frozen(kw_only=True)
class MoneyBetween:
    """`amount between A and B`, both ends included; one currency."""

    fact: FactRef
    low: Money
    high: Money


@attrs.frozen(kw_only=True)
class NumberCompares:
    """`attempt_count >= 3`."""

    fact: FactRef
    operator: Comparison
    number: int


@attrs.frozen(kw_only=True)
class NumberBetween:
    """`quantity between 10 and 20`, both ends included."""

    fact: FactRef
    low: int
    high: int


@attrs.frozen(kw_only=True)
class NumberIn:
    """`attempt_count in (1, 2)`."""

    fact: FactRef
    numbers: tuple[int, ...]
    negated: bool = False


@attrs.frozen(kw_only=True)
class IntervalIn:
    """`interval = yearly`, `interval in (…)`: any recurring line has one of these intervals."""

    fact: FactRef
    intervals: tuple[Interval, ...]
    negated: bool = False


@attrs.frozen(kw_only=True)
class ElementIn:
    """`product in (…)`: the set holds at least one of these ids. `list_name` is how it was written.

    `list_name` is a name of the program for people to read; it changes nothing.
    """

    fact: FactRef
    elements: tuple[str, ...]
    negated: bool = False
    list_name: str | None = None


@attrs.frozen(kw_only=True)
class TextIn:
    """`customer.metadata.tier = "vip"`, `billing_reason in (…)`: text, enums, currencies, countries."""

    fact: FactRef
    texts: tuple[str, ...]
    negated: bool = False
    list_name: str | None = None


@attrs.frozen(kw_only=True)
class TextMatches:
    """`starts with`, `ends with`, `contains`; never holds of a missing text, unless negated."""

    fact: FactRef
    how: MatchKind
    text: str
    negated: bool = False


@attrs.frozen(kw_only=True)
class IsSet:
    """`is set`, or with `negated` `is missing`."""

    fact: FactRef
    negated: bool = False


Atom = (
    MoneyCompares
    | MoneyBetween
    | NumberCompares
    | NumberBetween
    | NumberIn
    | IntervalIn
    | ElementIn
    | TextIn
    | TextMatches
    | IsSet
)


@attrs.frozen(kw_only=True)
class AllOf:
    """`a and b and …`. Without parts it always holds: an automation without `where`."""

    parts: tuple["Condition", ...] = ()


@attrs.frozen(kw_only=True)
class AnyOf:
    """`a or b or …`. Without parts it never holds."""

    parts: tuple["Condition", ...] = ()


@attrs.frozen(kw_only=True)
class NotOf:
    """`not a`."""

    part: "Condition"


Condition = AllOf | AnyOf | NotOf | Atom

ALWAYS = AllOf()


def atoms_of(condition: Condition) -> Iterator[Atom]:
    """The atoms of `condition` in the order in which they are written."""
    match condition:
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from atoms_of(part)
        case NotOf(part=part):
            yield from atoms_of(part)
        case _:
            yield condition


def facts_in(condition: Condition) -> tuple[FactRef, ...]:
    """The facts that `condition` mentions, each once, in the order in which they are written."""
    return tuple(dict.fromkeys(atom.fact for atom in atoms_of(condition)))
