"""References from an object to others: new places first, then old ones."""

from collections.abc import Mapping
from typing import Any

from autoc.plan.facts import ObjectRef
from autoc.stripe_objects.reading import id_of, text_of, value_of

SUBSCRIPTION_PLACES = (
    ("parent", "subscription_details", "subscription"),
    ("subscription",),
)
"""Where an invoice names its subscription: from 2025-03-31 on, and before."""


def subscription_value(invoice: Mapping[str, Any]) -> Any:
    """The invoice's subscription as it stands there: an id, an object, or None."""
    for place in SUBSCRIPTION_PLACES:
        value = value_of(invoice, *place)
        if id_of(value):
            return value
    return None


def subscription_of(obj: Mapping[str, Any]) -> ObjectRef | None:
    """The subscription of an invoice; a subscription's own."""
    if text_of(obj, "object") == "subscription":
        value: Any = obj
    else:
        value = subscription_value(obj)
    identity = id_of(value)
    return ObjectRef(kind="subscription", id=identity) if identity else None


def customer_of(obj: Mapping[str, Any]) -> ObjectRef | None:
    """The customer of an object, if it names one."""
    identity = id_of(obj.get("customer"))
    return ObjectRef(kind="customer", id=identity) if identity else None


def price_of(line: Mapping[str, Any]) -> Any:
    """The price of a line or an item as it stands there: an id, an object, or None."""
    for place in (("pricing", "price_details", "price"), ("price",), ("plan",)):
        value = value_of(line, *place)
        if id_of(value):
            return value
    return None


def product_of(line: Mapping[str, Any]) -> str | None:
    """The id of a line's product, if the line tells it."""
    for place in (
        ("pricing", "price_details", "product"),
        ("price", "product"),
        ("plan", "product"),
    ):
        identity = id_of(value_of(line, *place))
        if identity:
            return identity
    return None
