"""Dimensions of the space of events, and how constants cut them into cells.

| fact | cells |
|---|---|
| money, numbers | whole numbers (minor units) between the ends of the intervals; "missing" |
| text | the constants, the classes of patterns, other, missing |
| enum, currency, country | the members, other where there can be others, missing where it can be |
| sets | two for each element that is mentioned: in it, not in it |

A cell of a line stands for all numbers from its own up to the next one's. Sets have one dimension
an element, so that two any-ofs on one set never exclude each other.
"""

import attrs

from autoc.catalogue.facts import FACT
from autoc.plan.conditions import (
    FactRef,
    MoneyBetween,
    MoneyCompares,
    NumberBetween,
    NumberCompares,
    NumberIn,
)
from autoc.plan.patterns import Pattern, TextClass, text_classes
from autoc.values.interval import Interval

NEVER_MISSING = frozenset(
    ("amount", "amount_remaining", "total", "currency", "collection_method", "attempt_count")
)
"""Facts that every object of every version has."""
NEVER_NEGATIVE = frozenset(("attempt_count", "quantity"))
LOWEST = -(10**18)
"""Below every amount that can be written."""


@attrs.frozen(kw_only=True)
class LineKey:
    """A number line; money has one for each currency that it is compared in."""

    fact: FactRef
    currency: str | None = None


@attrs.frozen(kw_only=True)
class TextKey:
    """The values of a text, an enum, a currency or a country."""

    fact: FactRef


@attrs.frozen(kw_only=True)
class ElementKey:
    """Whether one element is in a set."""

    fact: FactRef
    element: str | Interval


DimensionKey = LineKey | TextKey | ElementKey

Cell = int | TextClass | bool | None
"""A number (up to the next cell's), a class of texts, in or not in a set; None is missing."""

LineAtom = MoneyCompares | MoneyBetween | NumberCompares | NumberBetween | NumberIn


def line_spans(atom: LineAtom) -> tuple[tuple[int | None, int | None], ...]:
    """The half-open spans of whole numbers in which `atom` holds, not counting its negation."""
    match atom:
        case MoneyCompares(operator=operator, money=money):
            return (_compared(operator, money.minor),)
        case NumberCompares(operator=operator, number=number):
            return (_compared(operator, number),)
        case MoneyBetween(low=low, high=high):
            return ((low.minor, high.minor + 1),)
        case NumberBetween(low=low, high=high):
            return ((low, high + 1),)
        case NumberIn(numbers=numbers):
            return tuple((number, number + 1) for number in numbers)


def _compared(operator: str, number: int) -> tuple[int | None, int | None]:
    match operator:
        case "<":
            return (None, number)
        case "<=":
            return (None, number + 1)
        case ">":
            return (number + 1, None)
        case ">=":
            return (number, None)
        case _:
            return (number, number + 1)


def cut_line(key: LineKey, cuts: set[int]) -> tuple[Cell, ...]:
    """The cells of a number line that is cut at each of `cuts`."""
    lowest = 0 if key.fact.name in NEVER_NEGATIVE else LOWEST
    cells: list[Cell] = [lowest, *sorted(cut for cut in cuts if cut > lowest)]
    if key.fact.name not in NEVER_MISSING:
        cells.append(None)
    return tuple(cells)


def cut_texts(key: TextKey, constants: list[str], patterns: list[Pattern]) -> tuple[Cell, ...]:
    """The cells of a text's values. Raises `TooManyPatterns`."""
    row = FACT[key.fact.name]
    if row.kind == "enum":
        members = tuple(dict.fromkeys((*row.values, *constants)))
        cells: list[Cell] = [_constant(member) for member in members]
        if row.open:
            cells.append(_other("other"))
    elif row.kind in ("currency", "country"):
        cells = [_constant(each) for each in dict.fromkeys(constants)]
        cells.append(_other(_unlike(constants, ("EUR", "USD", "GBP", "SEK"))))
    else:
        cells = list(text_classes(constants, patterns))
    if row.name not in NEVER_MISSING:
        cells.append(None)
    return tuple(cells)


def _constant(text: str) -> TextClass:
    return TextClass(matched=frozenset(), constant=text, example=text)


def _other(example: str) -> TextClass:
    return TextClass(matched=frozenset(), constant=None, example=example)


def _unlike(constants: list[str], candidates: tuple[str, ...]) -> str:
    return next((each for each in candidates if each not in constants), "other")
