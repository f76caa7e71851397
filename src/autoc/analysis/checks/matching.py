"""AC308 unmatched-event: an event of a trigger that no automation takes; on request."""

from collections.abc import Iterator, Mapping

from autoc.analysis.coverage import Budget, BudgetSpent, OwnedBox, find_uncovered
from autoc.analysis.model import AnalysisInput
from autoc.analysis.spaces import Region
from autoc.analysis.witness import build_witness, describe_cells
from autoc.diagnostics.kinds import report
from autoc.diagnostics.model import Diagnostic, Label
from autoc.text.source import Span


def check(given: AnalysisInput, regions: Mapping[str, Region]) -> Iterator[Diagnostic]:
    """One finding for each trigger of `--require-match` that leaves an event untaken."""
    for trigger in dict.fromkeys(given.require_match):
        region = regions[trigger]
        active = [each for each in region.automations if not each.paused]
        boxes = [OwnedBox(box=box, owner=None) for box in region.axioms]
        for each in active:
            found = region.boxes[each.name] or []
            boxes.extend(OwnedBox(box=box, owner=each.name) for box in found)
        try:
            left = find_uncovered({}, boxes, region.space, Budget(nodes=given.node_budget))
        except BudgetSpent:
            yield report(
                "AC310",
                message=f"whether every event of `{trigger}` is taken is undecided",
                primary=Label(span=_place(given, trigger)),
                help="raise the budget with `--node-budget`",
            )
            continue
        if left is None:
            continue
        described = describe_cells(region.space, left)
        yield report(
            "AC308",
            message=f"some events of `{trigger}` are taken by no automation",
            primary=Label(span=_place(given, trigger), message="the last one of its trigger"),
            notes=(f"such as one with {described}",) if described else (),
            help=f"end with an automation `on {trigger}` without a condition",
            witness=build_witness(region.space, left, trigger=trigger),
        )


def _place(given: AnalysisInput, trigger: str) -> Span:
    automations = given.plan.of_trigger(trigger) or given.plan.automations
    if automations:
        return given.spans[automations[-1].name].header
    return Span(path=".", start=0, end=0)
