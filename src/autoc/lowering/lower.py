"""Lowers a typed program to a plan."""

from collections.abc import Iterable, Mapping

from autoc.plan.conditions import ALWAYS
from autoc.plan.model import Automation, AutomationPlace, Plan
from autoc.semantics.program import Program, TypedAutomation, TypedCondition
from autoc.text.source import Source, Span


def lower(program: Program, sources: Mapping[str, Source]) -> Plan:
    """The plan of `program`."""
    return Plan(
        timezone=program.timezone,
        currency=program.currency,
        automations=tuple(_lower_automation(each, program) for each in program.automations),
        places={each.name: _place(each, sources) for each in program.automations},
    )


def _lower_automation(typed: TypedAutomation, program: Program) -> Automation:
    return Automation(
        name=typed.name,
        trigger=typed.trigger,
        anonymous=typed.anonymous,
        title=typed.title,
        documentation=typed.documentation,
        paused=typed.paused,
        condition=typed.where.condition if typed.where else ALWAYS,
        until=typed.until.condition if typed.until else None,
        steps=tuple(step.step for step in typed.steps),
        timezone=program.timezone,
        calendar=program.calendar,
    )


def _place(typed: TypedAutomation, sources: Mapping[str, Source]) -> AutomationPlace:
    source = sources[typed.header.path]
    start = source.position(typed.header.start)
    return AutomationPlace(
        filename=source.path,
        line=start.row,
        column=start.column,
        condition_lines=_lines(_spans(typed.where), sources),
        until_lines=_lines(_spans(typed.until), sources),
        step_lines=_lines((step.span for step in typed.steps), sources),
    )


def _spans(typed: TypedCondition | None) -> tuple[Span, ...]:
    return typed.atom_spans if typed else ()


def _lines(spans: Iterable[Span], sources: Mapping[str, Source]) -> tuple[int, ...]:
    return tuple(sources[span.path].position(span.start).row for span in spans)
