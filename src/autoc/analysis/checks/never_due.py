"""AC404 never-due: a step behind a moment that is certain to end the run."""

from collections.abc import Iterator

from autoc.analysis.model import AnalysisInput
from autoc.analysis.schedule import anchors, schedule
from autoc.catalogue.triggers import TRIGGER
from autoc.diagnostics.kinds import report
from autoc.diagnostics.model import Diagnostic, Label
from autoc.plan.wording import step_text

CERTAIN = {
    "quote.will_expire": "a quote that was not accepted is canceled when it expires",
    "subscription.will_cancel": "the subscription is canceled at that moment, or it stays",
}


def check(given: AnalysisInput) -> Iterator[Diagnostic]:
    """One finding for each step that is due after the run's certain end, whatever the date."""
    for automation in given.plan.automations:
        if not TRIGGER[automation.trigger].ends_at_anchor:
            continue
        bases = anchors(automation.timezone)
        for index, times in enumerate(schedule(automation, start=None)):
            if times is None or not all(t > base for t, base in zip(times, bases, strict=True)):
                continue
            yield report(
                "AC404",
                message=f"`{step_text(automation.steps[index])}` can never be due",
                primary=Label(
                    span=given.spans[automation.name].steps[index],
                    message="the run has certainly ended by then",
                    automation=automation.name,
                ),
                notes=(CERTAIN[automation.trigger],),
                help="use `before`, or `at anchor`",
            )
