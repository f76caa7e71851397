"""Opening a database: who may, what is refused, and how its schema is brought up."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from autoc.runtime.ports import StoreBusy, StoreFailed
from autoc.stores.sqlite import opening
from autoc.stores.sqlite.migrating import migrate, migrations, schema_version
from autoc.stores.sqlite.store import open_store
from support.store_rows import event, run, state

HOLD = """
import sys
from pathlib import Path
from autoc.stores.sqlite.store import open_store
store = open_store(Path(sys.argv[1]), for_daemon=True)
print("held", flush=True)
sys.stdin.read()
"""


def test_second_process_is_refused_while_operators_look_and_ask(tmp_path: Path) -> None:
    """S9 between real processes: the message names file and process; operators are let in."""
    path = tmp_path / "autoc.db"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as daemon:
        assert daemon.stdout is not None
        assert daemon.stdout.readline() == "held\n"
        with pytest.raises(StoreBusy, match=f"`autoc.db` is in use by process {daemon.pid}$"):
            open_store(path, for_daemon=True)
        operator = open_store(path, for_daemon=False)
        with operator.transaction() as transaction:
            transaction.add_command("cancel", {"run": "r1"})
        assert [each.kind for each in operator.commands()] == ["cancel"]
        operator.close()
        daemon.kill()
    open_store(path, for_daemon=True).close()


def test_operator_reads_while_the_daemon_is_in_a_transaction(tmp_path: Path) -> None:
    """A listing never waits for the daemon, and sees whole transactions only."""
    path = tmp_path / "autoc.db"
    daemon = open_store(path, for_daemon=True)
    operator = open_store(path, for_daemon=False)
    with daemon.transaction() as transaction:
        transaction.add_event(event("evt_1"))
        assert operator.event("evt_1") is None
    assert operator.event("evt_1") is not None
    operator.close()
    daemon.close()


def test_database_that_is_not_there(tmp_path: Path) -> None:
    """Looking makes no database."""
    with pytest.raises(StoreFailed, match=r"there is no database `autoc\.db`"):
        open_store(tmp_path / "autoc.db", for_daemon=False, create=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("for_daemon", [True, False], ids=["daemon", "operator"])
def test_newer_schema_is_refused(tmp_path: Path, for_daemon: bool) -> None:
    """Nobody writes into, or guesses at, a database that a later version made; nor keeps it."""
    path = tmp_path / "autoc.db"
    open_store(path, for_daemon=True).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreFailed, match="the database has schema 99, and this version"):
        open_store(path, for_daemon=for_daemon)
    connection.execute(f"PRAGMA user_version = {migrations()[-1][0]}")
    connection.close()
    open_store(path, for_daemon=True).close()


def test_schema_is_brought_up_with_its_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database of an earlier version is migrated once, and nothing in it is lost."""
    path = tmp_path / "autoc.db"
    store = open_store(path, for_daemon=True)
    with store.transaction() as transaction:
        transaction.save(state("in_1", run("r1")))
    store.close()
    _know_another(monkeypatch, "CREATE TABLE more (a TEXT);\nINSERT INTO more VALUES ('x;y');")
    for _ in range(2):
        store = open_store(path, for_daemon=True)
        assert store.run("r1") is not None
        store.close()
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT a FROM more").fetchall() == [("x;y",)]
    assert schema_version(connection) == migrations()[-1][0] + 1
    connection.close()


def test_operator_migrates_only_without_a_daemon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The schema is never changed under a daemon that knows the earlier one."""
    path = tmp_path / "autoc.db"
    daemon = open_store(path, for_daemon=True)
    _know_another(monkeypatch, "CREATE TABLE more (a TEXT);")
    with pytest.raises(StoreFailed, match="an older version of autoc: restart it"):
        open_store(path, for_daemon=False)
    daemon.close()
    open_store(path, for_daemon=False).close()
    open_store(path, for_daemon=True).close()


def test_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    """Migrations are applied whole or not at all; the next try begins where the last one did."""
    connection = sqlite3.connect(tmp_path / "autoc.db", isolation_level=None)
    broken = [*migrations(), (98, "CREATE TABLE more (a TEXT);\nINSERT INTO nowhere VALUES (1);")]
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        migrate(connection, broken)
    assert connection.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (0,)
    assert schema_version(connection) == 0
    migrate(connection, migrations())
    assert schema_version(connection) == migrations()[-1][0]
    connection.close()


def test_migrations_are_numbered_without_gaps() -> None:
    """Every number from 1 on, each once."""
    numbers = [number for number, _ in migrations()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_file_that_is_no_database(tmp_path: Path) -> None:
    """What is not a database is refused in words, left as it is, and not kept locked."""
    path = tmp_path / "autoc.db"
    path.write_bytes(b"not a database at all" * 100)
    for _ in range(2):
        with pytest.raises(StoreFailed, match="the database cannot be opened"):
            open_store(path, for_daemon=True)
    assert path.read_bytes() == b"not a database at all" * 100


@pytest.mark.parametrize("for_daemon", [True, False], ids=["daemon", "operator"])
def test_folder_that_is_not_there(tmp_path: Path, for_daemon: bool) -> None:
    """A path that leads nowhere is a `StoreFailed`, for the lock as for the database."""
    with pytest.raises(StoreFailed, match="cannot be"):
        open_store(tmp_path / "nowhere" / "autoc.db", for_daemon=for_daemon)


def test_too_old_sqlite_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Python with an SQLite that lacks strict tables is told so."""
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 26, 0))
    with pytest.raises(StoreFailed, match=r"expected 3\.37\.0 or later"):
        open_store(tmp_path / "autoc.db", for_daemon=True)


@pytest.mark.parametrize(("choice", "level"), [("full", 2), ("normal", 1)])
def test_durability_is_as_chosen(tmp_path: Path, choice: opening.Synchronous, level: int) -> None:
    """The log is written ahead; each commit reaches the disk, or with `normal` each checkpoint."""
    store = open_store(tmp_path / "autoc.db", for_daemon=True, synchronous=choice)
    assert store._connection.execute("PRAGMA synchronous").fetchone() == (level,)
    assert store._connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    store.close()


def _know_another(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    known = (*migrations(), (migrations()[-1][0] + 1, text))
    monkeypatch.setattr(opening, "migrations", lambda: known)
