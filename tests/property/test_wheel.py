"""The timer wheel against a sorted list."""

from hypothesis import given, settings
from hypothesis import strategies as st

from autoc.runtime.wheel import TimerWheel

NAMES = st.integers(0, 12)
DELAYS = st.one_of(
    st.integers(-5, 200), st.integers(0, 70_000), st.integers(0, 40_000_000), st.just(64**4)
)
MOVES = st.one_of(
    st.tuples(st.just("insert"), NAMES, DELAYS),
    st.tuples(st.just("cancel"), NAMES, st.just(0)),
    st.tuples(st.just("advance"), st.just(0), DELAYS.filter(lambda delay: delay >= 0)),
)


@given(start=st.integers(0, 2_000_000_000), moves=st.lists(MOVES, max_size=40))
@settings(max_examples=300, deadline=None)
def test_wheel_does_what_a_sorted_list_does(start: int, moves: list[tuple[str, int, int]]) -> None:
    """Any sequence of inserts, cancels and advances gives the timers that a sorted list gives."""
    wheel: TimerWheel[int] = TimerWheel(start)
    twin: dict[int, tuple[int, int]] = {}
    now, count = start, 0
    for what, name, number in moves:
        if what == "insert":
            count += 1
            wheel.insert(name, now + number)
            twin[name] = (now + number, count)
        elif what == "cancel":
            assert wheel.cancel(name) == (twin.pop(name, None) is not None)
        else:
            now += number
            due = sorted((each, key) for key, each in twin.items() if each[0] <= now)
            assert wheel.advance(now) == [key for _, key in due]
            for _, key in due:
                del twin[key]
        assert len(wheel) == len(twin)
        assert {key: wheel.due_of(key) for key in twin} == {k: v[0] for k, v in twin.items()}
        following = wheel.next_due()
        assert (following is None) == (not twin)
        if following is not None:
            assert following <= min(due for due, _ in twin.values())


@given(start=st.integers(0, 2_000_000_000), delays=st.lists(DELAYS, min_size=1, max_size=20))
@settings(max_examples=100, deadline=None)
def test_sleeping_until_next_due_misses_nothing(start: int, delays: list[int]) -> None:
    """Advancing from `next_due` to `next_due` gives every timer exactly at its time."""
    wheel: TimerWheel[int] = TimerWheel(start)
    for name, delay in enumerate(delays):
        wheel.insert(name, start + delay)
    wakings = 0
    while (following := wheel.next_due()) is not None:
        wakings += 1
        for name in wheel.advance(max(following, wheel.now)):
            assert max(start + delays[name], start) == wheel.now
    assert len(wheel) == 0
    assert wakings <= 8 * len(delays)
