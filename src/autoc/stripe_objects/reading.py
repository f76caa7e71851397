"""Reading JSON that may have any shape: a value of the wrong type is as good as none."""

from collections.abc import Mapping
from typing import Any

INSTANT_MAX = 253_402_300_799
"""The last second of the year 9999."""


def text_of(obj: Any, *path: str) -> str | None:
    """The text at `path`, if there is one, as text that can be written down."""
    value = value_of(obj, *path)
    return sound_text(value) if isinstance(value, str) else None


def sound_text(text: str) -> str:
    """`text` without halves of surrogate pairs: JSON may hold them, no file and no store does."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def number_of(obj: Any, *path: str) -> int | None:
    """The whole number at `path`, if there is one; a Boolean is none."""
    value = value_of(obj, *path)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if abs(value) < 10**17 else None


def instant_of(obj: Any, *path: str) -> int | None:
    """The instant (epoch seconds) at `path`, if there is one."""
    value = number_of(obj, *path)
    return value if value is not None and 0 < value <= INSTANT_MAX else None


def flag_of(obj: Any, *path: str) -> bool | None:
    """The Boolean at `path`, if there is one."""
    value = value_of(obj, *path)
    return value if isinstance(value, bool) else None


def object_of(obj: Any, *path: str) -> dict[str, Any]:
    """The object at `path`; an empty one when there is none."""
    value = value_of(obj, *path)
    return value if isinstance(value, dict) else {}


def objects_of(obj: Any, *path: str) -> list[dict[str, Any]]:
    """The objects in the list at `path`, which may be wrapped (`{"data": […]}`)."""
    value = value_of(obj, *path)
    if isinstance(value, Mapping):
        value = value.get("data")
    if not isinstance(value, list):
        return []
    return [each for each in value if isinstance(each, dict)]


def value_of(obj: Any, *path: str) -> Any:
    """Whatever stands at `path`, or None."""
    for name in path:
        if not isinstance(obj, Mapping):
            return None
        obj = obj.get(name)
    return obj


def id_of(value: Any) -> str | None:
    """The id of a reference, which is an id or an expanded object."""
    if isinstance(value, str):
        return sound_text(value) or None
    return text_of(value, "id") or None


def is_stub(value: Mapping[str, Any]) -> bool:
    """Whether an object says no more than what it is called; a deleted one does say more."""
    return value.keys() <= {"object", "id", "livemode"}
