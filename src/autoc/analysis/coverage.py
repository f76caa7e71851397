"""Is there an event that a condition matches and no earlier one takes? The decision procedure.

Earlier conditions are unions of boxes; each box that is not to contain the event is a clause over
the dimensions: the event lies outside of it in at least one. A box that does not touch the present
region is satisfied and drops out; one that the region lies inside of is a contradiction; one that
leaves a single dimension to escape by forces it; otherwise the box with the fewest ways out is
branched on, each branch without what the ones before it have covered. What is left when no box
touches the region is a witness (analysis.md, The decidable core).

The problem is coNP-hard; a budget of nodes bounds the search, and past it the answer is undecided.
"""

from collections.abc import Iterable, Sequence

import attrs

from autoc.plan.regions import Box, Space, intersect


class BudgetSpent(Exception):  # noqa: N818 - it names what happened
    """The search took more nodes than it may."""


@attrs.define(kw_only=True)
class Budget:
    """How many nodes are left."""

    nodes: int

    def spend(self) -> None:
        """Take one node. Raises `BudgetSpent`."""
        if self.nodes <= 0:
            raise BudgetSpent
        self.nodes -= 1


@attrs.frozen(kw_only=True)
class OwnedBox:
    """A box and whose it is; an axiom's owner is None."""

    box: Box
    owner: str | None


class Cover:
    """Boxes in order, found fast by the region that they touch: one bit a box, for each cell."""

    def __init__(self, space: Space) -> None:
        self._space = space
        self._boxes: list[OwnedBox] = []
        self._cells: list[list[int]] = [[0] * len(d.cells) for d in space.dimensions]
        self._free: list[int] = [0] * len(space.dimensions)
        self._masks: dict[tuple[int, int], int] = {}

    def add(self, box: Box, owner: str | None) -> None:
        """Add a box behind all others."""
        bit = 1 << len(self._boxes)
        self._boxes.append(OwnedBox(box=box, owner=owner))
        self._masks.clear()
        for number in range(len(self._space.dimensions)):
            mask = box.get(number)
            if mask is None:
                self._free[number] |= bit
                continue
            cells = self._cells[number]
            while mask:
                low = mask & -mask
                cells[low.bit_length() - 1] |= bit
                mask ^= low

    def touching(self, region: Box) -> int:
        """The boxes that have something in common with `region`, as bits."""
        bits = (1 << len(self._boxes)) - 1
        for number, mask in region.items():
            bits &= self._with_cells(number, mask)
            if not bits:
                break
        return bits

    def _with_cells(self, number: int, mask: int) -> int:
        found = self._masks.get((number, mask))
        if found is None:
            found = self._free[number]
            cells = self._cells[number]
            rest = mask
            while rest:
                low = rest & -rest
                found |= cells[low.bit_length() - 1]
                rest ^= low
            self._masks[number, mask] = found
        return found

    def boxes(self, bits: int) -> list[OwnedBox]:
        """The boxes of `bits`, in order."""
        found: list[OwnedBox] = []
        while bits:
            low = bits & -bits
            found.append(self._boxes[low.bit_length() - 1])
            bits ^= low
        return found


def find_uncovered(
    region: Box, boxes: Sequence[OwnedBox], space: Space, budget: Budget
) -> Box | None:
    """A part of `region` that no box touches, or None when the boxes cover all of it.

    Raises `BudgetSpent`.
    """
    waiting: list[tuple[Box, Sequence[OwnedBox]]] = [(region, boxes)]
    while waiting:
        current, others = waiting.pop()
        budget.spend()
        touching = [each for each in others if intersect(current, each.box) is not None]
        if not touching:
            return current
        shortest: list[tuple[int, int]] | None = None
        for each in touching:
            ways = _ways_out(current, each.box, space)
            if shortest is None or len(ways) < len(shortest):
                shortest = ways
            if len(ways) <= 1:
                break
        assert shortest is not None
        waiting.extend(_branches(current, shortest, touching, space))
    return None


def _ways_out(region: Box, box: Box, space: Space) -> list[tuple[int, int]]:
    """For each dimension by which a point of `region` can lie outside of `box`, its cells there."""
    ways: list[tuple[int, int]] = []
    for number, mask in box.items():
        outside = region.get(number, space.full(number)) & ~mask
        if outside:
            ways.append((number, outside))
    return ways


def _branches(
    region: Box, ways: list[tuple[int, int]], others: Sequence[OwnedBox], space: Space
) -> list[tuple[Box, Sequence[OwnedBox]]]:
    branches: list[tuple[Box, Sequence[OwnedBox]]] = []
    rest = dict(region)
    for number, outside in ways:
        branches.append(({**rest, number: outside}, others))
        rest[number] = rest.get(number, space.full(number)) & ~outside
    branches.reverse()
    return branches


def covers(regions: Iterable[Box], boxes: Sequence[OwnedBox], space: Space, budget: Budget) -> bool:
    """Whether `boxes` cover every one of `regions`. Raises `BudgetSpent`."""
    return all(find_uncovered(region, boxes, space, budget) is None for region in regions)


def find_blame(
    regions: Sequence[Box], boxes: Sequence[OwnedBox], space: Space, budget: Budget
) -> tuple[str, ...]:
    """A smallest-as-possible set of owners whose boxes still cover `regions`, in their order.

    An owner that covers alone is preferred; otherwise owners are left out one by one, the latest
    first, as long as the others still cover. Axioms always stay. Raises `BudgetSpent`.
    """
    axioms = [each for each in boxes if each.owner is None]
    owners = list(dict.fromkeys(each.owner for each in boxes if each.owner is not None))

    def suffices(kept: Iterable[str]) -> bool:
        names = set(kept)
        chosen = [*axioms, *(each for each in boxes if each.owner in names)]
        return covers(regions, chosen, space, budget)

    for owner in owners:
        if suffices([owner]):
            return (owner,)
    kept = list(owners)
    for owner in reversed(owners):
        fewer = [each for each in kept if each != owner]
        if suffices(fewer):
            kept = fewer
    return tuple(kept)
