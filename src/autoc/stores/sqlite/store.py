"""The port `Store` on SQLite. One connection, used by one thread at a time."""

import contextlib
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from autoc.plan.codec import decode_automation
from autoc.plan.facts import ObjectRef
from autoc.plan.model import Automation
from autoc.runtime.codec import decode_effect, decode_state
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
from autoc.stores.sqlite.locking import DaemonLock
from autoc.stores.sqlite.opening import Synchronous, connect, telling
from autoc.stores.sqlite.pruning import prune
from autoc.stores.sqlite.writing import SqliteTransaction

PAUSED_PREFIX = "paused:"


class SqliteStore:
    """The store in one file."""

    def __init__(
        self, connection: sqlite3.Connection, *, path: Path, lock: DaemonLock | None
    ) -> None:
        self._connection = connection
        self._lock = lock
        self.path = path

    @contextlib.contextmanager
    def transaction(self) -> Iterator[SqliteTransaction]:
        """A transaction. Raises `StoreFailed` when it cannot begin or commit; then it is undone."""
        with telling("written"):
            self._connection.execute("BEGIN IMMEDIATE")
        try:
            with telling("written"):
                yield SqliteTransaction(self._connection)
                self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def _ask(self, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with telling("read"):
            return self._connection.execute(query, parameters).fetchall()

    def due_timers(self, *, until: int, limit: int) -> Sequence[TimerRow]:
        rows = self._ask(
            "SELECT key, timer, due, generation FROM timers INDEXED BY timers_by_due "
            "WHERE due <= ? ORDER BY due, key, timer LIMIT ?",
            (until, limit),
        )
        return [TimerRow(key=k, timer=t, due=d, generation=g) for k, t, d, g in rows]

    def open_orders(self) -> Sequence[OpenOrder]:
        rows = self._ask("SELECT key, created, effect FROM orders ORDER BY number")
        return [
            OpenOrder(key=key, created=created, effect=decode_effect(effect))
            for key, created, effect in rows
        ]

    def automation(self, digest: str) -> Automation | None:
        rows = self._ask("SELECT body FROM automations WHERE digest = ?", (digest,))
        return decode_automation(rows[0][0]) if rows else None

    def state(self, key: str) -> ObjectState | None:
        rows = self._ask("SELECT state FROM objects WHERE key = ?", (key,))
        return decode_state(rows[0][0]) if rows else None

    def run(self, run_id: str) -> tuple[ObjectState, Run] | None:
        rows = self._ask(
            "SELECT state FROM objects WHERE key = (SELECT key FROM runs WHERE run = ?)", (run_id,)
        )
        if not rows:
            return None
        state = decode_state(rows[0][0])
        return next(((state, run) for run in state.runs if run.id == run_id), None)

    def runs(self, wanted: RunFilter) -> Sequence[tuple[ObjectRef, Run]]:
        query, parameters = _runs_query(wanted)
        found: list[tuple[ObjectRef, Run]] = []
        for run_id, text in self._ask(query, parameters):
            state = decode_state(text)
            found.extend((state.object, run) for run in state.runs if run.id == run_id)
        return found

    def journal(self, *, run: str | None = None, key: str | None = None) -> Sequence[JournalEntry]:
        column, value = ("run", run) if run is not None else ("key", key)
        rows = self._ask(
            f"SELECT key, at, kind, run, step, event, data FROM journal WHERE {column} = ? "  # noqa: S608 - one of two names
            "ORDER BY number",
            (value,),
        )
        return [
            JournalEntry(
                key=k, at=at, kind=kind, run=r, step=step, event=event, data=json.loads(data)
            )
            for k, at, kind, r, step, event, data in rows
        ]

    def event(self, event_id: str) -> InboxEvent | None:
        rows = self._ask(
            "SELECT id, type, key, created, received, livemode, status, note, body FROM events "
            "WHERE id = ?",
            (event_id,),
        )
        if not rows:
            return None
        identity, kind, key, created, received, livemode, status, note, body = rows[0]
        return InboxEvent(
            id=identity,
            type=kind,
            key=key,
            created=created,
            received=received,
            livemode=bool(livemode),
            status=status,
            note=note,
            body=body,
        )

    def setting(self, name: str) -> str | None:
        rows = self._ask("SELECT value FROM settings WHERE name = ?", (name,))
        return rows[0][0] if rows else None

    def paused(self) -> Sequence[str]:
        rows = self._ask(
            "SELECT name FROM settings WHERE name >= ? AND name < ? ORDER BY name",
            (PAUSED_PREFIX, PAUSED_PREFIX + "\U0010ffff"),
        )
        return [name.removeprefix(PAUSED_PREFIX) for (name,) in rows]

    def commands(self) -> Sequence[Command]:
        rows = self._ask("SELECT number, kind, data FROM commands ORDER BY number")
        return [Command(number=n, kind=kind, data=json.loads(data)) for n, kind, data in rows]

    def counts(self) -> Mapping[str, int]:
        found = {
            name: self._ask(f"SELECT count(*) FROM {name}")[0][0]  # noqa: S608 - fixed names
            for name in ("events", "timers", "orders")
        }
        for status, count in self._ask("SELECT status, count(*) FROM runs GROUP BY status"):
            found[f"runs_{status}"] = count
        return found

    def prune(self, *, before: int) -> Mapping[str, int]:
        """Forget what finished before `before`; how many of each. Whatever goes on stays."""
        with self.transaction(), telling("pruned"):
            return prune(self._connection, before=before)

    def back_up(self, path: Path) -> None:
        """Copy the database as it is now to `path`, while it is in use.

        The copy takes its name when it is whole: a failure leaves what was there before. Raises
        `StoreFailed`.
        """
        if path.exists() and path.samefile(self.path):
            raise StoreFailed(f"`{path.name}` is the database itself: expected another file")
        partial = path.with_name(f"{path.name}.partial")
        try:
            partial.unlink(missing_ok=True)
            with telling("backed up"), contextlib.closing(sqlite3.connect(partial)) as target:
                self._connection.backup(target)
            partial.replace(path)
        except OSError as error:
            raise StoreFailed(f"`{path.name}` cannot be written: {error.strerror}") from error
        finally:
            partial.unlink(missing_ok=True)

    def check_integrity(self) -> str | None:
        """None when the file is sound, else what SQLite says of it."""
        try:
            answer = str(self._connection.execute("PRAGMA integrity_check").fetchone()[0])
        except sqlite3.DatabaseError as error:
            return str(error)
        return None if answer == "ok" else answer

    def close(self) -> None:
        self._connection.close()
        if self._lock is not None:
            self._lock.release()


def _runs_query(wanted: RunFilter) -> tuple[str, list[Any]]:
    conditions = {
        "runs.status = ?": wanted.status,
        "runs.automation = ?": wanted.automation,
        "runs.trigger = ?": wanted.trigger,
        "runs.object_id = ?": wanted.object_id,
    }
    used = {text: value for text, value in conditions.items() if value is not None}
    parts = [*used, *(["runs.failed_steps > 0"] if wanted.failed_steps else [])]
    where = f"WHERE {' AND '.join(parts)} " if parts else ""
    limit = "LIMIT ?" if wanted.limit is not None else ""
    query = (
        "SELECT runs.run, objects.state FROM runs JOIN objects ON objects.key = runs.key "  # noqa: S608 - fixed texts
        f"{where}ORDER BY runs.started, runs.run {limit}"
    )
    return query, [*used.values(), *([wanted.limit] if wanted.limit is not None else [])]


def open_store(
    path: Path, *, for_daemon: bool, synchronous: Synchronous = "full", create: bool = True
) -> SqliteStore:
    """The store in `path`. Only one process may open it `for_daemon`; others may look and ask.

    Raises `StoreBusy` when a daemon has it, `StoreFailed` when it cannot be opened or is newer than
    this program.
    """
    if not create and not path.exists():
        raise StoreFailed(f"there is no database `{path.name}`: no daemon has run here")
    lock = DaemonLock(path) if for_daemon else None
    try:
        return SqliteStore(connect(path, synchronous=synchronous, lock=lock), path=path, lock=lock)
    except BaseException:
        if lock is not None:
            lock.release()
        raise
