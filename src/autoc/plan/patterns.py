"""Texts under several patterns: which combinations of `starts with`, `contains`, … can be true.

Every pattern is a small automaton over characters (for `ends with` and `contains` the one of Knuth,
Morris and Pratt), and so is the trie of all constants. Running them side by side, from the empty
text on, reaches exactly the combinations that some text has; the first text found is its example.
A character that stands in no pattern stands for all the others.
"""

from collections import deque
from collections.abc import Iterable
from functools import cache

import attrs

from autoc.plan.conditions import MatchKind

STATES_MAX = 20_000
"""Side-by-side states that are looked at before the answer is "too many"."""
DEAD = -1


@attrs.frozen(kw_only=True)
class Pattern:
    """One pattern, without its negation."""

    how: MatchKind
    text: str


@attrs.frozen(kw_only=True)
class TextClass:
    """Texts that no atom tells apart: `constant`, or those that match exactly `matched`."""

    matched: frozenset[Pattern]
    constant: str | None
    example: str


class TooManyPatterns(Exception):  # noqa: N818 - it names what was found
    """More combinations than `STATES_MAX` states can tell."""


def text_classes(constants: Iterable[str], patterns: Iterable[Pattern]) -> tuple[TextClass, ...]:
    """All classes of texts, the constants' own first. Raises `TooManyPatterns` past the cap."""
    constants, patterns = tuple(dict.fromkeys(constants)), tuple(dict.fromkeys(patterns))
    known = set(constants)
    own = tuple(
        TextClass(
            matched=frozenset(each for each in patterns if _matches(each, text)),
            constant=text,
            example=text,
        )
        for text in constants
    )
    found: dict[frozenset[Pattern], str] = {}
    alphabet = sorted({c for text in (*constants, *(p.text for p in patterns)) for c in text})
    alphabet.append(_other_character(alphabet))
    start = (0, *(0 for _ in patterns))
    trie = _trie(constants)
    waiting = deque([(start, "")])
    seen = {start}
    while waiting:
        states, text = waiting.popleft()
        if text not in known:
            matched = frozenset(
                p for p, state in zip(patterns, states[1:], strict=True) if _accepts(p, state)
            )
            found.setdefault(matched, text)
        for character in alphabet:
            following = (
                trie.get((states[0], character), DEAD),
                *(_next(p, s, character) for p, s in zip(patterns, states[1:], strict=True)),
            )
            if following not in seen:
                if len(seen) >= STATES_MAX:
                    raise TooManyPatterns
                seen.add(following)
                waiting.append((following, text + character))
    others = tuple(
        TextClass(matched=matched, constant=None, example=text) for matched, text in found.items()
    )
    return (*own, *others)


def _matches(pattern: Pattern, text: str) -> bool:
    match pattern.how:
        case "starts with":
            return text.startswith(pattern.text)
        case "ends with":
            return text.endswith(pattern.text)
        case "contains":
            return pattern.text in text


def _other_character(alphabet: list[str]) -> str:
    return next(c for c in "xyzabcdefghijklmnopqrstuvw" + _rare() if c not in alphabet)


@cache
def _rare() -> str:
    return "".join(chr(code) for code in range(0x4E00, 0x9000))


def _trie(constants: tuple[str, ...]) -> dict[tuple[int, str], int]:
    edges: dict[tuple[int, str], int] = {}
    for text in constants:
        node = 0
        for character in text:
            node = edges.setdefault((node, character), len(edges) + 1)
    return edges


def _accepts(pattern: Pattern, state: int) -> bool:
    return state == len(pattern.text)


@cache
def _borders(text: str) -> tuple[int, ...]:
    borders = [0] * (len(text) + 1)
    length = 0
    for index in range(1, len(text)):
        while length and text[index] != text[length]:
            length = borders[length]
        if text[index] == text[length]:
            length += 1
        borders[index + 1] = length
    return tuple(borders)


def _next(pattern: Pattern, state: int, character: str) -> int:
    """The state after `character`: how much of the pattern's text has been matched."""
    text = pattern.text
    match pattern.how:
        case "starts with":
            if state in (DEAD, len(text)):
                return state
            return state + 1 if text[state] == character else DEAD
        case "contains" if state == len(text):
            return state
        case _:
            borders = _borders(text)
            if state == len(text):
                state = borders[state]
            while state and text[state] != character:
                state = borders[state]
            return state + 1 if text and text[state] == character else 0
