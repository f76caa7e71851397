"""Parts of conditions, with the range of their atoms, and conditions without one part."""

from collections.abc import Iterator

import attrs

from autoc.plan.conditions import (
    AllOf,
    AnyOf,
    Condition,
    ElementIn,
    IntervalIn,
    NumberIn,
    TextIn,
    atoms_of,
)
from autoc.plan.wording import condition_text


@attrs.frozen(kw_only=True)
class Part:
    """A part of a condition; its atoms are `[first, last)` in `atoms_of` order of the whole."""

    condition: Condition
    first: int
    last: int
    text: str


def conjuncts_of(condition: Condition) -> list[Part]:
    """The parts that are joined by `and` at the top; the whole when it is no such chain."""
    return list(_flat(condition, 0, AllOf))


def _flat(condition: Condition, first: int, joiner: type[AllOf] | type[AnyOf]) -> Iterator[Part]:
    if isinstance(condition, joiner) and condition.parts:
        for part in condition.parts:
            yield from _flat(part, first, joiner)
            first += sum(1 for _ in atoms_of(part))
        return
    yield Part(
        condition=condition,
        first=first,
        last=first + sum(1 for _ in atoms_of(condition)),
        text=condition_text(condition),
    )


def alternatives_of(condition: Condition) -> Iterator[tuple[Part, Condition]]:
    """Each alternative of an `or` chain, and each element of an `in`, with the condition without it.

    Only those that stand at the top, or are joined to the rest by `and`.
    """
    parts = conjuncts_of(condition)
    for index, part in enumerate(parts):
        for alternative, without in _alternatives(part):
            others = [each.condition for each in parts]
            others[index] = without
            yield alternative, AllOf(parts=tuple(others))


def _alternatives(part: Part) -> Iterator[tuple[Part, Condition]]:
    condition = part.condition
    if isinstance(condition, AnyOf):
        branches = list(_flat(condition, part.first, AnyOf))
        for branch in branches:
            rest = tuple(each.condition for each in branches if each != branch)
            yield branch, AnyOf(parts=rest)
    elif isinstance(condition, TextIn | ElementIn | IntervalIn | NumberIn):
        yield from _elements(part)


def _elements(part: Part) -> Iterator[tuple[Part, Condition]]:
    atom = part.condition
    match atom:
        case TextIn(texts=values):
            field, shown = "texts", [f'"{each}"' for each in values]
        case ElementIn(elements=values):
            field, shown = "elements", list(values)
        case IntervalIn(intervals=intervals):
            values, field = intervals, "intervals"  # type: ignore[assignment]
            shown = [str(each) for each in intervals]
        case NumberIn(numbers=numbers):
            values, field = numbers, "numbers"  # type: ignore[assignment]
            shown = [str(each) for each in numbers]
        case _:
            return
    if len(values) < 2 or atom.negated:
        return
    for index, text in enumerate(shown):
        rest = (*values[:index], *values[index + 1 :])
        yield (
            Part(condition=atom, first=part.first, last=part.last, text=text),
            attrs.evolve(atom, **{field: rest}),
        )
