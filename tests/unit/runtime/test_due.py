"""When steps and tries are due."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoc.plan.model import (
    AnchorOffset,
    Automation,
    Email,
    FixedRetries,
    LocalTime,
    SmartRetries,
    Step,
)
from autoc.runtime.due import due_of, retry_times, timeline
from autoc.values.calendars import BusinessCalendar, is_business_day
from autoc.values.duration import Duration, parse_duration
from autoc.values.localtime import add_duration, parse_instant, to_local
from support.machine_world import DAY, NOW, after, automation, before, then

PARIS = "Europe/Paris"
MAIL = Email(contact="team", to=("team@acme.example",))


def _duration(text: str) -> Duration:
    found = parse_duration(text)
    assert isinstance(found, Duration)
    return found


@pytest.mark.parametrize(
    ("sign", "offset", "at", "anchor", "due"),
    [
        (1, "3d", None, "2026-03-01T09:00:00Z", "2026-03-04T09:00:00Z"),
        (1, "30d", None, "2026-03-01T09:00:00Z", "2026-03-31T08:00:00Z"),
        (1, "1y", None, "2028-02-29T09:00:00Z", "2029-02-28T09:00:00Z"),
        (1, "1d", None, "2026-03-28T01:30:00Z", "2026-03-29T01:30:00Z"),
        (-1, "1bd", None, "2026-06-08T10:00:00Z", "2026-06-05T10:00:00Z"),
        (1, "3d", (8, 0), "2026-03-01T09:00:00Z", "2026-03-05T07:00:00Z"),
    ],
)
def test_due_is_counted_on_the_local_calendar(
    sign: int, offset: str, at: tuple[int, int] | None, anchor: str, due: str
) -> None:
    """Calendar units keep the wall-clock time; `at` moves the result on."""
    when = AnchorOffset(
        sign=1 if sign == 1 else -1,
        offset=_duration(offset),
        at=LocalTime(hour=at[0], minute=at[1]) if at else None,
    )
    step = Step(when=when, action=MAIL)
    rule = Automation(name="a", trigger="invoice.overdue", steps=(step,), timezone=PARIS)
    found = due_of(step, anchor=parse_instant(anchor), previous_finished=None, automation=rule)
    assert found == parse_instant(due)


def test_timeline_tells_what_can_be_told() -> None:
    """The first step counts from the beginning; a later `then` names the step that it awaits."""
    entries = timeline(
        automation("subscription.payment_failed", then(), then(7), then()), anchor=NOW, started=NOW
    )
    assert [(each.due, each.after_step) for each in entries] == [(NOW, None), (None, 1), (None, 2)]


def test_timeline_skips_before_steps_strictly_in_the_past() -> None:
    """A `before` step at exactly the beginning runs; what follows a skipped step is known."""
    rule = automation("invoice.will_be_due", before(30), then(1), before(4), after(0))
    entries = timeline(rule, anchor=NOW + 4 * DAY, started=NOW)
    assert [bool(each.skipped) for each in entries] == [True, False, False, False]
    assert [each.due for each in entries] == [
        NOW - 26 * DAY,
        NOW + DAY,
        NOW,
        NOW + 4 * DAY,
    ]


def test_fixed_gaps_count_from_the_try_before() -> None:
    """`after 3d, 5d` tries at day 3 and day 8."""
    policy = FixedRetries(name="p", gaps=(_duration("3d"), _duration("5d")))
    times = retry_times(policy, started=NOW, timezone="UTC", calendar=BusinessCalendar())
    assert times == (NOW + 3 * DAY, NOW + 8 * DAY)


@given(
    tries=st.integers(1, 12),
    within=st.sampled_from(("1min", "6h", "1d", "1w", "3w", "1mo", "2mo")),
    started=st.integers(1_700_000_000, 1_800_000_000),
)
@settings(max_examples=200, deadline=None)
def test_smart_tries_increase_and_stay_within(tries: int, within: str, started: int) -> None:
    """All tries lie within the policy's time, each after the one before."""
    policy = SmartRetries(name="p", tries=tries, within=_duration(within))
    calendar = BusinessCalendar()
    times = retry_times(policy, started=started, timezone=PARIS, calendar=calendar)
    end = add_duration(started, policy.within, timezone=PARIS, calendar=calendar)
    assert len(times) == tries
    assert started < times[0]
    assert all(first < second for first, second in pairwise(times))
    assert times[-1] <= end


@given(started=st.integers(1_700_000_000, 1_800_000_000))
@settings(max_examples=100, deadline=None)
def test_smart_tries_come_on_working_day_mornings(started: int) -> None:
    """Eight tries in two months have room for a morning each."""
    policy = SmartRetries(name="p", tries=8, within=_duration("2mo"))
    calendar = BusinessCalendar()
    for instant in retry_times(policy, started=started, timezone=PARIS, calendar=calendar):
        local = to_local(instant, PARIS)
        assert 8 <= local.hour < 11
        assert is_business_day(calendar, local.date())
