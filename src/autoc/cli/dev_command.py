"""`autoc dev`: daemon, Stripe double and mail catcher on loopback, with a clock to advance."""

import asyncio
import os
import sys
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import click

from autoc.cli.loading import compile_loaded, errors_of
from autoc.cli.printing import render_findings
from autoc.plan.model import Plan
from autoc.project.loading import Project, load_project
from autoc.project.settings import ProjectMistake

Command = Callable[[str], Awaitable[str | None]]
WORDS = ("advance", "feed", "pay", "quit")
STORIES_FILE = "stories.txt"
HELP = "type `advance 3d`, `feed STORY`, `pay INVOICE`, `help` or `quit`"


@click.command("dev", short_help="daemon, Stripe double and mail catcher on loopback")
@click.argument("words", nargs=-1)
@click.option("--feed", "stories", multiple=True, metavar="STORY", help="Begin with this story.")
@click.option("--advance", multiple=True, metavar="DURATION", help="Advance so far, then quit.")
def dev_command(
    *, words: tuple[str, ...], stories: tuple[str, ...], advance: tuple[str, ...]
) -> int:
    """Watch the rules of a project at work: `autoc dev examples/dunning`.

    Nothing leaves this machine. Real-looking events are fed, time stands still until it is advanced
    at the prompt, or from another terminal with `autoc dev advance 3d`.
    """
    if words and words[0] in WORDS:
        return _speak(" ".join(words))
    if len(words) > 1:
        raise click.UsageError("Name one project.")
    folder = Path(words[0]) if words else Path.cwd()
    if not folder.is_dir():
        raise ProjectMistake(f"there is no folder `{folder}`")
    project = load_project(folder=folder, environment=os.environ)
    compilation = compile_loaded(project)
    errors = errors_of(compilation.diagnostics)
    if errors:
        sys.stderr.write(render_findings(errors, compilation.sources, output="full"))
        return 1
    try:
        import autoc.development.stage  # noqa: F401 - to tell at once whether the extra is there
    except ImportError as error:
        raise ProjectMistake(
            f"this needs more than the compiler ({error.name}): pip install 'autoc[serve]'"
        ) from error
    return asyncio.run(_play(compilation.plan, project, stories, advance))


def _speak(line: str) -> int:
    from autoc.development.control import send_command

    try:
        wrong = asyncio.run(send_command(line))
    except ConnectionError as error:
        raise ProjectMistake(f"{error}; start it with `autoc dev PROJECT`") from error
    if wrong is not None:
        sys.stderr.write(f"autoc: {wrong}\n")
        return 2
    return 0


async def _play(
    plan: Plan, project: Project, stories: tuple[str, ...], advance: tuple[str, ...]
) -> int:
    from autoc.cli.run_command import configure_logs
    from autoc.development.control import address_file, open_control
    from autoc.development.stage import open_stage

    configure_logs(quiet=True)
    stage = await open_stage(plan, project, _tell)
    control = await open_control(stage)
    try:
        for story in stories or _stories_of(project.root):
            _complain(await stage.feed(story))
        for duration in advance:
            _complain(await stage.command(f"advance {duration}"))
        if not advance:
            sys.stdout.write(HELP + "\n")
            sys.stdout.flush()
            await _listen(stage.command, stage.stop)
    finally:
        control.close()
        address_file().unlink(missing_ok=True)
        await stage.close()
    return 0


def _tell(at: str, line: str) -> None:
    sys.stdout.write(f"{at}  {line}\n")
    sys.stdout.flush()


def _complain(wrong: str | None) -> None:
    if wrong is not None:
        raise ProjectMistake(wrong)


def _stories_of(root: Path) -> list[str]:
    """The stories that a project wants to be shown with; all of them when it does not say."""
    from autoc.double.scenarios import SCENARIOS

    path = root / STORIES_FILE
    if not path.is_file():
        return list(SCENARIOS)
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


async def _listen(command: Command, stop: asyncio.Event) -> None:
    """Do what is typed until `quit`; when nothing more can be typed, wait for another terminal."""
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[str] = asyncio.Queue()

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(lines.put_nowait, line)

    threading.Thread(target=read, daemon=True).start()
    stopping = asyncio.ensure_future(stop.wait())
    while not stop.is_set():
        typing = asyncio.ensure_future(lines.get())
        await asyncio.wait((typing, stopping), return_when=asyncio.FIRST_COMPLETED)
        if typing.done():
            wrong = await command(typing.result())
            if wrong is not None:
                sys.stdout.write(f"{wrong}\n")
                sys.stdout.flush()
        else:
            typing.cancel()
