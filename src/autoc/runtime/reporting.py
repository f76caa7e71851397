"""What an outcome means for the run: the next step, another attempt, or the end."""

from typing import assert_never

import attrs

from autoc.plan.model import Automation, SetRetryPolicy
from autoc.runtime.effects import (
    AnchorMoved,
    Declined,
    Delivered,
    Ended,
    Held,
    Outcome,
    OutcomeUnknown,
    Rejected,
    Reported,
    RetryLater,
    Watched,
    Withheld,
)
from autoc.runtime.moving import anchor_moves, move_anchor, note_ending
from autoc.runtime.retrying import close_try
from autoc.runtime.state import Run
from autoc.runtime.stepping import (
    advance,
    automation_of,
    end_run,
    finish_step,
    order_of,
)
from autoc.runtime.turn import Turn, action_row, backoff_seconds, current_step, put_step

TRIES_USED_UP = "the tries are used up"
RETRY_AFTER_MAX_SECONDS = 3600


def handle_report(turn: Turn, message: Reported) -> None:
    """Take the outcome of the open order; that of any other order changes nothing."""
    run_id = message.order.partition(":")[0]
    run = next((each for each in turn.state.runs if each.id == run_id), None)
    if run is None:
        turn.record("outcome", order=message.order, ignored="no such run")
        return
    index = current_step(run)
    automation = automation_of(turn, run)
    if automation is None:
        return
    kind, detail = _words(message.outcome)
    if (
        run.status != "active"
        or index is None
        or order_of(turn, run, index, automation=automation).id != message.order
    ):
        turn.record("outcome", run=run, outcome=kind, detail=detail, ignored="not open any more")
        return
    turn.record("outcome", run=run, step=index + 1, outcome=kind, detail=detail)
    _handle(turn, run, index, automation=automation, outcome=message.outcome)


def _handle(turn: Turn, run: Run, index: int, *, automation: Automation, outcome: Outcome) -> None:
    match outcome:
        case Delivered():
            _delivered(turn, run, index, automation=automation)
        case RetryLater(reason=reason, after_seconds=after):
            _again(turn, run, index, automation=automation, reason=reason, after=after or 0)
        case OutcomeUnknown(reason=reason):
            _again(turn, run, index, automation=automation, reason=reason, after=None)
        case Rejected(reason=reason):
            _fail(turn, run, index, automation=automation, reason=reason)
        case Held(until=until):
            _hold(turn, run, index, until=until)
        case Ended(reason=reason):
            end_run(turn, run, status="ended", reason=reason)
            note_ending(turn, run.trigger, reason)
        case AnchorMoved(anchor=anchor):
            _replan(turn, run, index, automation=automation, anchor=anchor)
        case Declined() | Withheld() | Watched():
            _close_try(turn, run, index, automation=automation, outcome=outcome)
        case _:
            assert_never(outcome)


def _delivered(turn: Turn, run: Run, index: int, *, automation: Automation) -> None:
    action = automation.steps[index].action
    run = finish_step(turn, run, index)
    if isinstance(action, SetRetryPolicy):
        end_run(turn, run, status="ended", reason="paid")
        note_ending(turn, run.trigger, "paid")
        return
    own = tuple(dict.fromkeys((*run.own_states, *action_row(action).ends)))
    advance(turn, turn.put_run(attrs.evolve(run, own_states=own)), automation)


def _close_try(
    turn: Turn,
    run: Run,
    index: int,
    *,
    automation: Automation,
    outcome: Declined | Withheld | Watched,
) -> None:
    action, state = automation.steps[index].action, run.steps[index]
    if not isinstance(action, SetRetryPolicy):
        _fail(turn, run, index, automation=automation, reason=_words(outcome)[1])
        return
    if isinstance(outcome, Watched):
        again = outcome.again or turn.now + turn.limits.watch_seconds
        due = None if outcome.exhausted else max(turn.now + 1, again)
        state = attrs.evolve(state, due=due, attempts=0, first_attempt=None)
    else:
        declined = outcome if isinstance(outcome, Declined) else None
        state = close_try(state, declined, action.policy, automation=automation)
    run = put_step(run, index, state)
    if state.due is None:
        advance(turn, finish_step(turn, run, index, reason=TRIES_USED_UP), automation)
        return
    run = turn.arm_run(run, max(state.due, turn.now))
    turn.record("retry", run=run, step=index + 1, due=state.due)


