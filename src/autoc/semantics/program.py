"""The typed program: what `semantics` hands on. Everything in it is valid."""

from collections.abc import Callable, Mapping

import attrs

from autoc.plan.conditions import Condition
from autoc.plan.model import Step
from autoc.text.source import Span
from autoc.values.calendars import BusinessCalendar


@attrs.frozen(kw_only=True)
class TemplateText:
    """A template file's text; `path` is relative to the project's root."""

    path: str
    text: str


@attrs.frozen(kw_only=True)
class TemplateRefused:
    """A template file cannot be used: it does not exist, is outside the project, is no UTF-8."""

    code: str
    message: str


ReadTemplate = Callable[[str], TemplateText | TemplateRefused]


@attrs.frozen(kw_only=True)
class Surroundings:
    """What a program is compiled in: the settings of the project that change its meaning.

    `contacts` are those of `[contacts]`, by name. `rates_configured`: a rate table is there to
    convert money with. Nothing here does I/O but `read_template`, which is given from outside.
    """

    read_template: ReadTemplate
    contacts: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    settings_file: str = "autoc.toml"
    rates_configured: bool = False


@attrs.frozen(kw_only=True)
class TypedCondition:
    """A condition, and the span of each of its atoms in `atoms_of` order."""

    condition: Condition
    atom_spans: tuple[Span, ...]


@attrs.frozen(kw_only=True)
class TypedStep:
    """A step, with the spans of the whole and of its time (that of the action when none)."""

    step: Step
    span: Span
    when_span: Span


@attrs.frozen(kw_only=True)
class TypedAutomation:
    """An automation without mistakes. `header` is the span to point at."""

    name: str
    anonymous: bool
    title: str | None
    documentation: str
    trigger: str
    paused: bool
    where: TypedCondition | None
    until: TypedCondition | None
    steps: tuple[TypedStep, ...]
    header: Span
    span: Span


@attrs.frozen(kw_only=True)
class Program:
    """All automations of a project in priority order, and what they share."""

    timezone: str
    currency: str | None
    calendar: BusinessCalendar
    automations: tuple[TypedAutomation, ...]
