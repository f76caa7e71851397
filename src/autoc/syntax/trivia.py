"""Comments: where they are, and which of them document an automation."""

import re

from autoc.syntax.tree import Comment, File
from autoc.text.source import Source, Span

COMMENT_OR_TEXT = re.compile(r'"(?:[^"\\\n]|\\[^\n])*"|#[^\n]*')


def find_comments(source: Source) -> tuple[Comment, ...]:
    """All comments of `source` in their order; a `#` inside a text in quotes is none."""
    return tuple(
        Comment(
            span=Span(path=source.path, start=match.start(), end=match.start() + len(text)),
            text=text,
            alone=not source.text[
                source.text.rfind("\n", 0, match.start()) + 1 : match.start()
            ].strip(),
        )
        for match in COMMENT_OR_TEXT.finditer(source.text)
        if (text := match[0].rstrip()).startswith("#")
    )


def documentation_above(file: File, source: Source, offset: int) -> str:
    """The text of the `##` comments directly above the statement that begins at `offset`."""
    row = source.position(offset).row - 1
    by_row = {
        source.position(comment.span.start).row: comment
        for comment in file.comments
        if comment.alone
    }
    lines: list[str] = []
    while (comment := by_row.get(row)) is not None and comment.text.startswith("##"):
        lines.append(comment.text.removeprefix("##").strip())
        row -= 1
    return "\n".join(reversed(lines))
