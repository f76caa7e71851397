"""When the steps of a run are due, and when the tries of a retry policy are.

An offset is counted first (calendar units in the automation's time zone), then `at HH:MM` moves the
result on. Steps run in their order: a step that is due earlier than the one before it has completed
waits for it, and keeps its nominal due time. Source: language.md, sections 4 and 5.

The smart schedule is fixed, not learned. For N tries within D, counted from the step's start S to
its end E = S + D, try k has its mark at S + (E - S) * k(k + 1) / (N(N + 1)): the gaps grow as
1, 2, 3, …, and the last mark is E. Each mark moves back to the nearest working-day morning, at
08:00 and (37 k mod 180) minutes local time. Where that morning is not after the try before (or S),
the next morning after that try is taken; where that one would leave no room before E for the tries
to come, the rest of D is divided evenly. So the tries strictly increase and all lie within D, as
long as D has at least N seconds.
"""

from datetime import date, time
from typing import assert_never

import attrs

from autoc.plan.model import (
    AnchorOffset,
    Automation,
    FixedRetries,
    LocalTime,
    PreviousOffset,
    RetryPolicy,
    SmartRetries,
    Step,
)
from autoc.values.calendars import BusinessCalendar, add_business_days, is_business_day
from autoc.values.localtime import add_duration, instant_of, move_to_time, to_local

PASSED_AT_START = "its time had passed when the run began"

MORNING_STARTS_HOUR = 8
MORNING_MINUTES = 180
MORNING_STRIDE_MINUTES = 37
"""Coprime to the length of the morning, so that tries do not all go out in the same minute."""


@attrs.frozen(kw_only=True)
class TimelineEntry:
    """One step of a timeline. `step` and `after_step` count from 1; `due` is in epoch seconds.

    `due` is None when it depends on the completion of `after_step`. A skipped step keeps its `due`;
    `skipped` says why it is skipped.
    """

    step: int
    due: int | None
    after_step: int | None = None
    skipped: str | None = None


def due_of(
    step: Step, *, anchor: int | None, previous_finished: int | None, automation: Automation
) -> int | None:
    """The nominal due time of `step`, or None when what it counts from is not known yet.

    For the first step `previous_finished` is the beginning of the run.
    """
    match step.when:
        case AnchorOffset(sign=sign, offset=offset, at=at):
            base = anchor
        case PreviousOffset(offset=offset, at=at):
            sign, base = 1, previous_finished
        case _:
            assert_never(step.when)
    if base is None:
        return None
    due = add_duration(
        base, offset, sign=sign, timezone=automation.timezone, calendar=automation.calendar
    )
    return due if at is None else _move_to(due, at, automation)


def is_before_step(step: Step) -> bool:
    """Whether the step is written with `before`."""
    return isinstance(step.when, AnchorOffset) and step.when.sign == -1


def timeline(
    automation: Automation, *, anchor: int | None, started: int
) -> tuple[TimelineEntry, ...]:
    """The steps of a run that begins at `started`, as far as they can be told ahead."""
    entries: list[TimelineEntry] = []
    waits_for: int | None = None
    for number, step in enumerate(automation.steps, start=1):
        previous_finished = started if waits_for is None else None
        due = due_of(
            step, anchor=anchor, previous_finished=previous_finished, automation=automation
        )
        passed = is_before_step(step) and due is not None and due < started
        entries.append(
            TimelineEntry(
                step=number,
                due=due,
                after_step=waits_for if isinstance(step.when, PreviousOffset) else None,
                skipped=PASSED_AT_START if passed else None,
            )
        )
        if not passed:
            waits_for = number
    return tuple(entries)


def retry_times(
    policy: RetryPolicy, *, started: int, timezone: str, calendar: BusinessCalendar
) -> tuple[int, ...]:
    """When the tries of `policy` are due, for a step that starts at `started`."""
    match policy:
        case FixedRetries(gaps=gaps):
            times: list[int] = []
            last = started
            for gap in gaps:
                last = add_duration(last, gap, timezone=timezone, calendar=calendar)
                times.append(last)
            return tuple(times)
        case SmartRetries():
            return _smart_times(policy, started=started, timezone=timezone, calendar=calendar)
        case _:
            assert_never(policy)


def _move_to(instant: int, at: LocalTime, automation: Automation) -> int:
    return move_to_time(
        instant,
        hour=at.hour,
        minute=at.minute,
        on_business_days=at.on_business_days,
        timezone=automation.timezone,
        calendar=automation.calendar,
    )


def _smart_times(
    policy: SmartRetries, *, started: int, timezone: str, calendar: BusinessCalendar
) -> tuple[int, ...]:
    end = add_duration(started, policy.within, timezone=timezone, calendar=calendar)
    times: list[int] = []
    last = started
    for number in range(1, policy.tries + 1):
        left = policy.tries - number
        mark = started + (end - started) * number * (number + 1) // (
            policy.tries * (policy.tries + 1)
        )
        slot = _Slot(number=number, timezone=timezone, calendar=calendar)
        found = slot.at_or_before(mark)
        if found <= last:
            found = slot.after(last)
        if found > end - left:
            found = max(last + 1, last + (end - last) // (left + 1))
        times.append(found)
        last = found
    return tuple(times)


@attrs.frozen(kw_only=True)
class _Slot:
    """The minute of the morning that belongs to one try."""

    number: int
    timezone: str
    calendar: BusinessCalendar

    def at_or_before(self, instant: int) -> int:
        day = to_local(instant, self.timezone).date()
        if not is_business_day(self.calendar, day):
            day = add_business_days(self.calendar, day, -1)
        found = self._on(day)
        return found if found <= instant else self._on(add_business_days(self.calendar, day, -1))

    def after(self, instant: int) -> int:
        hour, minute = self._time()
        return move_to_time(
            instant + 60,
            hour=hour,
            minute=minute,
            on_business_days=True,
            timezone=self.timezone,
            calendar=self.calendar,
        )

    def _time(self) -> tuple[int, int]:
        minutes = self.number * MORNING_STRIDE_MINUTES % MORNING_MINUTES
        hours, minute = divmod(minutes, 60)
        return MORNING_STARTS_HOUR + hours, minute

    def _on(self, day: date) -> int:
        hour, minute = self._time()
        return instant_of(day, time(hour, minute), self.timezone)
