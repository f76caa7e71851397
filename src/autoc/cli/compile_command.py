"""`autoc compile`: the plan as JSON, or its JSON Schema."""

import json
import sys

import click

from autoc.cli.loading import compile_loaded, errors_of, load
from autoc.cli.printing import render_findings


@click.command("compile", short_help="the plan as JSON")
@click.argument("paths", nargs=-1)
@click.option("--schema", is_flag=True, help="Print the JSON Schema of the plan instead.")
def compile_command(*, paths: tuple[str, ...], schema: bool) -> int:
    """The plan as JSON: what the daemon runs."""
    if schema:
        from autoc.plan.schema import plan_schema

        sys.stdout.write(json.dumps(plan_schema(), indent=2) + "\n")
        return 0
    compilation = compile_loaded(load(paths))
    errors = errors_of(compilation.diagnostics)
    if errors:
        sys.stderr.write(render_findings(errors, compilation.sources, output="full"))
        return 1
    from autoc.plan.codec import encode_plan

    sys.stdout.write(encode_plan(compilation.plan) + "\n")
    return 0
