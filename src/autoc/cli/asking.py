"""What the operating commands share: the database, and getting a command carried out.

With a daemon on the database, the command is left for it, and taken up within a second. Without
one, it is carried out here, by the same machine.
"""

import time
from collections.abc import Mapping
from typing import Any

from autoc.app import open_database
from autoc.operating import PAUSED_PREFIX
from autoc.project.loading import Project
from autoc.project.settings import ProjectMistake
from autoc.runtime.applying import Shelf, apply_message
from autoc.runtime.clock import SystemClock
from autoc.runtime.effects import Message, RunCanceled, StepRetried
from autoc.runtime.machine import MachineLimits
from autoc.runtime.ports import RunFilter, StoreBusy, StoreFailed
from autoc.stores.sqlite.store import SqliteStore

ANSWER_SECONDS_MAX = 10.0
POLL_SECONDS = 0.1


def open_to_look(project: Project) -> SqliteStore:
    """The database, to read from while a daemon may be writing."""
    try:
        return open_database(project, for_daemon=False, create=False)
    except StoreFailed as error:
        raise ProjectMistake(str(error)) from error


def find_run(store: SqliteStore, run_id: str) -> str:
    """The id of the run; a beginning that only one run has will do. Raises `ProjectMistake`."""
    if store.run(run_id) is not None:
        return run_id
    ids = [run.id for _, run in store.runs(RunFilter()) if run.id.startswith(run_id)]
    if len(ids) == 1 and len(run_id) >= 6:
        return ids[0]
    raise ProjectMistake(f"there is no run `{run_id}`; `autoc runs` lists them")


def give_command(project: Project, kind: str, data: Mapping[str, Any]) -> None:
    """Have a command carried out: by the daemon if one is there, else here."""
    try:
        store = open_database(project, for_daemon=True, create=False)
    except StoreBusy:
        _leave_for_daemon(project, kind, data)
        return
    except StoreFailed as error:
        raise ProjectMistake(str(error)) from error
    try:
        _carry_out(store, project, kind, data)
    finally:
        store.close()


def _leave_for_daemon(project: Project, kind: str, data: Mapping[str, Any]) -> None:
    store = open_to_look(project)
    try:
        with store.transaction() as transaction:
            number = transaction.add_command(kind, data)
        waited = 0.0
        while any(command.number == number for command in store.commands()):
            if waited >= ANSWER_SECONDS_MAX:
                raise ProjectMistake(
                    "the daemon has not answered yet; it will carry the command out when it can"
                )
            time.sleep(POLL_SECONDS)
            waited += POLL_SECONDS
    finally:
        store.close()


def _carry_out(store: SqliteStore, project: Project, kind: str, data: Mapping[str, Any]) -> None:
    match kind:
        case "pause" | "resume":
            name = str(data["automation"])
            with store.transaction() as transaction:
                transaction.put_setting(PAUSED_PREFIX + name, "1" if kind == "pause" else None)
            if data.get("cancel"):
                for _, run in store.runs(RunFilter(status="active", automation=name)):
                    message = RunCanceled(run=run.id, reason="its automation was paused")
                    _apply(store, project, run.id, message)
        case "cancel":
            message = RunCanceled(run=str(data["run"]), reason="an operator canceled it")
            _apply(store, project, str(data["run"]), message)
        case "retry":
            retried = StepRetried(run=str(data["run"]), step=data.get("step"))
            _apply(store, project, str(data["run"]), retried)


def _apply(store: SqliteStore, project: Project, run_id: str, message: Message) -> None:
    found = store.run(run_id)
    assert found is not None
    with store.transaction() as transaction:
        apply_message(
            transaction,
            key=found[0].key,
            message=message,
            now=SystemClock().now(),
            shelf=Shelf(store),
            limits=MachineLimits(retries=project.settings["stripe.retries"]),
        )
