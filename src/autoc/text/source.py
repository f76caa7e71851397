"""A source file and places in it. Offsets count code points; rows and columns count from 1."""

from bisect import bisect_right
from functools import cached_property

import attrs


@attrs.frozen(kw_only=True)
class Position:
    """A row and a column, both from 1. A tab is one column."""

    row: int
    column: int


@attrs.frozen(kw_only=True)
class Span:
    """The half-open range `[start, end)` of code points in the file `path`."""

    path: str
    start: int
    end: int

    def to(self, other: "Span") -> "Span":
        """The smallest span that covers this one and `other`, which is in the same file."""
        return Span(
            path=self.path, start=min(self.start, other.start), end=max(self.end, other.end)
        )


@attrs.define(frozen=True, kw_only=True, slots=False)
class Source:
    """One file's text. `path` is as shown to people: relative to the project's root, with `/`."""

    path: str
    text: str

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """The offset at which each line begins."""
        starts = [0]
        find = self.text.find
        at = find("\n")
        while at != -1:
            starts.append(at + 1)
            at = find("\n", at + 1)
        return tuple(starts)

    def position(self, offset: int) -> Position:
        """The row and column of `offset`; past the end it is the end."""
        offset = max(0, min(offset, len(self.text)))
        row = bisect_right(self.line_starts, offset)
        return Position(row=row, column=offset - self.line_starts[row - 1] + 1)

    def line(self, row: int) -> str:
        """The text of line `row` (from 1), without its line end; empty past the last line."""
        if not 1 <= row <= len(self.line_starts):
            return ""
        start = self.line_starts[row - 1]
        end = self.line_starts[row] if row < len(self.line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def whole(self) -> Span:
        """The span of the whole file."""
        return Span(path=self.path, start=0, end=len(self.text))
