"""From step to step: which one is next, when it is due, sending it off, finishing the run."""

from typing import Literal

import attrs

from autoc.plan.model import AnchorOffset, Automation, SetRetryPolicy
from autoc.runtime.due import PASSED_AT_START, due_of, is_before_step
from autoc.runtime.effects import DeadLetter, Perform
from autoc.runtime.retrying import begin_retry_step, begin_try
from autoc.runtime.state import Run, StepState
from autoc.runtime.turn import Turn, action_row, current_step, put_step

PASSED_WHEN_MOVED = "its time had passed when the date moved"
PASSED_WHILE_LATE = "it was late, and the moment that it was to come before had passed"


def automation_of(turn: Turn, run: Run) -> Automation | None:
    """The automation that `run` was selected under; a dead letter when it is not there."""
    found = turn.automations.get(run.digest)
    if found is None:
        turn.emit(DeadLetter(reason=f"the automation `{run.automation}` of run `{run.id}` is lost"))
    return found


def plan_steps(turn: Turn, run: Run, automation: Automation, *, passed: str) -> Run:
    """Reckon the due times of the steps still to come; `before` steps in the past are skipped."""
    for index, (step, state) in enumerate(zip(automation.steps, run.steps, strict=True)):
        if state.status != "waiting" or not isinstance(step.when, AnchorOffset):
            continue
        due = due_of(step, anchor=run.anchor, previous_finished=None, automation=automation)
        state = attrs.evolve(state, due=due)
        if is_before_step(step) and due is not None and due < turn.now:
            state = _skip(turn, run, index, state=state, reason=passed)
        run = put_step(run, index, state)
    return turn.put_run(run)


def plan_new_run(turn: Turn, run: Run, automation: Automation) -> None:
    """Prepare all steps of a run that begins now, and go to the first."""
    run = attrs.evolve(run, steps=tuple(StepState() for _ in automation.steps))
    advance(turn, plan_steps(turn, run, automation, passed=PASSED_AT_START), automation)


def advance(turn: Turn, run: Run, automation: Automation) -> None:
    """Go to the next step: send it when it is due, else arm its timer; complete the last one.

    Must not be called while an order of the run is open.
    """
    while True:
        index = current_step(run)
        if index is None:
            _complete(turn, run)
            return
        run, due = _settle_due(run, index, automation)
        if due > turn.now:
            run = turn.arm_run(run, due)
            turn.record("due", run=run, step=index + 1, due=due)
            return
        state = run.steps[index]
        if not _missed(turn, run, index, automation):
            _begin(turn, run, index, automation=automation)
            return
        run = turn.put_run(
            put_step(run, index, _skip(turn, run, index, state=state, reason=PASSED_WHILE_LATE))
        )


def finish_step(
    turn: Turn,
    run: Run,
    index: int,
    *,
    status: Literal["done", "failed"] = "done",
    reason: str | None = None,
) -> Run:
    """Mark a step as done or failed, now."""
    state = attrs.evolve(
        run.steps[index],
        status=status,
        finished=turn.now,
        reason=reason,
    )
    return turn.put_run(put_step(run, index, state))


def perform(turn: Turn, run: Run, index: int, *, automation: Automation) -> None:
    """Send step `index` (from 0) off: one more attempt under the key of its group."""
    state = run.steps[index]
    state = attrs.evolve(
        state,
        status="running",
        attempts=state.attempts + 1,
        first_attempt=turn.now
        if state.attempts == 0 or state.first_attempt is None
        else state.first_attempt,
    )
    run = turn.put_run(attrs.evolve(put_step(run, index, state), generation=run.generation + 1))
    order = order_of(turn, run, index, automation=automation)
    turn.emit(order)
    turn.record(
        "performed",
        run=run,
        step=index + 1,
        order=order.id,
        purpose=order.purpose,
        attempt=order.attempt,
        key=order.idempotency_key,
    )


