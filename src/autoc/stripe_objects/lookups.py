"""Objects by what they are called, those inside others included."""

from collections.abc import Iterable, Mapping
from typing import Any

from autoc.plan.facts import ObjectRef
from autoc.stripe_objects.events import object_ref
from autoc.stripe_objects.reading import text_of

DEPTH_MAX = 12
LIST_KINDS = {"lines": "invoice_lines", "line_items": "quote_line_items"}


def index_objects(objects: Iterable[Mapping[str, Any]]) -> dict[ObjectRef, dict[str, Any]]:
    """Every object in `objects`, and every object expanded in them. Earlier ones win."""
    found: dict[ObjectRef, dict[str, Any]] = {}
    waiting: list[tuple[Any, int]] = [(each, 0) for each in objects]
    waiting.reverse()
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, dict):
            ref = object_ref(value)
            if ref is not None:
                found.setdefault(ref, value)
            _index_list(value, found)
        if depth < DEPTH_MAX and isinstance(value, dict | list):
            inner = value.values() if isinstance(value, dict) else value
            waiting.extend((each, depth + 1) for each in inner if isinstance(each, dict | list))
    return found


def _index_list(value: dict[str, Any], found: dict[ObjectRef, dict[str, Any]]) -> None:
    """A whole list of lines, given by itself, stands for its owner's lines."""
    url = text_of(value, "url") or ""
    if value.get("object") != "list" or value.get("has_more") is not False:
        return
    parts = url.strip("/").split("/")
    if len(parts) == 4 and parts[3] in LIST_KINDS:
        found.setdefault(ObjectRef(kind=LIST_KINDS[parts[3]], id=parts[2]), value)
