"""AC301 unreachable-automation: earlier automations, together, take every event that it matches.
AC310 undecided-analysis: that could not be decided within the budget."""

from collections.abc import Iterator, Mapping

from autoc.analysis.coverage import Budget, BudgetSpent, Cover, OwnedBox, covers, find_blame
from autoc.analysis.model import AnalysisInput
from autoc.analysis.spaces import Region
from autoc.diagnostics.kinds import report
from autoc.diagnostics.model import Diagnostic, Label
from autoc.plan.conditions import ALWAYS
from autoc.plan.model import Automation
from autoc.plan.regions import Box
from autoc.plan.wording import condition_text

NOUNS = {"invoice": "invoice", "quote": "quote", "subscription": "subscription"}


def check(given: AnalysisInput, regions: Mapping[str, Region]) -> Iterator[Diagnostic]:
    """The automations that can never run."""
    for region in regions.values():
        yield from _check_trigger(given, region)


def _check_trigger(given: AnalysisInput, region: Region) -> Iterator[Diagnostic]:
    cover = Cover(region.space)
    for axiom in region.axioms:
        cover.add(axiom, None)
    for automation in region.automations:
        if automation.paused:
            continue
        boxes = region.boxes[automation.name]
        if boxes is None:
            yield _report_undecided(given, automation, "its condition is too large")
            continue
        if boxes:
            yield from _check_automation(given, region, automation, boxes, cover)
        for box in boxes:
            cover.add(box, automation.name)


def _check_automation(
    given: AnalysisInput, region: Region, automation: Automation, boxes: list[Box], cover: Cover
) -> Iterator[Diagnostic]:
    bits = 0
    for box in boxes:
        touching = cover.touching(box)
        if not touching:
            return
        bits |= touching
    earlier = cover.boxes(bits)
    axioms = [each for each in earlier if each.owner is None]
    budget = Budget(nodes=given.node_budget)
    try:
        if axioms and covers(boxes, axioms, region.space, budget):
            return
        if not covers(boxes, earlier, region.space, budget):
            return
        blame = find_blame(boxes, earlier, region.space, Budget(nodes=given.node_budget))
    except BudgetSpent:
        reason = f"its {len(earlier)} overlaps take more than {given.node_budget} steps to compare"
        yield _report_undecided(given, automation, reason)
        return
    yield _report_unreachable(given, region, automation, blame, earlier)


def _report_unreachable(
    given: AnalysisInput,
    region: Region,
    automation: Automation,
    blame: tuple[str, ...],
    earlier: list[OwnedBox],
) -> Diagnostic:
    by_name = {each.name: each for each in region.automations}
    blamed = [by_name[name] for name in blame]
    noun = automation.trigger.partition(".")[0]
    is_same = all(each.steps == automation.steps for each in blamed)
    notes = []
    if len(blamed) > 1:
        count = {2: "two", 3: "three", 4: "four"}.get(len(blamed), str(len(blamed)))
        notes.append(f"together these {count} cover it; none does alone")
    if is_same:
        notes.append("they do the same as it does, so it can be taken away")
    first = given.plan.places[blame[0]]
    return report(
        "AC301",
        message=f"automation `{automation.name}` can never run",
        primary=Label(
            span=given.spans[automation.name].header,
            message=f"every {noun} that it matches is taken earlier",
            automation=automation.name,
        ),
        related=[
            Label(
                span=given.spans[each.name].header,
                message=_takes(each, automation),
                automation=each.name,
            )
            for each in blamed
        ],
        notes=notes,
        help=f"move `{automation.name}` above line {first.line} of `{first.filename}`, "
        "or narrow what stands before it",
    )


def _takes(earlier: Automation, automation: Automation) -> str:
    what = "takes everything"
    if earlier.condition != ALWAYS:
        what = f"takes those with {_shortened(condition_text(earlier.condition))}"
    same = earlier.steps == automation.steps
    return what if same else f"{what}, and does something else"


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


def _report_undecided(given: AnalysisInput, automation: Automation, reason: str) -> Diagnostic:
    return report(
        "AC310",
        message=f"whether `{automation.name}` can ever run is undecided: {reason}",
        primary=Label(
            span=given.spans[automation.name].header,
            message="not proved either way",
            automation=automation.name,
        ),
        help="raise the budget with `--node-budget`, or make the condition simpler",
    )
