"""Signed webhooks: every event to every endpoint, tried again until it is taken.

Duplicates and a changed order come on demand; each delivery has its own time and signature.
"""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable

import attrs
import httpx2

from autoc.double.account import Json

ATTEMPTS_MAX = 5
BACKOFF_SECONDS = 0.2


@attrs.frozen(kw_only=True)
class Endpoint:
    """Where webhooks go, and the secret that they are signed with."""

    url: str
    secret: str = attrs.field(repr=False)


@attrs.define(kw_only=True)
class Deliveries:
    """Sends events. `duplicates` sends each so many times more; `reversed_batch` holds that many
    events back and sends them in reverse."""

    endpoint: Endpoint
    now: Callable[[], int]
    duplicates: int = 0
    reversed_batch: int = 0
    failed: list[str] = attrs.field(factory=list)
    _held: list[Json] = attrs.field(factory=list)
    _tasks: set["asyncio.Task[None]"] = attrs.field(factory=set)
    _last: "asyncio.Task[None] | None" = None

    def deliver(self, event: Json) -> None:
        """Send `event` soon. Called for every event, inside the event loop."""
        self._held.append(event)
        if len(self._held) < max(1, self.reversed_batch):
            return
        held, self._held = self._held, []
        for each in reversed(held) if self.reversed_batch else held:
            for _ in range(1 + self.duplicates):
                self._begin(each)

    def _begin(self, event: Json) -> None:
        task = asyncio.get_running_loop().create_task(self._send(event, self._last))
        self._last = task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being sent."""
        return not self._tasks

    async def settle(self) -> None:
        """Wait until everything was sent or given up."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _send(self, event: Json, before: "asyncio.Task[None] | None") -> None:
        if before is not None:
            await asyncio.wait((before,))
        body = json.dumps(event).encode()
        async with httpx2.AsyncClient(timeout=10.0) as client:
            for attempt in range(ATTEMPTS_MAX):
                try:
                    answer = await client.post(
                        self.endpoint.url,
                        content=body,
                        headers={
                            "content-type": "application/json",
                            "stripe-signature": self._sign(body),
                        },
                    )
                    if answer.is_success:
                        return
                except httpx2.HTTPError:
                    pass  # tried again below; a delivery that never succeeds is kept in `failed`
                await asyncio.sleep(BACKOFF_SECONDS * 2**attempt)
        self.failed.append(str(event["id"]))

    def _sign(self, body: bytes) -> str:
        at = self.now()
        signed = f"{at}.".encode() + body
        digest = hmac.digest(self.endpoint.secret.encode(), signed, hashlib.sha256).hex()
        return f"t={at},v1={digest}"
