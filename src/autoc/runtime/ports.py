"""The ports: what the engine asks of a clock, a store and a connector, with their laws.

Each law has a number; `tests/conformance` runs the same suite against every implementation.

Clock
  C1  `now()` never goes back between two calls in one process.
  C2  `sleep(seconds)` returns no earlier than asked, unless `wake()` is called.

Store
  S1  What a committed transaction wrote is there after the process is killed at any later instant.
  S2  A transaction takes effect whole or not at all; when its body raises, nothing is written.
  S3  `add_event` is true once for each event id, for as long as the event is retained.
  S4  `save` followed by `load` gives an equal state.
  S5  `arm` replaces the timer of the same key and name; `disarm` removes it; both are idempotent.
  S6  `due_timers(until, limit)` gives the timers due at or before `until`, oldest first.
  S7  An order that was added is in `open_orders` until it is removed, over any restart.
  S8  Journal entries come back in the order in which they were added; none is ever changed.
  S9  A second process that opens the same store for writing is refused with `StoreBusy`.
  S10 A command that was added is in `commands` until it is removed, oldest first.

Connector
  K1  `perform` never raises for what the world does: it answers with an `Outcome`.
  K2  Every attempt with one idempotency key has at most one effect, as the receiver sees it.
  K3  It answers within its deadline; a receiver that hangs is `OutcomeUnknown` or `RetryLater`.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal, Protocol

import attrs

from autoc.plan.facts import ObjectRef
from autoc.plan.model import Automation, Step
from autoc.runtime.effects import Look, Outcome, Perform
from autoc.runtime.state import ObjectState, Run


class Clock(Protocol):
    """The time, in epoch seconds, rounded down."""

    def now(self) -> int:
        """The present second."""

    async def sleep(self, seconds: float) -> None:
        """Wait; an advanced virtual clock wakes every sleeper that has come due."""


class StoreBusy(Exception):  # noqa: N818 - it names a state of the store
    """Another process holds the store. The message names the file, and the process if known."""


class StoreFailed(Exception):  # noqa: N818 - it names what happened
    """The store cannot be opened, read or written: a full disk, a read-only or broken file."""


EventStatus = Literal["accepted", "handled", "ignored", "failed"]


@attrs.frozen(kw_only=True)
class InboxEvent:
    """One event as it arrived. `body` is the provider's JSON text."""

    id: str
    type: str
    key: str | None
    created: int
    received: int
    livemode: bool
    status: EventStatus = "accepted"
    note: str | None = None
    body: str


@attrs.frozen(kw_only=True)
class TimerRow:
    """One armed timer."""

    key: str
    timer: str
    due: int
    generation: int


@attrs.frozen(kw_only=True)
class OpenOrder:
    """An effect that is to be attempted: written with the decision, removed with the outcome."""

    key: str
    effect: Perform | Look
    created: int


@attrs.frozen(kw_only=True)
class JournalEntry:
    """One line of the journal. `data` is plain JSON data."""

    key: str
    at: int
    kind: str
    run: str | None = None
    step: int | None = None
    event: str | None = None
    data: Mapping[str, Any] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Command:
    """What an operator asks of a daemon through its store. `data` is plain JSON data."""

    number: int
    kind: str
    data: Mapping[str, Any]


@attrs.frozen(kw_only=True)
class RunFilter:
    """Which runs to list; None means any."""

    status: str | None = None
    automation: str | None = None
    trigger: str | None = None
    object_id: str | None = None
    failed_steps: bool = False
    limit: int | None = None


