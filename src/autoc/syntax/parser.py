"""Reads a file: the whole text at once, or statement by statement when something is wrong in it.

A text without mistakes is parsed in one go. Otherwise it is cut before each word that starts a
statement at the beginning of a line, and every piece is parsed by itself, so that one run shows
every mistake and a mistake never hides the statements after it.
"""

import re
from collections.abc import Iterator
from functools import cache

import attrs
from lark import Lark
from lark.exceptions import UnexpectedInput

from autoc.diagnostics.kinds import report
from autoc.diagnostics.model import Diagnostic, Label
from autoc.syntax import tree
from autoc.syntax.builder import STATEMENT_WORDS, StatementInSteps, TreeBuilder
from autoc.syntax.errors import Place, explain_error, explain_missing_steps
from autoc.syntax.grammar import open_parser
from autoc.syntax.mixing import find_mixed_chains
from autoc.syntax.trivia import find_comments
from autoc.text.source import Source, Span

NESTING_MAX = 60
"""How deep conditions may be nested: more is no rule that anybody reads."""

STATEMENT_START = re.compile(rf"^[ \t]*({'|'.join(STATEMENT_WORDS)})\b(?!\s*=)", re.MULTILINE)
SKIPPED = re.compile(r'"(?:[^"\\\n]|\\[^\n])*"|#[^\n]*')
DEEP = re.compile(r"\(|\)|\bnot\b")


@attrs.frozen(kw_only=True)
class _Reader:
    builder: TreeBuilder
    lark: Lark


@cache
def _reader() -> _Reader:
    builder = TreeBuilder()
    return _Reader(builder=builder, lark=open_parser(builder))


def parse(source: Source) -> tuple[tree.File, tuple[Diagnostic, ...]]:
    """The tree of `source`, and its mistakes of family 1xx. Never raises, whatever the text."""
    mistakes: list[Diagnostic] = []
    statements: list[tree.Statement] = []
    too_deep = _find_deep_nesting(source)
    if too_deep is not None:
        mistakes.append(too_deep)
    else:
        found, wrong = _parse_piece(source, Place(start=0, end=len(source.text)))
        if any(each.severity == "error" for each in wrong):
            found, wrong = _parse_pieces(source)
        statements.extend(found)
        mistakes.extend(wrong)
    for statement in statements:
        mistakes.extend(find_mixed_chains(statement, source))
    file = tree.File(
        path=source.path,
        statements=tuple(statements),
        comments=find_comments(source),
        complete=not mistakes,
    )
    return file, tuple(mistakes)


def _parse_pieces(source: Source) -> tuple[list[tree.Statement], list[Diagnostic]]:
    statements: list[tree.Statement] = []
    mistakes: list[Diagnostic] = []
    for piece in _pieces(source.text):
        found, wrong = _parse_piece(source, piece)
        statements.extend(found)
        mistakes.extend(wrong)
    return statements, mistakes


def _parse_piece(
    source: Source, piece: Place
) -> tuple[tuple[tree.Statement, ...], list[Diagnostic]]:
    reader = _reader()
    reader.builder.path = source.path
    reader.builder.base = piece.start
    reader.builder.mistakes = []
    try:
        statements = reader.lark.parse(source.text[piece.start : piece.end])
    except UnexpectedInput as error:
        return (), [*reader.builder.mistakes, explain_error(error, source, piece)]
    except StatementInSteps as error:
        return (), [*reader.builder.mistakes, explain_missing_steps(error.span)]
    return statements, reader.builder.mistakes  # type: ignore[return-value]  # the builder's


def _pieces(text: str) -> Iterator[Place]:
    """The pieces of `text`, each from one statement word at a line's beginning to the next."""
    blank = SKIPPED.sub(lambda match: " " * len(match[0]), text)
    start = 0
    for match in STATEMENT_START.finditer(blank):
        word_at = match.start(1)
        if match[1] == "on" and not _may_end_before_on(blank[start:word_at]):
            continue
        if blank[start:word_at].strip():
            yield Place(start=start, end=word_at)
            start = word_at
    if blank[start:].strip():
        yield Place(start=start, end=len(text))


def _may_end_before_on(piece: str) -> bool:
    """Whether `on` begins an automation of its own, or goes on with the header above it."""
    return not piece.lstrip().startswith("automation") or ":" in piece


def _find_deep_nesting(source: Source) -> Diagnostic | None:
    """A place where parentheses and `not` are nested deeper than anybody could read."""
    if len(DEEP.findall(source.text)) <= NESTING_MAX:
        return None
    blank = SKIPPED.sub(lambda match: " " * len(match[0]), source.text)
    depth = nots = last_end = 0
    for match in DEEP.finditer(blank):
        if match[0] == "not":
            nots = nots + 1 if not blank[last_end : match.start()].strip() else 1
        else:
            depth = max(0, depth + (1 if match[0] == "(" else -1))
        last_end = match.end()
        if depth > NESTING_MAX or nots > NESTING_MAX:
            span = Span(path=source.path, start=match.start(), end=match.end())
            return report(
                "AC113",
                message=f"conditions are nested more than {NESTING_MAX} deep",
                primary=Label(span=span, message="here"),
                help="give parts of the condition a name with `let`",
            )
    return None
