"""What can be written inside a transaction."""

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from autoc.plan.codec import encode_automation
from autoc.plan.model import Automation
from autoc.runtime.codec import decode_state, encode_effect, encode_state
from autoc.runtime.ports import EventStatus, InboxEvent, JournalEntry, OpenOrder, TimerRow
from autoc.runtime.state import ObjectState


class SqliteTransaction:
    """One transaction that has begun; the store commits it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add_event(self, event: InboxEvent) -> bool:
        cursor = self._connection.execute(
            "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
            (
                event.id,
                event.type,
                event.key,
                event.created,
                event.received,
                event.livemode,
                event.status,
                event.note,
                event.body,
            ),
        )
        return cursor.rowcount == 1

    def settle_event(self, event_id: str, *, status: EventStatus, note: str | None) -> None:
        self._connection.execute(
            "UPDATE events SET status = ?, note = ? WHERE id = ?", (status, note, event_id)
        )

    def load(self, key: str) -> ObjectState | None:
        row = self._connection.execute("SELECT state FROM objects WHERE key = ?", (key,)).fetchone()
        return decode_state(row[0]) if row else None

    def save(self, state: ObjectState) -> None:
        self._connection.execute(
            "INSERT INTO objects VALUES (?, ?) ON CONFLICT (key) DO UPDATE "
            "SET state = excluded.state",
            (state.key, encode_state(state)),
        )
        self._connection.executemany(
            "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (run) DO UPDATE "
            "SET status = excluded.status, finished = excluded.finished, "
            "next_due = excluded.next_due, failed_steps = excluded.failed_steps",
            [
                (
                    run.id,
                    state.key,
                    run.automation,
                    run.trigger,
                    state.object.id,
                    run.status,
                    run.started,
                    run.finished,
                    run.next_due,
                    run.digest,
                    sum(step.status == "failed" for step in run.steps),
                )
                for run in state.runs
            ],
        )

    def arm(self, timer: TimerRow) -> None:
        self._connection.execute(
            "INSERT INTO timers VALUES (?, ?, ?, ?) ON CONFLICT (key, timer) DO UPDATE "
            "SET due = excluded.due, generation = excluded.generation",
            (timer.key, timer.timer, timer.due, timer.generation),
        )

    def disarm(self, key: str, timer: str) -> None:
        self._connection.execute("DELETE FROM timers WHERE key = ? AND timer = ?", (key, timer))

    def add_order(self, order: OpenOrder) -> None:
        self._connection.execute(
            "INSERT INTO orders (id, key, created, effect) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (id) DO NOTHING",
            (order.effect.id, order.key, order.created, encode_effect(order.effect)),
        )

    def remove_order(self, order_id: str) -> bool:
        cursor = self._connection.execute("DELETE FROM orders WHERE id = ?", (order_id,))
        return cursor.rowcount == 1

    def add_journal(self, entry: JournalEntry) -> None:
        self._connection.execute(
            "INSERT INTO journal (key, at, kind, run, step, event, data) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                entry.key,
                entry.at,
                entry.kind,
                entry.run,
                entry.step,
                entry.event,
                json.dumps(dict(entry.data), ensure_ascii=False, separators=(",", ":")),
            ),
        )

    def keep_automation(self, digest: str, automation: Automation) -> None:
        self._connection.execute(
            "INSERT INTO automations VALUES (?, ?) ON CONFLICT (digest) DO NOTHING",
            (digest, encode_automation(automation)),
        )

    def setting(self, name: str) -> str | None:
        row = self._connection.execute(
            "SELECT value FROM settings WHERE name = ?", (name,)
        ).fetchone()
        return row[0] if row else None

    def put_setting(self, name: str, value: str | None) -> None:
        if value is None:
            self._connection.execute("DELETE FROM settings WHERE name = ?", (name,))
            return
        self._connection.execute(
            "INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE "
            "SET value = excluded.value",
            (name, value),
        )

    def add_command(self, kind: str, data: Mapping[str, Any]) -> int:
        cursor = self._connection.execute(
            "INSERT INTO commands (kind, data) VALUES (?, ?)", (kind, json.dumps(dict(data)))
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def remove_command(self, number: int) -> None:
        self._connection.execute("DELETE FROM commands WHERE number = ?", (number,))
