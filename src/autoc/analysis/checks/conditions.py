"""What a condition says by itself, and after the automations before it.

AC302 contradictory-condition, AC303 always-true-condition, AC304 part-never-matters (an `or`
branch, an element of an `in`), AC305 redundant-condition.
"""

from collections.abc import Iterator, Mapping, Sequence

import attrs

from autoc.analysis.coverage import Budget, BudgetSpent, OwnedBox, covers
from autoc.analysis.model import AnalysisInput
from autoc.analysis.parts import Part, alternatives_of, conjuncts_of
from autoc.analysis.spaces import Region
from autoc.diagnostics.kinds import report
from autoc.diagnostics.model import Diagnostic, Label
from autoc.plan.conditions import ALWAYS, AllOf, Condition
from autoc.plan.model import Automation
from autoc.plan.regions import Box, TooManyBoxes, boxes_of
from autoc.plan.wording import condition_text
from autoc.text.source import Span


@attrs.frozen(kw_only=True)
class _Looked:
    """One automation as it is looked at: `earlier` are the boxes of those before it, with axioms."""

    given: AnalysisInput
    region: Region
    automation: Automation
    boxes: list[Box]
    axioms: list[OwnedBox]
    earlier: list[OwnedBox]

    def covered(self, boxes: Sequence[Box], by: Sequence[OwnedBox]) -> bool:
        """Whether `by` covers `boxes`. Raises `BudgetSpent`."""
        return covers(boxes, by, self.region.space, Budget(nodes=self.given.node_budget))

    def boxes_of(self, condition: Condition) -> list[Box]:
        """The boxes of another condition in the same space. Raises `TooManyBoxes`."""
        return boxes_of(condition, self.region.space)

    def owned(self, condition: Condition) -> list[OwnedBox]:
        """The same, as boxes that cover."""
        return [OwnedBox(box=box, owner="") for box in self.boxes_of(condition)]

    def spans(self, part: Part) -> tuple[Span, ...]:
        """Where the atoms of `part` stand."""
        return self.given.spans[self.automation.name].condition_atoms[part.first : part.last]


def check(given: AnalysisInput, regions: Mapping[str, Region]) -> Iterator[Diagnostic]:
    """What is contradictory, always true, without effect, or said twice."""
    for region in regions.values():
        axioms = [OwnedBox(box=box, owner=None) for box in region.axioms]
        earlier = list(axioms)
        for automation in region.automations:
            boxes = region.boxes[automation.name]
            if automation.paused or boxes is None:
                continue
            looked = _Looked(
                given=given,
                region=region,
                automation=automation,
                boxes=boxes,
                axioms=axioms,
                earlier=list(earlier),
            )
            if automation.condition != ALWAYS:
                try:
                    yield from _check_condition(looked)
                except (BudgetSpent, TooManyBoxes):
                    pass  # `choice` says so where the automation as a whole is undecided
            earlier.extend(OwnedBox(box=box, owner=automation.name) for box in boxes)


def _check_condition(looked: _Looked) -> Iterator[Diagnostic]:
    if looked.covered(looked.boxes, looked.axioms):
        yield _report_contradiction(looked)
        return
    if looked.covered([{}], [*looked.axioms, *looked.owned(looked.automation.condition)]):
        yield _report_always(looked)
        return
    touching = _touching(looked)
    if touching and looked.covered(looked.boxes, touching):
        return
    yield from _check_alternatives(looked, touching)
    yield from _check_conjuncts(looked)


def _touching(looked: _Looked) -> list[OwnedBox]:
    from autoc.plan.regions import intersect

    return [
        each
        for each in looked.earlier
        if any(intersect(box, each.box) is not None for box in looked.boxes)
    ]


def _report_contradiction(looked: _Looked) -> Diagnostic:
    parts = _minimal_contradiction(looked)
    spans = [span for part in parts for span in looked.spans(part)]
    noun = looked.automation.trigger.partition(".")[0]
    name = looked.automation.name
    return report(
        "AC302",
        message=f"no {noun} can meet the condition of `{name}`",
        primary=Label(
            span=spans[0],
            message="this cannot be true" if len(spans) == 1 else "this, and",
            automation=name,
        ),
        related=[Label(span=span, message="this contradict each other") for span in spans[1:]],
        help="change one of them, or take the automation away",
        automation=name,
    )


