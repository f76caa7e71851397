"""Dated exchange rates in the ECB's CSV format, and exact conversion with them.

A row is `Date,USD,JPY,…,` (units of each currency for one euro; `N/A` where there is none). The
rate of a day is that day's, else the latest before it, at most seven days back (language.md, 6).
"""

import re
from bisect import bisect_right
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

import attrs

from autoc.values.money import CURRENCIES, Money

RATE_AGE_DAYS_MAX = 7
BASE = "EUR"
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
RATE = re.compile(r"\d{1,15}(\.\d{1,15})?")
CODE = re.compile(r"[A-Z]{3}")


@attrs.frozen(kw_only=True)
class RateMistake:
    """What is wrong in a rate table, with its line from 1."""

    line: int
    message: str


@attrs.frozen(kw_only=True)
class NoRate:
    """Why an amount cannot be converted, in words."""

    reason: str


@attrs.frozen(kw_only=True)
class RateTable:
    """`days` ascending; `rates[n]` are those of `days[n]`: units of a currency for one euro."""

    days: tuple[date, ...]
    rates: tuple[Mapping[str, Fraction], ...]

    def row(self, on: date, currencies: frozenset[str]) -> Mapping[str, Fraction] | None:
        """The rates that hold on `on` for all `currencies`: of one day, at most a week before."""
        wanted = currencies - {BASE}
        at = bisect_right(self.days, on) - 1
        oldest = on - timedelta(days=RATE_AGE_DAYS_MAX)
        while at >= 0 and self.days[at] >= oldest:
            if wanted <= self.rates[at].keys():
                return self.rates[at]
            at -= 1
        return None


def convert(money: Money, to: str, *, on: date, table: RateTable | None) -> Fraction | NoRate:
    """`money` in minor units of the currency `to`, exactly; or why there is no answer."""
    if money.currency == to:
        return Fraction(money.minor)
    if table is None:
        return NoRate(reason="no rate table is configured")
    row = table.row(on, frozenset((money.currency, to)))
    if row is None:
        pair = " and ".join(sorted({money.currency, to} - {BASE}))
        return NoRate(
            reason=f"no rate for {pair} on {on.isoformat()} or the {RATE_AGE_DAYS_MAX} days before"
        )
    euros = Fraction(money.minor, _units(money.currency)) / row.get(money.currency, Fraction(1))
    return euros * row.get(to, Fraction(1)) * _units(to)


def _units(currency: str) -> int:
    rule = CURRENCIES.get(currency)
    exponent: int = rule.exponent if rule else 2
    return int(10**exponent)


def parse_rates(text: str) -> RateTable | tuple[RateMistake, ...]:
    """The table in `text`, or everything that is wrong with it."""
    lines = text.removeprefix("\ufeff").splitlines()
    header = [cell.strip().upper() for cell in lines[0].split(",")] if lines else []
    mistakes: list[RateMistake] = []
    if not header or header[0] != "DATE":
        return (RateMistake(line=1, message="expected a first line such as `Date,USD,JPY,`"),)
    for code in header[1:]:
        if code and not CODE.fullmatch(code):
            mistakes.append(RateMistake(line=1, message=f"`{code}` is no currency code"))
    by_day: dict[date, Mapping[str, Fraction]] = {}
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        read = _read_row(line, header, number)
        if isinstance(read, RateMistake):
            mistakes.append(read)
        elif read[0] in by_day:
            mistakes.append(RateMistake(line=number, message=f"{read[0]} stands there twice"))
        else:
            by_day[read[0]] = read[1]
    if mistakes:
        return tuple(mistakes)
    days = tuple(sorted(by_day))
    return RateTable(days=days, rates=tuple(by_day[day] for day in days))


def _read_row(
    line: str, header: list[str], number: int
) -> tuple[date, Mapping[str, Fraction]] | RateMistake:
    cells = [cell.strip() for cell in line.split(",")]
    if not DATE.fullmatch(cells[0]):
        return RateMistake(line=number, message=f"`{cells[0]}` is no date such as `2026-03-02`")
    try:
        day = date.fromisoformat(cells[0])
    except ValueError:
        return RateMistake(line=number, message=f"there is no day `{cells[0]}`")
    if len(cells) > len(header) and any(cells[len(header) :]):
        return RateMistake(line=number, message="this line has more cells than the first line")
    rates: dict[str, Fraction] = {}
    for code, cell in zip(header[1:], cells[1:], strict=False):
        if not code or not cell or cell.upper() == "N/A":
            continue
        if not RATE.fullmatch(cell) or Fraction(cell) == 0:
            return RateMistake(line=number, message=f"`{cell}` is no rate for {code}")
        rates[code] = Fraction(cell)
    return day, rates
