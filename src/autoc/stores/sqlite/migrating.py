"""Numbered migrations. Each file is applied once, in order, in a transaction of its own."""

import re
import sqlite3
from functools import cache
from importlib.resources import files

from autoc.runtime.ports import StoreFailed

FILE = re.compile(r"(\d{4})_\w+\.sql")


@cache
def migrations() -> tuple[tuple[int, str], ...]:
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


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the schema up to date. Raises `StoreFailed` when it is newer than this program."""
    latest = migrations()[-1][0]
    found = schema_version(connection)
    if found > latest:
        raise StoreFailed(
            f"the database has schema {found}, and this version of autoc knows {latest} at most: "
            "use the version that wrote it, or a later one"
        )
    for number, text in migrations():
        if number > found:
            connection.executescript(
                f"BEGIN IMMEDIATE;\n{text}\nPRAGMA user_version = {number};\nCOMMIT;"
            )