class Transaction(Protocol):
    """One atomic change of the store (S2)."""

    def add_event(self, event: InboxEvent) -> bool:
        """Keep the event; false when its id was seen before (S3)."""

    def settle_event(self, event_id: str, *, status: EventStatus, note: str | None) -> None:
        """Say what became of an event."""

    def load(self, key: str) -> ObjectState | None:
        """The state of one object."""

    def save(self, state: ObjectState) -> None:
        """Write the state, and what can be asked about its runs."""

    def arm(self, timer: TimerRow) -> None:
        """Keep a timer (S5)."""

    def disarm(self, key: str, timer: str) -> None:
        """Forget a timer (S5)."""

    def add_order(self, order: OpenOrder) -> None:
        """Keep an effect that is to be attempted (S7)."""

    def remove_order(self, order_id: str) -> bool:
        """The effect's outcome is recorded; false when there is no such order."""

    def add_journal(self, entry: JournalEntry) -> None:
        """Append to the journal (S8)."""

    def keep_automation(self, digest: str, automation: Automation) -> None:
        """Keep an automation exactly as it was selected; the same digest is kept once."""

    def setting(self, name: str) -> str | None:
        """A value that the daemon or an operator left: pauses, the place in the event list."""

    def put_setting(self, name: str, value: str | None) -> None:
        """Write such a value; None removes it."""

    def add_command(self, kind: str, data: Mapping[str, Any]) -> int:
        """Ask something of the daemon; its number (S10)."""

    def remove_command(self, number: int) -> None:
        """The command was carried out (S10)."""


class Store(Protocol):
    """Durable state. Every method may be called from one thread at a time only."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """A transaction that commits when the body ends, and rolls back when it raises."""

    def due_timers(self, *, until: int, limit: int) -> Sequence[TimerRow]:
        """Timers due at or before `until`, oldest first (S6)."""

    def open_orders(self) -> Sequence[OpenOrder]:
        """Every effect whose outcome is not recorded, oldest first (S7)."""

    def automation(self, digest: str) -> Automation | None:
        """An automation as it was selected."""

    def state(self, key: str) -> ObjectState | None:
        """The state of one object, outside a transaction."""

    def run(self, run_id: str) -> tuple[ObjectState, Run] | None:
        """A run and the state that holds it."""

    def runs(self, wanted: RunFilter) -> Sequence[tuple[ObjectRef, Run]]:
        """The runs that fit, oldest first."""

    def journal(self, *, run: str | None = None, key: str | None = None) -> Sequence[JournalEntry]:
        """The journal of a run or of an object, in order (S8)."""

    def event(self, event_id: str) -> InboxEvent | None:
        """An event as it arrived."""

    def setting(self, name: str) -> str | None:
        """As in `Transaction.setting`."""

    def commands(self) -> Sequence[Command]:
        """What operators asked and the daemon has not done yet, oldest first (S10)."""

    def paused(self) -> Sequence[str]:
        """The automations that an operator paused, by name."""

    def counts(self) -> Mapping[str, int]:
        """How many events, runs by status, timers and open orders there are."""

    def close(self) -> None:
        """Let go of the store."""


@attrs.frozen(kw_only=True)
class Order:
    """What a connector gets: one step of one run, with the object as it was just read.

    `object` and `related` are the provider's objects, for the connector's and the templates' use
    only; `now` is epoch seconds.
    """

    perform: Perform
    run: Run
    automation: Automation
    step: Step
    object: Mapping[str, Any]
    related: Mapping[ObjectRef, Mapping[str, Any]]
    livemode: bool
    now: int


class Connector(Protocol):
    """Makes one kind of effect happen in the world (K1 to K3)."""

    async def perform(self, order: Order) -> Outcome:
        """Attempt the effect once."""


@attrs.frozen(kw_only=True)
class ReadFailed:
    """An object could not be read. `gone`: it does not exist. `held`: the key is not accepted."""

    reason: str
    gone: bool = False
    held: bool = False
    after_seconds: int | None = None


class Reader(Protocol):
    """Reads the provider's objects, fresh. It answers within its deadline and never raises."""

    async def read(self, ref: ObjectRef) -> Mapping[str, Any] | ReadFailed:
        """The object as it is now."""
