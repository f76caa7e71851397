"""What the author should know, though nothing is wrong: defaults that decide something."""

from autoc.plan.conditions import MoneyBetween, MoneyCompares, atoms_of
from autoc.plan.model import AnchorOffset, PreviousOffset, SetRetryPolicy, SmartRetries
from autoc.semantics.context import Context
from autoc.semantics.program import Program, TypedCondition, TypedStep
from autoc.text.source import Span
from autoc.values.duration import Duration


def note_defaults(program: Program, context: Context) -> None:
    """Note each default once, at the first place where it matters."""
    steps = [step for automation in program.automations for step in automation.steps]
    _note_timezone(steps, context)
    _note_calendar(steps, context)
    _note_rates(program, context)


def _note_timezone(steps: list[TypedStep], context: Context) -> None:
    if context.scope.timezone is not None:
        return
    for step in steps:
        if any(duration.uses_calendar for duration in _durations(step)) or step.step.when.at:
            context.tell(
                "AC229",
                step.when_span,
                "no time zone is declared: days are counted in UTC",
                label="counted in UTC",
                help='write `timezone "Europe/Paris"`, or `timezone "UTC"` to say that it is meant',
            )
            return


def _note_calendar(steps: list[TypedStep], context: Context) -> None:
    if context.scope.calendar is not None:
        return
    for step in steps:
        at = step.step.when.at
        if any(each.business_days for each in _durations(step)) or (at and at.on_business_days):
            context.tell(
                "AC230",
                step.when_span,
                "no calendar is declared: every weekday is a business day, holidays included",
                label="counted in weekdays",
                help="write `calendar work = weekdays except holidays FR`",
            )
            return


def _note_rates(program: Program, context: Context) -> None:
    if context.surroundings.rates_configured:
        return
    for automation in program.automations:
        for typed in (automation.where, automation.until):
            span = _first_money(typed) if typed else None
            if span is not None:
                context.tell(
                    "AC228",
                    span,
                    "no rate table is configured: an invoice in another currency than this one "
                    "cannot be decided, and waits",
                    label="compared in this currency only",
                    help=f'write `rates = "rates.csv"` in `{context.surroundings.settings_file}`',
                )
                return


def _first_money(typed: TypedCondition) -> Span | None:
    for atom, span in zip(atoms_of(typed.condition), typed.atom_spans, strict=True):
        if isinstance(atom, MoneyCompares | MoneyBetween):
            return span
    return None


def _durations(typed: TypedStep) -> list[Duration]:
    when = typed.step.when
    found: list[Duration] = []
    if isinstance(when, AnchorOffset | PreviousOffset):
        found.append(when.offset)
    match typed.step.action:
        case SetRetryPolicy(policy=SmartRetries(within=within)):
            found.append(within)
        case SetRetryPolicy(policy=policy):
            found.extend(policy.gaps)
    return found
