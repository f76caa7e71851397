"""One webhook: read within limits, verified, decoded, handed to the engine.

| what is wrong | answer |
|---|---|
| more than 1 MiB | 413 |
| the body does not come within ten seconds | 408 |
| signature missing, wrong, too old, from the future | 400 |
| not JSON, not an event | 400 |
| the store cannot write | 503, so that Stripe sends it again |
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Protocol

import attrs
import orjson

from autoc.runtime.engine import Accepted
from autoc.runtime.ports import StoreFailed
from autoc.server.signature import verify_signature
from autoc.stripe_objects.events import Refusal, StripeEvent, read_event

BODY_BYTES_MAX = 1024 * 1024
BODY_SECONDS_MAX = 10.0


class Inbox(Protocol):
    """What takes an event in, durably."""

    async def accept(self, event: StripeEvent, body: str) -> Accepted:
        """Returns when the event is durable."""


@attrs.frozen(kw_only=True)
class Reply:
    """A status code, and a sentence for the log and the sender."""

    status: int
    text: str


class BodyTooLarge(Exception):  # noqa: N818 - it names what happened
    """The body is larger than `BODY_BYTES_MAX`."""


async def take_webhook(
    chunks: AsyncIterator[bytes],
    *,
    signature: str | None,
    secrets: Sequence[str],
    now: int,
    inbox: Inbox,
) -> Reply:
    """The reply to one webhook."""
    try:
        async with asyncio.timeout(BODY_SECONDS_MAX):
            body = await read_body(chunks)
    except BodyTooLarge:
        return Reply(status=413, text=f"the body is larger than {BODY_BYTES_MAX} bytes")
    except TimeoutError:
        return Reply(status=408, text=f"the body did not come within {BODY_SECONDS_MAX:g} seconds")
    wrong = verify_signature(body, signature, secrets=secrets, now=now)
    if wrong is not None:
        return Reply(status=400, text=wrong)
    event = _decode(body)
    if isinstance(event, Refusal):
        return Reply(status=400, text=event.message)
    try:
        accepted = await inbox.accept(event, body.decode("utf-8", "replace"))
    except StoreFailed as error:
        return Reply(status=503, text=f"the event could not be kept: {error}")
    note = f": {accepted.note}" if accepted.note else ""
    return Reply(status=200, text=f"{accepted.status}{note}")


async def read_body(chunks: AsyncIterator[bytes]) -> bytes:
    """The whole body. Raises `BodyTooLarge` as soon as it is too large."""
    parts: list[bytes] = []
    length = 0
    async for chunk in chunks:
        length += len(chunk)
        if length > BODY_BYTES_MAX:
            raise BodyTooLarge
        parts.append(chunk)
    return b"".join(parts)


def _decode(body: bytes) -> StripeEvent | Refusal:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return Refusal(message="the body is no JSON")
    return read_event(document)
