"""Findings as GitHub's workflow commands, which become annotations.

GitHub shows ten of each kind for a step and drops the rest in silence, so the worst come first and
what is left is counted. Source: docs.github.com, "Workflow commands for GitHub Actions".
"""

from collections.abc import Iterable, Mapping

from autoc.diagnostics.model import SEVERITIES, Diagnostic, Severity
from autoc.diagnostics.render.places import positions_of
from autoc.text.source import Source

SHOWN_MAX = 10
COMMANDS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "notice"}


def render_github(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source]) -> str:
    """One command a line, errors first; for each severity, a line that counts what is left out."""
    every = list(diagnostics)
    lines: list[str] = []
    for severity in SEVERITIES:
        ours = [each for each in every if each.severity == severity]
        shown = ours if len(ours) <= SHOWN_MAX else ours[: SHOWN_MAX - 1]
        lines.extend(_command(each, sources) for each in shown)
        if len(ours) > len(shown):
            left = len(ours) - len(shown)
            lines.append(f"::{COMMANDS[severity]} title=autoc::and {left} more of this kind")
    return "".join(f"{line}\n" for line in lines)


def _command(each: Diagnostic, sources: Mapping[str, Source]) -> str:
    start, end = positions_of(each.primary.span, sources)
    properties = {
        "title": f"autoc ({each.code})",
        "file": each.primary.span.path,
        "line": str(start.row),
        "col": str(start.column),
        "endLine": str(end.row),
        "endColumn": str(end.column),
    }
    listed = ",".join(f"{name}={_escape_property(value)}" for name, value in properties.items())
    message = each.message if each.help is None else f"{each.message}\nhelp: {each.help}"
    return f"::{COMMANDS[each.severity]} {listed}::{_escape(message)}"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
