"""`autoc list`: the automations of each trigger in priority order."""

import json
import sys

import click

from autoc.catalogue.triggers import TRIGGERS
from autoc.cli.loading import compile_loaded, errors_of, load
from autoc.cli.printing import render_findings
from autoc.plan.model import Automation, Plan
from autoc.plan.wording import condition_text, step_text


@click.command("list", short_help="the automations of each trigger, in priority order")
@click.argument("paths", nargs=-1)
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text")
def list_command(*, paths: tuple[str, ...], output: str) -> int:
    """The automations of each trigger in the order in which they are tried."""
    compilation = compile_loaded(load(paths), analysed=False)
    errors = errors_of(compilation.diagnostics)
    if errors:
        sys.stderr.write(render_findings(errors, compilation.sources, output="full"))
        return 1
    if output == "json":
        document = {"triggers": _triggers(compilation.plan)}
        sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(_text(compilation.plan))
    return 0


def _triggers(plan: Plan) -> dict[str, list[dict[str, object]]]:
    return {
        trigger.name: [
            {
                "name": each.name,
                "filename": plan.places[each.name].filename,
                "line": plan.places[each.name].line,
                "paused": each.paused,
            }
            for each in plan.of_trigger(trigger.name)
        ]
        for trigger in TRIGGERS
        if plan.of_trigger(trigger.name)
    }


def _text(plan: Plan) -> str:
    lines: list[str] = []
    for trigger in TRIGGERS:
        automations = plan.of_trigger(trigger.name)
        if not automations:
            continue
        lines.append(f"{trigger.name}: {trigger.summary}")
        for number, each in enumerate(automations, start=1):
            lines.extend(_described(number, each, plan))
        lines.append("")
    return "\n".join(lines) or "no automations\n"


def _described(number: int, each: Automation, plan: Plan) -> list[str]:
    place = plan.places[each.name]
    paused = " (paused: never selected)" if each.paused else ""
    condition = condition_text(each.condition) or "everything"
    takes = condition if number == 1 else f"of what is left, {condition}"
    steps = "; ".join(step_text(s, first=i == 0) for i, s in enumerate(each.steps))
    return [
        f"  {number}. {each.name}{paused}  {place.filename}:{place.line}",
        f"     takes {takes}",
        f"     does  {steps}",
    ]
