"""The regions of all conditions of a plan: one space a trigger, with its axioms."""

from collections.abc import Callable, Iterator

import attrs

from autoc.analysis.model import AnalysisInput
from autoc.catalogue.triggers import TRIGGER, TRIGGERS
from autoc.plan.conditions import FactRef
from autoc.plan.dimensions import Cell, ElementKey, LineKey, TextKey
from autoc.plan.model import Automation
from autoc.plan.patterns import TextClass, TooManyPatterns
from autoc.plan.regions import Box, Space, TooManyBoxes, boxes_of, build_space

SENT_ON_REQUEST = ("invoice.overdue", "invoice.will_be_due")
STATUS = TextKey(fact=FactRef(name="subscription.status"))
COLLECTION = TextKey(fact=FactRef(name="collection_method"))
ATTEMPTS = LineKey(fact=FactRef(name="attempt_count"))


@attrs.frozen(kw_only=True)
class Region:
    """All that is known of one trigger's automations.

    `boxes` has the region of each automation by name; `None` where it is too large to be looked at.
    `axioms` are boxes in which no event lies.
    """

    space: Space
    automations: tuple[Automation, ...]
    boxes: dict[str, list[Box] | None]
    axioms: tuple[Box, ...]


def read_regions(given: AnalysisInput) -> dict[str, Region]:
    """The regions of each trigger that has automations, or that must be matched."""
    return {
        row.name: _read_region(given, row.name)
        for row in TRIGGERS
        if given.plan.of_trigger(row.name) or row.name in given.require_match
    }


def _read_region(given: AnalysisInput, trigger: str) -> Region:
    automations = given.plan.of_trigger(trigger)
    readable = list(automations)
    while True:
        try:
            space = build_space([each.condition for each in readable])
            break
        except TooManyPatterns:
            # the longest condition has the most patterns; the others can still be looked at
            readable.remove(max(readable, key=lambda each: len(str(each.condition))))
    boxes: dict[str, list[Box] | None] = {each.name: None for each in automations}
    for each in readable:
        try:
            boxes[each.name] = boxes_of(each.condition, space)
        except TooManyBoxes:
            boxes[each.name] = None
    return Region(
        space=space,
        automations=automations,
        boxes=boxes,
        axioms=tuple(_axioms(trigger, space)),
    )


def _axioms(trigger: str, space: Space) -> Iterator[Box]:
    """Boxes that no event of `trigger` lies in, as far as `space` can speak of them."""
    if trigger in SENT_ON_REQUEST and COLLECTION in space.numbers:
        # only invoices that are paid on request have a due date (Stripe's API reference)
        number = space.numbers[COLLECTION]
        yield {number: _mask(space, number, lambda cell: not _is_constant(cell, "send_invoice"))}
    if trigger == "subscription.payment_failed" and ATTEMPTS in space.numbers:
        number = space.numbers[ATTEMPTS]
        later = _mask(space, number, lambda cell: isinstance(cell, int) and cell >= 2)
        if later:
            yield {number: later}
    yield from _subscription_axioms(trigger, space)
    yield from _sign_axioms(space)


def _subscription_axioms(trigger: str, space: Space) -> Iterator[Box]:
    """What is the subscription's is there only where a subscription is."""
    if STATUS not in space.numbers:
        return
    status = space.numbers[STATUS]
    no_subscription = _mask(space, status, lambda cell: cell is None)
    has_always = TRIGGER[trigger].object == "subscription" or trigger.startswith("subscription.")
    if has_always:
        yield {status: no_subscription}
        return
    for key, number in space.numbers.items():
        match key:
            case ElementKey(fact=FactRef(name="interval")):
                yield {status: no_subscription, number: 0b10}
            case TextKey(fact=FactRef(name="subscription.metadata")):
                is_set = _mask(space, number, lambda cell: cell is not None)
                yield {status: no_subscription, number: is_set}


def _sign_axioms(space: Space) -> Iterator[Box]:
    """An amount has one sign, in whatever currency it is compared."""
    lines = [(key, n) for key, n in space.numbers.items() if isinstance(key, LineKey)]
    for index, (key, number) in enumerate(lines):
        for other_key, other in lines[index + 1 :]:
            if key.currency is None or key.fact != other_key.fact:
                continue
            for one, two in ((1, -1), (-1, 1), (0, 1), (0, -1), (1, 0), (-1, 0)):
                box = {number: _signed(space, number, one), other: _signed(space, other, two)}
                if all(box.values()):
                    yield box


def _signed(space: Space, number: int, sign: int) -> int:
    def has_sign(cell: Cell) -> bool:
        if not isinstance(cell, int) or isinstance(cell, bool):
            return False
        return (cell > 0) - (cell < 0) == sign

    return _mask(space, number, has_sign)


def _is_constant(cell: Cell, text: str) -> bool:
    return isinstance(cell, TextClass) and cell.constant == text


def _mask(space: Space, number: int, wanted: Callable[[Cell], bool]) -> int:
    return sum(
        1 << index for index, cell in enumerate(space.dimensions[number].cells) if wanted(cell)
    )
