"""One try to collect an invoice, off session.

After a hard decline the same method is never charged again: the try is made when the method that
the provider would charge is another one, or when the customer has a method that is newer than the
run.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from autoc.connectors.stripe.access import Call, StripeAccess
from autoc.connectors.stripe.acting import is_key_expired, key_of
from autoc.connectors.stripe.faults import Fault, judge_fault
from autoc.runtime.effects import (
    Declined,
    Delivered,
    Ended,
    Outcome,
    Rejected,
    Withheld,
)
from autoc.runtime.ports import Order
from autoc.stripe_objects.reading import id_of
from autoc.stripe_objects.references import subscription_of

ENDINGS = {"void": "voided"}
COLLECTIBLE = ("open", "uncollectible")
NO_METHOD = ("payment method", "payment source", "default_payment_method")


async def collect(order: Order, access: StripeAccess) -> Outcome:
    """Make the try, or say why not."""
    invoice = order.object
    status = invoice.get("status")
    if status == "paid":
        return Delivered(detail="already paid")
    if status in ENDINGS:
        return Ended(reason=ENDINGS[str(status)])
    if status not in COLLECTIBLE:
        return Rejected(reason=f"an invoice that is `{status}` cannot be collected")
    if is_key_expired(order):
        # A payment may still be on its way: only the next try, under its own key, asks again.
        return Withheld(reason="an earlier try left no answer, and its key has expired")
    params: dict[str, Any] = {"off_session": "true"}
    if order.perform.payment_method is not None:
        chosen = await _choose_method(order, access, declined=order.perform.payment_method)
        if not isinstance(chosen, dict):
            return chosen
        params |= chosen
    answer = await access.call(
        Call(
            method="post",
            path="/v1/invoices/{id}/pay",
            id=str(invoice.get("id")),
            params=params,
            idempotency_key=key_of(order),
        )
    )
    if isinstance(answer, Fault):
        return await _name_method(_judge(answer, order), order, access)
    if answer.get("status") == "paid":
        return Delivered(detail="paid")
    # A bank debit takes days: only the payment's own event, or a later try, settles it.
    return Withheld(reason="a payment is on its way")


def _judge(fault: Fault, order: Order) -> Outcome:
    message = str(fault.error.get("message", "")).lower()
    if fault.status == 400 and "already paid" in message:
        return Delivered(detail="already paid")
    if fault.status in (400, 404) and any(words in message for words in NO_METHOD):
        return Withheld(reason="there is no payment method to charge")
    return judge_fault(fault, object_id=str(order.object.get("id")))


async def _name_method(outcome: Outcome, order: Order, access: StripeAccess) -> Outcome:
    """A hard decline that names no method concerns the one that the provider would charge."""
    if not isinstance(outcome, Declined) or not outcome.hard or outcome.payment_method:
        return outcome
    holders = await _read_holders(order, access)
    if isinstance(holders, Fault):
        return outcome
    return attrs.evolve(outcome, payment_method=next(_default_methods(holders), None))


async def _choose_method(
    order: Order, access: StripeAccess, *, declined: str
) -> dict[str, str] | Outcome:
    """Parameters that name another method; empty when the provider's own choice is another."""
    holders = await _read_holders(order, access)
    if isinstance(holders, Fault):
        return judge_fault(holders, object_id=str(order.object.get("id")))
    current = next(_default_methods(holders), None)
    if current is not None and current != declined:
        return {}
    customer = id_of(order.object.get("customer"))
    if customer is None:
        return Withheld(reason="no new payment method has appeared")
    answer = await access.call(
        Call(
            method="get",
            path="/v1/customers/{id}/payment_methods",
            id=customer,
            params={"limit": 100},
        )
    )
    if isinstance(answer, Fault):
        return judge_fault(answer, object_id=str(order.object.get("id")))
    newer = [
        method
        for method in answer.get("data") or ()
        if method.get("id") != declined and (method.get("created") or 0) >= order.run.started
    ]
    if not newer:
        return Withheld(reason="no new payment method has appeared")
    newest = max(newer, key=lambda method: (method.get("created") or 0, str(method.get("id"))))
    return {"payment_method": str(newest["id"])}


async def _read_holders(
    order: Order, access: StripeAccess
) -> tuple[tuple[Mapping[str, Any], bool], ...] | Fault:
    """The objects that may hold a default method, in the provider's order of preference.

    The flag says that the object is a customer. Source: Stripe's order of methods on a retry:
    subscription before customer, and what the invoice itself names before both.
    """
    holders: list[tuple[Mapping[str, Any], bool]] = []
    subscription = subscription_of(order.object)
    if subscription is not None:
        path = "/v1/subscriptions/{id}"
        found = await access.call(Call(method="get", path=path, id=subscription.id))
        if isinstance(found, Fault):
            return found
        holders.append((found, False))
    holders.insert(0, (order.object, False))
    customer = id_of(order.object.get("customer"))
    if customer is not None:
        found = await access.call(Call(method="get", path="/v1/customers/{id}", id=customer))
        if isinstance(found, Fault):
            return found
        holders.append((found, True))
    return tuple(holders)


def _default_methods(holders: tuple[tuple[Mapping[str, Any], bool], ...]) -> Iterator[str]:
    for holder, is_customer in holders:
        settings = holder.get("invoice_settings") if is_customer else holder
        places = (
            (settings if isinstance(settings, Mapping) else {}, "default_payment_method"),
            (holder, "default_source"),
        )
        for place, name in places:
            found = id_of(place.get(name))
            if found is not None:
                yield found
