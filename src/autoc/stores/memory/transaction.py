"""A transaction over tables in memory: each change leaves the way back, for a rollback.

Journal data and commands go through JSON text, so that what comes back is what another store would
give back, and nobody can change it afterwards.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import attrs

from autoc.plan.model import Automation
from autoc.runtime.ports import (
    Command,
    EventStatus,
    InboxEvent,
    JournalEntry,
    OpenOrder,
    TimerRow,
)
from autoc.runtime.state import ObjectState

Key = TypeVar("Key")
Row = TypeVar("Row")


@attrs.define(kw_only=True)
class Tables:
    """What is kept. Orders and commands carry the number that they were given, in order."""

    events: dict[str, InboxEvent] = attrs.field(factory=dict)
    states: dict[str, ObjectState] = attrs.field(factory=dict)
    keys_of_runs: dict[str, str] = attrs.field(factory=dict)
    timers: dict[tuple[str, str], TimerRow] = attrs.field(factory=dict)
    orders: dict[str, tuple[int, OpenOrder]] = attrs.field(factory=dict)
    journal: list[JournalEntry] = attrs.field(factory=list)
    automations: dict[str, Automation] = attrs.field(factory=dict)
    settings: dict[str, str] = attrs.field(factory=dict)
    commands: dict[int, Command] = attrs.field(factory=dict)
    last_number: int = 0


class MemoryTransaction:
    """One transaction that has begun."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._ways_back: list[Callable[[], object]] = []

    def roll_back(self) -> None:
        """Undo every change, the last one first."""
        while self._ways_back:
            self._ways_back.pop()()

    def _put(self, table: dict[Key, Row], key: Key, row: Row) -> None:
        if key in table:
            before = table[key]
            self._ways_back.append(lambda: table.__setitem__(key, before))
        else:
            self._ways_back.append(lambda: table.pop(key))
        table[key] = row

    def _remove(self, table: dict[Key, Row], key: Key) -> bool:
        """Whether it was there."""
        if key not in table:
            return False
        before = table.pop(key)
        self._ways_back.append(lambda: table.__setitem__(key, before))
        return True

    def _next_number(self) -> int:
        """One that was never given: not even by a transaction that was rolled back."""
        self._tables.last_number += 1
        return self._tables.last_number

    def add_event(self, event: InboxEvent) -> bool:
        if event.id in self._tables.events:
            return False
        self._put(self._tables.events, event.id, event)
        return True

    def settle_event(self, event_id: str, *, status: EventStatus, note: str | None) -> None:
        event = self._tables.events.get(event_id)
        if event is not None:
            settled = attrs.evolve(event, status=status, note=note)
            self._put(self._tables.events, event_id, settled)

    def load(self, key: str) -> ObjectState | None:
        return self._tables.states.get(key)

    def save(self, state: ObjectState) -> None:
        self._put(self._tables.states, state.key, state)
        for run in state.runs:
            if run.id not in self._tables.keys_of_runs:
                self._put(self._tables.keys_of_runs, run.id, state.key)

    def arm(self, timer: TimerRow) -> None:
        self._put(self._tables.timers, (timer.key, timer.timer), timer)

    def disarm(self, key: str, timer: str) -> None:
        self._remove(self._tables.timers, (key, timer))

    def add_order(self, order: OpenOrder) -> None:
        if order.effect.id not in self._tables.orders:
            self._put(self._tables.orders, order.effect.id, (self._next_number(), order))

    def remove_order(self, order_id: str) -> bool:
        return self._remove(self._tables.orders, order_id)

    def add_journal(self, entry: JournalEntry) -> None:
        self._tables.journal.append(attrs.evolve(entry, data=_as_json(entry.data)))
        self._ways_back.append(self._tables.journal.pop)

    def keep_automation(self, digest: str, automation: Automation) -> None:
        if digest not in self._tables.automations:
            self._put(self._tables.automations, digest, automation)

    def setting(self, name: str) -> str | None:
        return self._tables.settings.get(name)

    def put_setting(self, name: str, value: str | None) -> None:
        if value is None:
            self._remove(self._tables.settings, name)
        else:
            self._put(self._tables.settings, name, value)

    def add_command(self, kind: str, data: Mapping[str, Any]) -> int:
        number = self._next_number()
        command = Command(number=number, kind=kind, data=_as_json(data))
        self._put(self._tables.commands, number, command)
        return number

    def remove_command(self, number: int) -> None:
        self._remove(self._tables.commands, number)


def _as_json(data: Mapping[str, Any]) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(dict(data)))
    return copy
