"""One turn of the machine: the state as it changes, and the effects that follow from it.

Only `machine.step` makes a `Turn`; it is gone when the step returns, so that the machine as a whole
stays a function.
"""

import hashlib
from collections.abc import Mapping
from typing import Literal

import attrs

from autoc.catalogue.actions import ACTION
from autoc.catalogue.model import ActionRow
from autoc.plan.model import (
    Action,
    Automation,
    CancelSubscription,
    Email,
    EmailCancellation,
    MarkUncollectible,
    MarkUnpaid,
    SetRetryPolicy,
    VoidInvoice,
    Webhook,
)
from autoc.runtime.effects import Arm, Disarm, Effect, Record
from autoc.runtime.state import ObjectState, Run, StepState

ACTION_NAMES: Mapping[type[Action], str] = {
    SetRetryPolicy: "set_retry_policy",
    MarkUnpaid: "mark_unpaid",
    CancelSubscription: "cancel_subscription",
    MarkUncollectible: "mark_uncollectible",
    VoidInvoice: "void_invoice",
    Email: "email",
    EmailCancellation: "email_cancellation",
    Webhook: "webhook",
}


@attrs.frozen(kw_only=True)
class MachineLimits:
    """What the machine may do by itself. Seconds, except where the name says otherwise.

    `retries` says who makes the tries of a retry policy. `deadline_seconds` is how long an effect
    is tried before its step fails; `key_life_seconds` is how long a receiver remembers an
    idempotency key (24 h at Stripe).
    """

    retries: Literal["autoc", "stripe"] = "autoc"
    deadline_seconds: int = 3 * 86400
    attempts_max: int = 200
    backoff_first_seconds: int = 2
    backoff_max_seconds: int = 3600
    held_seconds: int = 60
    watch_seconds: int = 3600
    key_life_seconds: int = 86400


@attrs.define(kw_only=True)
class Turn:
    """The present turn. `state` is replaced, never changed in place."""

    state: ObjectState
    now: int
    automations: Mapping[str, Automation]
    limits: MachineLimits
    effects: list[Effect] = attrs.field(factory=list)

    def emit(self, effect: Effect) -> None:
        """Add an effect."""
        self.effects.append(effect)

    def record(
        self, kind: str, *, run: Run | None = None, step: int | None = None, **data: object
    ) -> None:
        """Add a line for the journal; `step` counts from 1."""
        self.emit(Record(kind=kind, run=run.id if run else None, step=step, data=data))

    def raise_generation(self) -> int:
        """A new generation for a timer of the object."""
        self.state = attrs.evolve(self.state, generation=self.state.generation + 1)
        return self.state.generation

    def put_run(self, run: Run) -> Run:
        """Keep `run` in place of the run with its id, or as a new one."""
        runs = self.state.runs
        if any(each.id == run.id for each in runs):
            runs = tuple(run if each.id == run.id else each for each in runs)
        else:
            runs = (*runs, run)
        self.state = attrs.evolve(self.state, runs=runs)
        return run

    def arm_run(self, run: Run, due: int) -> Run:
        """Arm the one timer of `run`; every timer that was armed before is void."""
        run = self.put_run(attrs.evolve(run, generation=run.generation + 1))
        self.emit(Arm(timer=run_timer(run), due=due, generation=run.generation))
        return run

    def disarm_run(self, run: Run) -> Run:
        """Void the timer of `run`."""
        self.emit(Disarm(timer=run_timer(run)))
        return self.put_run(attrs.evolve(run, generation=run.generation + 1))

    def active_runs(self, trigger: str) -> tuple[Run, ...]:
        """The active runs of `trigger`."""
        return tuple(
            each for each in self.state.runs if each.trigger == trigger and each.status == "active"
        )


def run_timer(run: Run) -> str:
    """The name of the one timer of a run."""
    return f"run:{run.id}"


def put_step(run: Run, index: int, step: StepState) -> Run:
    """`run` with its step `index` (from 0) replaced."""
    return attrs.evolve(run, steps=(*run.steps[:index], step, *run.steps[index + 1 :]))


def current_step(run: Run) -> int | None:
    """The index (from 0) of the step that is in progress, else of the next one to come."""
    for wanted in ("running", "waiting"):
        for index, step in enumerate(run.steps):
            if step.status == wanted:
                return index
    return None


def action_row(action: Action) -> ActionRow:
    """The catalogue's row of `action`."""
    return ACTION[ACTION_NAMES[type(action)]]


def backoff_seconds(seed: str, attempt: int, *, first: int, most: int) -> int:
    """Exponential backoff with full jitter: from 1 s to min(`most`, `first` * 2^(attempt - 1)).

    The jitter comes from `seed`, so that the same history gives the same times.
    """
    ceiling = min(most, first << min(attempt - 1, 30))
    digest = hashlib.sha256(seed.encode()).digest()
    return 1 + int.from_bytes(digest[:8], "big") % ceiling
