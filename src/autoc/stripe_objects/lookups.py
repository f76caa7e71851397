"""Objects by what they are called, those inside others included."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from autoc.plan.facts import ObjectRef
from autoc.stripe_objects.events import object_ref
from autoc.stripe_objects.reading import is_stub, text_of

DEPTH_MAX = 12
LIST_KINDS = {
    "lines": "invoice_lines",
    "line_items": "quote_line_items",
    "subscription": "subscription_items",
}
LIST_ADDRESS = re.compile(
    r"/v1/(?:invoices|quotes)/(?P<owner>[^/?]+)/(?P<lines>lines|line_items)"
    r"|/v1/subscription_items\?subscription=(?P<subscription>[^&]+)"
)


def index_objects(objects: Iterable[Mapping[str, Any]]) -> dict[ObjectRef, dict[str, Any]]:
    """Every object in `objects`, and every object expanded in them.

    What was given by itself wins over what is expanded in something; then the earlier one wins.
    An expanded object that is a name alone is left out: it would hide that the whole one is needed.
    """
    found: dict[ObjectRef, dict[str, Any]] = {}
    given = [each for each in objects if isinstance(each, dict)]
    for each in given:
        _index(each, found)
    waiting: list[tuple[Any, int]] = [(each, 0) for each in reversed(given)]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, dict) and not is_stub(value):
            _index(value, found)
        if depth < DEPTH_MAX and isinstance(value, dict | list):
            inner = value.values() if isinstance(value, dict) else value
            waiting.extend((each, depth + 1) for each in inner if isinstance(each, dict | list))
    return found


def _index(value: dict[str, Any], found: dict[ObjectRef, dict[str, Any]]) -> None:
    ref = object_ref(value)
    if ref is not None:
        found.setdefault(ref, value)
    _index_list(value, found)


def _index_list(value: dict[str, Any], found: dict[ObjectRef, dict[str, Any]]) -> None:
    """A whole list of lines stands for its owner's lines; its address says whose they are."""
    if value.get("object") != "list" or value.get("has_more") is not False:
        return
    address = LIST_ADDRESS.fullmatch(text_of(value, "url") or "")
    if address is None:
        return
    kind = LIST_KINDS[address["lines"] or "subscription"]
    found.setdefault(ObjectRef(kind=kind, id=address["owner"] or address["subscription"]), value)
