"""Connectors that do nothing in the world."""

import asyncio

import pytest

from autoc.connectors.shadow import NullConnector, ShadowConnector, Shadowed
from autoc.plan.model import Action, CancelSubscription
from autoc.runtime.effects import Delivered, Rejected, Watched, Withheld
from support.orders import email_to, make_order, webhook_to


@pytest.mark.parametrize(
    ("action", "text"),
    [
        (CancelSubscription(), "cancel_subscription for in_A"),
        (email_to("a@b.example"), "email a@b.example about in_A"),
        (webhook_to("https://x.example"), "send invoice.overdue about in_A to crm"),
    ],
)
def test_what_would_be_done_is_recorded(action: Action, text: str) -> None:
    """The record says what, under which key, of which run and step."""
    seen: list[Shadowed] = []
    outcome = asyncio.run(ShadowConnector(record=seen.append).perform(make_order(action)))
    assert outcome == Delivered(detail=f"shadow: would {text}")
    assert seen == [Shadowed(idempotency_key="run_1:1:1", run="run_1", step=1, text=text)]


def test_tries_and_looks() -> None:
    """A try is withheld, never taken for paid; watching ends at once."""
    shadow = ShadowConnector()
    tried = asyncio.run(shadow.perform(make_order(CancelSubscription(), purpose="try")))
    assert tried == Withheld(reason="shadow: would try to collect in_A")
    watched = asyncio.run(shadow.perform(make_order(CancelSubscription(), purpose="watch")))
    assert watched == Watched(exhausted=True)


def test_nothing_configured() -> None:
    """An order for what is not configured is refused with the reason."""
    outcome = asyncio.run(NullConnector(reason="no mail server").perform(make_order(email_to("a"))))
    assert outcome == Rejected(reason="no mail server")
