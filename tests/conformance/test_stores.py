"""The laws S1 to S10 of the port `Store`, over every store (runtime/ports.py)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import pytest

from autoc.runtime.ports import (
    Command,
    JournalEntry,
    RunFilter,
    Store,
    StoreBusy,
    StoreFailed,
)
from autoc.runtime.state import Foretold, ObjectState, PendingStart, RetryProgress, StepState
from autoc.stores.memory.store import MemoryStore
from autoc.stores.sqlite.store import open_store
from support.store_rows import RULE, event, look, perform, run, state, timer


@attrs.define
class Place:
    """Where a store is. `reopen` closes it and opens it again; None when it does not last."""

    store: Store
    open_again: Callable[[], Store] | None = None

    def reopen(self) -> Store:
        """The store as another process would find it; the same one where none outlives its own."""
        if self.open_again is not None:
            self.store.close()
            self.store = self.open_again()
        return self.store


def _in_memory(_: Path) -> Place:
    return Place(MemoryStore())


def _on_disk(folder: Path) -> Place:
    def opened() -> Store:
        return open_store(folder / "autoc.db", for_daemon=True)

    return Place(opened(), opened)


@pytest.fixture(params=[_in_memory, _on_disk], ids=["memory", "sqlite"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Every store in turn."""
    place: Place = request.param(tmp_path)
    yield place
    place.store.close()


FULL = attrs.evolve(
    state(
        "in_é",
        attrs.evolve(
            run("r1"),
            own_states=("voided",),
            anchor=-5,
            steps=(StepState(status="running", retry=RetryProgress(tries=2)), StepState()),
        ),
        run("r2", status="failed", finished=3, failed=True),
    ),
    occurrences={"invoice.overdue": 2},
    open=("invoice.overdue",),
    endings={"invoice.finalized": "paid"},
    foretold=(Foretold(trigger="invoice.overdue", anchor=5, generation=1),),
    pending=(PendingStart(trigger="invoice.finalized", since=1, anchor=None),),
    livemode=True,
    seen_at=2**40,
)


def test_s1_commits_outlive_the_process(place: Place) -> None:
    """S1: everything that one transaction wrote is there for the next process."""
    with place.store.transaction() as transaction:
        transaction.add_event(event("evt_1"))
        transaction.save(FULL)
        transaction.arm(timer("step", 5))
        transaction.add_order(look("look_1"))
        transaction.add_journal(JournalEntry(key="k", at=1, kind="seen"))
        transaction.keep_automation("d", RULE)
        transaction.put_setting("place", "here")
        transaction.add_command("cancel", {"run": "r1"})
    store = place.reopen()
    assert store.event("evt_1") == event("evt_1")
    assert store.state(FULL.key) == FULL
    assert store.due_timers(until=5, limit=9) == [timer("step", 5)]
    assert store.open_orders() == [look("look_1")]
    assert store.journal(key="k") == [JournalEntry(key="k", at=1, kind="seen")]
    assert store.automation("d") == RULE
    assert store.setting("place") == "here"
    assert [each.kind for each in store.commands()] == ["cancel"]


def test_s2_what_raises_writes_nothing(place: Place) -> None:
    """S2: of a body that raises nothing is left: no new row, no change, no removal."""
    with place.store.transaction() as transaction:
        transaction.add_event(event("evt_1", status="accepted"))
        transaction.save(state("in_1", run("r1")))
        transaction.arm(timer("kept", 5))
        transaction.add_order(look("kept"))
        transaction.put_setting("kept", "1")
        transaction.put_setting("changed", "1")
        kept = transaction.add_command("kept", {})
    before = dict(place.store.counts())

    def break_off() -> None:
        with place.store.transaction() as transaction:
            transaction.add_event(event("evt_2"))
            transaction.settle_event("evt_1", status="failed", note="no")
            transaction.save(state("in_1", run("r1", status="canceled", finished=9), run("r2")))
            transaction.save(state("in_2", run("r3")))
            transaction.arm(timer("kept", 6))
            transaction.arm(timer("new", 6))
            transaction.disarm("acct_1/in_1", "kept")
            transaction.remove_order("kept")
            transaction.add_order(look("new"))
            transaction.add_journal(JournalEntry(key="k", at=1, kind="new"))
            transaction.keep_automation("new", RULE)
            transaction.put_setting("kept", None)
            transaction.put_setting("changed", "2")
            transaction.remove_command(kept)
            transaction.add_command("new", {})
            raise LookupError

    with pytest.raises(LookupError):
        break_off()
    store = place.reopen()
    assert store.counts() == before
    assert store.event("evt_1") == event("evt_1", status="accepted")
    assert store.event("evt_2") is None
    assert store.state("acct_1/in_1") == state("in_1", run("r1"))
    assert store.run("r3") is None
    assert store.due_timers(until=99, limit=9) == [timer("kept", 5)]
    assert store.open_orders() == [look("kept")]
    assert store.journal(key="k") == []
    assert store.automation("new") is None
    assert (store.setting("kept"), store.setting("changed")) == ("1", "1")
    assert store.commands() == [Command(number=kept, kind="kept", data={})]


