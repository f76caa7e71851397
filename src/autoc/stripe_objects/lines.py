"""What the lines of an object tell together: products, intervals, quantities.

A list may be cut off (`has_more`): then what is in it is certain, and what is missing is unknown.
"""

from collections.abc import Mapping
from typing import Any

import attrs

from autoc.plan.facts import FactState, Known, Missing, ObjectRef, Unknown
from autoc.stripe_objects.reading import (
    flag_of,
    id_of,
    number_of,
    objects_of,
    text_of,
    value_of,
)
from autoc.stripe_objects.references import price_of, product_of, subscription_value
from autoc.values.interval import Interval, interval_from_provider

Lookups = Mapping[ObjectRef, Mapping[str, Any]]


@attrs.frozen(kw_only=True)
class Lines:
    """The lines of an object; `rest` is what would tell the others, when these are not all."""

    known: tuple[Mapping[str, Any], ...]
    rest: ObjectRef | None = None


LISTS = {
    "invoice": ("lines", "invoice_lines"),
    "quote": ("line_items", "quote_line_items"),
    "subscription": ("items", "subscription_items"),
}
"""By kind of object: the field that holds its lines, and what the whole list is called."""


def lines_of(obj: Mapping[str, Any], lookups: Lookups) -> Lines:
    """The lines of an invoice, the line items of a quote, the items of a subscription."""
    kind = text_of(obj, "object") or ""
    field, list_kind = LISTS.get(kind, LISTS["invoice"])
    rest = ObjectRef(kind=list_kind, id=text_of(obj, "id") or "")
    if rest in lookups:
        return Lines(known=tuple(objects_of(lookups[rest])))
    known = tuple(objects_of(obj, field))
    if kind == "subscription" and not known and isinstance(obj.get("plan"), dict):
        return Lines(known=(obj,))
    return Lines(known=known, rest=None if _is_whole(obj.get(field)) else rest)


def _is_whole(value: Any) -> bool:
    entries = value.get("data") if isinstance(value, Mapping) else value
    if not isinstance(entries, list) or flag_of(value, "has_more"):
        return False
    return all(isinstance(each, dict) for each in entries)


def line_currency(obj: Mapping[str, Any]) -> str | None:
    """The currency of the prices of an object's lines."""
    for line in lines_of(obj, {}).known:
        currency = text_of(line, "price", "currency") or text_of(line, "plan", "currency")
        if currency:
            return currency
    return None


def product_state(obj: Mapping[str, Any], lookups: Lookups) -> FactState:
    """The set of products of all lines."""
    lines = lines_of(obj, lookups)
    found: set[str] = set()
    needs: list[ObjectRef] = []
    for line in lines.known:
        product = product_of(line) or _product_of_price(line, lookups)
        if isinstance(product, str):
            found.add(product)
        elif product is not None:
            needs.append(product)
    return _set_state(found, lines, needs, what="products")


def _product_of_price(line: Mapping[str, Any], lookups: Lookups) -> str | ObjectRef | None:
    identity = id_of(price_of(line))
    if identity is None:
        return None
    ref = ObjectRef(kind="price", id=identity)
    if ref not in lookups:
        return ref
    return id_of(value_of(lookups[ref], "product"))


def interval_state(obj: Mapping[str, Any], lookups: Lookups) -> FactState:
    """The intervals of all recurring lines; missing where there is no subscription."""
    kind = text_of(obj, "object")
    if kind == "invoice" and id_of(subscription_value(obj)) is None:
        return Missing()
    lines = lines_of(obj, lookups)
    from_subscription = _intervals_of_subscription(obj, lookups) if kind == "invoice" else {}
    found: set[Interval] = set()
    needs: list[ObjectRef] = []
    for line in lines.known:
        is_told_elsewhere = kind != "invoice" or _may_recur(line)
        interval = _interval_of(line, lookups if is_told_elsewhere else {}, from_subscription)
        if isinstance(interval, ObjectRef):
            if is_told_elsewhere:
                needs.append(interval)
        elif interval is not None:
            found.add(interval)
    if not found and not needs and lines.rest is None:
        return Missing()
    return _set_state(found, lines, needs, what="interval")


def _set_state(found: "set[Any]", lines: Lines, needs: list[ObjectRef], *, what: str) -> FactState:
    if lines.rest is not None:
        needs = [*needs, lines.rest]
        reason = f"the payload does not hold all lines, so the {what} are not all known"
    else:
        reason = f"the payload does not hold the {what}"
    if needs:
        return Unknown(reason=reason, needs=tuple(dict.fromkeys(needs)), at_least=frozenset(found))
    return Known(value=frozenset(found))


PRORATION_PLACES = (
    ("parent", "subscription_item_details", "proration"),
    ("parent", "invoice_item_details", "proration"),
    ("proration",),
)


def _may_recur(line: Mapping[str, Any]) -> bool:
    """Whether a line's price can be a recurring one: of extra items, only a proration's can."""
    if any(flag_of(line, *place) for place in PRORATION_PLACES):
        return True
    parent = text_of(line, "parent", "type")
    if parent is not None:
        return parent == "subscription_item_details"
    return text_of(line, "type") in (None, "subscription")


def _interval_of(
    line: Mapping[str, Any], lookups: Lookups, from_subscription: Mapping[str, Interval]
) -> Interval | ObjectRef | None:
    """A line's interval; None for one that does not recur; else the price that would tell."""
    for place in (("pricing", "price_details", "price"), ("price",), ("plan",)):
        value = value_of(line, *place)
        if isinstance(value, dict):
            interval = _read_interval(value)
            if interval is not None or text_of(value, "type") == "one_time":
                return interval
    identity = id_of(price_of(line))
    if identity is None:
        return None
    ref = ObjectRef(kind="price", id=identity)
    if ref in lookups:
        return _read_interval(lookups[ref])
    return from_subscription.get(identity, ref)


def _read_interval(price: Mapping[str, Any]) -> Interval | None:
    for place in (("recurring",), ()):
        unit = text_of(price, *place, "interval")
        if unit is not None:
            count = number_of(price, *place, "interval_count")
            return interval_from_provider(unit, 1 if count is None else count)
    return None


def _intervals_of_subscription(obj: Mapping[str, Any], lookups: Lookups) -> dict[str, Interval]:
    """The interval of each price of the invoice's subscription, where that is known."""
    value = subscription_value(obj)
    items = objects_of(value, "items") if isinstance(value, dict) else []
    identity = id_of(value)
    if identity is not None and not items:
        items = objects_of(lookups.get(ObjectRef(kind="subscription", id=identity)), "items")
    found: dict[str, Interval] = {}
    for item in items:
        for price in (item.get("price"), item.get("plan")):
            price_id = id_of(price)
            interval = _read_interval(price) if isinstance(price, dict) else None
            if price_id and interval:
                found.setdefault(price_id, interval)
    return found


def quantity_state(obj: Mapping[str, Any], lookups: Lookups) -> FactState:
    """The quantities of all lines together; lines without one (metered use) do not count."""
    lines = lines_of(obj, lookups)
    if lines.rest is not None:
        return Unknown(reason="the payload does not hold all lines", needs=(lines.rest,))
    quantities = [
        number for line in lines.known if (number := number_of(line, "quantity")) is not None
    ]
    return Known(value=sum(quantities)) if quantities else Missing()
