"""The laws of connectors, K1 to K3 of `autoc.runtime.ports`, over every connector."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import get_args

import attrs
import pytest

from autoc.connectors.shadow import NullConnector, ShadowConnector
from autoc.connectors.smtp.connector import SmtpConnector
from autoc.connectors.smtp.sending import SmtpSettings
from autoc.connectors.stripe.access import StripeAccess
from autoc.connectors.stripe.connector import StripeConnector
from autoc.connectors.stripe.settings import StripeSettings
from autoc.connectors.webhook.addresses import read_networks
from autoc.connectors.webhook.connector import WebhookConnector, WebhookSettings
from autoc.plan.model import Action, VoidInvoice
from autoc.runtime.effects import Delivered, Outcome, OutcomeUnknown, RetryLater
from autoc.runtime.ports import Connector
from support.http_peer import Answer, Asked, Said, http_peer
from support.mail_peer import mail_peer
from support.orders import INVOICE, email_to, make_order, webhook_to

DEADLINE_SECONDS = 0.25
PATIENCE_SECONDS = 10.0
FATES = ("fine", "busy", "refuse", "cut", "hang", "nonsense", "absent")


@attrs.frozen(kw_only=True)
class Bench:
    """A connector, an action for it, and the keys that its receiver has seen so far."""

    connector: Connector
    action: Action
    seen: Callable[[], Sequence[str]]


Opener = Callable[[str], AbstractAsyncContextManager[Bench]]


def http_answer(fate: str) -> Callable[[Asked], Answer]:
    answers: dict[str, Answer] = {
        "fine": Said(200, dict(INVOICE)),
        "busy": Said(429, b"", {"retry-after": "1"}),
        "refuse": Said(400, b"{}"),
        "cut": "cut",
        "hang": "hang",
        "nonsense": Said(999, b"\x00\xff"),
        "absent": "cut",
    }
    return lambda _: answers[fate]


@asynccontextmanager
async def open_stripe(fate: str) -> AsyncIterator[Bench]:
    async with http_peer(http_answer(fate)) as peer:
        url = "http://127.0.0.1:1" if fate == "absent" else peer.url()
        access = StripeAccess(
            StripeSettings(api_key="sk_test_x", api_base=url, deadline_seconds=DEADLINE_SECONDS)
        )
        yield Bench(
            connector=StripeConnector(access),
            action=VoidInvoice(),
            seen=lambda: [asked.headers["idempotency-key"] for asked in peer.asked],
        )
        await access.close()


@asynccontextmanager
async def open_webhook(fate: str) -> AsyncIterator[Bench]:
    async with http_peer(http_answer(fate)) as peer:
        settings = WebhookSettings(
            secret="whsec_c2VjcmV0",
            allow_private=read_networks(["127.0.0.0/8"]),
            deadline_seconds=DEADLINE_SECONDS,
        )
        yield Bench(
            connector=WebhookConnector(settings),
            action=webhook_to("http://127.0.0.1:1/" if fate == "absent" else peer.url("/")),
            seen=lambda: [asked.headers["webhook-id"] for asked in peer.asked],
        )


@asynccontextmanager
async def open_mail(fate: str) -> AsyncIterator[Bench]:
    said = {"busy": "451 later", "refuse": "554 no", "nonsense": "999 \x00"}.get(fate, "250 kept")
    with mail_peer(data_answer=said, fate=fate if fate in ("cut", "hang") else "answer") as peer:
        settings = SmtpSettings(
            host="127.0.0.1",
            port=1 if fate == "absent" else peer.port,
            sender="billing@acme.example",
            security="none",
            deadline_seconds=DEADLINE_SECONDS,
        )
        yield Bench(
            connector=SmtpConnector(settings),
            action=email_to("team@acme.example"),
            seen=lambda: [str(peer.message(n)["Message-ID"]) for n in range(len(peer.received))],
        )


@asynccontextmanager
async def open_shadow(fate: str) -> AsyncIterator[Bench]:
    seen: list[str] = []
    connector = ShadowConnector(record=lambda shadowed: seen.append(shadowed.idempotency_key))
    yield Bench(connector=connector, action=VoidInvoice(), seen=lambda: seen)


@asynccontextmanager
async def open_null(fate: str) -> AsyncIterator[Bench]:
    connector = NullConnector(reason="no mail server is configured")
    yield Bench(connector=connector, action=VoidInvoice(), seen=list)


OPENERS: dict[str, Opener] = {
    "stripe": open_stripe,
    "webhook": open_webhook,
    "mail": open_mail,
    "shadow": open_shadow,
    "null": open_null,
}


@pytest.mark.parametrize("fate", FATES)
@pytest.mark.parametrize("name", OPENERS)
def test_k1_and_k3_every_fate_is_an_outcome_in_time(name: str, fate: str) -> None:
    """K1, K3: whatever the world does, the answer is an outcome, and it comes."""

    async def run() -> Outcome:
        async with OPENERS[name](fate) as bench:
            order = make_order(bench.action)
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await bench.connector.perform(order)

    begun = time.monotonic()
    outcome = asyncio.run(run())
    assert isinstance(outcome, get_args(Outcome))
    assert time.monotonic() - begun < PATIENCE_SECONDS
    if name in ("stripe", "webhook", "mail"):
        if fate == "hang":
            assert isinstance(outcome, OutcomeUnknown)
        if fate == "fine":
            assert isinstance(outcome, Delivered)
        if fate in ("busy", "absent"):
            assert isinstance(outcome, RetryLater | OutcomeUnknown)


@pytest.mark.parametrize("fate", ["fine", "cut", "hang"])
@pytest.mark.parametrize("name", ["stripe", "webhook", "mail"])
def test_k2_every_attempt_carries_the_same_key(name: str, fate: str) -> None:
    """K2: a receiver that keeps one effect for each key keeps one, however often it is tried."""

    async def run() -> tuple[list[str], list[str]]:
        async with OPENERS[name](fate) as bench:
            for attempt in (1, 2):
                order = make_order(bench.action, id=f"order-{attempt}", attempt=attempt)
                await bench.connector.perform(order)
            same = list(bench.seen())
            await bench.connector.perform(make_order(bench.action, idempotency_key="run_1:1:2"))
            return same, list(bench.seen())

    same, with_other = asyncio.run(run())
    assert len(same) == 2
    assert len(set(same)) == 1
    assert len(set(with_other)) == 2
