"""Outgoing webhooks, sent to a real server."""

import asyncio
import json
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook as Verifier

from autoc.connectors.webhook.addresses import read_networks
from autoc.connectors.webhook.connector import WebhookConnector, WebhookSettings
from autoc.runtime.effects import Delivered, Outcome, OutcomeUnknown, Rejected, RetryLater
from support.certificates import make_contexts
from support.http_peer import Answer, HttpPeer, Said, http_peer
from support.orders import INVOICE, NOW, make_order, webhook_to

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
LOOPBACK = read_networks(["127.0.0.0/8"])


def connector(**fields: Any) -> WebhookConnector:
    given = {"secret": SECRET, "allow_private": LOOPBACK, "deadline_seconds": 2.0, **fields}
    return WebhookConnector(WebhookSettings(**given))


def send(answer: Answer, **fields: Any) -> tuple[Outcome, HttpPeer]:
    async def run() -> tuple[Outcome, HttpPeer]:
        async with http_peer(lambda _: answer) as peer:
            order = make_order(webhook_to(peer.url("/hook?a=b")))
            return await connector(**fields).perform(order), peer

    return asyncio.run(run())


def test_the_envelope_and_its_signature() -> None:
    """The receiver gets the event envelope, signed, under the order's key."""
    outcome, peer = send(Said(204, b""))
    assert outcome == Delivered(detail="status 204")
    (asked,) = peer.asked
    assert (asked.method, asked.target) == ("POST", "/hook?a=b")
    assert asked.headers["host"] == f"127.0.0.1:{peer.port}"
    assert asked.headers["webhook-id"] == "run_1:1:1"
    assert asked.headers["webhook-timestamp"] == str(NOW)
    signed = Verifier(SECRET).sign(
        "run_1:1:1", datetime.fromtimestamp(NOW, UTC), asked.body.decode()
    )
    assert asked.headers["webhook-signature"] == signed
    body = json.loads(asked.body)
    assert body["object"] == "event"
    assert body["type"] == "invoice.overdue"
    assert body["id"].startswith("evt_")
    assert body["created"] == NOW
    assert body["livemode"] is False
    assert body["data"] == {"object": dict(INVOICE)}
    assert body["automation"] == {
        "name": "late",
        "run": "run_1",
        "step": 1,
        "data": {"note": "hello"},
    }


def test_repeats_are_the_same_bytes() -> None:
    """A later attempt with the same key and the same object has the same body."""

    async def run() -> list[bytes]:
        async with http_peer(lambda _: Said(503, b"")) as peer:
            for attempt in (1, 2):
                order = make_order(webhook_to(peer.url("/")), attempt=attempt, id=f"o{attempt}")
                await connector().perform(order)
            return [asked.body for asked in peer.asked]

    first, second = asyncio.run(run())
    assert first == second


def test_answers() -> None:
    """Busy receivers are tried later, others are final, a redirect is not followed."""
    busy, _ = send(Said(429, b"", {"retry-after": "7"}))
    assert busy == RetryLater(reason="the receiver answered 429", after_seconds=7)
    assert isinstance(send(Said(404, b""))[0], Rejected)
    outcome, peer = send(Said(302, b"", {"location": "/elsewhere"}))
    assert isinstance(outcome, Rejected)
    assert len(peer.asked) == 1


def test_lost_answers_are_unknown() -> None:
    """A receiver that hangs, or cuts the connection, may have it."""
    assert isinstance(send("hang", deadline_seconds=0.3)[0], OutcomeUnknown)
    assert isinstance(send("cut")[0], OutcomeUnknown)


def test_a_large_answer_is_not_read() -> None:
    """Of an answer without end only the status is taken."""
    outcome, _ = send(Said(200, b"x" * 4_000_000))
    assert isinstance(outcome, Delivered)


def test_private_addresses_are_refused_and_nothing_is_sent() -> None:
    """Without `allow_private` loopback is never connected to."""
    outcome, peer = send(Said(200), allow_private=())
    assert isinstance(outcome, Rejected)
    assert peer.asked == []


def test_nobody_listens() -> None:
    """A refused connection is tried later."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        outcome = asyncio.run(
            connector().perform(make_order(webhook_to(f"http://127.0.0.1:{port}/")))
        )
    assert isinstance(outcome, RetryLater)


def test_the_checked_address_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that resolves to another address the second time is not resolved a second time."""
    asked: list[str] = []

    async def run() -> tuple[Outcome, int]:
        loop = asyncio.get_running_loop()

        async def resolve(host: str, port: int, **_: Any) -> list[Any]:
            asked.append(host)
            address = "127.0.0.1" if len(asked) == 1 else "127.0.0.2"
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

        async with http_peer(lambda _: Said(200)) as peer:
            with monkeypatch.context() as patch:
                patch.setattr(loop, "getaddrinfo", resolve)
                order = make_order(webhook_to(peer.url("/", host="rebinding.example")))
                outcome = await connector().perform(order)
            return outcome, len(peer.asked)

    outcome, received = asyncio.run(run())
    assert isinstance(outcome, Delivered)
    assert received == 1
    assert asked.count("rebinding.example") == 1


def test_one_private_address_of_several_refuses_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with a public and a private address is refused as a whole."""

    async def run() -> Outcome:
        async def resolve(host: str, port: int, **_: Any) -> list[Any]:
            return [
                (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
                for address in ("8.8.8.8", "169.254.169.254")
            ]

        with monkeypatch.context() as patch:
            patch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
            order = make_order(webhook_to("https://mixed.example/"))
            return await connector(allow_private=()).perform(order)

    outcome = asyncio.run(run())
    assert isinstance(outcome, Rejected)
    assert "169.254.169.254" in outcome.reason


def test_tls_is_verified_against_the_name(tmp_path: Path) -> None:
    """A certificate for the name is accepted; the same server under another name is not."""
    server, client = make_contexts(tmp_path)

    async def run() -> tuple[Outcome, Outcome]:
        async with http_peer(lambda _: Said(200), tls=server) as peer:
            allowed = read_networks(["127.0.0.0/8", "::1/128"])
            trusted = connector(ssl_context=client, allow_private=allowed)
            right = make_order(webhook_to(peer.url("/", scheme="https", host="localhost")))
            wrong = make_order(webhook_to(peer.url("/", scheme="https")))
            return await trusted.perform(right), await trusted.perform(wrong)

    right, wrong = asyncio.run(run())
    assert isinstance(right, Delivered)
    assert isinstance(wrong, RetryLater)
