"""The SQLite store beyond the laws of the port: failures, plans of queries, pruning, backups."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autoc.runtime.ports import JournalEntry, RunFilter, StoreFailed
from autoc.runtime.state import Foretold, PendingStart
from autoc.stores.sqlite.store import SqliteStore, open_store
from support.store_rows import RULE, event, look, run, state, timer


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """An empty database."""
    store = open_store(tmp_path / "autoc.db", for_daemon=True)
    yield store
    store.close()


def test_full_disk_writes_nothing(store: SqliteStore) -> None:
    """A disk that is full is a `StoreFailed`; the earlier rows stand, and room makes it go on."""
    pages = store._connection.execute("PRAGMA page_count").fetchone()[0]

    def fill() -> None:
        with store.transaction() as transaction:
            for number in range(50):
                transaction.add_event(event(f"large {number}", body="x" * 9000))

    with store.transaction() as transaction:
        transaction.add_event(event("first"))
    store._connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StoreFailed, match=r"the database cannot be written: .*full"):
        fill()
    assert store.counts()["events"] == 1
    store._connection.execute("PRAGMA max_page_count = 100000")
    fill()
    assert store.counts()["events"] == 51
    assert store.check_integrity() is None


def test_read_only_database_is_told(store: SqliteStore) -> None:
    """What cannot be written is a `StoreFailed`, and can still be read."""
    store._connection.execute("PRAGMA query_only = ON")
    with (
        pytest.raises(StoreFailed, match=r"the database cannot be written: .*readonly"),
        store.transaction() as transaction,
    ):
        transaction.put_setting("a", "1")
    assert store.setting("a") is None


def test_locked_database_is_told(store: SqliteStore) -> None:
    """Another writer that does not let go is a `StoreFailed` before anything is done."""
    store._connection.execute("PRAGMA busy_timeout = 10")
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    entered = []
    with (
        pytest.raises(StoreFailed, match=r"the database cannot be written: .*locked"),
        store.transaction(),
    ):
        entered.append(True)
    assert entered == []
    other.close()
    with store.transaction() as transaction:
        transaction.put_setting("a", "1")


QUERIES: dict[str, tuple[Callable[[SqliteStore], object], str]] = {
    "due timers": (lambda s: s.due_timers(until=5, limit=9), "timers_by_due"),
    "run": (lambda s: s.run("r1"), "PRIMARY KEY"),
    "state": (lambda s: s.state("k"), "sqlite_autoindex_objects"),
    "event": (lambda s: s.event("e"), "sqlite_autoindex_events"),
    "journal of a run": (lambda s: s.journal(run="r1"), "journal_by_run"),
    "journal of an object": (lambda s: s.journal(key="k"), "journal_by_key"),
    "first runs": (lambda s: s.runs(RunFilter(limit=9)), "runs_by_start"),
    "active runs": (lambda s: s.runs(RunFilter(status="active", limit=9)), "runs_by_status"),
    "runs of one automation": (lambda s: s.runs(RunFilter(automation="a")), "runs_by_automation"),
    "runs of an object": (lambda s: s.runs(RunFilter(object_id="in")), "runs_by_object"),
    "failed runs": (lambda s: s.runs(RunFilter(failed_steps=True)), "runs_failed"),
    "paused": (lambda s: s.paused(), "PRIMARY KEY"),
}
UNSORTED = ("due timers", "first runs", "active runs", "failed runs", "journal of a run")


@pytest.mark.parametrize("name", QUERIES)
def test_queries_use_an_index(store: SqliteStore, name: str) -> None:
    """The query as it is run finds its rows by an index: a million others cost nothing."""
    ask, index = QUERIES[name]
    statements: list[str] = []
    store._connection.set_trace_callback(statements.append)
    ask(store)
    store._connection.set_trace_callback(None)
    (query,) = [each for each in statements if each.startswith("SELECT")]
    steps = [row[3] for row in store._connection.execute(f"EXPLAIN QUERY PLAN {query}")]
    assert any(index in step for step in steps), steps
    assert not any(step.startswith("SCAN") and "INDEX" not in step for step in steps), steps
    if name in UNSORTED:
        assert not any("TEMP B-TREE" in step for step in steps), steps


def test_pruning_forgets_what_is_past(store: SqliteStore) -> None:
    """A finished run goes with its journal, its object's state, its events and its automation."""
    with store.transaction() as transaction:
        old = run("r1", status="completed", finished=50)
        transaction.save(state("in_1", old, seen_at=40))
        transaction.keep_automation(old.digest, RULE)
        transaction.add_event(event("evt_1", received=10))
        transaction.add_event(event("evt_2", received=10, key=None, status="ignored"))
        for name in ("r1", None):
            transaction.add_journal(JournalEntry(key="acct_1/in_1", at=20, kind="x", run=name))
        transaction.save(state("in_2", seen_at=40))
    assert store.prune(before=100) == {
        "journal": 2,
        "runs": 1,
        "objects": 2,
        "events": 2,
        "automations": 1,
    }
    assert store.counts() == {"events": 0, "timers": 0, "orders": 0}
    assert store.journal(key="acct_1/in_1") == []
    assert store.run("r1") is None
    assert set(store.prune(before=100).values()) == {0}