def test_s2_store_goes_on_after_a_rollback(place: Place) -> None:
    """S2: a transaction that failed does not stand in the way of the next one."""
    with pytest.raises(LookupError), place.store.transaction():
        raise LookupError
    with place.store.transaction() as transaction:
        assert transaction.add_event(event("evt_1"))
    assert place.store.event("evt_1") is not None


def test_s2_transactions_are_not_nested(place: Place) -> None:
    """S2: a transaction inside another one is refused, and the outer one goes on."""
    with place.store.transaction() as outer:
        with pytest.raises(StoreFailed), place.store.transaction():
            pass
        outer.add_event(event("evt_1"))
    assert place.store.event("evt_1") is not None


def test_s3_an_event_is_new_once(place: Place) -> None:
    """S3: also inside one transaction, after a restart, and when the content differs."""
    with place.store.transaction() as transaction:
        assert transaction.add_event(event("evt_1"))
        assert not transaction.add_event(event("evt_1"))
    with place.reopen().transaction() as transaction:
        assert not transaction.add_event(event("evt_1", type="other"))
        assert transaction.add_event(event("evt_2"))
    assert place.store.event("evt_1") == event("evt_1")


def test_s3_events_say_what_became_of_them(place: Place) -> None:
    """Settling changes the status and the note, and nothing else."""
    with place.store.transaction() as transaction:
        transaction.add_event(event("evt_1", status="accepted"))
        transaction.settle_event("evt_1", status="failed", note="why")
        transaction.settle_event("evt_9", status="failed", note="nobody")
    assert place.reopen().event("evt_1") == event("evt_1", status="failed", note="why")
    assert place.store.event("evt_9") is None


@pytest.mark.parametrize("kept", [FULL, state("in_2")], ids=["full", "empty"])
def test_s4_states_come_back_equal(place: Place, kept: ObjectState) -> None:
    """S4: inside the transaction, after it, and after a restart."""
    with place.store.transaction() as transaction:
        assert transaction.load(kept.key) is None
        transaction.save(kept)
        assert transaction.load(kept.key) == kept
    assert place.store.state(kept.key) == kept
    assert place.reopen().state(kept.key) == kept


def test_s4_a_later_state_replaces_the_earlier(place: Place) -> None:
    """S4: runs are found by their id, in the state as it was saved last."""
    with place.store.transaction() as transaction:
        transaction.save(state("in_1", run("r1")))
        later = state("in_1", run("r1", status="completed", finished=20), run("r2"))
        transaction.save(later)
    assert place.reopen().run("r1") == (later, later.runs[0])
    assert place.store.run("r2") == (later, later.runs[1])
    assert place.store.run("r9") is None


def test_s5_timers_are_replaced_by_name(place: Place) -> None:
    """S5: one timer for each key and name; both calls may be repeated."""
    with place.store.transaction() as transaction:
        transaction.arm(timer("step", 5))
        transaction.arm(timer("step", 9, generation=2))
        transaction.arm(timer("step", 9, generation=2))
        transaction.arm(timer("step", 7, key="acct_1/in_2"))
        transaction.arm(timer("gone", 1))
        transaction.disarm("acct_1/in_1", "gone")
        transaction.disarm("acct_1/in_1", "gone")
        transaction.disarm("acct_1/in_2", "never")
    assert place.reopen().due_timers(until=99, limit=9) == [
        timer("step", 7, key="acct_1/in_2"),
        timer("step", 9, generation=2),
    ]


def test_s6_due_timers_are_the_oldest(place: Place) -> None:
    """S6: `until` is included, later ones are not; a limit leaves the younger ones out."""
    with place.store.transaction() as transaction:
        for due in (30, 10, 20, 40, -5):
            transaction.arm(timer(f"t{due}", due))
    assert [each.due for each in place.store.due_timers(until=30, limit=9)] == [-5, 10, 20, 30]
    assert [each.due for each in place.store.due_timers(until=30, limit=2)] == [-5, 10]
    assert place.store.due_timers(until=-6, limit=9) == []


def test_s7_orders_stay_until_they_are_removed(place: Place) -> None:
    """S7: oldest first, over restarts; an order is removed once, and added once."""
    with place.store.transaction() as transaction:
        for order in (perform("b"), look("a"), look("c"), perform("b")):
            transaction.add_order(order)
    assert place.reopen().open_orders() == [perform("b"), look("a"), look("c")]
    with place.store.transaction() as transaction:
        assert transaction.remove_order("a")
        assert not transaction.remove_order("a")
        transaction.add_order(look("a"))
    assert place.reopen().open_orders() == [perform("b"), look("c"), look("a")]


def test_s8_journal_keeps_its_order(place: Place) -> None:
    """S8: by run and by key, in the order of adding, whatever the times say."""
    entries = [
        JournalEntry(
            key=f"k{n % 2}",
            at=100 - n,
            kind=f"kind {n}",
            run=f"r{n % 3}" if n % 3 else None,
            step=n,
            event=f"evt_{n}",
            data={"n": n, "text": "é 😀", "none": None},
        )
        for n in range(12)
    ]
    for half in (entries[:6], entries[6:]):
        with place.reopen().transaction() as transaction:
            for entry in half:
                transaction.add_journal(entry)
    store = place.reopen()
    assert store.journal(key="k1") == [each for each in entries if each.key == "k1"]
    assert store.journal(run="r2") == [each for each in entries if each.run == "r2"]
    assert store.journal(run="r9") == []


