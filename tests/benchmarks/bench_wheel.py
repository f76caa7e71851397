"""The timer wheel beside `heapq` with lazy deletion: CPU time, as ratios of the same run.

Run by hand: `python tests/benchmarks/bench_wheel.py`.
"""

import heapq
import random
from time import process_time

from autoc.runtime.wheel import TimerWheel

COUNT = 100_000
HORIZON_SECONDS = 30 * 86400


def time_wheel(delays: list[int], canceled: list[int]) -> tuple[float, float, float]:
    """Seconds for all inserts, all cancels, and an advance over everything."""
    wheel: TimerWheel[int] = TimerWheel(0)
    began = process_time()
    for name, delay in enumerate(delays):
        wheel.insert(name, delay)
    inserted = process_time()
    for name in canceled:
        wheel.cancel(name)
    cancels = process_time()
    assert len(wheel.advance(HORIZON_SECONDS)) == len(delays) - len(canceled)
    return inserted - began, cancels - inserted, process_time() - cancels


def time_heap(delays: list[int], canceled: list[int]) -> tuple[float, float, float]:
    """The same with a heap whose canceled entries are dropped when they come up."""
    heap: list[tuple[int, int]] = []
    alive: set[int] = set()
    began = process_time()
    for name, delay in enumerate(delays):
        heapq.heappush(heap, (delay, name))
        alive.add(name)
    inserted = process_time()
    for name in canceled:
        alive.discard(name)
    cancels = process_time()
    fired = 0
    while heap:
        fired += heapq.heappop(heap)[1] in alive
    assert fired == len(delays) - len(canceled)
    return inserted - began, cancels - inserted, process_time() - cancels


def main() -> None:
    """Print one line for each operation: wheel time divided by heap time."""
    chance = random.Random(1)
    delays = [chance.randrange(1, HORIZON_SECONDS) for _ in range(COUNT)]
    canceled = chance.sample(range(COUNT), COUNT // 2)
    rows = zip(
        ("insert", "cancel", "advance"),
        time_wheel(delays, canceled),
        time_heap(delays, canceled),
        strict=True,
    )
    for name, wheel, heap in rows:
        print(f"{name:8} wheel {wheel * 1e9 / COUNT:6.0f} ns  wheel/heap {wheel / heap:.2f}")


if __name__ == "__main__":
    main()
