"""The normal form of conditions: regions of a space of cells, exact and closed under negation.

An event is a point in a product of dimensions; every atom speaks of one dimension. The constants
that the conditions mention cut each dimension into finitely many cells on which every atom is
constant (`dimensions`). So an atom is a set of cells (a bit mask), a conjunction of atoms is a box
(a mask for each dimension it speaks of), and a condition is a union of boxes. What is proved of
regions is what the selector does, because both read the same atoms (analysis.md, The decidable
core).
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import assert_never

import attrs

from autoc.catalogue.facts import FACT
from autoc.plan.conditions import (
    AllOf,
    AnyOf,
    Atom,
    Condition,
    ElementIn,
    FactRef,
    IntervalIn,
    IsSet,
    MoneyBetween,
    MoneyCompares,
    NotOf,
    NumberBetween,
    NumberCompares,
    NumberIn,
    TextIn,
    TextMatches,
    atoms_of,
)
from autoc.plan.dimensions import (
    Cell,
    DimensionKey,
    ElementKey,
    LineKey,
    TextKey,
    cut_line,
    cut_texts,
    line_spans,
)
from autoc.plan.patterns import Pattern, TextClass

BOXES_MAX = 4096
"""Boxes of one condition beyond which it is too large to be analysed."""

Box = Mapping[int, int]
"""For each dimension that is spoken of, by its number, the mask of allowed cells."""


class TooManyBoxes(Exception):  # noqa: N818 - it names what was found
    """The condition's normal form is larger than `BOXES_MAX`."""


@attrs.define(frozen=True, kw_only=True, slots=False)
class Dimension:
    """One dimension and its cells, in a fixed order."""

    key: DimensionKey
    cells: tuple[Cell, ...]

    @cached_property
    def full(self) -> int:
        """The mask of all cells."""
        return (1 << len(self.cells)) - 1

    @cached_property
    def numbers(self) -> list[int]:
        """Of a number line: where its cells begin, ascending."""
        return [cell for cell in self.cells if isinstance(cell, int)]

    @cached_property
    def constants(self) -> dict[str, int]:
        """Of texts: the cell of each constant."""
        return {
            cell.constant: index
            for index, cell in enumerate(self.cells)
            if isinstance(cell, TextClass) and cell.constant is not None
        }


@attrs.frozen(kw_only=True)
class Space:
    """The dimensions that a set of conditions speaks of, each cut by all their constants."""

    dimensions: tuple[Dimension, ...]
    numbers: Mapping[DimensionKey, int]
    masks: dict[Atom, tuple[tuple[int, int], ...]] = attrs.field(factory=dict, eq=False, repr=False)
    """What atoms were reckoned to, so far."""

    def full(self, number: int) -> int:
        """The mask of all cells of a dimension."""
        return self.dimensions[number].full


def build_space(conditions: Iterable[Condition], *, also: Iterable[DimensionKey] = ()) -> Space:
    """The space of `conditions`. Raises `TooManyPatterns` when texts have too many patterns."""
    atoms = [atom for condition in conditions for atom in atoms_of(condition)]
    lines: dict[LineKey, set[int]] = {}
    texts: dict[TextKey, tuple[list[str], list[Pattern]]] = {}
    elements: dict[ElementKey, None] = {}
    for key in also:
        match key:
            case LineKey():
                lines.setdefault(key, set())
            case TextKey():
                texts.setdefault(key, ([], []))
            case ElementKey():
                elements[key] = None
    for atom in atoms:
        match atom:
            case MoneyCompares() | MoneyBetween() | NumberCompares() | NumberBetween() | NumberIn():
                key = line_key(atom)
                for low, high in line_spans(atom):
                    lines.setdefault(key, set()).update(n for n in (low, high) if n is not None)
            case TextIn(texts=constants):
                texts.setdefault(TextKey(fact=atom.fact), ([], []))[0].extend(constants)
            case TextMatches(how=how, text=text):
                texts.setdefault(TextKey(fact=atom.fact), ([], []))[1].append(
                    Pattern(how=how, text=text)
                )
            case IsSet():
                texts.setdefault(TextKey(fact=atom.fact), ([], []))
            case ElementIn(elements=wanted) | IntervalIn(intervals=wanted):
                for each in wanted:
                    elements[ElementKey(fact=atom.fact, element=each)] = None
            case _:
                assert_never(atom)
    _cut_signs(lines)
    dimensions = [
        *(Dimension(key=key, cells=cut_line(key, cuts)) for key, cuts in lines.items()),
        *(Dimension(key=key, cells=cut_texts(key, *parts)) for key, parts in texts.items()),
        *(Dimension(key=key, cells=(False, True)) for key in elements),
    ]
    return Space(
        dimensions=tuple(dimensions),
        numbers={dimension.key: n for n, dimension in enumerate(dimensions)},
    )


def line_key(
    atom: MoneyCompares | MoneyBetween | NumberCompares | NumberBetween | NumberIn,
) -> LineKey:
    """The number line that `atom` speaks of: money has one for each currency of literals."""
    match atom:
        case MoneyCompares(money=money) | MoneyBetween(low=money):
            return LineKey(fact=atom.fact, currency=money.currency)
        case _:
            return LineKey(fact=atom.fact)


def _cut_signs(lines: Mapping[LineKey, set[int]]) -> None:
    """Amounts of one fact in several currencies have one sign: cut them at nought."""
    for key, cuts in lines.items():
        if key.currency and sum(1 for other in lines if other.fact == key.fact) > 1:
            cuts.update((0, 1))


