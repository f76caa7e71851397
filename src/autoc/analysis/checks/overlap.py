"""AC306 order-matters: two automations in different files take some of the same events, neither
takes all of the other's, and they do different things; so the order of the files decides."""

from collections.abc import Iterator, Mapping

from autoc.analysis.coverage import Budget, BudgetSpent, Cover, OwnedBox, covers, find_uncovered
from autoc.analysis.model import AnalysisInput
from autoc.analysis.spaces import Region
from autoc.analysis.witness import build_witness
from autoc.diagnostics.kinds import report
from autoc.diagnostics.model import Diagnostic, Label
from autoc.plan.model import Automation
from autoc.plan.regions import Box, intersect

SHOWN_MAX = 3


def check(given: AnalysisInput, regions: Mapping[str, Region]) -> Iterator[Diagnostic]:
    """One finding for each automation that overlaps earlier ones of other files so."""
    for region in regions.values():
        files = {given.plan.places[each.name].filename for each in region.automations}
        if len(files) > 1:
            yield from _check_trigger(given, region)


def _check_trigger(given: AnalysisInput, region: Region) -> Iterator[Diagnostic]:
    cover = Cover(region.space)
    for axiom in region.axioms:
        cover.add(axiom, None)
    before: dict[str, Automation] = {}
    for automation in region.automations:
        boxes = region.boxes[automation.name]
        if automation.paused or not boxes:
            continue
        touching = [each for box in boxes for each in cover.boxes(cover.touching(box))]
        names = dict.fromkeys(each.owner for each in touching if each.owner is not None)
        budget = Budget(nodes=given.node_budget)
        try:
            found = [
                (before[name], overlap)
                for name in names
                if _could_swap(given, before[name], automation)
                and (overlap := _overlap(before[name], boxes, region, touching, budget))
            ]
        except BudgetSpent:
            found = []
        if found:
            yield _report(given, region, automation, found)
        for box in boxes:
            cover.add(box, automation.name)
        before[automation.name] = automation


def _could_swap(given: AnalysisInput, earlier: Automation, later: Automation) -> bool:
    places = given.plan.places
    return (
        places[earlier.name].filename != places[later.name].filename
        and earlier.steps != later.steps
    )


def _overlap(
    earlier: Automation,
    boxes: list[Box],
    region: Region,
    touching: list[OwnedBox],
    budget: Budget,
) -> Box | None:
    """A part that both match and nothing before them takes; None when one contains the other."""
    theirs = region.boxes[earlier.name] or []
    axioms = [OwnedBox(box=box, owner=None) for box in region.axioms]
    own_boxes = [*axioms, *(OwnedBox(box=box, owner="") for box in boxes)]
    their_boxes = [*axioms, *(OwnedBox(box=box, owner="") for box in theirs)]
    if covers(theirs, own_boxes, region.space, budget):
        return None
    if covers(boxes, their_boxes, region.space, budget):
        return None
    order = [each.name for each in region.automations]
    first = set(order[: order.index(earlier.name)])
    before = [each for each in touching if each.owner is None or each.owner in first]
    for one in theirs:
        for other in boxes:
            both = intersect(one, other)
            if both is None:
                continue
            left = find_uncovered(both, before, region.space, budget)
            if left is not None:
                return left
    return None


def _report(
    given: AnalysisInput,
    region: Region,
    automation: Automation,
    found: list[tuple[Automation, Box]],
) -> Diagnostic:
    shown = found[:SHOWN_MAX]
    more = len(found) - len(shown)
    noun = automation.trigger.partition(".")[0]
    names = ", ".join(f"`{each.name}`" for each, _ in shown)
    rest = f" and {more} more" if more else ""
    return report(
        "AC306",
        message=f"some {noun}s match both `{automation.name}` and {names}{rest}: "
        "the order of the files decides",
        primary=Label(
            span=given.spans[automation.name].header,
            message="gets them only where nothing before it does",
            automation=automation.name,
        ),
        related=[
            Label(
                span=given.spans[each.name].header,
                message="wins, and does something else",
                automation=each.name,
            )
            for each, _ in shown
        ],
        help="put both into one file, in the order that is meant, or exclude one in the other",
        witness=build_witness(region.space, shown[0][1], trigger=automation.trigger),
        automation=automation.name,
    )
