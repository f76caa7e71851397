"""Prints findings in the format that was asked for."""

import sys
from collections.abc import Mapping, Sequence

from autoc.diagnostics.model import Diagnostic
from autoc.text.source import Source


def print_findings(
    diagnostics: Sequence[Diagnostic],
    sources: Mapping[str, Source],
    *,
    output: str,
    color: bool = False,
    statistics: bool = False,
) -> None:
    """Write the document to stdout; in text formats, the closing line to stderr."""
    sys.stdout.write(render_findings(diagnostics, sources, output=output, color=color))
    if output in ("full", "concise"):
        from autoc.diagnostics.render.summary import summary_line

        sys.stderr.write(summary_line(diagnostics) + "\n")
    if statistics:
        from autoc.diagnostics.render.summary import statistics_table

        sys.stderr.write(statistics_table(diagnostics))


def render_findings(
    diagnostics: Sequence[Diagnostic],
    sources: Mapping[str, Source],
    *,
    output: str,
    color: bool = False,
) -> str:
    """The findings in one of the formats of `autoc check`."""
    match output:
        case "json":
            from autoc.diagnostics.render.json import render_json

            return render_json(diagnostics, sources)
        case "concise":
            from autoc.diagnostics.render.concise import render_concise

            return render_concise(diagnostics, sources, color=color)
        case "github":
            from autoc.diagnostics.render.github import render_github

            return render_github(diagnostics, sources)
        case "sarif":
            from autoc.diagnostics.render.sarif import render_sarif

            return render_sarif(diagnostics, sources)
        case "junit":
            from autoc.diagnostics.render.junit import render_junit

            return render_junit(diagnostics, sources)
        case _:
            from autoc.diagnostics.render.frame import render_full

            return render_full(diagnostics, sources, color=color)