def _again(
    turn: Turn, run: Run, index: int, *, automation: Automation, reason: str, after: int | None
) -> None:
    """Another attempt; `after` is None when the effect may have happened.

    A key that the receiver may have forgotten is given up only when the effect has certainly not
    happened; otherwise it stays, and `Perform.first_attempt` tells that reading must settle it.
    """
    state, limits = run.steps[index], turn.limits
    began = turn.now if state.first_attempt is None else state.first_attempt
    elapsed = turn.now - began + (state.attempt_group - 1) * limits.key_life_seconds
    if elapsed >= limits.deadline_seconds or state.attempts >= limits.attempts_max:
        _fail(turn, run, index, automation=automation, reason=f"given up: {reason}")
        return
    wait = backoff_seconds(
        f"{run.id}:{index + 1}:{state.attempt_group}:{state.attempts}",
        state.attempts,
        first=limits.backoff_first_seconds,
        most=limits.backoff_max_seconds,
    )
    if after is not None:
        wait = max(wait, min(after, RETRY_AFTER_MAX_SECONDS))
        if turn.now - began >= limits.key_life_seconds:
            state = attrs.evolve(state, attempt_group=state.attempt_group + 1, attempts=0)
    run = turn.arm_run(put_step(run, index, state), turn.now + wait)
    turn.record("retry", run=run, step=index + 1, due=turn.now + wait, reason=reason)


def _fail(turn: Turn, run: Run, index: int, *, automation: Automation, reason: str) -> None:
    run = finish_step(turn, run, index, status="failed", reason=reason)
    turn.record("step_failed", run=run, step=index + 1, reason=reason)
    if action_row(automation.steps[index].action).provider:
        end_run(turn, run, status="failed", reason=reason)
    else:
        advance(turn, run, automation)


def _hold(turn: Turn, run: Run, index: int, *, until: int | None) -> None:
    """Nothing was attempted: it does not count, and the step waits."""
    again = until if until is not None else turn.now + turn.limits.held_seconds
    state = run.steps[index]
    run = put_step(run, index, attrs.evolve(state, attempts=max(0, state.attempts - 1)))
    turn.arm_run(run, max(again, turn.now + 1))


def _replan(turn: Turn, run: Run, index: int, *, automation: Automation, anchor: int) -> None:
    """The guard stopped the order before it was sent: its step is still to come."""
    if not anchor_moves(run.trigger):
        _hold(turn, run, index, until=None)
        return
    state = run.steps[index]
    state = attrs.evolve(state, status="waiting", attempts=max(0, state.attempts - 1))
    run = turn.disarm_run(put_step(run, index, state))
    if anchor == run.anchor:
        advance(turn, run, automation)
    else:
        move_anchor(turn, run.trigger, anchor)


def _words(outcome: Outcome) -> tuple[str, str]:
    match outcome:
        case Delivered(detail=detail):
            words = ("delivered", detail)
        case Declined(code=code, reason=reason):
            words = ("declined", reason or code)
        case Withheld(reason=reason):
            words = ("withheld", reason)
        case Watched(exhausted=exhausted):
            words = ("watched", TRIES_USED_UP if exhausted else "tries are left")
        case RetryLater(reason=reason):
            words = ("retry_later", reason)
        case Rejected(reason=reason):
            words = ("rejected", reason)
        case OutcomeUnknown(reason=reason):
            words = ("outcome_unknown", reason)
        case Held(reason=reason):
            words = ("held", reason)
        case Ended(reason=reason):
            words = ("ended", reason)
        case AnchorMoved(anchor=anchor):
            words = ("anchor_moved", str(anchor))
        case _:
            assert_never(outcome)
    return words
