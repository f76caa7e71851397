"""A process that is killed loses nothing that it committed, and leaves nothing half-written.

Laws S1 and S2 of the store (runtime/ports.py), with real processes and SIGKILL. A kill says nothing
of a power failure: what then is kept is up to `synchronous` and the disk.
"""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from autoc.stores.sqlite.store import SqliteStore, open_store
from support import store_writer
from support.store_writer import EVENTS_EACH, KEY, write_number

ROUNDS = 6
POINTS_MAX = 60


def last_whole(store: SqliteStore) -> int:
    """The number of the last transaction, after checking that every part of it is there."""
    state = store.state(KEY)
    number = 0 if state is None else state.seen_at
    assert store.setting("number") == (str(number) if number else None)
    assert store.counts()["events"] == EVENTS_EACH * number
    assert [entry.at for entry in store.journal(key=KEY)] == list(range(1, number + 1))
    assert [each.due for each in store.due_timers(until=number, limit=9)] == [number][:number]
    assert [each.effect.id for each in store.open_orders()] == [f"look_{number}"][:number]
    return number


def test_killed_writer_loses_nothing(tmp_path: Path) -> None:
    """Killed again and again at any instant: what it told of is there, and the rest is whole."""
    path = tmp_path / "autoc.db"
    chance = random.Random(7)
    last = 0
    for _ in range(ROUNDS):
        told = _kill_a_writer(path, first=last + 1, after=last + chance.randrange(1, 25))
        store = open_store(path, for_daemon=True)
        found = last_whole(store)
        assert store.check_integrity() is None
        store.close()
        assert told <= found <= told + 1
        last = found


def _kill_a_writer(path: Path, *, first: int, after: int) -> int:
    """The last number that a writer told of before it was killed, some time after `after`."""
    with subprocess.Popen(
        [sys.executable, store_writer.__file__, str(path), str(first)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as writer:
        assert writer.stdout is not None
        told = 0
        while told < after:
            told = int(writer.stdout.readline())
        writer.kill()
        rest = [line for line in writer.stdout.read().splitlines(keepends=True) if line[-1] == "\n"]
        assert writer.wait() == -signal.SIGKILL
    return int(rest[-1]) if rest else told


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_kill_at_every_statement(tmp_path: Path) -> None:
    """Killed before statement 1, then 2, and so on until it ends unkilled: all or nothing.

    The kill before the commit's statement leaves nothing; the first one after it leaves everything.
    """
    seen: list[int] = []
    for point in range(1, POINTS_MAX):
        path = tmp_path / f"{point}.db"
        first = open_store(path, for_daemon=True)
        with first.transaction() as transaction:
            write_number(transaction, 1)
        first.close()
        killed = _write_and_die(path, point)
        store = open_store(path, for_daemon=True)
        seen.append(last_whole(store))
        store.close()
        if not killed:
            break
    assert not killed
    assert seen == sorted(seen)
    assert seen[0] == 1
    assert seen[-1] == 2
    assert len(seen) > 10


def _write_and_die(path: Path, point: int) -> bool:
    """Write the second transaction in a process that is killed before its statement `point`."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            _write_counting(path, point)
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.waitstatus_to_exitcode(status) == 0
    return False


def _write_counting(path: Path, point: int) -> None:
    store = open_store(path, for_daemon=True)
    left = point

    def count(_: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    store._connection.set_trace_callback(count)
    with store.transaction() as transaction:
        write_number(transaction, 2)
    store.setting("number")
