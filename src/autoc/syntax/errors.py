"""From what the parser did not expect to a message that a person can act on."""

import re

import attrs
from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from autoc.catalogue.actions import ACTION
from autoc.catalogue.lookup import nearest_name
from autoc.diagnostics.kinds import report
from autoc.diagnostics.model import Diagnostic, Edit, Fix, Label
from autoc.text.source import Source, Span


@attrs.frozen(kw_only=True)
class Place:
    """A piece of a text that is parsed by itself: the half-open range `[start, end)`."""

    start: int
    end: int


KINDS_OF_WORD = {
    "WORD": "a name",
    "STRING": 'a text in "double quotes"',
    "NUMBER": "a number",
    "DURATION": "a duration such as `3d`",
    "TIME": "a time such as `09:00`",
    "DATE": "a date such as `2026-12-24`",
    "COMPARISON": "a comparison such as `>=`",
    "ON_BUSINESS_DAYS": "`on business days`",
    "COLON": "`:`",
    "SEMICOLON": "`;`",
    "COMMA": "`,`",
    "EQUAL": "`=`",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "LSQB": "`[`",
    "RSQB": "`]`",
    "LBRACE": "`{`",
    "RBRACE": "`}`",
    "$END": "the end of the file",
}
STATEMENT_TERMINALS = frozenset(
    "CURRENCY TIMEZONE CALENDAR CONTACT TEMPLATE RETRY_POLICY ENDPOINT LIST LET AUTOMATION ON".split()
)
FOREIGN = {
    "&&": "and",
    "&": "and",
    "||": "or",
    "|": "or",
    "==": "=",
    "<>": "!=",
    "!": "not ",
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
}
FOREIGN_OPERATOR = re.compile(r"&&|&|\|\||\||==|<>|!(?!=)|≥|≤|≠")
SINGLE_QUOTED = re.compile(r"['‘’]([^'‘’\n\"\\]*)['‘’]")
CURLY_QUOTED = re.compile(r"[“”„«]([^“”«»\n\"\\]*)[“”»]")
NEXT_WORD = re.compile(r"\s*([^\W\d][\w-]*)")
LEADING_WORD = re.compile(r"\b(after|before|at)\s+$")
EXPECTED_MAX = 6


def explain_error(error: UnexpectedInput, source: Source, piece: Place) -> Diagnostic:
    """The diagnostic for what lark stumbled over while it parsed `piece` of `source`."""
    text = source.text
    at = _offset(error, text, piece)
    rest = text[at : piece.end]
    expected = _expected_terminals(error)
    if not rest.strip():
        return _explain_end(source, piece, expected)
    for explain in (_explain_quotes, _explain_operator, _explain_number):
        found = explain(source, at, expected)
        if found is not None:
            return found
    if isinstance(error, UnexpectedCharacters):
        return _explain_character(source, at)
    return _explain_word(source, at, expected)


def explain_missing_steps(span: Span) -> Diagnostic:
    """The diagnostic for an automation whose steps are missing at `span`."""
    return report(
        "AC108",
        message="this automation has no steps",
        primary=Label(span=span, message="expected a step here"),
        help="write what is to be done, such as `after 3d email team`",
    )


def _offset(error: UnexpectedInput, text: str, piece: Place) -> int:
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return len(text[: piece.end].rstrip())
    at = error.pos_in_stream
    return piece.start + (at if at is not None else 0)


def _expected_terminals(error: UnexpectedInput) -> frozenset[str]:
    if isinstance(error, UnexpectedToken):
        return frozenset(error.accepts or error.expected)
    if isinstance(error, UnexpectedCharacters):
        return frozenset(error.allowed or ())
    return frozenset()


def _explain_end(source: Source, piece: Place, expected: frozenset[str]) -> Diagnostic:
    end = len(source.text[: piece.end].rstrip())
    begin = max(piece.start, end - 1)
    span = Span(path=source.path, start=begin, end=end)
    if source.text[begin:end] == ":" and "WORD" in expected:
        return explain_missing_steps(span)
    return report(
        "AC101",
        message=f"this statement is not finished: expected {_in_words(expected)}",
        primary=Label(span=span, message="it ends here"),
    )


def _explain_quotes(source: Source, at: int, _expected: frozenset[str]) -> Diagnostic | None:
    text = source.text
    if text[at] == '"':
        end = text.find("\n", at)
        span = Span(path=source.path, start=at, end=len(text) if end == -1 else end)
        if re.match(r'"(?:[^"\\\n]|\\[^\n])*"', text[at:]):
            return None
        return report(
            "AC102",
            message="this text has no closing quote",
            primary=Label(span=span, message='expected `"` before the end of the line'),
            help="close the text on the same line; `\\n` stands for a line end inside it",
        )
    quoted = SINGLE_QUOTED.match(text, at) or CURLY_QUOTED.match(text, at)
    if quoted is None and text[at] not in "'‘’“”„«":
        return None
    end = quoted.end() if quoted else at + 1
    span = Span(path=source.path, start=at, end=end)
    fix = None
    if quoted:
        edit = Edit(span=span, replacement=f'"{quoted[1]}"')
        fix = Fix(title="use double quotes", safe=True, edits=(edit,))
    return report(
        "AC105",
        message="text stands in double quotes",
        primary=Label(span=span, message='expected `"`'),
        help=f'write `"{quoted[1]}"`' if quoted else 'write `"…"`',
        fix=fix,
    )


