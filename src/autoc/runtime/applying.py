"""One message to one object, inside a transaction: the machine's step, and everything it brings.

State, timers, orders and journal change together or not at all (runtime.md, promise 1).
"""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from autoc.plan.model import Automation
from autoc.runtime.effects import (
    Arm,
    DeadLetter,
    Disarm,
    Effect,
    Look,
    Message,
    Perform,
    Record,
)
from autoc.runtime.machine import MachineLimits, step
from autoc.runtime.ports import JournalEntry, OpenOrder, Store, TimerRow, Transaction


class Shelf(Mapping[str, Automation]):
    """Automations by digest: those of the rule book, and those that old runs go on under.

    What is not in memory is read from the store once. Used by the writer's thread only.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, Automation] = {}

    def put(self, digest: str, automation: Automation) -> None:
        """Keep an automation in memory."""
        self._known[digest] = automation

    def __getitem__(self, digest: str) -> Automation:
        found = self._known.get(digest)
        if found is None:
            found = self._store.automation(digest)
            if found is None:
                raise KeyError(digest)
            self._known[digest] = found
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


@attrs.frozen(kw_only=True)
class Consequences:
    """What a committed step asks of the engine: timers to keep in mind, orders to carry out."""

    key: str
    armed: tuple[TimerRow, ...] = ()
    disarmed: tuple[str, ...] = ()
    orders: tuple[OpenOrder, ...] = ()
    records: tuple[Record, ...] = ()


def apply_message(
    transaction: Transaction,
    *,
    key: str,
    message: Message,
    now: int,
    shelf: Shelf,
    limits: MachineLimits,
    event: str | None = None,
    details: Mapping[str, Mapping[str, Any]] | None = None,
) -> Consequences:
    """Apply `message` to the object `key`, and write what follows.

    `event` is the id of the event that brought the message, for the journal; `details` are facts
    and verdicts by trigger, which are added to the records of selections.
    """
    state = transaction.load(key)
    after, effects = step(state, message, now, automations=shelf, key=key, limits=limits)
    transaction.save(after)
    for run in after.runs:
        if state is None or run.digest not in {each.digest for each in state.runs}:
            transaction.keep_automation(run.digest, shelf[run.digest])
    return _write_effects(
        transaction, effects, key=key, now=now, event=event, details=details or {}
    )


def _write_effects(
    transaction: Transaction,
    effects: tuple[Effect, ...],
    *,
    key: str,
    now: int,
    event: str | None,
    details: Mapping[str, Mapping[str, Any]],
) -> Consequences:
    armed: dict[str, TimerRow] = {}
    disarmed: dict[str, None] = {}
    orders: list[OpenOrder] = []
    records: list[Record] = []
    for effect in effects:
        match effect:
            case Arm(timer=timer, due=due, generation=generation):
                row = TimerRow(key=key, timer=timer, due=due, generation=generation)
                transaction.arm(row)
                armed[timer] = row
                disarmed.pop(timer, None)
            case Disarm(timer=timer):
                transaction.disarm(key, timer)
                armed.pop(timer, None)
                disarmed[timer] = None
            case Perform() | Look():
                order = OpenOrder(key=key, effect=effect, created=now)
                transaction.add_order(order)
                orders.append(order)
            case Record():
                records.append(effect)
                _write_record(transaction, effect, key=key, now=now, event=event, details=details)
            case DeadLetter(reason=reason):
                transaction.add_journal(
                    JournalEntry(
                        key=key, at=now, kind="dead_letter", event=event, data={"reason": reason}
                    )
                )
    return Consequences(
        key=key,
        armed=tuple(armed.values()),
        disarmed=tuple(disarmed),
        orders=tuple(orders),
        records=tuple(records),
    )


def _write_record(
    transaction: Transaction,
    record: Record,
    *,
    key: str,
    now: int,
    event: str | None,
    details: Mapping[str, Mapping[str, Any]],
) -> None:
    data = dict(record.data)
    if record.kind in ("selected", "no_match", "waiting"):
        trigger = data.get("trigger") or str(data.get("occurrence", "")).partition("/")[0]
        data.update(details.get(str(trigger), {}))
    transaction.add_journal(
        JournalEntry(
            key=key,
            at=now,
            kind=record.kind,
            run=record.run,
            step=record.step,
            event=event,
            data=data,
        )
    )
