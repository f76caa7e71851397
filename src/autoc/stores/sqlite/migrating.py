"""Numbered migrations: each file is applied once, in order; those that are due, in one transaction.

A migration that was released is never changed: another one follows it.
"""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

from autoc.runtime.ports import StoreFailed

FILE = re.compile(r"(\d{4})_\w+\.sql")
Migration = tuple[int, str]


@cache
def migrations() -> tuple[Migration, ...]:
    """The number and text of each migration, in order."""
    folder = files(__package__).joinpath("migrations")
    found = [
        (int(match[1]), each.read_text(encoding="utf-8"))
        for each in folder.iterdir()
        if (match := FILE.fullmatch(each.name)) is not None
    ]
    return tuple(sorted(found))


def schema_version(connection: sqlite3.Connection) -> int:
    """The number of the last migration that was applied; 0 for an empty file."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def needs_migration(connection: sqlite3.Connection, known: Sequence[Migration]) -> bool:
    """Whether the schema is older than `known`. Raises `StoreFailed` when it is newer."""
    found, latest = schema_version(connection), known[-1][0]
    if found > latest:
        raise StoreFailed(
            f"the database has schema {found}, and this version of autoc knows {latest} at most: "
            "use the version that wrote it, or a later one"
        )
    return found < latest


def migrate(connection: sqlite3.Connection, known: Sequence[Migration]) -> None:
    """Bring the schema up to the last of `known`: whole, or not at all.

    The version is looked at inside the transaction: two processes may come to a new file together.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        for number, text in known:
            if number > schema_version(connection):
                for statement in _statements(text):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _statements(text: str) -> Iterator[str]:
    """One at a time: `executescript` would commit before each migration."""
    statement = ""
    for line in text.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    assert not statement.strip(), "a migration ends inside a statement"
