"""The clock that is moved by hand."""

import asyncio

from autoc.runtime.clock import SystemClock
from autoc.runtime.virtual_clock import VirtualClock


def test_sleepers_wake_in_order_at_their_own_time() -> None:
    """Advancing stops wherever a sleeper wakes, and wakes nobody early (law C2)."""

    async def play() -> list[tuple[str, int]]:
        clock, woken = VirtualClock(100), []

        async def sleeper(name: str, seconds: int) -> None:
            await clock.sleep(seconds)
            woken.append((name, clock.now()))

        tasks = [
            asyncio.create_task(sleeper(name, seconds))
            for name, seconds in (("c", 30), ("a", 10), ("b", 20))
        ]
        await asyncio.sleep(0)
        await clock.advance(25)
        assert clock.next_wake() == 130
        await clock.advance(5)
        await asyncio.gather(*tasks)
        return woken

    assert asyncio.run(play()) == [("a", 110), ("b", 120), ("c", 130)]


def test_system_clock_never_goes_back() -> None:
    """Law C1, while the wall clock is set back."""
    clock = SystemClock()
    first = clock.now()
    clock._latest = first + 1000
    assert clock.now() == first + 1000
