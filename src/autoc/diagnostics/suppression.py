"""Suppressions: `# autoc: allow[AC310] until 2027-01-01 -- reason` on the line above.

One covers the statement that begins on the next line that is neither blank nor a comment. Only
families 3xx to 5xx can be suppressed, by code or name; without a reason nothing is suppressed.
Source: cli.md, language.md section 6.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date

import attrs

from autoc.diagnostics.kinds import SUPPRESSIBLE_FAMILIES, find_kind, report
from autoc.diagnostics.model import Diagnostic, Label
from autoc.text.source import Source, Span

MARK = re.compile(
    r"#\s*autoc:\s*allow\[(?P<codes>[^\]\n]*)\]"
    r"(?:\s+until\s+(?P<until>\S+))?(?:\s*--\s*(?P<reason>[^\n]*))?[^\n]*"
)
STATEMENT = re.compile(
    r"^[ \t]*(?:currency|timezone|calendar|contact|template|retry_policy|endpoint|list|let|automation)"
    r"\b|^on\b",
    re.MULTILINE,
)
TEXT_OR_COMMENT = re.compile(r'"(?:[^"\\\n]|\\[^\n])*"|#[^\n]*')


@attrs.frozen(kw_only=True)
class Suppression:
    """One suppression, and the range of the text `[start, end)` that it covers."""

    span: Span
    codes: tuple[str, ...]
    until: str | None
    reason: str
    start: int
    end: int


def find_suppressions(source: Source) -> tuple[Suppression, ...]:
    """The suppressions in `source`; a mark inside a text in quotes is none."""
    if "autoc:" not in source.text:
        return ()
    return tuple(
        _read(mark, comment.start(), source)
        for comment in TEXT_OR_COMMENT.finditer(source.text)
        if (mark := MARK.match(comment[0])) is not None
    )


def _read(mark: re.Match[str], offset: int, source: Source) -> Suppression:
    start, end = _covered(source, offset + mark.end())
    return Suppression(
        span=Span(path=source.path, start=offset, end=offset + len(mark[0].rstrip())),
        codes=tuple(part.strip() for part in mark["codes"].split(",") if part.strip()),
        until=mark["until"],
        reason=(mark["reason"] or "").strip(),
        start=start,
        end=end,
    )


def _covered(source: Source, after: int) -> tuple[int, int]:
    """The statement, or the line inside a statement, below the mark."""
    row = source.position(after).row + 1
    while row <= len(source.line_starts) and (
        not source.line(row).strip() or source.line(row).lstrip().startswith("#")
    ):
        row += 1
    if row > len(source.line_starts):
        return len(source.text), len(source.text)
    start = source.line_starts[row - 1]
    line_end = start + len(source.line(row))
    if not STATEMENT.match(source.text, start):
        return start, line_end
    after_head = line_end
    if not source.line(row).lstrip().startswith("on"):
        head = re.compile(r"\s*\n[ \t]*on\b").match(source.text, line_end)
        after_head = head.end() if head else line_end
    following = STATEMENT.search(source.text, after_head)
    return start, following.start() if following else len(source.text)


def apply_suppressions(
    diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source], *, today: date
) -> tuple[Diagnostic, ...]:
    """The findings that are left, and what is wrong with the suppressions themselves."""
    suppressions = [each for source in sources.values() for each in find_suppressions(source)]
    if not suppressions:
        return tuple(diagnostics)
    used: set[int] = set()
    kept: list[Diagnostic] = []
    valid = [_is_valid(each, today) for each in suppressions]
    for diagnostic in diagnostics:
        index = _suppressing(diagnostic, suppressions, valid)
        if index is None:
            kept.append(diagnostic)
        else:
            used.add(index)
    for index, each in enumerate(suppressions):
        kept.extend(_complaints(each, is_used=index in used, today=today))
    return tuple(kept)


def _suppressing(
    diagnostic: Diagnostic, suppressions: list[Suppression], valid: list[bool]
) -> int | None:
    if diagnostic.code[2] not in SUPPRESSIBLE_FAMILIES:
        return None
    span = diagnostic.primary.span
    for index, each in enumerate(suppressions):
        covers = each.span.path == span.path and each.start <= span.start < max(each.end, 1)
        if valid[index] and covers and diagnostic.code in _codes(each):
            return index
    return None


def _codes(suppression: Suppression) -> set[str]:
    kinds = (find_kind(word) for word in suppression.codes)
    return {kind.code for kind in kinds if kind and kind.family in SUPPRESSIBLE_FAMILIES}


def _is_valid(suppression: Suppression, today: date) -> bool:
    until = _date(suppression.until)
    has_expired = until is not None and until < today
    return bool(suppression.reason) and not has_expired and not _is_bad_date(suppression)


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _is_bad_date(suppression: Suppression) -> bool:
    return suppression.until is not None and _date(suppression.until) is None


def _complaints(suppression: Suppression, *, is_used: bool, today: date) -> Iterable[Diagnostic]:
    primary = Label(span=suppression.span)
    unknown = [word for word in suppression.codes if not _is_suppressible(word)]
    until = _date(suppression.until)
    if not suppression.reason:
        yield report(
            "AC903",
            message="this suppression gives no reason, and suppresses nothing",
            primary=primary,
            help="write the reason after `--`",
        )
    elif _is_bad_date(suppression):
        yield report(
            "AC902",
            message=f"`{suppression.until}` is no date, so this suppresses nothing",
            primary=primary,
            help="write a date such as `2027-01-01`",
        )
    elif until is not None and until < today:
        yield report(
            "AC902",
            message=f"this suppression has expired on {until.isoformat()}",
            primary=primary,
            help="mend what it hides, or give it a new date",
        )
    elif unknown or not suppression.codes:
        shown = unknown[0] if unknown else ""
        yield report(
            "AC904",
            message=f"`{shown}` cannot be suppressed",
            primary=primary,
            help="codes and names of families 3xx to 5xx can be",
        )
    elif not is_used:
        yield report(
            "AC901",
            message="this suppression suppresses nothing",
            primary=primary,
            help="remove it",
        )


def _is_suppressible(word: str) -> bool:
    kind = find_kind(word)
    return kind is not None and kind.family in SUPPRESSIBLE_FAMILIES
