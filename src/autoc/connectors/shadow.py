"""Connectors that do nothing in the world: one records what would be done, one refuses."""

from collections.abc import Callable

import attrs

from autoc.plan.model import (
    Action,
    CancelSubscription,
    Email,
    EmailCancellation,
    MarkUncollectible,
    MarkUnpaid,
    SetRetryPolicy,
    VoidInvoice,
    Webhook,
)
from autoc.runtime.effects import Delivered, Outcome, Rejected, Watched, Withheld
from autoc.runtime.ports import Order


@attrs.frozen(kw_only=True)
class Shadowed:
    """One thing that would have been done. `text` says it in the language's words."""

    idempotency_key: str
    run: str
    step: int
    text: str


def _ignore(_: Shadowed) -> None:
    """The outcome's detail holds the same text, so nothing is lost."""


@attrs.define(kw_only=True)
class ShadowConnector:
    """Answers every order as if it had gone well, and tells `record` what would have been done.

    A try is answered as withheld and a watch as used up: nothing is taken for paid, and the steps
    after a retry policy are seen too.
    """

    record: Callable[[Shadowed], None] = _ignore

    async def perform(self, order: Order) -> Outcome:
        """Record the order; nothing leaves the process."""
        text = describe_effect(order)
        perform = order.perform
        self.record(
            Shadowed(
                idempotency_key=perform.idempotency_key,
                run=perform.run,
                step=perform.step,
                text=text,
            )
        )
        match perform.purpose:
            case "act":
                return Delivered(detail=f"shadow: would {text}")
            case "try":
                return Withheld(reason=f"shadow: would {text}")
            case "watch":
                return Watched(exhausted=True)


@attrs.frozen(kw_only=True)
class NullConnector:
    """Stands where no receiver is configured: refuses every order, saying what is missing."""

    reason: str

    async def perform(self, order: Order) -> Outcome:
        """Refuse the order."""
        del order
        return Rejected(reason=self.reason)


def describe_effect(order: Order) -> str:
    """What the order would do, to what."""
    object_id = str(order.object.get("id"))
    match order.perform.purpose:
        case "try":
            return f"try to collect {object_id}"
        case "watch":
            return f"look at the tries to collect {object_id}"
        case "act":
            return _describe_action(order.step.action, object_id)


_NAMES: dict[type[Action], str] = {
    SetRetryPolicy: "set_retry_policy",
    MarkUnpaid: "mark_unpaid",
    CancelSubscription: "cancel_subscription",
    MarkUncollectible: "mark_uncollectible",
    VoidInvoice: "void_invoice",
    EmailCancellation: "email_cancellation",
}


def _describe_action(action: Action, object_id: str) -> str:
    if isinstance(action, Email):
        return f"email {', '.join(action.to)} about {object_id}"
    if isinstance(action, Webhook):
        return f"send {action.event_type} about {object_id} to {action.endpoint}"
    return f"{_NAMES[type(action)]} for {object_id}"
