"""The run machine: what is remembered of one billed object, a message, and the time make what is
remembered next, and what is to be done.

`step` is a function of its arguments: no clock, no I/O, no randomness. The same machine runs under
the daemon, under `simulate`, under the tests and under any other engine (runtime.md, Engines).

A message takes one of these ways:

  Seen          starting    endings end runs, dates that moved move steps, occurrences are selected
  LookFailed    starting    the start that asked for the reading waits and asks again
  TimerFired    stepping    the next step is sent off, or a foretold date has come
  Reported      reporting   the outcome of the one open order: next step, another attempt, the end
  RunCanceled   here        an operator ends a run
  StepRetried   here        an operator takes a failed step up again

Invariants, checked by tests/property/test_machine.py over random histories:

  M1  Nothing is performed before it is due, and nothing of a run after its end.
  M2  A run has at most one open order, and never an armed timer beside it.
  M3  All attempts of one group carry one idempotency key; no two groups or tries share one.
  M4  An occurrence selects once, whatever is duplicated, reordered or late.
  M5  A run that is not active has no armed timer.
  M6  A message that was handled already changes nothing but the journal.

M2 and M6 rest on the generation of the run, which rises with every timer and every order: a timer
carries it, and it is part of an order's id. So a run whose order is open has no timer that counts,
and an outcome that comes twice names an order that is no longer open. Steps that wait between two
attempts stay `running`; a step is `waiting` only as long as nothing of it was sent.
"""

from collections.abc import Mapping
from typing import assert_never

import attrs

from autoc.plan.model import Automation
from autoc.runtime.effects import (
    Effect,
    LookFailed,
    Message,
    Reported,
    RunCanceled,
    Seen,
    StepRetried,
    TimerFired,
)
from autoc.runtime.reporting import handle_report
from autoc.runtime.starting import (
    handle_failed_look,
    handle_sighting,
    look_again,
    pass_foretold,
)
from autoc.runtime.state import ObjectState, Run
from autoc.runtime.stepping import advance, automation_of, end_run
from autoc.runtime.turn import MachineLimits, Turn, current_step, put_step

__all__ = ["MachineLimits", "step"]


def step(
    state: ObjectState | None,
    message: Message,
    now: int,
    *,
    automations: Mapping[str, Automation],
    key: str,
    limits: MachineLimits,
) -> tuple[ObjectState, tuple[Effect, ...]]:
    """The state after `message`, and the effects that follow, in their order.

    `state` is None before the first sighting of the object. `automations` holds, by digest, those
    of the runs in `state` and those that `message` selects. `now` is in epoch seconds.
    """
    if state is None:
        assert isinstance(message, Seen), "an object is known by a sighting first"
        sighting = message.sighting
        state = ObjectState(key=key, object=sighting.object, livemode=sighting.livemode)
    turn = Turn(state=state, now=now, automations=automations, limits=limits)
    match message:
        case Seen():
            handle_sighting(turn, message)
        case LookFailed():
            handle_failed_look(turn, message)
        case TimerFired(timer=timer, generation=generation):
            _fire(turn, timer, generation)
        case Reported():
            handle_report(turn, message)
        case RunCanceled(run=run_id, reason=reason):
            _cancel(turn, run_id, reason)
        case StepRetried():
            _retry(turn, message)
        case _:
            assert_never(message)
    return turn.state, tuple(turn.effects)


def _fire(turn: Turn, timer: str, generation: int) -> None:
    kind, _, name = timer.partition(":")
    if kind == "foretold":
        pass_foretold(turn, name, generation)
    elif kind == "pending":
        look_again(turn, name, generation)
    else:
        run = _run(turn, name)
        if run is None or run.status != "active" or run.generation != generation:
            return
        automation = automation_of(turn, run)
        if automation is not None:
            advance(turn, run, automation)


def _cancel(turn: Turn, run_id: str, reason: str) -> None:
    run = _run(turn, run_id)
    if run is not None and run.status == "active":
        end_run(turn, run, status="canceled", reason=reason)


def _retry(turn: Turn, message: StepRetried) -> None:
    """Take a failed step up again, under a new key: the old one would answer as it did before."""
    run = _run(turn, message.run)
    index = _failed_step(run, message.step) if run is not None else None
    if run is None or index is None or run.status in ("ended", "canceled"):
        turn.record("retry", run=run, step=message.step, ignored="there is no failed step to retry")
        return
    automation = automation_of(turn, run)
    if automation is None:
        return
    in_progress = current_step(run) if run.status == "active" else None
    again = attrs.evolve(
        run.steps[index],
        status="waiting",
        due=turn.now,
        attempts=0,
        attempt_group=run.steps[index].attempt_group + 1,
        first_attempt=None,
        finished=None,
        reason=None,
        retry=None,
    )
    run = attrs.evolve(put_step(run, index, again), status="active", reason=None, finished=None)
    run = turn.put_run(run)
    turn.record("retry", run=run, step=index + 1, due=turn.now, reason="an operator asked for it")
    if in_progress is None or run.steps[in_progress].status != "running":
        advance(turn, turn.disarm_run(run), automation)


def _failed_step(run: Run, number: int | None) -> int | None:
    failed = [index for index, state in enumerate(run.steps) if state.status == "failed"]
    if number is None:
        return failed[0] if failed else None
    return number - 1 if number - 1 in failed else None


def _run(turn: Turn, run_id: str) -> Run | None:
    return next((each for each in turn.state.runs if each.id == run_id), None)
