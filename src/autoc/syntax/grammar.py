"""The parser, made from its tables, which were built from `grammar/autoc.lark` before.

`grammar/generate.py` builds the tables; here they are read, which is thirty times faster.
"""

import hashlib
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import lark
from lark.grammar import Rule
from lark.lexer import TerminalDef

OPTIONS: dict[str, Any] = {
    "parser": "lalr",
    "lexer": "contextual",
    "keep_all_tokens": True,
    "maybe_placeholders": True,
}


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


def build_tables() -> dict[str, Any]:
    """The parser's tables as JSON data, with a digest of the grammar that they belong to."""
    text = grammar_text()
    built = lark.Lark(text, **OPTIONS)
    data, memo = built.memo_serialize([TerminalDef, Rule])
    digest = hashlib.sha256(text.encode()).hexdigest()
    return {"grammar": digest, "lark": lark.__version__, "data": data, "memo": memo}


def open_parser(transformer: "lark.Transformer[Any, Any]") -> lark.Lark:
    """An LALR parser whose nodes are built by `transformer` while it parses.

    The tables are made anew when they were built by another version of lark.
    """
    text = files(__package__).joinpath("tables.json").read_text(encoding="utf-8")
    tables = json.loads(text, object_hook=_with_numbers)
    if tables["lark"] != lark.__version__:
        return lark.Lark(grammar_text(), transformer=transformer, **OPTIONS)
    parser: lark.Lark = lark.Lark._load_from_dict(  # type: ignore[attr-defined]
        tables["data"], tables["memo"], transformer=transformer
    )
    return parser


def _with_numbers(data: dict[str, Any]) -> dict[Any, Any]:
    """States and memo entries are numbers, which JSON has as text."""
    if not any(name.isdigit() for name in data):
        return data
    return {int(name) if name.isdigit() else name: value for name, value in data.items()}
