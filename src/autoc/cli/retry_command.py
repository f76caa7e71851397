"""`autoc retry`: try a failed step again."""

import sys

import click

from autoc.cli.loading import load


@click.command("retry", short_help="try a failed step again")
@click.argument("step", metavar="RUN[:STEP]")
@click.option("--database", help="The SQLite file.")
def retry_command(*, step: str, database: str | None) -> int:
    """Try a failed step of RUN again, under a new idempotency key; the first one, unless STEP says."""
    from autoc.cli.asking import find_run, give_command, open_to_look

    name, _, number = step.partition(":")
    if number and not (number.isascii() and number.isdigit()):
        raise click.UsageError(f"'{number}' is no number of a step.")
    project = load(options={"serve.database": database})
    store = open_to_look(project)
    try:
        run_id = find_run(store, name)
    finally:
        store.close()
    give_command(project, "retry", {"run": run_id, "step": int(number) if number else None})
    sys.stderr.write(f"autoc: `{run_id}` is tried again\n")
    return 0
