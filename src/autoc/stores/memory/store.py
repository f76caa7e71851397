"""The port `Store` in memory."""

import contextlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from autoc.plan.facts import ObjectRef
from autoc.plan.model import Automation
from autoc.runtime.ports import (
    Command,
    InboxEvent,
    JournalEntry,
    OpenOrder,
    RunFilter,
    StoreFailed,
    TimerRow,
)
from autoc.runtime.state import ObjectState, Run
from autoc.stores.memory.transaction import MemoryTransaction, Tables

PAUSED_PREFIX = "paused:"


class MemoryStore:
    """The store in this process."""

    def __init__(self) -> None:
        self._tables = Tables()
        self._in_transaction = False

    @contextlib.contextmanager
    def transaction(self) -> Iterator[MemoryTransaction]:
        """A transaction. Raises `StoreFailed` inside another one."""
        if self._in_transaction:
            raise StoreFailed("the store cannot be written: a transaction has not ended")
        self._in_transaction = True
        transaction = MemoryTransaction(self._tables)
        try:
            yield transaction
        except BaseException:
            transaction.roll_back()
            raise
        finally:
            self._in_transaction = False

    def due_timers(self, *, until: int, limit: int) -> Sequence[TimerRow]:
        due = [each for each in self._tables.timers.values() if each.due <= until]
        return sorted(due, key=lambda each: (each.due, each.key, each.timer))[:limit]

    def open_orders(self) -> Sequence[OpenOrder]:
        numbered = sorted(self._tables.orders.values(), key=lambda each: each[0])
        return [order for _, order in numbered]

    def automation(self, digest: str) -> Automation | None:
        return self._tables.automations.get(digest)

    def state(self, key: str) -> ObjectState | None:
        return self._tables.states.get(key)

    def run(self, run_id: str) -> tuple[ObjectState, Run] | None:
        key = self._tables.keys_of_runs.get(run_id)
        if key is None:
            return None
        state = self._tables.states[key]
        return next(((state, run) for run in state.runs if run.id == run_id), None)

    def runs(self, wanted: RunFilter) -> Sequence[tuple[ObjectRef, Run]]:
        found = [
            (state.object, run)
            for state in self._tables.states.values()
            for run in state.runs
            if _fits(state.object, run, wanted)
        ]
        return sorted(found, key=lambda each: (each[1].started, each[1].id))[: wanted.limit]

    def journal(self, *, run: str | None = None, key: str | None = None) -> Sequence[JournalEntry]:
        if run is not None:
            return [each for each in self._tables.journal if each.run == run]
        return [each for each in self._tables.journal if each.key == key]

    def event(self, event_id: str) -> InboxEvent | None:
        return self._tables.events.get(event_id)

    def setting(self, name: str) -> str | None:
        return self._tables.settings.get(name)

    def commands(self) -> Sequence[Command]:
        return sorted(self._tables.commands.values(), key=lambda each: each.number)

    def paused(self) -> Sequence[str]:
        names = (each for each in self._tables.settings if each.startswith(PAUSED_PREFIX))
        return sorted(each.removeprefix(PAUSED_PREFIX) for each in names)

    def counts(self) -> Mapping[str, int]:
        tables = self._tables
        runs = Counter(run.status for state in tables.states.values() for run in state.runs)
        return {
            "events": len(tables.events),
            "timers": len(tables.timers),
            "orders": len(tables.orders),
            **{f"runs_{status}": count for status, count in runs.items()},
        }

    def close(self) -> None:
        """Nothing to let go of."""


def _fits(object_: ObjectRef, run: Run, wanted: RunFilter) -> bool:
    pairs = (
        (wanted.status, run.status),
        (wanted.automation, run.automation),
        (wanted.trigger, run.trigger),
        (wanted.object_id, object_.id),
    )
    failed = any(step.status == "failed" for step in run.steps)
    return all(want is None or want == found for want, found in pairs) and (
        failed or not wanted.failed_steps
    )
