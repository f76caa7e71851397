"""Durations: calendar units and exact seconds, kept apart because their lengths differ.

`s min h` are exact; `d w mo y` are calendar units; `bd` are business days (language.md, section 4).
"""

import re

import attrs

SECOND, MINUTE, HOUR, DAY = 1, 60, 3600, 86400
YEARS_MAX = 100


@attrs.frozen(kw_only=True)
class Duration:
    """Months are added first, then days, then business days, then seconds."""

    months: int = 0
    days: int = 0
    business_days: int = 0
    seconds: int = 0

    def __str__(self) -> str:
        years, months = divmod(self.months, 12)
        hours, rest = divmod(self.seconds, HOUR)
        minutes, seconds = divmod(rest, MINUTE)
        parts = (
            (years, "y"),
            (months, "mo"),
            (self.days, "d"),
            (self.business_days, "bd"),
            (hours, "h"),
            (minutes, "min"),
            (seconds, "s"),
        )
        return "".join(f"{count}{unit}" for count, unit in parts if count) or "0d"

    @property
    def uses_calendar(self) -> bool:
        """Whether its length hangs on the time zone."""
        return bool(self.months or self.days or self.business_days)


@attrs.frozen(kw_only=True)
class DurationMistake:
    """Why a text is no duration; `guess` is the whole text as it was probably meant."""

    message: str
    unit: str | None = None
    guess: str | None = None


UNITS: dict[str, tuple[str, int]] = {
    "s": ("seconds", SECOND),
    "second": ("seconds", SECOND),
    "seconds": ("seconds", SECOND),
    "min": ("seconds", MINUTE),
    "minute": ("seconds", MINUTE),
    "minutes": ("seconds", MINUTE),
    "h": ("seconds", HOUR),
    "hour": ("seconds", HOUR),
    "hours": ("seconds", HOUR),
    "d": ("days", 1),
    "day": ("days", 1),
    "days": ("days", 1),
    "w": ("days", 7),
    "week": ("days", 7),
    "weeks": ("days", 7),
    "mo": ("months", 1),
    "month": ("months", 1),
    "months": ("months", 1),
    "y": ("months", 12),
    "year": ("months", 12),
    "years": ("months", 12),
    "bd": ("business_days", 1),
    "business day": ("business_days", 1),
    "business days": ("business_days", 1),
}
"""Each unit's field, and how many of the field's units it is."""

MEANT: dict[str, str] = {
    "sec": "s",
    "secs": "s",
    "mins": "min",
    "hr": "h",
    "hrs": "h",
    "wk": "w",
    "wks": "w",
    "mon": "mo",
    "mth": "mo",
    "mths": "mo",
    "yr": "y",
    "yrs": "y",
}
PART = re.compile(r"\s*(\d+)\s*(business\s+days?|[^\W\d]+)\s*", re.IGNORECASE)
COUNT_MAX = {
    "months": YEARS_MAX * 12,
    "days": YEARS_MAX * 366,
    "business_days": YEARS_MAX * 261,
    "seconds": YEARS_MAX * 366 * DAY,
}


def parse_duration(text: str) -> Duration | DurationMistake:
    """The duration that `text` means: `3d`, `1d12h`, `3 days`, `1 hour 30 minutes`, `10bd`."""
    totals = dict.fromkeys(COUNT_MAX, 0)
    at = 0
    while at < len(text):
        part = PART.match(text, at)
        if part is None:
            return DurationMistake(message=f"`{text}` is no duration")
        unit = " ".join(part[2].split())
        if unit not in UNITS:
            return _unknown_unit(text, unit, part)
        field, factor = UNITS[unit]
        if len(part[1]) > 12:
            return DurationMistake(message=f"`{text}` is longer than {YEARS_MAX} years")
        totals[field] += int(part[1]) * factor
        at = part.end()
    if not text.strip():
        return DurationMistake(message="a duration is missing")
    if any(totals[field] > limit for field, limit in COUNT_MAX.items()):
        return DurationMistake(message=f"`{text}` is longer than {YEARS_MAX} years")
    return Duration(**totals)


def _unknown_unit(text: str, unit: str, part: re.Match[str]) -> DurationMistake:
    if unit == "m":
        return DurationMistake(
            message="`m` is no unit of time: minutes are `min`, months are `mo`", unit=unit
        )
    meant = MEANT.get(unit.lower()) or (unit.lower() if unit.lower() in UNITS else None)
    guess = text[: part.start(2)] + meant + text[part.end(2) :] if meant else None
    return DurationMistake(message=f"`{unit}` is no unit of time", unit=unit, guess=guess)
