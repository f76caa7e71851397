"""Watches the provider's own tries (`retries = "stripe"`).

They are used up when a reading at least an hour after a failed try shows an open invoice without
`next_payment_attempt`; the failed event itself may lack it (runtime.md, Fine print).
"""

from autoc.runtime.effects import Ended, Outcome, Watched
from autoc.runtime.ports import Order

SETTLING_SECONDS = 3600


def watch(order: Order) -> Outcome:
    """What the invoice, as it was just read, says about the tries that are left."""
    invoice = order.object
    status = invoice.get("status")
    if status in ("paid", "void"):
        return Ended(reason="paid" if status == "paid" else "voided")
    planned = invoice.get("next_payment_attempt")
    if status == "open" and isinstance(planned, int):
        return Watched(exhausted=False, again=max(planned, order.now) + SETTLING_SECONDS)
    settled = _failed_at(order) + SETTLING_SECONDS
    if order.now < settled:
        return Watched(exhausted=False, again=settled)
    return Watched(exhausted=True)


def _failed_at(order: Order) -> int:
    """When the last failed try that is known of was made."""
    index = order.perform.step - 1
    steps = order.run.steps
    retry = steps[index].retry if index < len(steps) else None
    last = retry.last_try if retry is not None else None
    return order.run.started if last is None else max(last, order.run.started)
