"""What every command that reads a project does first."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
import click

from autoc.compiler import NODE_BUDGET, Compilation, compile_project
from autoc.diagnostics.model import Diagnostic
from autoc.project.loading import Project, load_project

color_option = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colour in text output.",
)


def load(paths: Sequence[str] = (), *, options: Mapping[str, Any] | None = None) -> Project:
    """The project of `paths`, or of the current folder."""
    return load_project(paths, folder=Path.cwd(), environment=os.environ, options=options)


def compile_loaded(
    project: Project,
    *,
    require_match: tuple[str, ...] = (),
    node_budget: int = NODE_BUDGET,
    analysed: bool = True,
) -> Compilation:
    """Compile `project`; files that could not be read are findings too."""
    compilation = compile_project(
        project.sources,
        project.surroundings,
        limits=project.limits,
        require_match=require_match,
        node_budget=node_budget,
        analysed=analysed,
    )
    return attrs.evolve(compilation, diagnostics=(*project.unreadable, *compilation.diagnostics))


def wants_color(choice: str, *, stream: Any = None) -> bool:
    """Whether to colour: as asked, else by NO_COLOR and FORCE_COLOR, else on a terminal."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return bool((stream or sys.stdout).isatty())


def errors_of(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The findings that keep a plan from being run."""
    return [each for each in diagnostics if each.severity == "error"]