def order_of(turn: Turn, run: Run, index: int, *, automation: Automation) -> Perform:
    """The order that is open for `run` in its present generation, if any is.

    The generation is part of its id: it rises with every order and every timer, so that an outcome
    that is reported twice, or too late, names an order that is no longer open.
    """
    state = run.steps[index]
    purpose: Literal["act", "try", "watch"] = "act"
    key = f"{run.id}:{index + 1}:{state.attempt_group}"
    method = None
    if isinstance(automation.steps[index].action, SetRetryPolicy):
        purpose = "try" if turn.limits.retries == "autoc" else "watch"
        if state.retry is not None and purpose == "try":
            key = f"{key}:{state.retry.tries}"
            method = state.retry.payment_method if state.retry.suspended else None
    return Perform(
        id=f"{run.id}:{index + 1}:g{run.generation}",
        run=run.id,
        step=index + 1,
        purpose=purpose,
        idempotency_key=key,
        attempt=state.attempts,
        first_attempt=turn.now if state.first_attempt is None else state.first_attempt,
        due=turn.now if state.due is None else state.due,
        payment_method=method,
    )


def end_run(
    turn: Turn,
    run: Run,
    *,
    status: Literal["ended", "canceled", "failed"],
    reason: str | None,
) -> Run:
    """Close an active run as `ended`, `canceled` or `failed`: nothing of it happens any more."""
    run = turn.disarm_run(run)
    run = turn.put_run(attrs.evolve(run, status=status, reason=reason, finished=turn.now))
    turn.record(status, run=run, reason=reason)
    return run


def own_endings(run: Run, automation: Automation | None) -> frozenset[str]:
    """The endings that the run itself brought about, or may be bringing about at this moment."""
    endings = set(run.own_states)
    if automation is not None:
        for step, state in zip(automation.steps, run.steps, strict=True):
            if state.status == "running" or state.attempts:
                endings.update(action_row(step.action).ends)
    return frozenset(endings)


def _settle_due(run: Run, index: int, automation: Automation) -> tuple[Run, int]:
    state = run.steps[index]
    previous = max(
        (each.finished for each in run.steps[:index] if each.finished is not None),
        default=run.started,
    )
    if state.due is None:
        due = due_of(
            automation.steps[index],
            anchor=run.anchor,
            previous_finished=previous,
            automation=automation,
        )
        state = attrs.evolve(state, due=previous if due is None else due)
        run = put_step(run, index, state)
    assert state.due is not None
    return run, state.due


def _missed(turn: Turn, run: Run, index: int, automation: Automation) -> bool:
    state = run.steps[index]
    return (
        is_before_step(automation.steps[index])
        and state.attempts == 0
        and state.due is not None
        and state.due < turn.now
        and run.anchor is not None
        and run.anchor < turn.now
    )


def _begin(turn: Turn, run: Run, index: int, *, automation: Automation) -> None:
    action = automation.steps[index].action
    if not isinstance(action, SetRetryPolicy):
        perform(turn, run, index, automation=automation)
        return
    state = run.steps[index]
    if state.retry is None:
        state = begin_retry_step(turn, state, action.policy, automation=automation)
        run = put_step(run, index, state)
        assert state.due is not None
        if state.due > turn.now:
            turn.arm_run(run, state.due)
            turn.record("due", run=run, step=index + 1, due=state.due)
            return
    if turn.limits.retries == "autoc":
        run = put_step(run, index, begin_try(turn, state, action.policy, automation=automation))
    perform(turn, run, index, automation=automation)


def _skip(turn: Turn, run: Run, index: int, *, state: StepState, reason: str) -> StepState:
    turn.record("skipped", run=run, step=index + 1, reason=reason, due=state.due)
    return attrs.evolve(state, status="skipped", finished=turn.now, reason=reason)


def _complete(turn: Turn, run: Run) -> None:
    run = turn.disarm_run(run)
    run = turn.put_run(attrs.evolve(run, status="completed", finished=turn.now))
    turn.record("completed", run=run)
