"""Stripe's form encoding: `items[0][price]=price_1&metadata[tier]=vip` as nested data."""

import re
from typing import Any
from urllib.parse import parse_qsl

PART = re.compile(r"\[([^\]]*)\]")


def decode_form(text: str) -> dict[str, Any]:
    """The nested data; maps whose keys are 0, 1, … or empty become lists."""
    root: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        head = name.partition("[")[0]
        path = [head, *PART.findall(name)]
        node = root
        for part, following in zip(path, path[1:], strict=False):
            key = part or str(len(node))
            node = node.setdefault(key, {})
            if not isinstance(node, dict):
                node = {following: value}
        node[path[-1] or str(len(node))] = value
    return {name: _listed(value) for name, value in root.items()}


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _listed(each) for name, each in value.items()}
    if inner and all(name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner
