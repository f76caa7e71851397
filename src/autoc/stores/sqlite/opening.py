"""Opens the file, brings its schema up, and says SQLite's errors in words."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from autoc.runtime.ports import StoreBusy, StoreFailed
from autoc.stores.sqlite.locking import DaemonLock
from autoc.stores.sqlite.migrating import migrate, migrations, needs_migration, schema_version

Synchronous = Literal["full", "normal"]
BUSY_SECONDS = 5.0
SQLITE_MIN = (3, 37, 0)
"""The first version with strict tables."""


@contextlib.contextmanager
def telling(what: str) -> Iterator[None]:
    """SQLite's errors as `StoreFailed`, in words."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreFailed(f"the database cannot be {what}: {error}") from error


def connect(path: Path, *, synchronous: Synchronous, lock: DaemonLock | None) -> sqlite3.Connection:
    """A connection to a database of the present schema. Raises `StoreFailed`."""
    if sqlite3.sqlite_version_info < SQLITE_MIN:
        needed = ".".join(str(part) for part in SQLITE_MIN)
        raise StoreFailed(
            f"this Python has SQLite {sqlite3.sqlite_version}: expected {needed} or later"
        )
    with telling("opened"):
        connection = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
    try:
        with telling("opened"):
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA synchronous = {synchronous}")
            connection.execute("PRAGMA foreign_keys = ON")
            _bring_up(connection, path, lock)
    except BaseException:
        connection.close()
        raise
    return connection


def _bring_up(connection: sqlite3.Connection, path: Path, lock: DaemonLock | None) -> None:
    """Migrate, unless a daemon of an older version is at work on the schema that it knows."""
    if not needs_migration(connection, migrations()):
        return
    if lock is not None or schema_version(connection) == 0:
        migrate(connection, migrations())
        return
    try:
        passing = DaemonLock(path)
    except StoreBusy as error:
        raise StoreFailed(f"{error}, which is an older version of autoc: restart it") from error
    try:
        migrate(connection, migrations())
    finally:
        passing.release()
