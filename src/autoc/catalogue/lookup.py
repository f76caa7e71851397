"""Did you mean: the one nearest name, only when one is clearly nearest."""

from collections.abc import Iterable
from difflib import SequenceMatcher

SIMILARITY_MIN = 0.6
LEAD_MIN = 0.05
"""How much nearer the best guess must be than the second."""


def nearest_name(word: str, names: Iterable[str]) -> str | None:
    """The name of `names` that `word` was probably meant to be, or None when it is not clear."""
    scored = sorted(
        ((_similarity(word, name), name) for name in set(names)),
        key=lambda each: (-each[0], each[1]),
    )
    if not scored or scored[0][0] < SIMILARITY_MIN:
        return None
    if len(scored) > 1 and scored[0][0] - scored[1][0] < LEAD_MIN:
        return None
    return scored[0][1]


def _similarity(word: str, name: str) -> float:
    if word.casefold() == name.casefold():
        return 1.0
    return SequenceMatcher(None, word.casefold(), name.casefold(), autojunk=False).ratio()
