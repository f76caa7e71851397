"""AC503 mails-too-close, AC504 too-many-mails: what a team member's mailbox would say."""

from collections.abc import Iterator
from datetime import date

from autoc.analysis.model import AnalysisInput
from autoc.analysis.schedule import anchors, schedule
from autoc.catalogue.triggers import TRIGGER
from autoc.diagnostics.kinds import report
from autoc.diagnostics.model import Diagnostic, Label
from autoc.plan.model import Automation, Email
from autoc.values.localtime import local_date


def check(given: AnalysisInput) -> Iterator[Diagnostic]:
    """Mails that come together, and runs that write too often."""
    for automation in given.plan.automations:
        mails = [n for n, step in enumerate(automation.steps) if isinstance(step.action, Email)]
        if len(mails) > 1:
            yield from _check_distance(given, automation, mails)
        if len(mails) > given.limits.mails_per_run:
            yield _report_many(given, automation, mails)


def _check_distance(
    given: AnalysisInput, automation: Automation, mails: list[int]
) -> Iterator[Diagnostic]:
    start = None if TRIGGER[automation.trigger].foreseeable else 0
    times = schedule(automation, start=start)
    spans = given.spans[automation.name]
    for place, later in enumerate(mails):
        for earlier in reversed(mails[:place]):
            shared = _shared_recipient(automation, earlier, later)
            one, other = times[earlier], times[later]
            if shared is None or one is None or other is None:
                continue
            near = _near_day(given, automation, one, other)
            if near is None:
                continue
            yield report(
                "AC503",
                message=f"two mails to {shared} come at nearly the same time",
                primary=Label(
                    span=spans.steps[later], message="this one, and", automation=automation.name
                ),
                related=[Label(span=spans.steps[earlier], message="this one")],
                notes=(f"counted from {near.isoformat()}, for one",)
                if len(set(map(int.__sub__, other, one))) > 1
                else (),
                help="put them into one mail, or further apart",
            )
            break


def _shared_recipient(automation: Automation, one: int, other: int) -> str | None:
    first, second = automation.steps[one].action, automation.steps[other].action
    assert isinstance(first, Email)
    assert isinstance(second, Email)
    if first.contact is not None and first.contact == second.contact:
        return f"`{first.contact}`"
    theirs = {address.casefold() for address in first.to}
    return next((f"`{each}`" for each in second.to if each.casefold() in theirs), None)


def _near_day(
    given: AnalysisInput, automation: Automation, one: tuple[int, ...], other: tuple[int, ...]
) -> date | None:
    limit = given.limits.mails_apart_seconds
    for base, first, second in zip(anchors(automation.timezone), one, other, strict=True):
        if abs(second - first) < limit:
            return local_date(base, automation.timezone)
    return None


def _report_many(given: AnalysisInput, automation: Automation, mails: list[int]) -> Diagnostic:
    limit = given.limits.mails_per_run
    return report(
        "AC504",
        message=f"a run of `{automation.name}` sends {len(mails)} mails, and {limit} is the limit",
        primary=Label(
            span=given.spans[automation.name].steps[mails[limit]],
            message="one too many",
            automation=automation.name,
        ),
        help="send fewer, or raise `mails_per_run` under `[limits]`",
    )
