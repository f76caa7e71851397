"""AC505 irreversible-without-delay: done at once, for everyone, and never to be undone."""

from collections.abc import Iterator

from autoc.analysis.model import AnalysisInput
from autoc.catalogue.actions import ACTION
from autoc.catalogue.triggers import TRIGGER
from autoc.diagnostics.kinds import report
from autoc.diagnostics.model import Diagnostic, Label
from autoc.plan.conditions import ALWAYS
from autoc.plan.model import Automation, PreviousOffset, SetRetryPolicy
from autoc.plan.wording import action_name
from autoc.values.duration import Duration


def check(given: AnalysisInput) -> Iterator[Diagnostic]:
    """One finding for each automation without condition or delay that does such a thing."""
    for automation in given.plan.automations:
        if automation.condition != ALWAYS or automation.paused:
            continue
        index = _first_at_once(automation)
        if index is None:
            continue
        name = action_name(automation.steps[index].action)
        noun = TRIGGER[automation.trigger].object
        yield report(
            "AC505",
            message=f"`{name}` is done at once, for every {noun}, and cannot be undone",
            primary=Label(
                span=given.spans[automation.name].steps[index],
                message="no delay, and no condition",
                automation=automation.name,
            ),
            help="wait with `after`, or say with `where` for which ones",
        )


def _first_at_once(automation: Automation) -> int | None:
    for index, step in enumerate(automation.steps):
        is_now = step.when.offset == Duration() and (
            isinstance(step.when, PreviousOffset) or not TRIGGER[automation.trigger].foreseeable
        )
        if not is_now or isinstance(step.action, SetRetryPolicy):
            return None
        if ACTION[action_name(step.action)].irreversible:
            return index
    return None
