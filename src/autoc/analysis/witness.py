"""A witness: an event, complete and loadable, that lies in a part of the space.

It has the shape of API version 2020-08-27 with the customer and prices expanded, so that every fact
can be read from it alone. Money is in the currency of the literals that it meets.
"""

from typing import Any

from autoc.catalogue.triggers import TRIGGER
from autoc.plan.conditions import FactRef
from autoc.plan.dimensions import LOWEST, Cell, ElementKey, LineKey, TextKey
from autoc.plan.patterns import TextClass
from autoc.plan.regions import Box, Space
from autoc.plan.wording import fact_text, quoted
from autoc.values.interval import Interval
from autoc.values.money import Money

CREATED = 1_767_258_000
"""2026-01-01T09:00:00Z: when the event happens."""
DAY = 86400
Values = dict[FactRef, Any]


def describe_cells(space: Space, box: Box) -> str:
    """The part in words: one value for each dimension that it speaks of."""
    words: list[str] = []
    for number in sorted(box):
        dimension = space.dimensions[number]
        cell = dimension.cells[_lowest(box[number])]
        key = dimension.key
        match key:
            case ElementKey(fact=fact, element=element):
                word = "with" if cell else "without"
                words.append(f"{fact_text(fact)} {word} {element}")
            case LineKey(fact=fact, currency=currency):
                words.append(f"{fact_text(fact)} = {_line_text(cell, space, number, currency)}")
            case TextKey(fact=fact):
                shown = quoted(cell.example) if isinstance(cell, TextClass) else None
                words.append(
                    f"{fact_text(fact)} = {shown}" if shown else f"{fact_text(fact)} missing"
                )
    return ", ".join(words)


def _lowest(mask: int) -> int:
    return (mask & -mask).bit_length() - 1


def _line_text(cell: Cell, space: Space, number: int, currency: str | None) -> str:
    value = _line_value(cell, space, number)
    if value is None:
        return "missing"
    return str(Money(minor=value, currency=currency)) if currency else str(value)


def _line_value(cell: Cell, space: Space, number: int) -> int | None:
    """A number in the cell: its lowest, or for the lowest cell of all, one near nought."""
    if cell is None:
        return None
    assert isinstance(cell, int)
    if cell != LOWEST:
        return cell
    numbers = [c for c in space.dimensions[number].cells if isinstance(c, int) and c != LOWEST]
    return min([0, *(value - 1 for value in numbers)])


def build_witness(space: Space, box: Box, *, trigger: str) -> dict[str, object]:
    """The event, as plain JSON data."""
    values: Values = {}
    currency = "EUR"
    for number, dimension in enumerate(space.dimensions):
        cell = dimension.cells[_lowest(box.get(number, dimension.full))]
        match dimension.key:
            case ElementKey(fact=fact, element=element):
                elements: set[Any] = values.setdefault(fact, set())
                if cell and number in box:
                    elements.add(element)
            case LineKey(fact=fact, currency=own):
                if own and (number in box or fact not in values):
                    currency = own if number in box else currency
                values[fact] = _line_value(cell, space, number)
            case TextKey(fact=fact):
                values[fact] = cell.example if isinstance(cell, TextClass) else None
    currency = values.get(FactRef(name="currency")) or currency
    return _event(trigger, _object(trigger, values, currency))


def _event(trigger: str, obj: dict[str, Any]) -> dict[str, object]:
    return {
        "id": "evt_witness",
        "object": "event",
        "api_version": "2020-08-27",
        "created": CREATED,
        "type": TRIGGER[trigger].starts[0] if trigger != "invoice.overdue" else trigger,
        "livemode": False,
        "pending_webhooks": 0,
        "request": {"id": None, "idempotency_key": None},
        "data": {"object": obj},
    }


def _object(trigger: str, values: Values, currency: str) -> dict[str, Any]:
    kind = TRIGGER[trigger].object
    common = {
        "object": kind,
        "livemode": False,
        "currency": currency.lower(),
        "customer": _customer(values),
        "created": CREATED - 30 * DAY,
        "metadata": _metadata(values, f"{kind}.metadata"),
        "collection_method": values.get(FactRef(name="collection_method")) or "send_invoice",
    }
    lines = _lines(values, currency)
    if kind == "invoice":
        return {"id": "in_witness", **common, **_invoice(trigger, values, lines)}
    if kind == "quote":
        amount = values.get(FactRef(name="amount"), values.get(FactRef(name="total"), 0))
        return {
            "id": "qt_witness",
            **common,
            "status": "open",
            "amount_total": amount,
            "expires_at": CREATED + 30 * DAY,
            "line_items": lines,
        }
    return {"id": "sub_witness", **common, **_subscription(trigger, values, lines)}


def _invoice(trigger: str, values: Values, lines: dict[str, Any]) -> dict[str, Any]:
    amount = values.get(FactRef(name="amount"), 0)
    attempts = values.get(FactRef(name="attempt_count"))
    return {
        "status": "open",
        "amount_due": amount,
        "amount_remaining": values.get(FactRef(name="amount_remaining"), amount),
        "total": values.get(FactRef(name="total"), amount),
        "attempt_count": 0 if attempts is None else attempts,
        "billing_reason": values.get(FactRef(name="billing_reason")),
        "due_date": CREATED if trigger == "invoice.overdue" else CREATED + 30 * DAY,
        "status_transitions": {"finalized_at": CREATED},
        "subscription": {
            "id": "sub_witness",
            "object": "subscription",
            "status": values.get(FactRef(name="subscription.status")) or "active",
            "metadata": _metadata(values, "subscription.metadata"),
        },
        "lines": lines,
    }


def _subscription(trigger: str, values: Values, lines: dict[str, Any]) -> dict[str, Any]:
    has_ended = trigger == "subscription.canceled"
    status = values.get(FactRef(name="subscription.status"))
    return {
        "status": status or ("canceled" if has_ended else "active"),
        "ended_at": CREATED if has_ended else None,
        "cancel_at": None if has_ended else CREATED + 30 * DAY,
        "cancel_at_period_end": not has_ended,
        "items": lines,
    }


def _customer(values: Values) -> dict[str, Any]:
    return {
        "id": "cus_witness",
        "object": "customer",
        "email": values.get(FactRef(name="customer.email")),
        "address": {"country": values.get(FactRef(name="customer.country"))},
        "metadata": _metadata(values, "customer.metadata"),
    }


def _metadata(values: Values, name: str) -> dict[str, str]:
    return {
        fact.key or "": value
        for fact, value in values.items()
        if fact.name == name and value is not None
    }


def _lines(values: Values, currency: str) -> dict[str, Any]:
    products = sorted(values.get(FactRef(name="product"), ())) or ["prod_other"]
    intervals = sorted(values.get(FactRef(name="interval"), ())) or [
        Interval(unit="month", count=11)
    ]
    quantity = values.get(FactRef(name="quantity"))
    count = max(len(products), len(intervals))
    return {
        "object": "list",
        "has_more": False,
        "data": [
            {
                "id": f"il_{n}",
                "object": "line_item",
                "type": "subscription",
                "currency": currency.lower(),
                "quantity": (quantity if n == 0 else 0) if quantity is not None else None,
                "price": {
                    "id": f"price_{n}",
                    "object": "price",
                    "product": products[n % len(products)],
                    "recurring": {
                        "interval": intervals[n % len(intervals)].unit,
                        "interval_count": intervals[n % len(intervals)].count,
                    },
                },
            }
            for n in range(count)
        ],
    }
