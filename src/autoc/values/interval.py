"""How often something recurs, in one normal form: 12 months equal a year, 7 days a week."""

from typing import Literal

import attrs

from autoc.values.duration import Duration, parse_duration

WORDS = {
    "daily": ("day", 1),
    "weekly": ("day", 7),
    "monthly": ("month", 1),
    "yearly": ("month", 12),
}
PROVIDER_UNITS = {
    "day": ("day", 1),
    "week": ("day", 7),
    "month": ("month", 1),
    "year": ("month", 12),
}


@attrs.frozen(kw_only=True, order=True)
class Interval:
    """Every `count` days or months."""

    unit: Literal["day", "month"]
    count: int

    def __str__(self) -> str:
        for word, (unit, count) in WORDS.items():
            if (unit, count) == (self.unit, self.count):
                return word
        large = 12 if self.unit == "month" else 7
        if self.count % large == 0:
            return f"every {self.count // large} {'years' if self.unit == 'month' else 'weeks'}"
        return f"every {self.count} {self.unit}s"


def parse_interval(words: str) -> Interval | None:
    """`daily weekly monthly yearly`, or `every` and a duration of whole days or months."""
    if words in WORDS:
        unit, count = WORDS[words]
        return _interval(unit, count)
    if not words.startswith("every "):
        return None
    duration = parse_duration(words.removeprefix("every "))
    match duration:
        case Duration(months=months, days=0, business_days=0, seconds=0) if months:
            return Interval(unit="month", count=months)
        case Duration(months=0, days=days, business_days=0, seconds=0) if days:
            return Interval(unit="day", count=days)
        case _:
            return None


def interval_from_provider(interval: str, count: int) -> Interval | None:
    """The provider's `interval` and `interval_count`; None for one that no version has had."""
    if interval not in PROVIDER_UNITS or count < 1:
        return None
    unit, factor = PROVIDER_UNITS[interval]
    return _interval(unit, factor * count)


def _interval(unit: str, count: int) -> Interval:
    return Interval(unit="month" if unit == "month" else "day", count=count)
