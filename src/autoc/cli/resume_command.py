"""`autoc resume`: let a paused automation be selected again."""

import sys

import click

from autoc.cli.loading import load
from autoc.cli.pause_command import check_automation


@click.command("resume", short_help="let a paused automation be selected again")
@click.argument("name")
@click.option("--database", help="The SQLite file.")
def resume_command(*, name: str, database: str | None) -> int:
    """Let automation NAME be selected again. What came while it was paused is not made up for."""
    from autoc.cli.asking import give_command

    project = load(options={"serve.database": database})
    check_automation(project, name)
    give_command(project, "resume", {"automation": name})
    sys.stderr.write(f"autoc: `{name}` is selected again\n")
    return 0
