"""AC405 before-beyond-lead-time: `before` reaches back further than anything is known ahead."""

from collections.abc import Iterator

from autoc.analysis.model import AnalysisInput
from autoc.analysis.schedule import anchors, due_times, zone_of
from autoc.catalogue.triggers import TRIGGER
from autoc.diagnostics.kinds import report
from autoc.diagnostics.model import Diagnostic, Label
from autoc.plan.model import AnchorOffset
from autoc.plan.wording import when_text


def check(given: AnalysisInput) -> Iterator[Diagnostic]:
    """One finding for each `before` that is longer than the project's longest lead time."""
    limit = given.limits.lead_time_max
    for automation in given.plan.automations:
        if not TRIGGER[automation.trigger].foreseeable:
            continue
        zone = zone_of(automation)
        furthest = AnchorOffset(sign=-1, offset=limit)
        for index, step in enumerate(automation.steps):
            if not isinstance(step.when, AnchorOffset) or step.when.sign > 0:
                continue
            bare = AnchorOffset(sign=-1, offset=step.when.offset)
            mine, theirs = due_times(bare, zone), due_times(furthest, zone)
            if sum(one < other for one, other in zip(mine, theirs, strict=True)) * 2 <= len(
                anchors(zone.timezone)
            ):
                continue
            yield report(
                "AC405",
                message=f"`{when_text(step.when)}` is longer than the longest lead time, {limit}",
                primary=Label(
                    span=given.spans[automation.name].when[index],
                    message="has passed when the run begins, so the step is skipped",
                    automation=automation.name,
                ),
                help="shorten it, or raise `lead_time_max` under `[limits]`",
            )
