"""AC502 impossible-action: an action after one that leaves nothing for it to do."""

from collections.abc import Iterator

from autoc.analysis.model import AnalysisInput
from autoc.catalogue.actions import ACTION
from autoc.diagnostics.kinds import report
from autoc.diagnostics.model import Diagnostic, Label
from autoc.plan.wording import action_name

STATES = {
    "void_invoice": "a voided invoice is closed for good",
    "mark_uncollectible": "the invoice is written off already",
    "cancel_subscription": "the subscription has ended already",
}


def check(given: AnalysisInput) -> Iterator[Diagnostic]:
    """One finding for each step that an earlier one makes impossible."""
    for automation in given.plan.automations:
        names = [action_name(step.action) for step in automation.steps]
        spans = given.spans[automation.name]
        for index, name in enumerate(names):
            earlier = next((n for n in range(index) if name in ACTION[names[n]].forbids), None)
            if earlier is None:
                continue
            yield report(
                "AC502",
                message=f"`{name}` is impossible after `{names[earlier]}`",
                primary=Label(
                    span=spans.steps[index],
                    message="Stripe refuses this",
                    automation=automation.name,
                ),
                related=[Label(span=spans.steps[earlier], message=STATES[names[earlier]])],
                help="take one of the two away",
            )
