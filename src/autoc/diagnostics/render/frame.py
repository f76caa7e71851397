"""Findings in rustc's shape: the source, its places underlined, notes and help below.

The places of one file that lie near each other share a frame; others follow after `:::`.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping

import attrs

from autoc.diagnostics.model import Diagnostic, Label, Severity
from autoc.diagnostics.render.colors import BLUE, BOLD, paint, paint_severity
from autoc.diagnostics.render.places import positions_of
from autoc.text.source import Source

TAB = "    "
WIDTH_MAX = 140
LEAD_COLUMNS = 40
"""How much of a long line is shown before the place that is pointed at."""
WORDS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}


@attrs.frozen(kw_only=True)
class _Mark:
    """One label on one row: columns from 1, `end` exclusive; the last row bears the message."""

    path: str
    row: int
    start: int
    end: int
    message: str
    is_primary: bool


def render_full(
    diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source], *, color: bool = False
) -> str:
    """All findings, with a blank line after each."""
    return "".join("\n".join(_finding(each, sources, color=color)) + "\n\n" for each in diagnostics)


def _finding(each: Diagnostic, sources: Mapping[str, Source], *, color: bool) -> Iterator[str]:
    word = f"{WORDS[each.severity]}[{each.code}]"
    lead = paint_severity(word, each.severity, color=color)
    yield f"{lead}{paint(f': {each.message}', BOLD, color=color)}"
    marks = [
        _mark(each.primary, sources, is_primary=True),
        *(_mark(label, sources, is_primary=False) for label in each.related),
    ]
    gutter = len(str(max(mark.row for mark in marks)))
    groups = _groups(marks)
    for number, group in enumerate(groups):
        yield from _frame(
            group,
            sources,
            arrow="-->" if number == 0 else ":::",
            gutter=gutter,
            severity=each.severity,
            color=color,
        )
    bar = paint("=", BLUE, color=color)
    pad = " " * gutter
    if each.notes or each.help:
        yield f"{pad} {paint('|', BLUE, color=color)}"
    for note in each.notes:
        yield f"{pad} {bar} note: {note}"
    if each.help:
        yield f"{pad} {bar} help: {each.help}"


def _mark(label: Label, sources: Mapping[str, Source], *, is_primary: bool) -> _Mark:
    start, end = positions_of(label.span, sources)
    source = sources.get(label.span.path)
    last = end.column if end.row == start.row else len(source.line(start.row)) + 1 if source else 1
    return _Mark(
        path=label.span.path,
        row=start.row,
        start=start.column,
        end=max(last, start.column + 1),
        message=label.message,
        is_primary=is_primary,
    )


def _groups(marks: list[_Mark]) -> list[list[_Mark]]:
    """The primary's own place first; then the others, those of one file together."""
    primary, others = marks[0], marks[1:]
    groups = [[primary]]
    by_path: dict[str, list[_Mark]] = {}
    for mark in others:
        if mark.path == primary.path and mark.row == primary.row:
            groups[0].append(mark)
        else:
            by_path.setdefault(mark.path, []).append(mark)
    groups.extend(sorted(group, key=lambda mark: mark.row) for group in by_path.values())
    return groups


def _frame(  # noqa: PLR0913 - what a frame is drawn with
    marks: list[_Mark],
    sources: Mapping[str, Source],
    *,
    arrow: str,
    gutter: int,
    severity: Severity,
    color: bool,
) -> Iterator[str]:
    pad = " " * gutter
    bar = paint("|", BLUE, color=color)
    first = marks[0]
    if arrow == ":::":
        yield f"{pad} {bar}"
    yield f"{pad}{paint(arrow, BLUE, color=color)} {first.path}:{first.row}:{first.start}"
    source = sources.get(first.path)
    if source is None:
        return
    yield f"{pad} {bar}"
    for row in dict.fromkeys(mark.row for mark in marks):
        on_row = sorted((m for m in marks if m.row == row), key=lambda mark: mark.start)
        cut, line = _clip(source.line(row), on_row[0].start)
        number = paint(str(row).rjust(gutter), BLUE, color=color)
        yield f"{number} {bar} {_expand(line)}".rstrip()
        for mark in on_row:
            yield f"{pad} {bar} {_underline(mark, line, cut, severity=severity, color=color)}"


def _clip(line: str, start: int) -> tuple[int, str]:
    """The part of a long line around the place, and how many columns were cut before it."""
    if len(line) <= WIDTH_MAX:
        return 0, line
    cut = max(0, min(start - 1 - LEAD_COLUMNS, len(line) - WIDTH_MAX))
    return cut, line[cut : cut + WIDTH_MAX]


def _underline(mark: _Mark, line: str, cut: int, *, severity: Severity, color: bool) -> str:
    before = line[: max(0, mark.start - 1 - cut)]
    under = line[max(0, mark.start - 1 - cut) : max(0, mark.end - 1 - cut)]
    signs = ("^" if mark.is_primary else "-") * max(1, _width(under))
    text = f"{signs} {mark.message}".rstrip()
    painted = (
        paint_severity(text, severity, color=color)
        if mark.is_primary
        else paint(text, BLUE, color=color)
    )
    return " " * _width(before) + painted


def _expand(text: str) -> str:
    shown = text.replace("\t", TAB)
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in shown)


def _width(text: str) -> int:
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if character == "\t":
        return len(TAB)
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