def test_pruning_leaves_what_is_young(store: SqliteStore) -> None:
    """What finished or arrived at `before` or later stays, whole."""
    with store.transaction() as transaction:
        young = state("in_1", run("r1", status="failed", started=1, finished=100), seen_at=5)
        transaction.save(young)
        transaction.add_event(event("evt_1", received=100))
        transaction.add_journal(JournalEntry(key="acct_1/in_1", at=1, kind="x", run="r1"))
    assert set(store.prune(before=100).values()) == {0}
    assert store.state(young.key) == young


def test_pruning_leaves_what_is_active(store: SqliteStore) -> None:
    """A run that goes on keeps its journal and its object's events, however old they are."""
    with store.transaction() as transaction:
        active = run("r1")
        past = run("r0", status="ended", finished=5)
        transaction.save(state("in_1", past, active, seen_at=1))
        transaction.keep_automation(active.digest, RULE)
        transaction.add_event(event("evt_1", received=1))
        for name in ("r0", "r1", None):
            transaction.add_journal(JournalEntry(key="acct_1/in_1", at=1, kind="x", run=name))
        transaction.arm(timer("step", 5))
    counts = store.prune(before=100)
    assert counts == {"journal": 1, "runs": 1, "objects": 0, "events": 0, "automations": 0}
    assert store.state("acct_1/in_1") == state("in_1", active, seen_at=1)
    assert [each.run for each in store.journal(key="acct_1/in_1")] == ["r1", None]
    assert store.event("evt_1") is not None
    assert store.automation(active.digest) == RULE


GOING_ON = {
    "an occurrence that is still true": {"open": ("invoice.overdue",)},
    "an occurrence foretold": {
        "foretold": (Foretold(trigger="invoice.overdue", anchor=500, generation=1),)
    },
    "a start that waits": {
        "pending": (PendingStart(trigger="invoice.finalized", since=1, anchor=None),)
    },
    "a sighting of late": {"seen_at": 100},
}


@pytest.mark.parametrize("more", GOING_ON.values(), ids=list(GOING_ON))
def test_pruning_remembers_what_goes_on(store: SqliteStore, more: dict[str, object]) -> None:
    """An object that is not at rest keeps its state, or its occurrence would be selected again."""
    with store.transaction() as transaction:
        transaction.save(state("in_1", run("r1", status="completed", finished=5), **more))
    assert store.prune(before=100)["runs"] == 1
    assert store.state("acct_1/in_1") == state("in_1", **more)


def test_pruning_leaves_work(store: SqliteStore) -> None:
    """Events that nobody handled, timers, and orders with their runs are never forgotten."""
    with store.transaction() as transaction:
        transaction.add_event(event("evt_1", received=1, status="accepted", key=None))
        transaction.save(state("in_1", run("r1", status="canceled", finished=5), seen_at=1))
        transaction.add_order(look("look_1"))
        transaction.save(state("in_2", seen_at=1))
        transaction.arm(timer("foretold:x", 900, key="acct_1/in_2"))
    assert set(store.prune(before=100).values()) == {0}
    assert store.open_orders() == [look("look_1")]
    assert store.state("acct_1/in_2") is not None


def test_backup_is_a_database(store: SqliteStore, tmp_path: Path) -> None:
    """A backup taken while the store is in use holds what was committed, and can be run on."""
    target = tmp_path / "backup.db"
    target.write_text("an older backup")
    with store.transaction() as transaction:
        transaction.save(state("in_1", run("r1")))
    store.back_up(target)
    with store.transaction() as transaction:
        transaction.add_event(event("evt_1"))
    copy = open_store(target, for_daemon=True)
    assert copy.run("r1") is not None
    assert copy.event("evt_1") is None
    assert copy.check_integrity() is None
    copy.close()


def test_backup_that_fails_leaves_the_older_one(store: SqliteStore, tmp_path: Path) -> None:
    """Only a whole copy takes the name; the database itself is no place for it."""
    with pytest.raises(StoreFailed, match="cannot be"):
        store.back_up(tmp_path / "nowhere" / "backup.db")
    with pytest.raises(StoreFailed, match=r"`autoc\.db` is the database itself"):
        store.back_up(store.path)
    (tmp_path / "folder").mkdir()
    with pytest.raises(StoreFailed, match="`folder` cannot be written"):
        store.back_up(tmp_path / "folder")
    assert not list(tmp_path.glob("**/*.partial"))


def test_broken_file_is_found(tmp_path: Path) -> None:
    """A database that was damaged says so when it is asked."""
    path = tmp_path / "autoc.db"
    store = open_store(path, for_daemon=True)
    with store.transaction() as transaction:
        for number in range(200):
            transaction.add_event(event(f"evt_{number}", body="x" * 500))
    store.close()
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 9000] = b"\x55" * 9000
    path.write_bytes(content)
    store = open_store(path, for_daemon=True)
    found = store.check_integrity()
    assert found is not None
    store.close()
