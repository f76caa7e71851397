"""`autoc pause`: keep an automation from being selected."""

import sys

import click

from autoc.catalogue.lookup import nearest_name
from autoc.cli.loading import compile_loaded, load
from autoc.project.loading import Project
from autoc.project.settings import ProjectMistake


@click.command("pause", short_help="keep an automation from being selected")
@click.argument("name")
@click.option("--let-finish", is_flag=True, help="Its runs go on to their end.")
@click.option("--cancel", is_flag=True, help="Its runs are all canceled.")
@click.option("--database", help="The SQLite file.")
def pause_command(*, name: str, let_finish: bool, cancel: bool, database: str | None) -> int:
    """Keep automation NAME from being selected until it is resumed.

    Say what becomes of its runs: --let-finish or --cancel.
    """
    from autoc.cli.asking import give_command

    if let_finish == cancel:
        raise click.UsageError("Say what becomes of its runs: --let-finish or --cancel.")
    project = load(options={"serve.database": database})
    check_automation(project, name)
    give_command(project, "pause", {"automation": name, "cancel": cancel})
    sys.stderr.write(f"autoc: `{name}` is paused\n")
    return 0


def check_automation(project: Project, name: str) -> None:
    """Raise `ProjectMistake` when the project has no automation of that name."""
    names = [each.name for each in compile_loaded(project, analysed=False).plan.automations]
    if name not in names:
        guess = nearest_name(name, names)
        raise ProjectMistake(
            f"there is no automation `{name}`" + (f"; did you mean `{guess}`?" if guess else "")
        )
