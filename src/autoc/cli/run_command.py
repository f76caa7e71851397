"""`autoc run`: the daemon."""

import asyncio
import logging
import os
import sys
from typing import TYPE_CHECKING

import click

from autoc.cli.loading import compile_loaded, errors_of, load
from autoc.cli.printing import render_findings
from autoc.compiler import Compilation
from autoc.project.loading import Project, load_project, load_rates
from autoc.project.settings import ProjectMistake
from autoc.runtime.clock import SystemClock
from autoc.values.duration import DAY, Duration
from autoc.values.localtime import parse_instant

if TYPE_CHECKING:
    from autoc.operating import Reloaded


@click.command("run", short_help="the daemon: takes webhooks, does the delayed actions")
@click.argument("paths", nargs=-1)
@click.option("--host", help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port to listen on; 0 is any.")
@click.option("--database", help="The SQLite file.")
@click.option("--shadow", is_flag=True, help="Record what would be done, and do nothing.")
@click.option("--since", metavar="TIME", help="Take in missed events since then.")
@click.option("--drain-timeout", metavar="DURATION", help="How long SIGTERM waits; 20s.")
def run_command(  # noqa: PLR0913 - one parameter for each option
    *,
    paths: tuple[str, ...],
    host: str | None,
    port: int | None,
    database: str | None,
    shadow: bool,
    since: str | None,
    drain_timeout: str | None,
) -> int:
    """Take Stripe's webhooks at POST /webhooks/stripe, and do what the rules say, when they say it.

    SIGTERM drains and stops; SIGHUP reloads the rules and keeps the old ones when the new ones have
    errors. Needs the extra `serve`.
    """
    begin = _instant(since)
    options = {
        "serve.host": host,
        "serve.port": port,
        "serve.database": database,
        "serve.drain_timeout": _duration(drain_timeout),
    }
    project = load(paths, options=options)
    compilation = compile_loaded(project)
    if errors_of(compilation.diagnostics):
        errors = errors_of(compilation.diagnostics)
        sys.stderr.write(render_findings(errors, compilation.sources, output="full"))
        return 1
    try:
        import autoc.app
        import autoc.server.serving  # noqa: F401 - to tell at once whether the extra is there
    except ImportError as error:
        raise ProjectMistake(
            f"the daemon needs more than the compiler ({error.name}): pip install 'autoc[serve]'"
        ) from error
    return _serve(compilation, project, shadow=shadow, since=begin)


def _instant(text: str | None) -> int | None:
    instant = parse_instant(text) if text is not None else None
    if text is not None and instant is None:
        raise click.UsageError(f"'{text}' is no time; write one such as '2026-03-01T09:00:00Z'.")
    return instant


def _duration(text: str | None) -> Duration | None:
    from autoc.values.duration import parse_duration

    duration = parse_duration(text) if text is not None else None
    if duration is not None and not isinstance(duration, Duration):
        raise click.UsageError(f"--drain-timeout: {duration.message}.")
    return duration


def _serve(compilation: Compilation, project: Project, *, shadow: bool, since: int | None) -> int:
    from autoc.app import build_daemon, open_database, read_secrets
    from autoc.runtime.ports import StoreBusy, StoreFailed
    from autoc.server.running import run_until_signal
    from autoc.server.serving import open_socket

    settings = project.settings
    configure_logs()
    secrets = read_secrets(settings, environment=os.environ, root=project.root)
    host, port = settings["serve.host"], settings["serve.port"]
    try:
        store = open_database(project, for_daemon=True)
    except (StoreBusy, StoreFailed) as error:
        raise ProjectMistake(str(error)) from error
    try:
        listening = open_socket(host, port)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ProjectMistake(f"cannot listen on {host}:{port}: {reason}") from error
    daemon = build_daemon(
        compilation.plan,
        project,
        secrets=secrets,
        store=store,
        clock=SystemClock(),
        shadow=shadow,
        since=since,
        reload=lambda: _reload(project),
    )
    bound = listening.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host

    def say_ready() -> None:
        sys.stderr.write(f"autoc: listening on http://{shown}:{bound}\n")
        sys.stderr.flush()

    drain = settings["serve.drain_timeout"]
    asyncio.run(
        run_until_signal(
            daemon,
            listening,
            drain_seconds=drain.seconds + drain.days * DAY,
            say_ready=say_ready,
        )
    )
    return 0


def _reload(project: Project) -> "Reloaded | str":
    """The rules as they are on disk now, or why they cannot be used."""
    from autoc.operating import Reloaded

    try:
        again = load_project(folder=project.root, environment=os.environ)
        compilation = compile_loaded(again)
        errors = errors_of(compilation.diagnostics)
        if errors:
            return render_findings(errors, compilation.sources, output="concise")
        return Reloaded(plan=compilation.plan, rates=load_rates(again))
    except ProjectMistake as mistake:
        return str(mistake)


def configure_logs(*, quiet: bool = False) -> None:
    """Structured lines on stderr; JSON unless stderr is a terminal. `quiet`: only what is wrong."""
    import structlog

    renderer = (
        structlog.dev.ConsoleRenderer()
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.ERROR if quiet else logging.INFO
        ),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
