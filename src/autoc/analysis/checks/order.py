"""AC402 steps-out-of-order and AC403 order-can-flip: steps run in their order, so one that is due
before the step above it waits for that, and is late."""

from collections.abc import Iterator
from datetime import date

from autoc.analysis.model import AnalysisInput, AutomationSpans
from autoc.analysis.schedule import anchors, is_plain, plain_seconds, schedule
from autoc.catalogue.triggers import TRIGGER
from autoc.diagnostics.kinds import report
from autoc.diagnostics.model import Diagnostic, Edit, Fix, Label
from autoc.plan.model import AnchorOffset, Automation
from autoc.plan.wording import step_text
from autoc.values.localtime import local_date


def check(given: AnalysisInput) -> Iterator[Diagnostic]:
    """One finding for each step whose place in the order is wrong, always or sometimes."""
    for automation in given.plan.automations:
        if not _needs_looking(automation):
            continue
        spans = given.spans[automation.name]
        start = None if TRIGGER[automation.trigger].foreseeable else 0
        times = schedule(automation, start=start)
        for index in range(1, len(automation.steps)):
            finding = _check_pair(automation, spans, times, index)
            if finding is not None:
                yield finding


def _needs_looking(automation: Automation) -> bool:
    """Plain offsets that ascend are in order; most automations are like that."""
    if not all(is_plain(step) for step in automation.steps):
        return any(isinstance(step.when, AnchorOffset) for step in automation.steps[1:])
    offsets = [plain_seconds(step) for step in automation.steps]
    return any(
        later[0] < earlier[0] or later[1] < earlier[1]
        for earlier, later in zip(offsets, offsets[1:], strict=False)
    )


def _check_pair(
    automation: Automation,
    spans: AutomationSpans,
    times: list[tuple[int, ...] | None],
    index: int,
) -> Diagnostic | None:
    step = automation.steps[index]
    later, above = times[index], _latest_above(times, index)
    if not isinstance(step.when, AnchorOffset) or later is None or above is None:
        return None
    flipped = [n for n, (one, other) in enumerate(zip(above, later, strict=True)) if other < one]
    if not flipped:
        return None
    if len(flipped) == len(later):
        return _report_order(automation, spans, index)
    is_first = sum(1 for one, other in zip(above, later, strict=True) if one < other)
    if not is_first:
        return _report_order(automation, spans, index)
    days = anchors(automation.timezone)
    fine = next(n for n, (one, other) in enumerate(zip(above, later, strict=True)) if one < other)
    return _report_flip(
        automation,
        spans,
        index,
        fine=local_date(days[fine], automation.timezone),
        flipped=local_date(days[flipped[0]], automation.timezone),
    )


def _latest_above(times: list[tuple[int, ...] | None], index: int) -> tuple[int, ...] | None:
    known = [each for each in times[:index] if each is not None]
    if times[index - 1] is None or not known:
        return None
    return tuple(map(max, *known)) if len(known) > 1 else known[0]


def _report_order(automation: Automation, spans: AutomationSpans, index: int) -> Diagnostic:
    return report(
        "AC402",
        message=f"`{step_text(automation.steps[index])}` is due before the step above it",
        primary=Label(
            span=spans.steps[index],
            message="waits for the step above, and is late",
            automation=automation.name,
        ),
        related=[Label(span=spans.steps[index - 1], message="due later than that")],
        help="write the steps in the order of their times",
        fix=_sorting(automation, spans),
    )


def _sorting(automation: Automation, spans: AutomationSpans) -> Fix | None:
    """The steps by their times, where all are counted from the anchor."""
    if not all(isinstance(step.when, AnchorOffset) for step in automation.steps):
        return None
    times = schedule(automation)
    numbers = list(range(len(automation.steps)))
    ordered = sorted(numbers, key=lambda n: (times[n] or (0,))[0])
    if any(
        one > other
        for a, b in zip(ordered, ordered[1:], strict=False)
        for one, other in zip(times[a] or (), times[b] or (), strict=True)
    ):
        return None
    edits = tuple(
        Edit(span=spans.steps[place], replacement=step_text(automation.steps[number], first=True))
        for place, number in zip(numbers, ordered, strict=True)
        if place != number
    )
    return Fix(title="sort the steps by their times", safe=True, edits=edits)


def _report_flip(
    automation: Automation, spans: AutomationSpans, index: int, *, fine: date, flipped: date
) -> Diagnostic:
    return report(
        "AC403",
        message=f"whether `{step_text(automation.steps[index])}` comes after the step above it "
        "changes with the calendar",
        primary=Label(
            span=spans.steps[index],
            message=f"due first when counted from {flipped.isoformat()}",
            automation=automation.name,
        ),
        related=[
            Label(
                span=spans.steps[index - 1],
                message=f"due first when counted from {fine.isoformat()}",
            )
        ],
        help="count both in the same unit, or use `then after`",
    )
