"""The store on disk gives the same answers as the store in memory, which is simple."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from autoc.runtime.ports import JournalEntry, RunFilter, Store, Transaction
from autoc.stores.memory.store import MemoryStore
from autoc.stores.sqlite.store import open_store
from support.store_rows import RULE, event, look, run, state, timer

Change = Callable[[Transaction], object]
NAMES = st.sampled_from(("a", "b", "é"))
KEYS = st.sampled_from(("acct_1/in_1", "acct_1/in_2"))
SMALL = st.integers(0, 3)
STATUSES = st.sampled_from(("active", "completed", "failed"))
FILTERS = st.builds(
    RunFilter,
    status=st.none() | STATUSES,
    automation=st.none() | NAMES,
    object_id=st.none() | st.sampled_from(("in_1", "in_2")),
    failed_steps=st.booleans(),
    limit=st.none() | SMALL,
)


class Undone(Exception):  # noqa: N818 - it names what becomes of the transaction
    """Ends a transaction without a commit."""


@st.composite
def changes(draw: st.DrawFn) -> Change:
    """One change of any kind."""
    name, key, number = draw(NAMES), draw(KEYS), draw(SMALL)
    ref = key.rpartition("/")[2]
    runs = [
        run(
            f"{ref}-{n}",
            status=draw(STATUSES),
            started=n,
            automation=name,
            failed=draw(st.booleans()),
        )
        for n, name in enumerate("ab")
    ]
    kinds: tuple[Change, ...] = (
        lambda tx: tx.add_event(event(name)),
        lambda tx: tx.settle_event(name, status="failed", note=key),
        lambda tx: tx.save(state(ref, *runs, seen_at=number)),
        lambda tx: tx.load(key),
        lambda tx: tx.arm(timer(name, number, key=key)),
        lambda tx: tx.disarm(key, name),
        lambda tx: tx.add_order(look(name, key=key)),
        lambda tx: tx.remove_order(name),
        lambda tx: tx.add_journal(JournalEntry(key=key, at=number, kind=name, run=name)),
        lambda tx: tx.keep_automation(name, RULE),
        lambda tx: tx.put_setting(f"paused:{name}", "1"),
        lambda tx: tx.put_setting(f"paused:{name}", None),
        lambda tx: tx.setting(f"paused:{name}"),
    )
    return draw(st.sampled_from(kinds))


def answers(store: Store, wanted: RunFilter) -> list[object]:
    """Everything that can be asked."""
    return [
        dict(store.counts()),
        list(store.due_timers(until=2, limit=3)),
        list(store.open_orders()),
        list(store.paused()),
        list(store.runs(wanted)),
        *(store.event(name) for name in ("a", "b", "é")),
        *(store.automation(name) for name in ("a", "b", "é")),
        *(list(store.journal(run=name)) for name in ("a", "b", "é")),
        *(store.state(f"acct_1/{ref}") for ref in ("in_1", "in_2")),
        *(list(store.journal(key=f"acct_1/{ref}")) for ref in ("in_1", "in_2")),
    ]


def apply(store: Store, batch: list[Change], *, undo: bool) -> list[object]:
    """What each change of one transaction answered."""
    told: list[object] = []
    try:
        with store.transaction() as transaction:
            told.extend(change(transaction) for change in batch)
            if undo:
                raise Undone
    except Undone:
        told.append("undone")
    return told


@settings(max_examples=40, deadline=None)
@given(
    batches=st.lists(st.tuples(st.lists(changes(), max_size=8), st.booleans()), max_size=6),
    wanted=FILTERS,
)
def test_disk_is_like_memory(batches: list[tuple[list[Change], bool]], wanted: RunFilter) -> None:
    """After any transactions, committed or undone, both stores answer everything alike."""
    with TemporaryDirectory() as folder:
        disk = open_store(Path(folder) / "autoc.db", for_daemon=True, synchronous="normal")
        memory = MemoryStore()
        for batch, undo in batches:
            assert apply(disk, batch, undo=undo) == apply(memory, batch, undo=undo)
            assert answers(disk, wanted) == answers(memory, wanted)
        disk.close()
