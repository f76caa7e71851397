"""AC406 nonexistent-local-time: on the night when clocks go forward, some times do not exist."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from functools import cache

from autoc.analysis.model import AnalysisInput
from autoc.diagnostics.kinds import report
from autoc.diagnostics.model import Diagnostic, Label
from autoc.plan.model import LocalTime
from autoc.values.localtime import instant_of, to_local

FIRST_DAY = date(2027, 1, 1)
DAYS = 3 * 366


def check(given: AnalysisInput) -> Iterator[Diagnostic]:
    """One finding for each `at HH:MM` that does not exist on some day."""
    for automation in given.plan.automations:
        for index, step in enumerate(automation.steps):
            at = step.when.at
            missing = _missing_day(at, automation.timezone) if at else None
            if at is None or missing is None:
                continue
            day, moved = missing
            yield report(
                "AC406",
                message=f"`at {at.hour:02}:{at.minute:02}` does not exist on every day",
                primary=Label(
                    span=given.spans[automation.name].when[index],
                    message=f"on {day.isoformat()} it is {moved} instead",
                    automation=automation.name,
                ),
                notes=(f"clocks in `{automation.timezone}` go forward on that day",),
            )


@cache
def _missing_day(at: LocalTime, timezone: str) -> tuple[date, str] | None:
    wanted = time(at.hour, at.minute)
    for number in range(DAYS):
        day = FIRST_DAY + timedelta(days=number)
        found = to_local(instant_of(day, wanted, timezone), timezone)
        if found.time().replace(fold=0) != wanted:
            return day, found.strftime("%H:%M")
    return None
