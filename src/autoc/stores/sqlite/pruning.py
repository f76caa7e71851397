"""Forgets what is finished and past its retention, and nothing else.

Kept whatever its age: runs that are active, with their journal and the events of their object;
events that nobody handled; timers and orders. Of an object, the state is kept as long as anything
of it goes on: an occurrence that is still true (an invoice that stays overdue for years) must be
remembered, or the next event about it would select an automation a second time.
"""

import sqlite3
from collections.abc import Mapping

import attrs

from autoc.runtime.codec import decode_state, encode_state

COLLECT_PAST = """
CREATE TEMP TABLE past AS SELECT run, key FROM runs
WHERE status <> 'active' AND finished < ? AND key NOT IN (SELECT key FROM orders)
"""
COLLECT_BUSY = """
CREATE TEMP TABLE busy AS
SELECT key FROM runs WHERE status = 'active' UNION SELECT key FROM orders
"""
JOURNAL_OF_RUNS = "DELETE FROM journal WHERE run IN (SELECT run FROM past)"
JOURNAL_OF_OBJECTS = (
    "DELETE FROM journal WHERE run IS NULL AND at < ? AND key NOT IN (SELECT key FROM busy)"
)
RUNS = "DELETE FROM runs WHERE run IN (SELECT run FROM past)"
RESTING_OBJECTS = """
DELETE FROM objects WHERE json_extract(state, '$.seen_at') < ?
AND json_array_length(state, '$.open') = 0 AND json_array_length(state, '$.foretold') = 0
AND json_array_length(state, '$.pending') = 0 AND json_array_length(state, '$.runs') = 0
AND key NOT IN (SELECT key FROM timers) AND key NOT IN (SELECT key FROM busy)
"""
EVENTS = """
DELETE FROM events WHERE received < ? AND status <> 'accepted'
AND (key IS NULL OR key NOT IN (SELECT key FROM busy))
"""
AUTOMATIONS = "DELETE FROM automations WHERE digest NOT IN (SELECT digest FROM runs)"


def prune(connection: sqlite3.Connection, *, before: int) -> Mapping[str, int]:
    """How many of each were forgotten. Inside a transaction; `before` is epoch seconds."""
    connection.execute(COLLECT_PAST, (before,))
    connection.execute(COLLECT_BUSY)
    journal = connection.execute(JOURNAL_OF_RUNS).rowcount
    journal += connection.execute(JOURNAL_OF_OBJECTS, (before,)).rowcount
    _forget_runs_in_states(connection)
    counts = {
        "journal": journal,
        "runs": connection.execute(RUNS).rowcount,
        "objects": connection.execute(RESTING_OBJECTS, (before,)).rowcount,
        "events": connection.execute(EVENTS, (before,)).rowcount,
        "automations": connection.execute(AUTOMATIONS).rowcount,
    }
    connection.execute("DROP TABLE temp.past")
    connection.execute("DROP TABLE temp.busy")
    return counts


def _forget_runs_in_states(connection: sqlite3.Connection) -> None:
    past: dict[str, set[str]] = {}
    for run, key in connection.execute("SELECT run, key FROM past"):
        past.setdefault(key, set()).add(run)
    for key, runs in past.items():
        row = connection.execute("SELECT state FROM objects WHERE key = ?", (key,)).fetchone()
        assert row is not None, "a run is listed whose object is not there"
        state = decode_state(row[0])
        kept = tuple(run for run in state.runs if run.id not in runs)
        connection.execute(
            "UPDATE objects SET state = ? WHERE key = ?",
            (encode_state(attrs.evolve(state, runs=kept)), key),
        )
