"""Checks Liquid texts without running them: every variable and filter must be known.

python-liquid is imported only when a text has something in it to check.
"""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Literal

import attrs

from autoc.catalogue.lookup import nearest_name
from autoc.catalogue.model import ObjectKind
from autoc.catalogue.templates import TEMPLATE_FIELDS, TEMPLATE_FILTERS, TEMPLATE_ROOTS

if TYPE_CHECKING:
    from liquid import Environment
    from liquid.static_analysis import TemplateAnalysis, Variable


@attrs.frozen(kw_only=True)
class TemplateMistake:
    """What is wrong in a text, at the half-open range `[start, end)` of its code points."""

    kind: Literal["syntax", "variable", "filter"]
    message: str
    start: int
    end: int
    guess: str | None = None


@cache
def _environment() -> "Environment":
    from liquid import Environment

    return Environment()


def check_template(text: str, *, object_kind: ObjectKind) -> tuple[TemplateMistake, ...]:
    """Everything wrong in `text`, where it is used on a trigger about an `object_kind`."""
    if "{{" not in text and "{%" not in text:
        return ()
    from liquid.exceptions import LiquidError

    try:
        analysis = _environment().from_string(text).analyze(include_partials=False)
    except LiquidError as error:
        start = error.token.start_index if error.token else 0
        length = len(error.token.value) if error.token else 1
        return (
            TemplateMistake(
                kind="syntax",
                message=f"this is no Liquid: {str(error.message).splitlines()[0]}",
                start=start,
                end=min(len(text), start + max(1, length)),
            ),
        )
    found = [*_wrong_variables(analysis, object_kind), *_wrong_filters(analysis)]
    return tuple(sorted(found, key=lambda mistake: mistake.start))


def _wrong_variables(
    analysis: "TemplateAnalysis", object_kind: ObjectKind
) -> Iterator[TemplateMistake]:
    for variables in analysis.globals.values():
        for variable in variables:
            mistake = _wrong_variable(variable, object_kind)
            if mistake is not None:
                yield mistake


def _wrong_variable(variable: "Variable", object_kind: ObjectKind) -> TemplateMistake | None:
    root, *rest = (str(segment) for segment in variable.segments)
    roots = TEMPLATE_ROOTS[object_kind]
    start = variable.span.index
    if root not in roots:
        guess = nearest_name(root, roots)
        return TemplateMistake(
            kind="variable",
            message=f"there is no `{root}` in a text about {_article(object_kind)}",
            start=start,
            end=start + len(root),
            guess=".".join((guess, *rest)) if guess else None,
        )
    if not rest or rest[0] in TEMPLATE_FIELDS[root]:
        return None
    guess = nearest_name(rest[0], TEMPLATE_FIELDS[root])
    return TemplateMistake(
        kind="variable",
        message=f"`{root}` has no `{rest[0]}`",
        start=start,
        end=start + len(f"{root}.{rest[0]}"),
        guess=".".join((root, guess, *rest[1:])) if guess else None,
    )


def _wrong_filters(analysis: "TemplateAnalysis") -> Iterator[TemplateMistake]:
    known = {*_environment().filters, *TEMPLATE_FILTERS}
    for name, spans in analysis.filters.items():
        if name in known:
            continue
        for span in spans:
            yield TemplateMistake(
                kind="filter",
                message=f"there is no filter `{name}`",
                start=span.index,
                end=span.index + len(name),
                guess=nearest_name(name, known),
            )


def _article(object_kind: ObjectKind) -> str:
    return f"an {object_kind}" if object_kind == "invoice" else f"a {object_kind}"
