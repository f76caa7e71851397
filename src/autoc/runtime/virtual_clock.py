"""A clock that is moved by hand (`ports`, laws C1 and C2)."""

import asyncio
import heapq


class VirtualClock:
    """A clock that stands still until it is advanced. Sleepers wake in the order of their time."""

    def __init__(self, now: int = 0) -> None:
        self._now = now
        self._order = 0
        self._sleepers: list[tuple[float, int, asyncio.Event]] = []

    def now(self) -> int:
        """The second to which the clock was advanced."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock was advanced by `seconds`; it always gives way to others once."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken = asyncio.Event()
        self._order += 1
        heapq.heappush(self._sleepers, (self._now + seconds, self._order, woken))
        await woken.wait()

    def next_wake(self) -> float | None:
        """When the first sleeper wakes; None when nobody sleeps."""
        return self._sleepers[0][0] if self._sleepers else None

    async def advance(self, seconds: int) -> None:
        """Move on, stopping wherever a sleeper wakes, so that it sees its own time."""
        await self.advance_to(self._now + seconds)

    async def advance_to(self, instant: int) -> None:
        """As `advance`, to `instant`; a clock never goes back."""
        while self._sleepers and self._sleepers[0][0] <= instant:
            due, _, woken = heapq.heappop(self._sleepers)
            self._now = max(self._now, -int(-due // 1))
            woken.set()
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        self._now = max(self._now, instant)
        await asyncio.sleep(0)
