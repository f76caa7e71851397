"""Renders the users' Liquid texts for one order, within fixed limits.

A variable that is not there is empty: `check` has reported it before. Data are never read as
Liquid.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import attrs
from babel.numbers import format_decimal
from liquid import Environment
from liquid.exceptions import LiquidError

from autoc.runtime.ports import Order
from autoc.values.money import CURRENCIES

LOOP_ITERATIONS_MAX = 10_000
OUTPUT_BYTES_MAX = 256 * 1024
VARIABLE_BYTES_MAX = 64 * 1024
DATE_FORMAT_DEFAULT = "%Y-%m-%d"
DATE_FORMAT_LENGTH_MAX = 100
SUBJECT_LINE = re.compile(
    r"\ufeff?subject:[ \t]*([^\r\n]*)(?:\r?\n(?:[ \t]*\r?\n|\Z)|\Z)", re.IGNORECASE
)


class RenderingFailed(Exception):  # noqa: N818 - it names what happened
    """The text cannot be rendered; the message says why."""


@attrs.frozen(kw_only=True)
class MailTexts:
    """A rendered mail. `subject` is None when the text has no subject line."""

    subject: str | None
    body: str


class _LimitedEnvironment(Environment):
    loop_iteration_limit: ClassVar[int | None] = LOOP_ITERATIONS_MAX
    output_stream_limit: ClassVar[int | None] = OUTPUT_BYTES_MAX
    local_namespace_limit: ClassVar[int | None] = VARIABLE_BYTES_MAX


def render_text(text: str, order: Order) -> str:
    """`text` with the order's data. Raises `RenderingFailed`."""
    if "{{" not in text and "{%" not in text:
        return text
    try:
        return _environment(order).from_string(text).render(**template_variables(order))
    except LiquidError as error:
        raise RenderingFailed(str(error.message).splitlines()[0]) from error
    except (ArithmeticError, TypeError, ValueError, RecursionError) as error:
        raise RenderingFailed("a value does not fit where it is used") from error


def render_mail(text: str, order: Order) -> MailTexts:
    """A template whose first line may be `Subject: …`, followed by an empty line.

    The subject is cut off before anything is rendered, so that no data can become one.
    """
    subject, body = split_subject(text)
    return MailTexts(
        subject=None if subject is None else render_text(subject, order),
        body=render_text(body, order),
    )


def split_subject(text: str) -> tuple[str | None, str]:
    """The subject line of a template, if it has one, and the rest."""
    found = SUBJECT_LINE.match(text)
    return (found.group(1), text[found.end() :]) if found else (None, text)


def template_variables(order: Order) -> dict[str, Any]:
    """What a text knows: the objects under the provider's names, and the place in the run."""
    variables: dict[str, Any] = {
        "automation": {
            "name": order.automation.name,
            "title": order.automation.title or order.automation.name,
        },
        "step": order.perform.step,
        "due": order.perform.due,
        "customer": find_customer(order),
    }
    for ref, related in order.related.items():
        if ref.kind in ("invoice", "subscription", "quote"):
            variables[ref.kind] = related
    variables[str(order.object.get("object"))] = order.object
    return variables


def find_customer(order: Order) -> Mapping[str, Any]:
    """The customer as read, else as the object holds it, else what the object says of it."""
    for ref, related in order.related.items():
        if ref.kind == "customer":
            return related
    held = order.object.get("customer")
    if isinstance(held, Mapping):
        return held
    told = {
        name: order.object.get(f"customer_{name}") for name in ("name", "email", "phone", "address")
    }
    return {"id": held, **{name: value for name, value in told.items() if value is not None}}


def format_money(minor: int, currency: str) -> str:
    """`1,500.00 EUR`: the provider's minor units for people, by the provider's exponents."""
    code = currency.upper()
    rule = CURRENCIES.get(code)
    exponent = rule.exponent if rule else 2
    decimals = exponent
    if rule and rule.decimals == 0 and minor % 10**exponent == 0:
        decimals = 0
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    amount = Decimal(minor).scaleb(-exponent)
    return f"{format_decimal(amount, format=pattern, locale='en')} {code}".strip()


def format_date(instant: int, timezone: str, pattern: str = DATE_FORMAT_DEFAULT) -> str:
    """The local date (or what `pattern` asks for) of an instant in epoch seconds."""
    return datetime.fromtimestamp(instant, ZoneInfo(timezone)).strftime(pattern)


def _environment(order: Order) -> Environment:
    environment = _LimitedEnvironment()
    environment.add_filter("money", _money_filter(str(order.object.get("currency") or "")))
    environment.add_filter("date", _date_filter(order.automation.timezone, order.now))
    return environment


def _money_filter(currency: str) -> Callable[..., object]:
    def money(value: object, of: object = None) -> object:
        minor = _whole_number(value)
        if minor is None:
            return value
        return format_money(minor, of if isinstance(of, str) and of else currency)

    return money


def _date_filter(timezone: str, now: int) -> Callable[..., object]:
    def date(value: object, pattern: object = DATE_FORMAT_DEFAULT) -> object:
        instant = now if value in ("now", "today") else _whole_number(value)
        if instant is None and isinstance(value, str):
            instant = _iso_instant(value, timezone)
        if instant is None:
            return value
        try:
            return format_date(instant, timezone, str(pattern)[:DATE_FORMAT_LENGTH_MAX])
        except (OverflowError, OSError, ValueError):
            return value

    return date


def _whole_number(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value):
        return int(value)
    return None


def _iso_instant(text: str, timezone: str) -> int | None:
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return None
    if parsed.tzinfo is None:
        parsed = parsed.replace(tzinfo=ZoneInfo(timezone))
    return int(parsed.timestamp())
