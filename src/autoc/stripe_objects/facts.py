"""The facts of an object: known, missing, or unknown and what would tell.

One reader a fact, in `READERS`. Where a payload does not hold a fact, the objects that were fetched
or given (`lookups`) are asked; what is not there either is unknown, never guessed.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import attrs

from autoc.plan.conditions import FactRef
from autoc.plan.facts import Facts, FactState, Known, Missing, ObjectRef, Unknown
from autoc.stripe_objects.lines import interval_state, line_currency, product_state, quantity_state
from autoc.stripe_objects.reading import (
    flag_of,
    id_of,
    is_stub,
    number_of,
    object_of,
    sound_text,
    text_of,
    value_of,
)
from autoc.stripe_objects.references import subscription_value
from autoc.stripe_objects.state import collection_method
from autoc.values.money import money_from_provider
from autoc.values.rates import RateTable

Lookups = Mapping[ObjectRef, Mapping[str, Any]]


@attrs.frozen(kw_only=True)
class Asked:
    """The object that a fact is asked of, and what else is known."""

    object: Mapping[str, Any]
    lookups: Lookups

    @property
    def kind(self) -> str:
        """`invoice`, `quote` or `subscription`."""
        return text_of(self.object, "object") or ""


def facts_of(
    obj: Mapping[str, Any],
    *,
    wanted: Iterable[FactRef],
    lookups: Lookups,
    rates: RateTable | None,
    on: date,
) -> Facts:
    """The state of every wanted fact of `obj`."""
    asked = Asked(object=obj, lookups=lookups)
    values = {fact: READERS[fact.name](asked, fact) for fact in wanted}
    return Facts(values=values, rates=rates, on=on)


def _money(field_of: Mapping[str, str]) -> Callable[[Asked, FactRef], FactState]:
    def read(asked: Asked, _fact: FactRef) -> FactState:
        minor = number_of(asked.object, field_of.get(asked.kind, ""))
        currency = text_of(asked.object, "currency")
        if minor is None or not currency:
            return Missing()
        return Known(value=money_from_provider(minor, currency))

    return read


def _known_text(value: str | None) -> FactState:
    return Known(value=value) if value is not None else Missing()


def _currency(asked: Asked, _fact: FactRef) -> FactState:
    """Subscriptions of old versions have none of their own, but their prices have."""
    currency = text_of(asked.object, "currency")
    if not currency and asked.kind == "subscription":
        currency = line_currency(asked.object)
    return _known_text(currency.upper() if currency else None)


def _collection_method(asked: Asked, _fact: FactRef) -> FactState:
    return _known_text(collection_method(asked.object))


def _text_field(name: str) -> Callable[[Asked, FactRef], FactState]:
    def read(asked: Asked, _fact: FactRef) -> FactState:
        return _known_text(text_of(asked.object, name))

    return read


def _number_field(name: str) -> Callable[[Asked, FactRef], FactState]:
    def read(asked: Asked, _fact: FactRef) -> FactState:
        number = number_of(asked.object, name)
        return Known(value=number) if number is not None else Missing()

    return read


def _metadata_value(metadata: Mapping[str, Any], key: str | None) -> FactState:
    value = metadata.get(key or "")
    if value is None:
        return Missing()
    if isinstance(value, str):
        return Known(value=sound_text(value))
    try:
        return Known(value=json.dumps(value, sort_keys=True))
    except (RecursionError, TypeError, ValueError):
        # The provider's values are texts; one that has no JSON text of its own is as good as none.
        return Missing()


def _own_metadata(asked: Asked, fact: FactRef) -> FactState:
    return _metadata_value(object_of(asked.object, "metadata"), fact.key)


def _look_up(asked: Asked, value: Any, kind: str) -> Mapping[str, Any] | Unknown | None:
    """The object that `value` is or names; None when there is none or it was deleted."""
    found: Mapping[str, Any] | None
    if isinstance(value, dict) and not is_stub(value):
        found = value
    else:
        identity = id_of(value)
        if identity is None:
            return None
        ref = ObjectRef(kind=kind, id=identity)
        found = asked.lookups.get(ref)
        if found is None:
            return Unknown(reason=f"the {kind} is not in the payload", needs=(ref,))
    return None if flag_of(found, "deleted") else found


def _customer(asked: Asked) -> Mapping[str, Any] | Unknown | None:
    return _look_up(asked, asked.object.get("customer"), "customer")


def _subscription(asked: Asked) -> Mapping[str, Any] | Unknown | None:
    if asked.kind == "subscription":
        return asked.object
    return _look_up(asked, subscription_value(asked.object), "subscription")


def _customer_metadata(asked: Asked, fact: FactRef) -> FactState:
    customer = _customer(asked)
    if isinstance(customer, Unknown):
        return customer
    return _metadata_value(object_of(customer, "metadata"), fact.key) if customer else Missing()


def _subscription_metadata(asked: Asked, fact: FactRef) -> FactState:
    """The copy inside an invoice counts; without one, the subscription is asked."""
    for place in (("parent", "subscription_details"), ("subscription_details",)):
        copy = value_of(asked.object, *place, "metadata")
        if isinstance(copy, dict):
            return _metadata_value(copy, fact.key)
    subscription = _subscription(asked)
    if isinstance(subscription, Unknown):
        return subscription
    if subscription is None:
        return Missing()
    return _metadata_value(object_of(subscription, "metadata"), fact.key)


def _subscription_status(asked: Asked, _fact: FactRef) -> FactState:
    subscription = _subscription(asked)
    if isinstance(subscription, Unknown):
        return subscription
    return _known_text(text_of(subscription, "status") if subscription else None)


def _customer_text(copy: str, *path: str) -> Callable[[Asked, FactRef], FactState]:
    """A text of the customer: of an expanded one, else the copy that an invoice keeps as `copy`.

    The copy comes before a customer that was fetched, so that the answer does not hang on whether
    something else made it be fetched.
    """

    def read(asked: Asked, _fact: FactRef) -> FactState:
        value = asked.object.get("customer")
        is_named_only = not isinstance(value, dict) or is_stub(value)
        if asked.kind == "invoice" and copy in asked.object and is_named_only and id_of(value):
            return _known_text(text_of(asked.object, copy, *path[1:]))
        customer = _customer(asked)
        if isinstance(customer, Unknown):
            return customer
        return _known_text(text_of(customer, *path) if customer else None)

    return read


def _lines(
    reader: Callable[[Mapping[str, Any], Lookups], FactState],
) -> Callable[[Asked, FactRef], FactState]:
    return lambda asked, _fact: reader(asked.object, asked.lookups)


READERS: dict[str, Callable[[Asked, FactRef], FactState]] = {
    "amount": _money({"invoice": "amount_due", "quote": "amount_total"}),
    "amount_remaining": _money({"invoice": "amount_remaining"}),
    "total": _money({"invoice": "total", "quote": "amount_total"}),
    "interval": _lines(interval_state),
    "product": _lines(product_state),
    "quantity": _lines(quantity_state),
    "customer.metadata": _customer_metadata,
    "invoice.metadata": _own_metadata,
    "quote.metadata": _own_metadata,
    "subscription.metadata": _subscription_metadata,
    "subscription.status": _subscription_status,
    "currency": _currency,
    "collection_method": _collection_method,
    "billing_reason": _text_field("billing_reason"),
    "customer.country": _customer_text("customer_address", "address", "country"),
    "customer.email": _customer_text("customer_email", "email"),
    "attempt_count": _number_field("attempt_count"),
}
