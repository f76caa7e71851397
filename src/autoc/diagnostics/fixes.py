"""Applies fixes to texts. Edits that overlap wait for the next round: the first one wins."""

import difflib
from collections.abc import Iterable, Mapping

from autoc.diagnostics.model import Diagnostic, Edit
from autoc.text.source import Source


def apply_fixes(
    sources: Mapping[str, Source], diagnostics: Iterable[Diagnostic], *, unsafe: bool
) -> dict[str, str]:
    """The new text of every file that a fix changes, by its path."""
    chosen: dict[str, list[Edit]] = {}
    for each in diagnostics:
        fix = each.fix
        if fix is None or not (fix.safe or unsafe):
            continue
        if any(edit.span.path not in sources for edit in fix.edits):
            continue
        if any(_overlaps(edit, chosen.get(edit.span.path, ())) for edit in fix.edits):
            continue
        for edit in fix.edits:
            chosen.setdefault(edit.span.path, []).append(edit)
    changed = {path: _apply(sources[path].text, edits) for path, edits in chosen.items()}
    return {path: text for path, text in changed.items() if text != sources[path].text}


def _overlaps(edit: Edit, others: Iterable[Edit]) -> bool:
    return any(
        edit.span.start < other.span.end
        and other.span.start < edit.span.end
        or edit.span == other.span
        for other in others
    )


def _apply(text: str, edits: list[Edit]) -> str:
    for edit in sorted(edits, key=lambda each: (each.span.start, each.span.end), reverse=True):
        text = text[: edit.span.start] + edit.replacement + text[edit.span.end :]
    return text


def unified_diff(before: Source, after: str) -> str:
    """How `before` becomes `after`, as a unified diff."""
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for line in difflib.unified_diff(
            before.text.splitlines(keepends=True),
            after.splitlines(keepends=True),
            fromfile=f"a/{before.path}",
            tofile=f"b/{before.path}",
        )
    )
