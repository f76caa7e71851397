"""Findings one a line: `billing/a.auto:4:1: error[AC301] message`."""

from collections.abc import Iterable, Mapping

from autoc.diagnostics.model import Diagnostic
from autoc.diagnostics.render.colors import paint_severity
from autoc.diagnostics.render.places import positions_of
from autoc.text.source import Source


def render_concise(
    diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source], *, color: bool = False
) -> str:
    """One line for each finding."""
    return "".join(f"{_line(each, sources, color=color)}\n" for each in diagnostics)


def _line(each: Diagnostic, sources: Mapping[str, Source], *, color: bool) -> str:
    start, _ = positions_of(each.primary.span, sources)
    lead = paint_severity(f"{each.severity}[{each.code}]", each.severity, color=color)
    return f"{each.primary.span.path}:{start.row}:{start.column}: {lead} {each.message}"
