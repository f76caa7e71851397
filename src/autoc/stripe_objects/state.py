"""The state of an object, by its status and never by an event's name."""

from collections.abc import Mapping
from typing import Any

from autoc.stripe_objects.reading import flag_of, id_of, instant_of, objects_of, text_of
from autoc.stripe_objects.references import subscription_value

INVOICE_STATES = frozenset(("draft", "open", "paid", "uncollectible", "void"))


def invoice_state(invoice: Mapping[str, Any]) -> str | None:
    """`draft open paid uncollectible void`, or None when nothing tells.

    Before 2018-11-08 there was no `status`: `paid`, `forgiven` and `closed` told. A closed invoice
    that nobody paid is collected no more, as a void one.
    """
    if flag_of(invoice, "deleted"):
        return "void"
    status = text_of(invoice, "status")
    if status in INVOICE_STATES:
        return status
    if status is not None:
        return None
    if flag_of(invoice, "paid"):
        return "paid"
    if flag_of(invoice, "forgiven"):
        return "uncollectible"
    if flag_of(invoice, "closed"):
        return "void"
    is_old = any(flag_of(invoice, name) is not None for name in ("paid", "closed"))
    return "open" if is_old else None


def collection_method(obj: Mapping[str, Any]) -> str | None:
    """`charge_automatically` or `send_invoice`; it was called `billing` once."""
    return text_of(obj, "collection_method") or text_of(obj, "billing")


def due_date(invoice: Mapping[str, Any]) -> int | None:
    """When the invoice is due, in epoch seconds."""
    return instant_of(invoice, "due_date")


def finalized_at(invoice: Mapping[str, Any]) -> int | None:
    """When the invoice was finalized, in epoch seconds."""
    return instant_of(invoice, "status_transitions", "finalized_at") or instant_of(
        invoice, "finalized_at"
    )


def is_of_subscription(invoice: Mapping[str, Any]) -> bool:
    """Whether the invoice was made by a subscription."""
    return id_of(subscription_value(invoice)) is not None


def is_scheduled_to_cancel(subscription: Mapping[str, Any]) -> bool:
    """Whether an end is planned: classic subscriptions have a flag, flexible ones only a date."""
    return (
        flag_of(subscription, "cancel_at_period_end") is True
        or instant_of(subscription, "cancel_at") is not None
    )


def planned_end(subscription: Mapping[str, Any]) -> int | None:
    """When a scheduled cancellation takes effect: `cancel_at`, else the latest period's end."""
    at = instant_of(subscription, "cancel_at")
    if at is not None:
        return at
    ends = [
        end
        for item in objects_of(subscription, "items")
        if (end := instant_of(item, "current_period_end")) is not None
    ]
    return max(ends) if ends else instant_of(subscription, "current_period_end")


def has_ended(subscription: Mapping[str, Any]) -> bool:
    """Whether the subscription is over."""
    return (
        text_of(subscription, "status") in ("canceled", "incomplete_expired")
        or instant_of(subscription, "ended_at") is not None
        or flag_of(subscription, "deleted") is True
    )


def quote_state(quote: Mapping[str, Any]) -> str | None:
    """`draft open accepted canceled`, or None when nothing tells."""
    if flag_of(quote, "deleted"):
        return "canceled"
    return text_of(quote, "status")
