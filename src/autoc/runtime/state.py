"""What is remembered of one billed object. Plain data; instants are epoch seconds.

One `ObjectState` stands for each key (account and object id), and has one writer. A change of shape
raises `STATE_SCHEMA` and brings an upcaster (runtime.md, Engines, law 7).
"""

from typing import Literal

import attrs

from autoc.plan.facts import ObjectRef

STATE_SCHEMA = 1

RunStatus = Literal["active", "completed", "ended", "canceled", "failed"]
StepStatus = Literal["waiting", "running", "done", "skipped", "failed"]


@attrs.frozen(kw_only=True)
class RetryProgress:
    """How far a `set_retry_policy` step is.

    `started` is when the step began, which the tries are counted from. `tries` counts the tries
    whose time has come, made or withheld; `last_try` is when. `suspended`
    is the hard decline that stopped the tries, and `payment_method` the method that it concerned.
    """

    started: int | None = None
    tries: int = 0
    last_try: int | None = None
    suspended: str | None = None
    payment_method: str | None = None


@attrs.frozen(kw_only=True)
class StepState:
    """One step of a run.

    `attempts` counts sends of the present attempt group; `attempt_group` rises when a new
    idempotency key is needed. `first_attempt` is when the first send of the group began.
    """

    status: StepStatus = "waiting"
    due: int | None = None
    attempts: int = 0
    attempt_group: int = 1
    first_attempt: int | None = None
    finished: int | None = None
    reason: str | None = None
    retry: RetryProgress | None = None


@attrs.frozen(kw_only=True)
class Run:
    """One automation at work on one occurrence.

    `digest` names the automation exactly as it was selected. `generation` rises with every change
    of its timers, so that a timer that fires late for an older generation does nothing.
    `own_states` are the endings that the run's own actions brought about: it does not end by them.
    """

    id: str
    occurrence: str
    automation: str
    digest: str
    trigger: str
    status: RunStatus = "active"
    reason: str | None = None
    anchor: int | None = None
    started: int
    finished: int | None = None
    generation: int = 0
    own_states: tuple[str, ...] = ()
    steps: tuple[StepState, ...] = ()

    @property
    def next_due(self) -> int | None:
        """When the step that is to come next is due, if that is known."""
        if self.status != "active":
            return None
        return next((s.due for s in self.steps if s.status in ("waiting", "running")), None)


@attrs.frozen(kw_only=True)
class Foretold:
    """An occurrence that the daemon's own clock begins at `anchor`."""

    trigger: str
    anchor: int
    generation: int


@attrs.frozen(kw_only=True)
class PendingStart:
    """An occurrence that waits for facts: the object and `needs` are to be read first.

    `since` is when it began to wait; `attempts` counts the readings that did not settle it.
    """

    trigger: str
    since: int
    anchor: int | None
    needs: tuple[ObjectRef, ...] = ()
    attempts: int = 0
    generation: int = 0


@attrs.frozen(kw_only=True)
class ObjectState:
    """All that is remembered of one billed object.

    `occurrences` counts, for each trigger, the occurrences that were decided; `open` are the
    triggers whose present occurrence is still true (a cancellation is scheduled, an invoice is
    overdue), so that another event about it is the same occurrence. `endings` are the endings last
    seen, by trigger. `seen_at` is the latest instant that any sighting spoke of.
    """

    schema: int = STATE_SCHEMA
    key: str
    object: ObjectRef
    livemode: bool = False
    seen_at: int = 0
    occurrences: dict[str, int] = attrs.field(factory=dict)
    open: tuple[str, ...] = ()
    endings: dict[str, str] = attrs.field(factory=dict)
    foretold: tuple[Foretold, ...] = ()
    pending: tuple[PendingStart, ...] = ()
    runs: tuple[Run, ...] = ()
    generation: int = 0
