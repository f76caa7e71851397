"""Places as rows and columns."""

from collections.abc import Mapping

from autoc.text.source import Position, Source, Span


def positions_of(span: Span, sources: Mapping[str, Source]) -> tuple[Position, Position]:
    """Where `span` begins and ends (exclusive); the first column of all in an unknown file."""
    source = sources.get(span.path)
    if source is None:
        first = Position(row=1, column=1)
        return first, first
    return source.position(span.start), source.position(span.end)
