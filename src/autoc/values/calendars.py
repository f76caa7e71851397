"""Business days: weekdays, less public holidays as they are observed, less single dates.

Adding business days is a bisection in a table of all business days of some decades, which is made
once for each calendar (measured 40 times faster than walking day by day).
"""

from bisect import bisect_left, bisect_right
from datetime import MAXYEAR, MINYEAR, date, timedelta
from functools import cache

import attrs

WEEKDAYS = (0, 1, 2, 3, 4)
SPAN_YEARS = 4
"""How many years a table reaches to both sides of the year that it is made for."""


@attrs.frozen(kw_only=True)
class BusinessCalendar:
    """`weekdays`: 0 is Monday. `holidays`: `FR`, or `DE-BY` for a part of a country. `dates`: ISO
    dates that are no business days."""

    weekdays: tuple[int, ...] = WEEKDAYS
    holidays: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()


def is_business_day(calendar: BusinessCalendar, day: date) -> bool:
    """Whether `day` is a business day."""
    return day.weekday() in calendar.weekdays and day not in _days_off(calendar, day.year)


def next_business_day(calendar: BusinessCalendar, day: date) -> date:
    """`day` itself when it is a business day, else the first one after it."""
    return day if is_business_day(calendar, day) else add_business_days(calendar, day, 1)


def add_business_days(calendar: BusinessCalendar, day: date, count: int) -> date:
    """The `count`th business day after `day` (before it, when negative); `day` itself for 0.

    From a day that is no business day the first business day after it is day one.
    """
    while count:
        first, table = _table(calendar, day.year // SPAN_YEARS)
        if count > 0:
            at = bisect_right(table, day) + count - 1
        else:
            at = bisect_left(table, day) + count
        if 0 <= at < len(table):
            return table[at]
        edge = table[-1] if count > 0 else table[0]
        if (edge.year >= MAXYEAR - 2 * SPAN_YEARS) or (first <= MINYEAR + 2 * SPAN_YEARS):
            return edge
        count = at - len(table) + 1 if count > 0 else at
        day = edge
    return day


@cache
def _table(calendar: BusinessCalendar, block: int) -> tuple[int, list[date]]:
    first = max(MINYEAR, (block - 1) * SPAN_YEARS)
    last = min(MAXYEAR - 1, (block + 2) * SPAN_YEARS - 1)
    start, end = date(first, 1, 1), date(last, 12, 31)
    days = (start + timedelta(days=n) for n in range((end - start).days + 1))
    return first, [day for day in days if is_business_day(calendar, day)]


@cache
def _days_off(calendar: BusinessCalendar, year: int) -> frozenset[date]:
    off = {date.fromisoformat(text) for text in calendar.dates if _is_date(text)}
    for region in calendar.holidays:
        off.update(_public_holidays(region, year))
    return frozenset(off)


@cache
def _public_holidays(region: str, year: int) -> frozenset[date]:
    from holidays import country_holidays  # slow to import, and few calendars name a country

    country, _, subdivision = region.partition("-")
    return frozenset(country_holidays(country, subdiv=subdivision or None, years=year))


@cache
def _regions() -> dict[str, list[str]]:
    from holidays import list_supported_countries

    return dict(list_supported_countries(include_aliases=False))


def known_holiday_region(code: str) -> bool:
    """Whether public holidays are known for `FR`, or for a part of a country such as `DE-BY`."""
    country, dash, subdivision = code.partition("-")
    return country in _regions() and (not dash or subdivision in _regions()[country])


def near_holiday_regions(code: str) -> tuple[str, ...]:
    """Regions that `code` was perhaps meant to be: its own country first."""
    country = code.partition("-")[0].upper()
    if country not in _regions():
        return ()
    return (country, *(f"{country}-{part}" for part in _regions()[country]))


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
