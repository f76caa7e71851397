"""When steps can be due, over many anchors: the calendar makes offsets longer and shorter.

Two offsets in the same units compare at once; others are tried on every day of some years (leap
years, both clock changes, every weekday beside every holiday), in the project's own time zone and
calendar. What is found so has an anchor to show for it.
"""

from collections.abc import Sequence
from datetime import date, time, timedelta
from functools import cache

import attrs

from autoc.plan.model import AnchorOffset, Automation, PreviousOffset, SetRetryPolicy, Step, When
from autoc.values.calendars import BusinessCalendar
from autoc.values.localtime import add_duration, instant_of, move_to_time

FIRST_DAY = date(2027, 1, 1)
DAYS = 2 * 366
"""Two years, a leap year among them."""
HOURS = (time(0, 30), time(12, 0), time(23, 30))


@attrs.frozen(kw_only=True)
class Zone:
    """Where and by which calendar offsets are counted."""

    timezone: str
    calendar: BusinessCalendar


def zone_of(automation: Automation) -> Zone:
    """The zone of an automation."""
    return Zone(timezone=automation.timezone, calendar=automation.calendar)


@cache
def anchors(timezone: str) -> tuple[int, ...]:
    """The anchors that are tried."""
    return tuple(
        instant_of(FIRST_DAY + timedelta(days=n), HOURS[n % len(HOURS)], timezone)
        for n in range(DAYS)
    )


@cache
def due_times(when: When, zone: Zone) -> tuple[int, ...]:
    """When a step at `when` is due, for each anchor; for `then`, counted from the anchor itself."""
    return tuple(_due(when, base, zone) for base in anchors(zone.timezone))


def _due(when: When, base: int, zone: Zone) -> int:
    sign = when.sign if isinstance(when, AnchorOffset) else 1
    due = add_duration(base, when.offset, sign=sign, timezone=zone.timezone, calendar=zone.calendar)
    if when.at is None:
        return due
    return move_to_time(
        due,
        hour=when.at.hour,
        minute=when.at.minute,
        on_business_days=when.at.on_business_days,
        timezone=zone.timezone,
        calendar=zone.calendar,
    )


@cache
def _due_after(when: PreviousOffset, bases: tuple[int, ...], zone: Zone) -> tuple[int, ...]:
    return tuple(_due(when, base, zone) for base in bases)


def schedule(automation: Automation, *, start: int | None = 0) -> list[tuple[int, ...] | None]:
    """For each step, when it is due for each anchor; None where that hangs on something else.

    A `then` before any anchored step counts from the beginning of the run: for a trigger that is
    not foreseeable that is the anchor; otherwise it is not known (`start=None`). A step after a
    retry policy hangs on how the tries go.
    """
    zone = zone_of(automation)
    found: list[tuple[int, ...] | None] = []
    previous = anchors(zone.timezone) if start is not None else None
    for step in automation.steps:
        if isinstance(step.when, AnchorOffset):
            times: tuple[int, ...] | None = due_times(step.when, zone)
            done = times if previous is None or times is None else _later(times, previous)
        else:
            times = None if previous is None else _after(step.when, previous, zone)
            done = times
        found.append(times)
        previous = None if isinstance(step.action, SetRetryPolicy) else done
    return found


def _after(when: PreviousOffset, bases: tuple[int, ...], zone: Zone) -> tuple[int, ...]:
    if when.at is None and not when.offset.uses_calendar:
        return tuple(base + when.offset.seconds for base in bases)
    return _due_after(when, bases, zone)


def _later(times: Sequence[int], others: Sequence[int]) -> tuple[int, ...]:
    return tuple(map(max, times, others))


def is_plain(step: Step) -> bool:
    """Whether the step is counted from the anchor, in whole days or exact units, at no set time."""
    when = step.when
    return (
        isinstance(when, AnchorOffset)
        and when.at is None
        and not when.offset.months
        and not when.offset.business_days
    )


def plain_seconds(step: Step) -> tuple[int, int]:
    """The signed days and seconds of a plain step."""
    assert isinstance(step.when, AnchorOffset)
    return step.when.sign * step.when.offset.days, step.when.sign * step.when.offset.seconds
