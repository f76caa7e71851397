"""`autoc trace`: everything that was decided and done in a run, and why."""

import json
import sys
from typing import Any

import click

from autoc.cli.loading import load
from autoc.cli.runs_command import run_data
from autoc.runtime.ports import JournalEntry
from autoc.values.localtime import to_local


@click.command("trace", short_help="everything that was decided and done in a run")
@click.argument("run")
@click.option("--database", help="The SQLite file.")
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text")
def trace_command(*, run: str, database: str | None, output: str) -> int:
    """Every decision of RUN in its order: the event, facts, verdicts, steps, attempts, answers."""
    from autoc.cli.asking import find_run, open_to_look

    store = open_to_look(load(options={"serve.database": database}))
    try:
        found = store.run(find_run(store, run))
        assert found is not None
        state, of_run = found
        rules = store.automation(of_run.digest)
        entries = [
            entry for entry in store.journal(key=state.key) if entry.run in (None, of_run.id)
        ]
    finally:
        store.close()
    timezone = rules.timezone if rules else "UTC"
    if output == "json":
        document = {
            "run": run_data(state.object, of_run, rules),
            "journal": [_entry_data(entry, timezone) for entry in entries],
        }
        sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
        return 0
    sys.stdout.write(f"{of_run.id}: {of_run.automation} about {state.object.id}\n")
    for entry in entries:
        sys.stdout.write(_line(entry, timezone))
    return 0


def _entry_data(entry: JournalEntry, timezone: str) -> dict[str, Any]:
    return {
        "at": to_local(entry.at, timezone).isoformat(),
        "kind": entry.kind,
        "step": entry.step,
        "event": entry.event,
        "data": dict(entry.data),
    }


def _line(entry: JournalEntry, timezone: str) -> str:
    at = to_local(entry.at, timezone).strftime("%Y-%m-%d %H:%M:%S")
    step = f" step {entry.step}" if entry.step is not None else ""
    event = f" by {entry.event}" if entry.event else ""
    words = [f"{name}={_shown(name, value, timezone)}" for name, value in _flat(entry)]
    lines = [f"{at}  {entry.kind}{step}{event}  {'  '.join(words)}".rstrip()]
    for verdict in entry.data.get("verdicts", ()):
        lines.append(f"    {verdict['automation']}: {verdict['verdict']}")
        lines.extend(
            f"      {_answer(each['holds'])}  {each['text']}" for each in verdict["conditions"]
        )
    for name, value in entry.data.get("facts", {}).items():
        lines.append(f"    {name} = {json.dumps(value, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"


def _flat(entry: JournalEntry) -> list[tuple[str, Any]]:
    return [
        (name, value)
        for name, value in entry.data.items()
        if name not in ("verdicts", "facts") and value not in (None, "")
    ]


def _shown(name: str, value: Any, timezone: str) -> str:
    if name in ("due", "anchor", "before") and isinstance(value, int):
        return to_local(value, timezone).strftime("%Y-%m-%dT%H:%M:%S")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _answer(holds: bool | None) -> str:
    return {True: "yes", False: "no ", None: "?  "}[holds]
