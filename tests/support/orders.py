"""Orders for the tests of connectors."""

from collections.abc import Mapping
from typing import Any

from autoc.plan.facts import ObjectRef
from autoc.plan.model import (
    Action,
    AnchorOffset,
    Automation,
    Email,
    MarkUncollectible,
    PreviousOffset,
    Step,
    Webhook,
)
from autoc.runtime.effects import Perform
from autoc.runtime.ports import Order
from autoc.runtime.state import Run, StepState
from autoc.values.duration import Duration

NOW = 1_772_355_600  # 2026-03-01T09:00:00Z
INVOICE: Mapping[str, Any] = {
    "id": "in_A",
    "object": "invoice",
    "number": "A-0001",
    "status": "open",
    "customer": "cus_A",
    "currency": "eur",
    "amount_due": 150_000,
    "created": NOW - 86_400,
    "due_date": NOW,
    "metadata": {"project": "blue"},
    "subscription": "sub_A",
}
CUSTOMER: Mapping[str, Any] = {
    "id": "cus_A",
    "object": "customer",
    "name": "Ada Lovelace",
    "email": "ada@customer.example",
}


def make_order(
    action: Action,
    *,
    object: Mapping[str, Any] = INVOICE,  # noqa: A002 - the field's name
    related: tuple[Mapping[str, Any], ...] = (CUSTOMER,),
    trigger: str = "invoice.overdue",
    timezone: str = "Europe/Berlin",
    **perform: Any,
) -> Order:
    """An order for the first of two steps; further arguments are fields of its `Perform`."""
    step = Step(when=AnchorOffset(sign=1, offset=Duration(days=3)), action=action)
    last = Step(when=PreviousOffset(offset=Duration(days=7)), action=MarkUncollectible())
    fields: dict[str, Any] = {
        "id": "order-1",
        "run": "run_1",
        "step": 1,
        "idempotency_key": "run_1:1:1",
        "attempt": 1,
        "first_attempt": NOW,
        "due": NOW,
    }
    return Order(
        perform=Perform(**{**fields, **perform}),
        run=Run(
            id="run_1",
            occurrence="invoice.overdue/in_A",
            automation="late",
            digest="d",
            trigger=trigger,
            started=NOW - 60,
            steps=(StepState(status="running", due=NOW), StepState(due=NOW + 604_800)),
        ),
        automation=Automation(
            name="late", title="Late payers", trigger=trigger, steps=(step, last), timezone=timezone
        ),
        step=step,
        object=object,
        related={ObjectRef(kind=each["object"], id=each["id"]): each for each in related},
        livemode=False,
        now=NOW,
    )


def email_to(*to: str, subject: str | None = None, body: str | None = None) -> Email:
    """An `email` action."""
    return Email(contact=None, to=to, subject=subject, body=body)


def webhook_to(url: str) -> Webhook:
    """A `webhook` action with one pair."""
    return Webhook(event_type="invoice.overdue", endpoint="crm", url=url, data=(("note", "hello"),))
