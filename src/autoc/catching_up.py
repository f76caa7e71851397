"""Events whose delivery was missed: read from Stripe's list on start, and every so often.

What is found goes through the same inbox as the webhooks, so an event that came both ways is taken
once. On an empty database nothing from before the start is taken, unless `--since` asks for it.
"""

import json

import attrs
import structlog

from autoc.connectors.stripe.reading import StripeReader
from autoc.runtime.engine import Engine
from autoc.runtime.ports import Clock, ReadFailed, StoreFailed
from autoc.stripe_objects.events import StripeEvent, read_event

CURSOR = "catch_up:since"
INTERVAL_SECONDS = 300
OVERLAP_SECONDS = 600
"""How far back of the last look the next one begins: events become visible late."""
AGE_SECONDS_MAX = 30 * 86400
"""Stripe keeps events for 30 days."""

log = structlog.get_logger("autoc")


@attrs.define(kw_only=True)
class CatchUp:
    """Looks for missed events. `since` is where to begin, in epoch seconds, if an operator said."""

    engine: Engine
    reader: StripeReader
    clock: Clock
    since: int | None = None

    async def run(self) -> None:
        """Look now, and then every so often."""
        while True:
            await self.look()
            await self.clock.sleep(INTERVAL_SECONDS)

    async def look(self) -> None:
        """Look once. What fails is logged, and looked for again the next time."""
        now = self.clock.now()
        start = await self._start(now)
        events = await self.reader.list_events(since=max(start, now - AGE_SECONDS_MAX))
        if isinstance(events, ReadFailed):
            log.warning("events could not be listed", reason=events.reason)
            return
        taken = 0
        for document in events:
            event = read_event(document)
            if not isinstance(event, StripeEvent):
                continue
            try:
                accepted = await self.engine.accept(event, json.dumps(document))
            except StoreFailed as error:
                log.warning("an event could not be kept", event_id=event.id, reason=str(error))
                return
            taken += accepted.status == "handled"
        if taken:
            log.info("missed events taken", count=taken)
        await self.engine.writer.change(lambda tx: tx.put_setting(CURSOR, str(now)))
        self.since = None

    async def _start(self, now: int) -> int:
        if self.since is not None:
            return self.since
        last = await self.engine.writer.ask(lambda store: store.setting(CURSOR))
        return int(last) - OVERLAP_SECONDS if last is not None else now
