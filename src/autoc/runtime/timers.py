"""The timers of the engine: one horizon of them in a wheel, the rest in the store's due index.

A million runs that wait for weeks cost the disk and not memory. A timer that is armed beyond the
horizon is not kept in mind; when the horizon moves on, it is read with all that have come into it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from autoc.runtime.ports import Clock, TimerRow
from autoc.runtime.wheel import TimerWheel
from autoc.runtime.writer import Writer

HORIZON_SECONDS = 3600
PAGE_ROWS = 5000
FIRE_AT_A_TIME = 1000
RETRY_SECONDS = 1.0

Fire = Callable[[Sequence[TimerRow]], Awaitable[None]]


class Timers:
    """Calls `fire` with timers that have come due, oldest first."""

    def __init__(self, *, writer: Writer, clock: Clock, fire: Fire) -> None:
        self._writer = writer
        self._clock = clock
        self._fire = fire
        self._rows: dict[tuple[str, str], TimerRow] = {}
        self._wheel: TimerWheel[tuple[str, str]] = TimerWheel(clock.now())
        self._known_until = -1
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.is_busy = True

    async def start(self) -> None:
        """Load one horizon, and begin."""
        await self._load()
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Fire nothing more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def arm(self, row: TimerRow) -> None:
        """Keep a timer in mind, if it is due within the horizon."""
        name = (row.key, row.timer)
        if row.due > self._known_until:
            self.disarm(*name)
            return
        self._rows[name] = row
        self._wheel.insert(name, row.due)
        self._changed.set()

    def disarm(self, key: str, timer: str) -> None:
        """Forget a timer."""
        if self._rows.pop((key, timer), None) is not None:
            self._wheel.cancel((key, timer))

    async def _load(self) -> None:
        """Read the timers that have come into the horizon."""
        until = self._clock.now() + HORIZON_SECONDS
        rows = await self._writer.ask(lambda store: store.due_timers(until=until, limit=PAGE_ROWS))
        is_all = len(rows) < PAGE_ROWS
        self._known_until = until if is_all else max(rows[-1].due, self._known_until)
        for row in rows:
            if (row.key, row.timer) not in self._rows:
                self.arm(row)

    async def _run(self) -> None:
        while True:
            self._changed.clear()
            now = self._clock.now()
            if now >= self._known_until - HORIZON_SECONDS // 2:
                await self._load()
            names = self._wheel.advance(now)
            if names:
                await self._fire_all([self._rows.pop(name) for name in names])
                continue
            following = self._wheel.next_due()
            reload = self._known_until - HORIZON_SECONDS // 2
            wait = min(reload, following if following is not None else reload) - now
            self.is_busy = self._changed.is_set()
            await self._sleep(max(0.05, wait))
            self.is_busy = True

    async def _fire_all(self, rows: list[TimerRow]) -> None:
        """Fire every row; what the store refuses now is tried again, and stays in the store."""
        for start in range(0, len(rows), FIRE_AT_A_TIME):
            part = rows[start : start + FIRE_AT_A_TIME]
            try:
                await self._fire(part)
            except Exception as error:  # the rows stay in the store; the daemon goes on
                asyncio.get_running_loop().call_exception_handler(
                    {"message": "timers could not be fired", "exception": error}
                )
                await asyncio.sleep(RETRY_SECONDS)
                for row in part:
                    self.arm(row)

    async def _sleep(self, seconds: float) -> None:
        """Until a timer is due by the clock, or another one is armed."""
        sleeping = asyncio.ensure_future(self._clock.sleep(seconds))
        changing = asyncio.ensure_future(self._changed.wait())
        await asyncio.wait((sleeping, changing), return_when=asyncio.FIRST_COMPLETED)
        for each in (sleeping, changing):
            each.cancel()
        await asyncio.gather(sleeping, changing, return_exceptions=True)
