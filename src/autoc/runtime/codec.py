"""States and orders as JSON text, and states of older schemas brought up to the present one.

Encoding is stable: the same value gives the same text. A state that is newer than this program is
refused with `StateTooNew`, never guessed at. Source: runtime.md, Engines, law 7.
"""

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from cattrs.preconf.json import JsonConverter, make_converter

from autoc.runtime.effects import Look, Perform
from autoc.runtime.state import STATE_SCHEMA, ObjectState

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]

UPCASTERS: Mapping[int, Upcaster] = {}
"""From each older schema to the next one: `{1: from_1_to_2, …}`. Rows are never removed."""

ORDERS: Mapping[str, type[Perform] | type[Look]] = {"perform": Perform, "look": Look}


class StateTooNew(Exception):  # noqa: N818 - it names what the state is
    """The state was written by a later version. The message names both schemas."""


@cache
def _converter() -> JsonConverter:
    return make_converter()


def encode_state(state: ObjectState) -> str:
    """The state as JSON text."""
    return _dump(_converter().unstructure(state, unstructure_as=ObjectState))


def decode_state(text: str | bytes) -> ObjectState:
    """The state as `encode_state` of this or an older version wrote it. Raises `StateTooNew`."""
    data = upcast(json.loads(text), upcasters=UPCASTERS, schema=STATE_SCHEMA)
    return _converter().structure(data, ObjectState)


def upcast(
    data: dict[str, Any], *, upcasters: Mapping[int, Upcaster], schema: int
) -> dict[str, Any]:
    """`data` of any older schema as data of `schema`, one step at a time."""
    if data["schema"] > schema:
        raise StateTooNew(
            f"the state has schema {data['schema']}, and this version knows {schema} at most"
        )
    while data["schema"] < schema:
        found = data["schema"]
        data = {**upcasters[found](data), "schema": found + 1}
    return data


def encode_effect(effect: Perform | Look) -> str:
    """An order as JSON text; `kind` says which."""
    kind = "perform" if isinstance(effect, Perform) else "look"
    return _dump({"kind": kind, **_converter().unstructure(effect)})


def decode_effect(text: str | bytes) -> Perform | Look:
    """The order that `encode_effect` wrote."""
    data = json.loads(text)
    return _converter().structure(data, ORDERS[data.pop("kind")])


def _dump(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
