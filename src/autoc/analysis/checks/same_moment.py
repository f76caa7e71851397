"""AC407 same-moment-twice: the same action, twice, at the same moment."""

from collections.abc import Iterator

from autoc.analysis.model import AnalysisInput
from autoc.diagnostics.kinds import report
from autoc.diagnostics.model import Diagnostic, Label
from autoc.plan.model import AnchorOffset, Email
from autoc.plan.wording import step_text


def check(given: AnalysisInput) -> Iterator[Diagnostic]:
    """One finding for each step that repeats one above it. Mails have a check of their own."""
    for automation in given.plan.automations:
        spans = given.spans[automation.name]
        for index, step in enumerate(automation.steps):
            if isinstance(step.action, Email) or not isinstance(step.when, AnchorOffset):
                continue
            first = automation.steps.index(step)
            if first < index:
                yield report(
                    "AC407",
                    message=f"`{step_text(step)}` is done twice at the same moment",
                    primary=Label(
                        span=spans.steps[index],
                        message="the second time",
                        automation=automation.name,
                    ),
                    related=[Label(span=spans.steps[first], message="the first time")],
                    help="take one of them away",
                )
