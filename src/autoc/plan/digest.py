"""Digests: a name for exactly what an automation means.

Title and documentation are for people and are left out; everything that decides what happens, the
name included, is in.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

FOR_PEOPLE = frozenset(("title", "documentation", "digest"))
SHOWN_DIGITS = 12


def digest_of_data(data: Mapping[str, Any]) -> str:
    """The digest of an automation's JSON data: SHA-256 in 64 hexadecimal digits."""
    meaning = {name: value for name, value in data.items() if name not in FOR_PEOPLE}
    text = json.dumps(meaning, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def short_digest(digest: str) -> str:
    """The digest as people are shown it."""
    return digest[:SHOWN_DIGITS]
