"""`autoc cancel`: end a run."""

import sys

import click

from autoc.cli.loading import load
from autoc.project.settings import ProjectMistake


@click.command("cancel", short_help="end a run")
@click.argument("run")
@click.option("--database", help="The SQLite file.")
def cancel_command(*, run: str, database: str | None) -> int:
    """End RUN: nothing more of it happens."""
    from autoc.cli.asking import find_run, give_command, open_to_look

    project = load(options={"serve.database": database})
    store = open_to_look(project)
    try:
        run_id = find_run(store, run)
        found = store.run(run_id)
    finally:
        store.close()
    if found is not None and found[1].status != "active":
        raise ProjectMistake(f"the run `{run_id}` is over: it is {found[1].status}")
    give_command(project, "cancel", {"run": run_id})
    sys.stderr.write(f"autoc: `{run_id}` is canceled\n")
    return 0
