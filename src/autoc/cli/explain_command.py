"""`autoc explain`: which automation an event would select, and why no other."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from autoc.catalogue.lookup import nearest_name
from autoc.catalogue.triggers import TRIGGER
from autoc.cli.loading import compile_loaded, errors_of, load
from autoc.cli.printing import render_findings
from autoc.explanation.as_json import explanation_data
from autoc.explanation.as_text import explanation_text
from autoc.explanation.explain import Question, explain
from autoc.explanation.model import Explanation
from autoc.plan.model import Plan
from autoc.project.loading import Project, load_rates
from autoc.project.settings import ProjectMistake
from autoc.runtime.clock import SystemClock
from autoc.stripe_objects.events import Refusal, StripeEvent, read_event, read_object
from autoc.stripe_objects.lookups import index_objects
from autoc.values.localtime import parse_instant


@click.command("explain", short_help="which automation an event would select, and why no other")
@click.argument("event", type=str)
@click.argument("paths", nargs=-1)
@click.option("--at", "at", metavar="TIME", help="When the event is handled.")
@click.option("--with", "with_files", multiple=True, metavar="FILE", help="An object to look up.")
@click.option("--trigger", metavar="NAME", help="Explain it for this trigger.")
@click.option("--why-not", metavar="NAME", help="What would have to change to select NAME.")
@click.option("--expect", metavar="NAME", help="Exit 1 unless NAME is selected (or `nothing`).")
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text")
def explain_command(  # noqa: PLR0913 - one parameter for each option
    *,
    event: str,
    paths: tuple[str, ...],
    at: str | None,
    with_files: tuple[str, ...],
    trigger: str | None,
    why_not: str | None,
    expect: str | None,
    output: str,
) -> int:
    """Which automation EVENT would select, why each other was not, and what would happen when.

    EVENT is a file with a whole Stripe event of any API version, or `-` for stdin; with --trigger it
    may be a bare object.
    """
    _check_names(trigger)
    document = _read_json(event)
    instant = _read_instant(at)
    extra = [_read_with(path) for path in with_files]
    project = load(paths)
    compilation = compile_loaded(project, analysed=False)
    errors = errors_of(compilation.diagnostics)
    if errors:
        sys.stderr.write(render_findings(errors, compilation.sources, output="full"))
        return 1
    for name in (why_not, expect):
        _check_automation(name, compilation.plan)
    question = _question(document, compilation.plan, project, trigger, instant, extra)
    explanation = explain(question)
    _print(explanation, output)
    if why_not is not None:
        from autoc.explanation.why_not import why_not_text

        sys.stdout.write(why_not_text(explanation, why_not))
    return _as_expected(explanation, expect)


def _check_names(trigger: str | None) -> None:
    if trigger is not None and trigger not in TRIGGER:
        guess = nearest_name(trigger, TRIGGER)
        hint = f" Did you mean '{guess}'?" if guess else ""
        raise click.UsageError(f"There is no trigger '{trigger}'.{hint}")


def _check_automation(name: str | None, plan: Plan) -> None:
    names = [each.name for each in plan.automations]
    if name is not None and name not in (*names, "nothing"):
        guess = nearest_name(name, names)
        hint = f" Did you mean '{guess}'?" if guess else ""
        raise click.UsageError(f"There is no automation '{name}'.{hint}")


def _read_json(name: str) -> Any:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise ProjectMistake(
            f"`{name}` cannot be read: {(error.strerror or '').lower()}"
        ) from error
    try:
        return json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ProjectMistake(f"`{name}` is no UTF-8 text") from error
    except json.JSONDecodeError as error:
        raise ProjectMistake(
            f"`{name}` is no JSON: {error.msg.lower()} at line {error.lineno}, column {error.colno}"
        ) from error
    except (RecursionError, ValueError) as error:
        raise ProjectMistake(f"`{name}` is no JSON that can be read") from error


def _read_instant(text: str | None) -> int | None:
    if text is None:
        return None
    instant = parse_instant(text)
    if instant is None:
        raise ProjectMistake(f"`{text}` is no time; write one such as `2026-03-01T09:00:00Z`")
    return instant


def _read_with(name: str) -> dict[str, Any]:
    found = read_object(_read_json(name))
    if isinstance(found, Refusal):
        raise ProjectMistake(f"`{name}`: {found.message}")
    return found


def _question(  # noqa: PLR0913 - what an event is explained with
    document: Any,
    plan: Plan,
    project: Project,
    trigger: str | None,
    at: int | None,
    extra: list[dict[str, Any]],
) -> Question:
    event = read_event(document)
    if isinstance(event, StripeEvent):
        return Question(
            plan=plan,
            event=event,
            object=event.object,
            trigger=trigger,
            lookups=index_objects([event.object, *extra]),
            rates=load_rates(project),
            at=event.created if at is None else at,
        )
    bare = read_object(document)
    if isinstance(bare, Refusal):
        raise ProjectMistake(event.message)
    if trigger is None:
        raise ProjectMistake(
            "this is a bare object and no event: say with --trigger what it begins"
        )
    return Question(
        plan=plan,
        object=bare,
        trigger=trigger,
        lookups=index_objects([bare, *extra]),
        rates=load_rates(project),
        at=SystemClock().now() if at is None else at,
    )


def _print(explanation: Explanation, output: str) -> None:
    if output == "json":
        document = explanation_data(explanation)
        sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(explanation_text(explanation))


def _as_expected(explanation: Explanation, expect: str | None) -> int:
    if expect is None:
        return 0
    selected = explanation.selected.name if explanation.selected else "nothing"
    if selected == expect and explanation.reason != "undecided":
        return 0
    sys.stderr.write(f"autoc: expected `{expect}`, selected `{selected}`\n")
    return 1
