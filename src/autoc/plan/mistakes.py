"""What is wrong in an encoded plan, in words: the part of decoding that speaks to people."""

from collections.abc import Iterator
from typing import Any, get_origin

import attrs
from cattrs import transform_error
from cattrs.errors import ForbiddenExtraKeysError

NAMES: dict[type, str] = {
    str: "a text",
    int: "a whole number",
    bool: "`true` or `false`",
    float: "a number with a fraction",
    type(None): "`null`",
    list: "a list",
    dict: "an object",
}


class NotAsExpected(ValueError):  # noqa: N818 - it names what the data is
    """A value of a plan is something else than its place asks for. The message is for people."""


def shown(value: Any) -> str:
    """A value of JSON as a message shows it: short ones as they are, others by what they are."""
    if isinstance(value, str):
        return f"`{value}`" if len(value) <= 40 else "a long text"
    if isinstance(value, bool) or value is None:
        return f"`{str(value).lower().replace('none', 'null')}`"
    if isinstance(value, int | float):
        return f"`{value}`"
    return NAMES[type(value)]


def expect(value: Any, kind: type) -> Any:
    """`value`, which must be exactly of `kind`: `"3"` is no number, and `1` not true."""
    if type(value) is not kind:
        raise NotAsExpected(f"expected {NAMES[kind]}, found {shown(value)}")
    return value


def mistakes_of(error: Exception, *, path: str) -> list[str]:
    """One message for each mistake that cattrs found, each with the path of its place."""
    return transform_error(error, path=path, format_exception=_words_of)


def wrong_shapes(data: Any, read: Any, *, path: str) -> Iterator[str]:
    """Where `data` was taken for a list that it is not: a text can be read as its letters.

    `read` is what `data` was understood as, encoded again; what `data` leaves out has defaults.
    """
    if isinstance(read, list | tuple) and not isinstance(data, list):
        yield f"expected a list, found {shown(data)} @ {path}"
    elif isinstance(data, list):
        for index, (each, understood) in enumerate(zip(data, read, strict=True)):
            yield from wrong_shapes(each, understood, path=f"{path}[{index}]")
    elif isinstance(data, dict):
        for name in data:
            yield from wrong_shapes(data[name], read[name], path=f"{path}.{name}")


def _words_of(error: BaseException, wanted: type | None) -> str:
    match error:
        case NotAsExpected():
            return str(error)
        case ForbiddenExtraKeysError(extra_fields=extra):
            return f"unknown: {', '.join(f'`{each}`' for each in sorted(extra))}"
        case KeyError():
            return "expected a value, found none"
        case _ if wanted is not None and (attrs.has(wanted) or get_origin(wanted) is dict):
            return "expected an object"
        case _ if get_origin(wanted) is tuple:
            return "expected a list"
        case _:
            return "this is not what belongs here"
