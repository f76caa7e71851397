"""Single actions: bring an invoice or a subscription into a state, unless it is in it already.

A lost answer is settled by looking: an object that is in the state that was asked for has reached
it. An attempt under a key that is older than the provider remembers is never made.
"""

from collections.abc import Mapping
from typing import Any

import attrs

from autoc.connectors.stripe.access import Call, StripeAccess
from autoc.connectors.stripe.faults import Fault, judge_fault
from autoc.plan.model import CancelSubscription, MarkUncollectible, MarkUnpaid, VoidInvoice
from autoc.runtime.effects import Delivered, Outcome, Rejected, RetryLater
from autoc.runtime.ports import Order
from autoc.stripe_objects.references import subscription_of

KEY_LIFE_SECONDS = 24 * 3600
KEEP_AS_DRAFT = "keep_as_draft"

ProviderAction = MarkUnpaid | CancelSubscription | MarkUncollectible | VoidInvoice


@attrs.frozen(kw_only=True)
class Intent:
    """What is to be done to an object, and the words for it."""

    call: Call
    object: Mapping[str, Any]
    reached: str | None
    """The words for a state that is reached already; None when the call is to be made."""
    done: str


async def act(order: Order, action: ProviderAction, access: StripeAccess) -> Outcome:
    """Bring about the action's state."""
    intent = await _find_intent(order, action, access)
    if not isinstance(intent, Intent):
        return intent
    if intent.reached is not None:
        return Delivered(detail=f"already {intent.reached}")
    if is_key_expired(order):
        # The reading settled it: nothing has happened, so that a new key may be used.
        return RetryLater(reason="an earlier attempt left no trace, and its key has expired")
    answer = await access.call(attrs.evolve(intent.call, idempotency_key=key_of(order)))
    if isinstance(answer, Fault):
        return judge_fault(answer, object_id=str(order.object.get("id")))
    return Delivered(detail=intent.done)


def key_of(order: Order) -> str:
    """The idempotency key, as the provider gets it."""
    return order.perform.idempotency_key


def is_key_expired(order: Order) -> bool:
    """Whether the provider may have forgotten the first attempt with this key."""
    perform = order.perform
    return perform.attempt > 1 and order.now - perform.first_attempt >= KEY_LIFE_SECONDS


async def _find_intent(
    order: Order, action: ProviderAction, access: StripeAccess
) -> Intent | Outcome:
    match action:
        case MarkUncollectible():
            return _invoice_intent(order, verb="mark_uncollectible", status="uncollectible")
        case VoidInvoice():
            return _invoice_intent(order, verb="void", status="void")
        case CancelSubscription() | MarkUnpaid():
            return await _subscription_intent(order, action, access)


def _invoice_intent(order: Order, *, verb: str, status: str) -> Intent:
    found = order.object
    return Intent(
        call=Call(method="post", path=f"/v1/invoices/{{id}}/{verb}", id=str(found.get("id"))),
        object=found,
        reached=status if found.get("status") == status else None,
        done=f"the invoice is {status}",
    )


async def _subscription_intent(
    order: Order, action: CancelSubscription | MarkUnpaid, access: StripeAccess
) -> Intent | Outcome:
    subscription = subscription_of(order.object)
    if subscription is None:
        return Rejected(reason="the invoice belongs to no subscription")
    identity = subscription.id
    path = "/v1/subscriptions/{id}"
    found = await access.call(Call(method="get", path=path, id=identity))
    if isinstance(found, Fault):
        return judge_fault(found, object_id=str(order.object.get("id")))
    is_canceled = found.get("status") in ("canceled", "incomplete_expired")
    if isinstance(action, MarkUnpaid):
        pause = found.get("pause_collection")
        is_paused = isinstance(pause, Mapping) and pause.get("behavior") == KEEP_AS_DRAFT
        return Intent(
            call=Call(
                method="post",
                path=path,
                id=identity,
                params={"pause_collection": {"behavior": KEEP_AS_DRAFT}},
            ),
            object=found,
            reached="canceled" if is_canceled else "paused, keeping drafts" if is_paused else None,
            done=f"{identity} keeps its new invoices as drafts",
        )
    wanted = {"prorate": action.prorate, "invoice_now": action.invoice_now}
    return Intent(
        call=Call(
            method="delete",
            path=path,
            id=identity,
            params={name: "true" for name, is_wanted in wanted.items() if is_wanted},
        ),
        object=found,
        reached="canceled" if is_canceled else None,
        done=f"{identity} is canceled",
    )
