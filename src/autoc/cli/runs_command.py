"""`autoc runs`: the runs of a daemon's database."""

import json
import sys

import click

from autoc.cli.loading import load
from autoc.plan.facts import ObjectRef
from autoc.plan.model import Automation
from autoc.plan.wording import action_name
from autoc.runtime.ports import RunFilter
from autoc.runtime.state import Run, StepState
from autoc.values.localtime import to_local

STATUSES = ("active", "completed", "ended", "canceled", "failed")


@click.command("runs", short_help="the runs of a daemon's database")
@click.option("--status", type=click.Choice(STATUSES), help="Only runs of this status.")
@click.option("--automation", metavar="NAME", help="Only runs of this automation.")
@click.option("--trigger", metavar="NAME", help="Only runs of this trigger.")
@click.option("--object", "object_id", metavar="ID", help="Only runs about this object.")
@click.option(
    "--failed", is_flag=True, help="Only runs with a failed step; exit 1 if there are any."
)
@click.option("--limit", type=click.IntRange(1), help="At most so many.")
@click.option("--database", help="The SQLite file.")
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text")
def runs_command(  # noqa: PLR0913 - one parameter for each option
    *,
    status: str | None,
    automation: str | None,
    trigger: str | None,
    object_id: str | None,
    failed: bool,
    limit: int | None,
    database: str | None,
    output: str,
) -> int:
    """The runs, oldest first: what they are about, how they stand, what comes next."""
    from autoc.cli.asking import open_to_look

    project = load(options={"serve.database": database})
    store = open_to_look(project)
    try:
        wanted = RunFilter(
            status=status,
            automation=automation,
            trigger=trigger,
            object_id=object_id,
            failed_steps=failed,
            limit=limit,
        )
        found = [(ref, run, store.automation(run.digest)) for ref, run in store.runs(wanted)]
    finally:
        store.close()
    if output == "json":
        document = [run_data(ref, run, rules) for ref, run, rules in found]
        sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    else:
        for ref, run, rules in found:
            sys.stdout.write(_line(ref, run, rules))
    return 1 if failed and found else 0


def run_data(ref: ObjectRef, run: Run, rules: Automation | None) -> dict[str, object]:
    """A run as JSON data. The format is a contract (cli.md)."""
    return {
        "run": run.id,
        "occurrence": run.occurrence,
        "automation": run.automation,
        "trigger": run.trigger,
        "object": ref.id,
        "status": run.status,
        "reason": run.reason,
        "started": _shown(run.started, rules),
        "next_due": _shown(run.next_due, rules),
        "steps": [
            {
                "step": number,
                "action": action_name(rules.steps[number - 1].action) if rules else None,
                "status": step.status,
                "due": _shown(step.due, rules),
                "attempts": step.attempts,
                "finished": _shown(step.finished, rules),
                "reason": step.reason,
            }
            for number, step in enumerate(run.steps, start=1)
        ],
    }


def _shown(instant: int | None, rules: Automation | None) -> str | None:
    if instant is None:
        return None
    return to_local(instant, rules.timezone if rules else "UTC").isoformat()


def _line(ref: ObjectRef, run: Run, rules: Automation | None) -> str:
    status = run.status if run.reason is None else f"{run.status} ({run.reason})"
    following = f", next at {_shown(run.next_due, rules)}" if run.next_due else ""
    steps = " ".join(_mark(step) for step in run.steps)
    return f"{run.id}  {run.automation}  {ref.id}  {status}{following}  [{steps}]\n"


def _mark(step: StepState) -> str:
    return {"waiting": ".", "running": ">", "done": "x", "skipped": "-", "failed": "!"}[step.status]
