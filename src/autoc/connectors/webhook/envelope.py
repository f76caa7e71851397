"""The body of an outgoing webhook: the provider's event envelope, and the automation beside it."""

import json
from hashlib import sha256

from autoc.plan.model import Webhook
from autoc.runtime.ports import Order


def build_body(order: Order, action: Webhook) -> bytes:
    """The JSON text, in ASCII. Of two attempts with one key only `data.object` can differ.

    The object is as last read. `id` is made of the idempotency key, so that a receiver may
    recognise a repeat by it as well as by `webhook-id`.
    """
    perform = order.perform
    envelope = {
        "id": event_id(perform.idempotency_key),
        "object": "event",
        "type": action.event_type,
        "created": perform.first_attempt,
        "livemode": order.livemode,
        "data": {"object": order.object},
        "automation": {
            "name": order.automation.name,
            "run": perform.run,
            "step": perform.step,
            "data": dict(action.data),
        },
    }
    return json.dumps(envelope, separators=(",", ":"), default=dict).encode("ascii")


def event_id(idempotency_key: str) -> str:
    """`evt_` and 24 characters, the same for every attempt."""
    return f"evt_{sha256(idempotency_key.encode()).hexdigest()[:24]}"