def _explain_operator(source: Source, at: int, _expected: frozenset[str]) -> Diagnostic | None:
    start = at - 1 if at and source.text[at] == "=" and source.text[at - 1] == "=" else at
    operator = FOREIGN_OPERATOR.match(source.text, start)
    if operator is None:
        return None
    meant = FOREIGN[operator[0]]
    span = Span(path=source.path, start=operator.start(), end=operator.end())
    return report(
        "AC110",
        message=f"`{operator[0]}` is no operator of the language",
        primary=Label(span=span, message=f"expected `{meant.strip()}`"),
        help=f"write `{meant.strip()}`",
        fix=Fix(
            title=f"write `{meant.strip()}`",
            safe=True,
            edits=(Edit(span=span, replacement=meant),),
        ),
    )


def _explain_number(source: Source, at: int, expected: frozenset[str]) -> Diagnostic | None:
    text = source.text
    digits = re.compile(r"\d+").match(text, at)
    if text[at] == "," and text[:at].rstrip()[-1:].isdigit() and text[at + 1 : at + 4].isdigit():
        return report(
            "AC112",
            message="numbers are written without separators",
            primary=Label(span=_span(source, at, at + 1), message="not expected inside a number"),
            help="write `1000`, and decimals with a point: `1000.50`",
        )
    if digits is None:
        return None
    if "TIME" in expected:
        return report(
            "AC111",
            message=f"`{digits[0]}` is no time of day",
            primary=Label(span=_span(source, at, digits.end()), message="expected `HH:MM`"),
            help="write a time such as `09:00`",
        )
    if "DURATION" not in expected:
        return None
    unit = NEXT_WORD.match(text, digits.end())
    if unit is None or unit[1] in ACTION:
        span, word = _span(source, at, digits.end()), None
    else:
        span, word = _span(source, unit.start(1), unit.end(1)), unit[1]
    return report(
        "AC103",
        message=f"`{word}` is no unit of time" if word else "a duration needs a unit",
        primary=Label(span=span, message="expected a unit"),
        help="the units are `s min h d w mo y bd`, as in `3d` or `1d12h`, and their words",
    )


def _explain_character(source: Source, at: int) -> Diagnostic:
    character = source.text[at]
    shown = character if character.isprintable() else f"U+{ord(character):04X}"
    return report(
        "AC106",
        message=f"`{shown}` has no meaning here",
        primary=Label(span=_span(source, at, at + 1), message="not expected"),
    )


def _explain_word(source: Source, at: int, expected: frozenset[str]) -> Diagnostic:
    lead = LEADING_WORD.search(source.text, 0, at)
    if lead is not None and "SEMICOLON" in expected:
        at = lead.start(1)
    word = re.compile(r'"(?:[^"\\\n]|\\[^\n])*"|[\w.-]+|\S').match(source.text, at)
    shown = word[0] if word else source.text[at]
    span = _span(source, at, at + len(shown))
    return report(
        "AC101",
        message=f"`{shown}` is not expected here",
        primary=Label(span=span, message=f"expected {_in_words(expected)}"),
        help=_help_for(shown, expected),
        fix=_missing_semicolon(source, at, expected, shown),
    )


def _help_for(shown: str, expected: frozenset[str]) -> str | None:
    words = {terminal.lower() for terminal in expected if terminal not in KINDS_OF_WORD}
    if shown == "test":
        return "`test` is kept for later versions and begins no statement yet"
    if shown.lower() != shown and shown.lower() in words:
        return f"words of the language are lower case: write `{shown.lower()}`"
    guess = nearest_name(shown, words)
    if guess is not None:
        return f"did you mean `{guess}`?"
    if "SEMICOLON" in expected and shown in ("after", "before", "then", "at"):
        return "steps are separated by `;`"
    return None


def _missing_semicolon(source: Source, at: int, expected: frozenset[str], shown: str) -> Fix | None:
    if "SEMICOLON" not in expected or shown not in ("after", "before", "then", "at"):
        return None
    end = len(source.text[:at].rstrip())
    edit = Edit(span=_span(source, end, end), replacement=";")
    return Fix(title="separate the steps by `;`", safe=True, edits=(edit,))


def _in_words(expected: frozenset[str]) -> str:
    words: list[str] = []
    if expected >= STATEMENT_TERMINALS:
        expected = expected - STATEMENT_TERMINALS - {"$END"}
        words.append("a new statement")
    named = sorted(expected, key=lambda name: (name not in KINDS_OF_WORD, name))
    words = [KINDS_OF_WORD.get(name, f"`{name.lower()}`") for name in named] + words
    if not words:
        return "something else"
    if len(words) > EXPECTED_MAX:
        words = [*words[:EXPECTED_MAX], "…"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _span(source: Source, start: int, end: int) -> Span:
    return Span(path=source.path, start=start, end=end)