def _minimal_contradiction(looked: _Looked) -> list[Part]:
    """A smallest set of conjuncts that cannot hold together."""
    parts = conjuncts_of(looked.automation.condition)
    for part in list(parts):
        fewer = [each for each in parts if each != part]
        whole = AllOf(parts=tuple(each.condition for each in fewer))
        if fewer and looked.covered(looked.boxes_of(whole), looked.axioms):
            parts = fewer
    return parts


def _report_always(looked: _Looked) -> Diagnostic:
    name = looked.automation.name
    spans = looked.given.spans[name].condition_atoms
    noun = looked.automation.trigger.partition(".")[0]
    return report(
        "AC303",
        message=f"the condition of `{name}` holds for every {noun}",
        primary=Label(
            span=spans[0].to(spans[-1]) if spans[0].path == spans[-1].path else spans[0],
            message="always true",
            automation=name,
        ),
        help="take the `where` away, or say what was meant",
        automation=name,
    )


def _check_alternatives(looked: _Looked, touching: list[OwnedBox]) -> Iterator[Diagnostic]:
    for part, without in alternatives_of(looked.automation.condition):
        rest = looked.owned(without)
        if looked.covered(looked.boxes, [*looked.axioms, *rest]):
            reason = "the other parts say the same already, or it can never be true"
            blamed: list[str] = []
        elif touching and looked.covered(looked.boxes, [*looked.axioms, *rest, *touching]):
            reason = "earlier automations take all of it"
            blamed = _blamed(looked, [*looked.axioms, *rest], touching)
        else:
            continue
        spans = looked.spans(part)
        yield report(
            "AC304",
            message=f"`{part.text}` changes nothing in the condition of `{looked.automation.name}`",
            primary=Label(
                span=spans[0], message="can never matter", automation=looked.automation.name
            ),
            related=[
                Label(
                    span=looked.given.spans[name].header,
                    message="takes these earlier",
                    automation=name,
                )
                for name in blamed
            ],
            notes=(reason,),
            help="take it away",
            automation=looked.automation.name,
        )


def _blamed(looked: _Looked, always: list[OwnedBox], touching: list[OwnedBox]) -> list[str]:
    kept = list(dict.fromkeys(each.owner for each in touching if each.owner))
    for owner in reversed(list(kept)):
        fewer = [each for each in kept if each != owner]
        boxes = [each for each in touching if each.owner in fewer]
        if looked.covered(looked.boxes, [*always, *boxes]):
            kept = fewer
    return kept


def _check_conjuncts(looked: _Looked) -> Iterator[Diagnostic]:
    parts = conjuncts_of(looked.automation.condition)
    if len(parts) < 2:
        return
    for part in parts:
        others = [each for each in parts if each != part]
        without = AllOf(parts=tuple(each.condition for each in others))
        whole = [*looked.axioms, *(OwnedBox(box=box, owner="") for box in looked.boxes)]
        if not looked.covered(looked.boxes_of(without), whole):
            continue
        yield _report_redundant(looked, part, others)
        return


def _report_redundant(looked: _Looked, part: Part, others: list[Part]) -> Diagnostic:
    implied = [
        each
        for each in others
        if looked.covered(
            looked.boxes_of(each.condition), [*looked.axioms, *looked.owned(part.condition)]
        )
    ]
    spans = looked.spans(part)
    return report(
        "AC305",
        message=f"`{condition_text(part.condition)}` is already said by the rest of the condition",
        primary=Label(
            span=spans[0], message="says nothing more", automation=looked.automation.name
        ),
        related=[
            Label(span=looked.spans(each)[0], message="this already says it")
            for each in implied[:1]
        ],
        help="take it away",
        automation=looked.automation.name,
    )
