"""Steps: when, and what. Durations and times are read, arguments fitted to their action."""

import re

from autoc.plan.model import AnchorOffset, LocalTime, PreviousOffset, Step, When
from autoc.semantics.actions import resolve_action
from autoc.semantics.context import Context
from autoc.semantics.program import TypedStep
from autoc.syntax import tree
from autoc.values.duration import Duration, DurationMistake, parse_duration

TIME = re.compile(r"(\d{1,2}):(\d{2})")
AT_ONCE = PreviousOffset(offset=Duration())


def resolve_step(node: tree.StepNode, context: Context) -> TypedStep | None:
    """The typed form of `node`, or None when something in it is wrong (which is then told)."""
    when = _resolve_when(node.when, context) if node.when else AT_ONCE
    action = resolve_action(node.action, context)
    if when is None or action is None:
        return None
    return TypedStep(
        step=Step(when=when, action=action),
        span=node.span,
        when_span=node.when.span if node.when else node.action.name.span,
    )


def resolve_duration(node: tree.DurationText, context: Context) -> Duration | None:
    """The duration that is written, or None (and the mistake is told)."""
    duration = parse_duration(node.text)
    if isinstance(duration, DurationMistake):
        context.tell(
            "AC103",
            node.span,
            duration.message,
            label="expected a duration",
            help=f"did you mean `{duration.guess}`?"
            if duration.guess
            else "the units are `s min h d w mo y bd`",
        )
        return None
    return duration


def _resolve_when(node: tree.WhenNode, context: Context) -> When | None:
    at = _resolve_time(node.clock_time, context) if node.clock_time else None
    offset = resolve_duration(node.duration, context) if node.duration else Duration()
    if offset is None or (node.clock_time is not None and at is None):
        return None
    match node.base:
        case "after" | "anchor":
            return AnchorOffset(sign=1, offset=offset, at=at)
        case "before":
            return AnchorOffset(sign=-1, offset=offset, at=at)
        case "then" | "then after" | None:
            return PreviousOffset(offset=offset, at=at)


def _resolve_time(node: tree.ClockTime, context: Context) -> LocalTime | None:
    match = TIME.fullmatch(node.text)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        context.tell(
            "AC111",
            node.span,
            f"`{node.text}` is no time of day",
            label="expected a time from `00:00` to `23:59`",
        )
        return None
    return LocalTime(
        hour=int(match[1]), minute=int(match[2]), on_business_days=node.on_business_days
    )
