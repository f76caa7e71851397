"""Durable ingest into the store beside plain SQLite: wall time, as ratios of the same run.

Both commit the same number of events together, with the same bodies and the same durability. The
peer only inserts the event; the store writes the object's state, a timer and a journal line too,
as for an event that began a run. Run by hand: `PYTHONPATH=tests python
tests/benchmarks/bench_store.py [EVENTS]`.
"""

import random
import sqlite3
import string
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from autoc.runtime.ports import InboxEvent, JournalEntry
from autoc.stores.sqlite.store import open_store
from support.store_rows import event, run, state, timer

COUNT = 8_000
BODY_BYTES = 5_000
GROUPS = (1, 16, 128, 512)
PLAIN = "CREATE TABLE events (id TEXT PRIMARY KEY, body TEXT NOT NULL)"


def make_events(count: int) -> list[InboxEvent]:
    """Events with ids in no order, as those of the provider."""
    chance = random.Random(1)
    return [
        event("evt_" + "".join(chance.choices(string.ascii_letters, k=24)), body="x" * BODY_BYTES)
        for _ in range(count)
    ]


def time_plain(path: Path, events: list[InboxEvent], group: int) -> float:
    """Seconds for plain inserts, `group` in each commit."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(PLAIN)
    began = perf_counter()
    for first in range(0, len(events), group):
        connection.execute("BEGIN IMMEDIATE")
        for each in events[first : first + group]:
            connection.execute("INSERT INTO events VALUES (?, ?)", (each.id, each.body))
        connection.execute("COMMIT")
    seconds = perf_counter() - began
    connection.close()
    return seconds


def time_store(path: Path, events: list[InboxEvent], group: int, *, whole: bool) -> float:
    """Seconds for the store; `whole` writes all that an event brings, else the event alone."""
    store = open_store(path, for_daemon=True)
    began = perf_counter()
    for first in range(0, len(events), group):
        with store.transaction() as transaction:
            for each in events[first : first + group]:
                transaction.add_event(each)
                if not whole:
                    continue
                key = f"acct_1/{each.id}"
                transaction.save(state(each.id, run(f"run_{each.id}")))
                transaction.arm(timer("step", 10**9, key=key))
                transaction.add_journal(JournalEntry(key=key, at=1, kind="selected"))
    seconds = perf_counter() - began
    store.close()
    return seconds


def main() -> None:
    """Print one line for each size of group."""
    events = make_events(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT)
    for group in GROUPS:
        taken = events if group > 1 else events[: len(events) // 8]
        with TemporaryDirectory() as name:
            folder = Path(name)
            plain = time_plain(folder / "plain.db", taken, group)
            alone = time_store(folder / "alone.db", taken, group, whole=False)
            whole = time_store(folder / "whole.db", taken, group, whole=True)
        print(
            f"{group:4} a commit: plain {len(taken) / plain:7.0f} events/s  "
            f"event alone/plain {alone / plain:.2f}  whole/plain {whole / plain:.2f}"
        )


if __name__ == "__main__":
    main()
