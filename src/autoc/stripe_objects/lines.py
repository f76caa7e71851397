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


def lines_of(obj: Mapping[str, Any], lookups: Lookups) -> Lines:
    """The lines of an invoice, the line items of a quote, the items of a subscription."""
    identity = text_of(obj, "id") or ""
    match text_of(obj, "object"):
        case "subscription":
            items = objects_of(obj, "items")
            if not items and isinstance(obj.get("plan"), dict):
                return Lines(known=(obj,))
            return _listed(obj.get("items"), items, ObjectRef(kind="subscription", id=identity))
        case "quote":
            rest = ObjectRef(kind="quote_line_items", id=identity)
            if rest in lookups:
                return Lines(known=tuple(objects_of({"list": lookups[rest]}, "list")))
            if not isinstance(obj.get("line_items"), dict):
                return Lines(known=(), rest=rest)
            return _listed(obj.get("line_items"), objects_of(obj, "line_items"), rest)
        case _:
            rest = ObjectRef(kind="invoice_lines", id=identity)
            if rest in lookups:
                return Lines(known=tuple(objects_of({"list": lookups[rest]}, "list")))
            return _listed(obj.get("lines"), objects_of(obj, "lines"), rest)


def _listed(value: Any, known: list[dict[str, Any]], rest: ObjectRef) -> Lines:
    is_cut = flag_of(value, "has_more") is True
    return Lines(known=tuple(known), rest=rest if is_cut else None)


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
        if kind == "invoice" and not _is_subscription_line(line):
            continue
        interval = _interval_of(line, lookups, from_subscription)
        if isinstance(interval, ObjectRef):
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


def _is_subscription_line(line: Mapping[str, Any]) -> bool:
    parent = text_of(line, "parent", "type")
    if parent is not None:
        return parent == "subscription_item_details"
    kind = text_of(line, "type")
    return kind is None or kind == "subscription"


def _interval_of(
    line: Mapping[str, Any], lookups: Lookups, from_subscription: Mapping[str, Interval]
) -> Interval | ObjectRef | None:
    """A line's interval; None for one that does not recur; else the price that would tell."""
    for place in (("price",), ("plan",)):
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
    identity = id_of(value)
    subscription = value if isinstance(value, dict) else None
    if identity is not None and not objects_of(subscription, "items"):
        subscription = lookups.get(ObjectRef(kind="subscription", id=identity), {})  # type: ignore[assignment]
    found: dict[str, Interval] = {}
    for item in objects_of(subscription, "items"):
        price = item.get("price") if isinstance(item.get("price"), dict) else item.get("plan")
        price_id = id_of(price)
        interval = _read_interval(price) if isinstance(price, dict) else None
        if price_id and interval:
            found[price_id] = interval
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
