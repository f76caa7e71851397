"""`autoc fmt`: one canonical layout for rule files."""

import os
import sys
from pathlib import Path

import click

from autoc.cli.printing import render_findings
from autoc.diagnostics.fixes import unified_diff
from autoc.diagnostics.model import Diagnostic
from autoc.project.loading import load_project
from autoc.syntax.formatter import format_file
from autoc.syntax.parser import parse
from autoc.text.source import Source


@click.command("fmt", short_help="bring rule files into one layout")
@click.argument("paths", nargs=-1)
@click.option("--check", is_flag=True, help="Change nothing; exit 1 when a file would change.")
@click.option("--diff", is_flag=True, help="Show what would change, and change nothing.")
def fmt_command(*, paths: tuple[str, ...], check: bool, diff: bool) -> int:
    """Bring rule files into one layout; `-` formats stdin to stdout.

    Comments are kept. A file with mistakes is left as it is, and the exit code is 1.
    """
    if paths == ("-",):
        return _format_stdin()
    project = load_project(paths, folder=Path.cwd(), environment=os.environ)
    mistakes = list(project.unreadable)
    changed = 0
    for source in project.sources:
        text = _formatted(source, mistakes)
        raw = (project.root / source.path).read_bytes()
        if text is None or text.encode() == raw:
            continue
        changed += 1
        if diff:
            sys.stdout.write(unified_diff(source, text))
        elif check:
            sys.stderr.write(f"would change {source.path}\n")
        else:
            (project.root / source.path).write_text(text, encoding="utf-8", newline="\n")
            sys.stderr.write(f"changed {source.path}\n")
    if mistakes:
        sources = {source.path: source for source in project.sources}
        sys.stderr.write(render_findings(mistakes, sources, output="full"))
    return 1 if mistakes or (changed and (check or diff)) else 0


def _formatted(source: Source, mistakes: list[Diagnostic]) -> str | None:
    file, found = parse(source)
    if not file.complete:
        mistakes.extend(found)
        return None
    return format_file(file, source)


def _format_stdin() -> int:
    text = sys.stdin.buffer.read().decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    source = Source(path="<stdin>", text=text)
    mistakes: list[Diagnostic] = []
    formatted = _formatted(source, mistakes)
    if formatted is None:
        sys.stderr.write(render_findings(mistakes, {source.path: source}, output="full"))
        return 1
    sys.stdout.write(formatted)
    return 0
