"""Builds `src/autoc/syntax/tables.json` from `grammar/autoc.lark`: the parser's tables.

Building them takes a tenth of a second, reading them a few milliseconds. A test keeps the two
files in step; run this after every change of the grammar: `python grammar/generate.py`.
"""

import json
from pathlib import Path

from autoc.syntax.grammar import build_tables

TABLES = Path(__file__).parents[1] / "src" / "autoc" / "syntax" / "tables.json"


def main() -> None:
    """Write the tables."""
    TABLES.write_text(json.dumps(build_tables(), separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
