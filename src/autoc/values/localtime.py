"""Instants and local time: what `3d`, `1mo`, `5bd` and `at 09:00` mean in a time zone.

A local time inside a gap of the clock moves on by the gap's length (02:30 becomes 03:30); a time
that comes twice is its first (language.md, sections 4 and 6).
"""

from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from autoc.values.calendars import BusinessCalendar, add_business_days, is_business_day
from autoc.values.duration import Duration

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
INSTANT_MIN = int((datetime(MINYEAR + 1, 1, 1, tzinfo=UTC) - EPOCH).total_seconds())
INSTANT_MAX = int((datetime(MAXYEAR - 1, 12, 31, tzinfo=UTC) - EPOCH).total_seconds())
"""Instants beyond these are held at them: no bill is due there."""


def known_timezone(name: str) -> bool:
    """Whether `name` is a time zone of the IANA database."""
    return name in available_timezones()


def timezone_names() -> tuple[str, ...]:
    """All names of time zones, in order."""
    return tuple(sorted(available_timezones()))


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def add_duration(
    anchor: int,
    duration: Duration,
    *,
    sign: int = 1,
    timezone: str,
    calendar: BusinessCalendar,
) -> int:
    """`anchor` plus (`sign` 1) or less (-1) `duration`, in epoch seconds.

    Months come first, then days, then business days, on the local calendar at the same wall-clock
    time; then exact seconds.
    """
    instant = _within(anchor)
    if duration.uses_calendar:
        local = to_local(instant, timezone)
        day = _add_months(local.date(), sign * duration.months)
        day = _add_days(day, sign * duration.days)
        day = add_business_days(calendar, day, sign * duration.business_days)
        instant = instant_of(day, local.time(), timezone)
    return _within(instant + sign * duration.seconds)


def move_to_time(
    instant: int,
    *,
    hour: int,
    minute: int,
    on_business_days: bool = False,
    timezone: str,
    calendar: BusinessCalendar,
) -> int:
    """The next instant, from `instant` on, at which it is `hour:minute` there.

    An instant that is already at that minute is kept, seconds included.
    """
    instant = _within(instant)
    local = to_local(instant, timezone)
    day = local.date()
    wanted = time(hour, minute)
    if (local.hour, local.minute) == (hour, minute) and (
        not on_business_days or is_business_day(calendar, day)
    ):
        return instant
    while True:
        if not on_business_days or is_business_day(calendar, day):
            found = instant_of(day, wanted, timezone)
            if found >= instant:
                return found
        if day.year >= MAXYEAR - 1:
            return INSTANT_MAX
        day += timedelta(days=1)


def to_local(instant: int, timezone: str) -> datetime:
    """The local date and time of an instant."""
    return (EPOCH + timedelta(seconds=_within(instant))).astimezone(_zone(timezone))


def instant_of(day: date, wall: time, timezone: str) -> int:
    """The instant at which it is `wall` on `day` there: the first of two, past a gap."""
    zone = _zone(timezone)
    naive = datetime.combine(day, wall.replace(tzinfo=None, fold=0))
    # fold=0 is the first of a repeated time; inside a gap it has the offset from before the gap,
    # and so lies behind it by the gap's length
    return int((naive.replace(tzinfo=zone) - EPOCH).total_seconds())


def local_date(instant: int, timezone: str) -> date:
    """The local date of an instant."""
    return to_local(instant, timezone).date()


def to_local_iso(instant: int, timezone: str) -> str:
    """`2026-03-04T09:00:00+01:00`."""
    return to_local(instant, timezone).isoformat()


def to_utc_iso(instant: int) -> str:
    """`2026-03-01T09:00:00Z`."""
    return (EPOCH + timedelta(seconds=_within(instant))).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_instant(text: str) -> int | None:
    """The instant that `text` names: ISO 8601 (UTC where no offset is given), or epoch seconds."""
    text = text.strip()
    if text.isascii() and text.isdigit() and 9 <= len(text) <= 11:
        return int(text)
    import pendulum  # its parser is slow to import, and only edges read instants from text
    from pendulum.parsing.exceptions import ParserError

    try:
        parsed = pendulum.parse(text, strict=True)
    except (ParserError, ValueError, OverflowError):
        return None
    if not isinstance(parsed, pendulum.DateTime):
        return None
    return int(parsed.timestamp())


def _add_months(day: date, months: int) -> date:
    if not months:
        return day
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    year = max(MINYEAR + 1, min(year, MAXYEAR - 1))
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _add_days(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date(MAXYEAR - 1, 12, 31) if days > 0 else date(MINYEAR + 1, 1, 1)


def _within(instant: int) -> int:
    return max(INSTANT_MIN, min(instant, INSTANT_MAX))