def atom_mask(atom: Atom, space: Space) -> tuple[tuple[int, int], ...]:
    """The dimension and cells of `atom`, negation included; reckoned once for each atom.

    An atom over a set speaks of one dimension for each element: then the pairs are alternatives
    (or, when it is negated, all of them hold).
    """
    found = space.masks.get(atom)
    if found is None:
        found = tuple(_read_atom(atom, space))
        space.masks[atom] = found
    return found


def _read_atom(atom: Atom, space: Space) -> Iterator[tuple[int, int]]:
    match atom:
        case MoneyCompares() | MoneyBetween() | NumberCompares() | NumberBetween() | NumberIn():
            number = space.numbers[line_key(atom)]
            dimension = space.dimensions[number]
            mask = 0
            for low, high in line_spans(atom):
                mask |= _line_mask(dimension, low, high)
            yield number, dimension.full & ~mask if _is_negated(atom) else mask
        case TextIn() | TextMatches() | IsSet():
            number = space.numbers[TextKey(fact=atom.fact)]
            dimension = space.dimensions[number]
            mask = _text_mask(atom, dimension)
            yield number, dimension.full & ~mask if atom.negated else mask
        case ElementIn(elements=wanted) | IntervalIn(intervals=wanted):
            for each in wanted:
                yield (
                    space.numbers[ElementKey(fact=atom.fact, element=each)],
                    0b01 if atom.negated else 0b10,
                )
        case _:
            assert_never(atom)


def _is_negated(atom: Atom) -> bool:
    if isinstance(atom, MoneyCompares | NumberCompares):
        return atom.operator == "!="
    return isinstance(atom, NumberIn) and atom.negated


def _line_mask(dimension: Dimension, low: int | None, high: int | None) -> int:
    """The cells from `low` up to `high`: the constants are ends of cells."""
    numbers = dimension.numbers
    first = 0 if low is None else bisect_left(numbers, low)
    last = len(numbers) if high is None else bisect_left(numbers, high)
    return (1 << last) - (1 << first) if last > first else 0


def _text_mask(atom: TextIn | TextMatches | IsSet, dimension: Dimension) -> int:
    match atom:
        case TextIn(texts=texts):
            return sum({1 << dimension.constants[text] for text in texts})
        case TextMatches(how=how, text=text):
            pattern = Pattern(how=how, text=text)
            return _mask(
                isinstance(cell, TextClass) and pattern in cell.matched for cell in dimension.cells
            )
        case IsSet():
            return _mask(cell is not None for cell in dimension.cells)


def _mask(bits: Iterable[bool]) -> int:
    mask = 0
    for index, bit in enumerate(bits):
        mask |= bit << index
    return mask


def boxes_of(condition: Condition, space: Space, *, negated: bool = False) -> list[Box]:
    """The boxes whose union is where `condition` holds (does not hold, when `negated`).

    Empty boxes, and boxes inside others, are left out. Raises `TooManyBoxes`.
    """
    match condition:
        case NotOf(part=part):
            return boxes_of(part, space, negated=not negated)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            each = [boxes_of(part, space, negated=negated) for part in parts]
            if isinstance(condition, AnyOf) == negated:
                return _intersect_all(each)
            return _without_contained([box for boxes in each for box in boxes])
        case _:
            return _atom_boxes(condition, space, negated=negated)


def _atom_boxes(atom: Atom, space: Space, *, negated: bool) -> list[Box]:
    pairs = list(atom_mask(atom, space))
    is_all = isinstance(atom, ElementIn | IntervalIn) and atom.negated
    if negated:
        pairs = [(number, space.full(number) & ~mask) for number, mask in pairs]
        is_all = not is_all
    if isinstance(atom, ElementIn | IntervalIn) and is_all:
        return [dict(pairs)]
    return [_box(number, mask, space) for number, mask in pairs if mask]


def _box(number: int, mask: int, space: Space) -> Box:
    return {} if mask == space.full(number) else {number: mask}


def _intersect_all(unions: list[list[Box]]) -> list[Box]:
    result: list[Box] = [{}]
    for boxes in unions:
        crossed = [
            both for one in result for other in boxes if (both := intersect(one, other)) is not None
        ]
        result = _without_contained(crossed)
        if len(result) > BOXES_MAX:
            raise TooManyBoxes
    return result


def intersect(one: Box, other: Box) -> Box | None:
    """The box that both have in common; None when that is empty."""
    both = dict(one)
    for number, mask in other.items():
        common = both.get(number, -1) & mask
        if not common:
            return None
        both[number] = common
    return both


def contains(outer: Box, inner: Box) -> bool:
    """Whether `inner` lies inside `outer`."""
    return all(inner.get(number, -1) & ~mask == 0 for number, mask in outer.items())


def _without_contained(boxes: list[Box]) -> list[Box]:
    if len(boxes) > BOXES_MAX:
        raise TooManyBoxes
    kept: list[Box] = []
    for box in sorted(boxes, key=len):
        if not any(contains(other, box) for other in kept):
            kept.append(box)
    return kept


def element_facts(space: Space) -> frozenset[FactRef]:
    """The facts of `space` that are sets."""
    return frozenset(d.key.fact for d in space.dimensions if isinstance(d.key, ElementKey))


def kind_of(fact: FactRef) -> str:
    """The catalogue kind of a fact."""
    return FACT[fact.name].kind
