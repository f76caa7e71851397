"""The machine's clock (`ports`, laws C1 and C2). Nothing else reads it."""

import time
from datetime import UTC, date, datetime


def today() -> date:
    """The present date in UTC."""
    return datetime.now(UTC).date()


class SystemClock:
    """The wall clock, which never goes back within one process."""

    def __init__(self) -> None:
        self._latest = 0

    def now(self) -> int:
        """The present second; while the wall clock is behind, the latest one given out."""
        self._latest = max(self._latest, int(time.time()))
        return self._latest

    async def sleep(self, seconds: float) -> None:
        """Wait, by the monotonic clock."""
        import asyncio  # the compiler's commands read the date, and need no event loop

        await asyncio.sleep(max(0.0, seconds))