def test_s8_nobody_changes_an_entry(place: Place) -> None:
    """S8: what is done to the data afterwards does not reach the journal."""
    data = {"list": [1]}
    with place.store.transaction() as transaction:
        transaction.add_journal(JournalEntry(key="k", at=1, kind="x", data=data))
    data["list"].append(2)
    assert place.store.journal(key="k")[0].data == {"list": [1]}


def test_s9_one_daemon_at_a_time(tmp_path: Path) -> None:
    """S9: the second is refused with the file's name and the holder's number, until it is let go.

    A store in memory is out of reach of a second process.
    """
    path = tmp_path / "autoc.db"
    first = open_store(path, for_daemon=True)
    with pytest.raises(StoreBusy, match=r"`autoc\.db` is in use by process \d+"):
        open_store(path, for_daemon=True)
    first.close()
    open_store(path, for_daemon=True).close()


def test_s10_commands_wait_until_they_are_done(place: Place) -> None:
    """S10: oldest first, over restarts; no number is given twice while its command waits."""
    with place.store.transaction() as transaction:
        first = transaction.add_command("pause", {"automation": "é"})
        second = transaction.add_command("cancel", {"run": "r1"})
    assert place.reopen().commands() == [
        Command(number=first, kind="pause", data={"automation": "é"}),
        Command(number=second, kind="cancel", data={"run": "r1"}),
    ]
    with place.store.transaction() as transaction:
        transaction.remove_command(first)
        transaction.remove_command(first)
        third = transaction.add_command("retry", {"step": None})
    assert [each.number for each in place.reopen().commands()] == [second, third]
    assert first < second < third


def test_automations_are_kept_as_they_were_first(place: Place) -> None:
    """The same digest is kept once: what a run was selected under is never replaced."""
    with place.store.transaction() as transaction:
        transaction.keep_automation("d", RULE)
        transaction.keep_automation("d", attrs.evolve(RULE, name="other"))
    assert place.reopen().automation("d") == RULE
    assert place.store.automation("e") is None


def test_settings_and_pauses(place: Place) -> None:
    """A setting is the last value that was put; None removes it; pauses are listed by name."""
    with place.store.transaction() as transaction:
        for name in ("paused:b", "paused:é", "paused:", "paused:a", "pausee", "place"):
            transaction.put_setting(name, "0")
            transaction.put_setting(name, "1")
        transaction.put_setting("paused:", None)
        assert transaction.setting("place") == "1"
        transaction.put_setting("place", None)
        assert transaction.setting("place") is None
    assert place.reopen().paused() == ["a", "b", "é"]
    assert place.store.setting("place") is None
    assert place.store.setting("pausee") == "1"


FILTERS = {
    "none": (RunFilter(), ["r2", "r1", "r3", "r4"]),
    "status": (RunFilter(status="active"), ["r2", "r1"]),
    "automation": (RunFilter(automation="b"), ["r3"]),
    "trigger": (RunFilter(trigger="quote.expired"), ["r4"]),
    "object": (RunFilter(object_id="in_1"), ["r2", "r1"]),
    "failed": (RunFilter(failed_steps=True), ["r4"]),
    "limit": (RunFilter(limit=2), ["r2", "r1"]),
    "none left": (RunFilter(limit=0), []),
    "several": (RunFilter(status="completed", automation="b", limit=9), ["r3"]),
    "no such": (RunFilter(status="active", automation="b"), []),
}


@pytest.mark.parametrize(("wanted", "names"), FILTERS.values(), ids=list(FILTERS))
def test_runs_are_found_oldest_first(place: Place, wanted: RunFilter, names: list[str]) -> None:
    """Every filter gives the runs that fit all of it, by start and then by id."""
    with place.store.transaction() as transaction:
        transaction.save(
            state("in_2", run("r3", status="completed", started=20, finished=30, automation="b"))
        )
        transaction.save(state("in_1", run("r1", started=10), run("r2", started=5)))
        transaction.save(
            state(
                "qt_1",
                run("r4", status="failed", started=20, trigger="quote.expired", failed=True),
            )
        )
    assert [each.id for _, each in place.reopen().runs(wanted)] == names


def test_counts(place: Place) -> None:
    """Events, timers, orders, and runs by status."""
    with place.store.transaction() as transaction:
        transaction.add_event(event("evt_1"))
        transaction.save(state("in_1", run("r1"), run("r2"), run("r3", status="failed")))
        transaction.arm(timer("t", 1))
        transaction.add_order(look("a"))
        transaction.add_order(look("b"))
    assert place.reopen().counts() == {
        "events": 1,
        "timers": 1,
        "orders": 2,
        "runs_active": 2,
        "runs_failed": 1,
    }
