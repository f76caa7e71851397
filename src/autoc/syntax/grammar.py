"""Finds the grammar and builds the parser, once a process."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lark import Lark

if TYPE_CHECKING:
    from lark import Transformer


@cache
def grammar_text() -> str:
    """The text of `grammar/autoc.lark`: from the installed package, else from the checkout.

    A wheel carries the grammar inside the package; an editable install has it at the top level
    only.
    """
    packaged = files("autoc").joinpath("grammar", "autoc.lark")
    if packaged.is_file():
        return packaged.read_text(encoding="utf-8")
    checkout = Path(__file__).parents[3] / "grammar" / "autoc.lark"
    return checkout.read_text(encoding="utf-8")


def build_parser(transformer: "Transformer[Any, Any] | None" = None) -> Lark:
    """An LALR parser; with a transformer, nodes are built while parsing (no tree in between)."""
    return Lark(
        grammar_text(),
        parser="lalr",
        lexer="contextual",
        transformer=transformer,
        keep_all_tokens=True,
        maybe_placeholders=True,
    )
