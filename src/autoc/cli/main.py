"""The entry point: finds the command, and turns every way to fail into a message and a code."""

import os
import sys
from importlib import import_module
from typing import NoReturn

import click

from autoc import __version__
from autoc.catalogue.lookup import nearest_name
from autoc.project.settings import ProjectMistake

EXIT_FINDINGS = 1
EXIT_USAGE = 2
EXIT_INTERNAL = 3
EXIT_INTERRUPTED = 130

COMMANDS: dict[str, str] = {
    "init": "make a small project that checks and explains",
    "check": "find every mistake, and prove what can never run",
    "fmt": "bring rule files into one layout",
    "list": "the automations of each trigger, in priority order",
    "compile": "the plan as JSON",
    "explain": "which automation an event would select, and why no other",
    "config": "every setting, and where it comes from",
    "run": "the daemon: takes webhooks, does the delayed actions",
    "runs": "the runs of a daemon's database",
    "trace": "everything that was decided and done in a run",
    "pause": "keep an automation from being selected",
    "resume": "let a paused automation be selected again",
    "cancel": "end a run",
    "retry": "try a failed step again",
    "dev": "daemon, Stripe double and mail catcher on loopback",
}
"""Each command is a function of its own name in a module of its own name, imported when called."""


class Commands(click.Group):
    """Imports a command only when it is called, and guesses what a wrong name was meant to be."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"autoc.cli.{cmd_name}_command")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            guess = nearest_name(args[0], COMMANDS)
            hint = f" Did you mean '{guess}'?" if guess else ""
            ctx.fail(f"There is no command '{args[0]}'.{hint}")
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="autoc %(version)s")
def autoc() -> None:
    """Billing automations as code."""


def run() -> NoReturn:
    """Run the command line, and leave with its exit code. Nothing shows a traceback to a user."""
    sys.exit(run_with(sys.argv[1:]))


def run_with(arguments: list[str]) -> int:
    """The exit code of `autoc` with `arguments`."""
    try:
        code = autoc.main(args=arguments, prog_name="autoc", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as leaving:
        return int(leaving.exit_code)
    except click.ClickException as mistake:
        mistake.show()
        return EXIT_USAGE
    except ProjectMistake as mistake:
        click.echo(f"autoc: {mistake}", err=True)
        return EXIT_USAGE
    except (KeyboardInterrupt, click.Abort):
        click.echo("autoc: interrupted", err=True)
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # the reader has gone; there is nobody left to tell
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        return _tell_internal(error)
    return code if isinstance(code, int) else 0


def _tell_internal(error: Exception) -> int:
    if os.environ.get("AUTOC_DEBUG"):
        raise error
    click.echo(
        f"autoc: internal error: {type(error).__name__}: {error}\n"
        "this is a mistake in autoc, not in your project; run it again with AUTOC_DEBUG=1 and "
        "report what it prints",
        err=True,
    )
    return EXIT_INTERNAL
