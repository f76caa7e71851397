"""Moves messages between the inbox, the machine, the timers and the connectors.

Everything that must survive is in the store before anything else happens: an event is answered when
its transaction is committed; an order is carried out after the commit that wrote it, and its outcome
is written in the transaction that takes the order away. What is in memory (the wheel, the tasks) is
rebuilt from the store at the start.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from autoc.plan.facts import ObjectRef
from autoc.plan.sightings import Sighting
from autoc.runtime.applying import Consequences, Shelf, apply_message
from autoc.runtime.doing import Means, Task, carry_out, connector_name
from autoc.runtime.effects import (
    LookFailed,
    Message,
    Perform,
    Reported,
    RetryLater,
    RunCanceled,
    Seen,
    StepRetried,
    TimerFired,
)
from autoc.runtime.journaling import answer_details
from autoc.runtime.machine import MachineLimits
from autoc.runtime.measures import Measures
from autoc.runtime.ports import (
    Clock,
    InboxEvent,
    OpenOrder,
    ReadFailed,
    Store,
    TimerRow,
    Transaction,
)
from autoc.runtime.rules import (
    Answer,
    RuleBook,
    answer,
    selected_digests,
    starting_triggers,
)
from autoc.runtime.timers import Timers
from autoc.runtime.writer import Writer
from autoc.stripe_objects.events import StripeEvent
from autoc.stripe_objects.lookups import index_objects
from autoc.stripe_objects.sighting import sight_event, sight_object

LANE_WIDTH = {"provider": 16, "mail": 8, "webhook": 32}
"""How many orders of one kind are carried out at a time."""
TARGET_WIDTH = 4
"""How many of them go to one receiver, so that a slow one holds up nobody else."""
LOOKS_AT_A_TIME = 16


@attrs.frozen(kw_only=True)
class Accepted:
    """What became of an event: `handled`, `ignored`, or `duplicate`."""

    status: str
    note: str | None = None


class Engine:
    """One account's runs. `book` is replaced as a whole when the rules change."""

    def __init__(  # noqa: PLR0913 - the parts that it is made of
        self,
        *,
        store: Store,
        clock: Clock,
        book: RuleBook,
        means: Means,
        limits: MachineLimits,
        livemode: bool,
        measures: Measures,
    ) -> None:
        self.book = book
        self.clock = clock
        self.livemode = livemode
        self.writer = Writer(store)
        self.measures = measures
        self._means = means
        self._limits = limits
        self._shelf = Shelf(store)
        self._timers = Timers(writer=self.writer, clock=clock, fire=self._fire)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._lanes = {name: asyncio.Semaphore(width) for name, width in LANE_WIDTH.items()}
        self._targets: dict[str, asyncio.Semaphore] = {}
        self._looks = asyncio.Semaphore(LOOKS_AT_A_TIME)
        self._is_draining = False
        self.observers: list[Callable[[Consequences], None]] = []
        """Told of every committed step, after it."""
        self._put_on_shelf(book)

    async def start(self) -> None:
        """Take up what the store holds: open orders first, then timers."""
        self.writer.start()
        for order in await self.writer.ask(lambda store: store.open_orders()):
            self._begin(order)
        await self._timers.start()

    async def drain(self, *, seconds: float) -> None:
        """Stop beginning things, and let what was begun finish for at most `seconds`."""
        self._is_draining = True
        await self._timers.stop()
        pending = list(self._tasks.values())
        if pending:
            _, late = await asyncio.wait(pending, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self.writer.stop()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being carried out or fired at this moment."""
        return not self._tasks and not self._timers.is_busy

    def use_book(self, book: RuleBook) -> None:
        """From now on, select by `book`. Runs that have begun keep their automations."""
        self._put_on_shelf(book)
        self.book = book

    def _put_on_shelf(self, book: RuleBook) -> None:
        for rules in book.by_trigger.values():
            for each in rules:
                self._shelf.put(book.digests[each.name], attrs.evolve(each, paused=False))

    async def accept(self, event: StripeEvent, body: str) -> Accepted:
        """Take an event in. When this returns, it is durable, and so is what follows from it."""
        now = self.clock.now()
        sighting = sight_event(event, at=now)
        ignored = self._why_ignored(event, sighting)
        key = f"{event.account or 'self'}/{sighting.object.id}" if sighting else None
        row = InboxEvent(
            id=event.id,
            type=event.type,
            key=key,
            created=event.created,
            received=now,
            livemode=event.livemode,
            status="ignored" if ignored else "handled",
            note=ignored,
            body=body,
        )
        if ignored or sighting is None or key is None:
            is_new = await self.writer.change(lambda tx: tx.add_event(row))
            status = "ignored" if is_new else "duplicate"
            self.measures.count_event(event.type, status)
            return Accepted(status=status, note=ignored)
        message, details = self._seen(sighting, event.object)
        followed = await self.writer.change(
            lambda tx: self._take_in(tx, row, key, message, details)
        )
        if followed is None:
            self.measures.count_event(event.type, "duplicate")
            return Accepted(status="duplicate")
        self._follow(followed)
        self.measures.count_event(event.type, "handled")
        return Accepted(status="handled")

    def _why_ignored(self, event: StripeEvent, sighting: Sighting | None) -> str | None:
        if event.livemode != self.livemode:
            mode = "live" if event.livemode else "test"
            return f"a {mode} event, and this daemon acts on {'live' if self.livemode else 'test'} data"
        if sighting is None:
            return "nothing here is about this kind of object"
        return None

    def _take_in(
        self,
        transaction: Transaction,
        row: InboxEvent,
        key: str,
        message: Seen,
        details: Mapping[str, Mapping[str, Any]],
    ) -> Consequences | None:
        if not transaction.add_event(row):
            return None
        if transaction.load(key) is None and not _matters(message):
            return Consequences(key=key)
        return self._apply(transaction, key, message, event=row.id, details=details)

    def _seen(
        self, sighting: Sighting, object_: Mapping[str, Any]
    ) -> tuple[Seen, dict[str, Mapping[str, Any]]]:
        """The message of an event, and what its selections were made from."""
        lookups = index_objects([dict(object_)])
        answers = {
            trigger: answer(self.book, trigger, object_, lookups=lookups, at=sighting.at)
            for trigger in starting_triggers(sighting, self.book)
        }
        return self._message(sighting, answers, reading=False)

    def _message(
        self, sighting: Sighting, answers: Mapping[str, Answer], *, reading: bool
    ) -> tuple[Seen, dict[str, Mapping[str, Any]]]:
        message = Seen(
            sighting=_only_ruled(sighting, self.book),
            selections={trigger: each.selection for trigger, each in answers.items()},
            digests=selected_digests(answers.values(), self.book),
            reading=reading,
        )
        return message, {trigger: answer_details(each) for trigger, each in answers.items()}

    def _apply(
        self,
        transaction: Transaction,
        key: str,
        message: Message,
        *,
        event: str | None = None,
        details: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> Consequences:
        return apply_message(
            transaction,
            key=key,
            message=message,
            now=self.clock.now(),
            shelf=self._shelf,
            limits=self._limits,
            event=event,
            details=details,
        )

    def _follow(self, followed: Consequences) -> None:
        """After the commit: keep the timers in mind, and carry out the orders."""
        for row in followed.armed:
            self._timers.arm(row)
        for timer in followed.disarmed:
            self._timers.disarm(followed.key, timer)
        for record in followed.records:
            self.measures.count_record(record.kind)
        for observer in self.observers:
            observer(followed)
        for order in followed.orders:
            self._begin(order)

    async def _fire(self, rows: Sequence[TimerRow]) -> None:
        """Timers that have come due, oldest first; each key's in order."""

        def change(transaction: Transaction, row: TimerRow) -> Consequences:
            transaction.disarm(row.key, row.timer)
            return self._apply(
                transaction, row.key, TimerFired(timer=row.timer, generation=row.generation)
            )

        now = self.clock.now()
        for row in rows:
            self.measures.observe_lateness(now - row.due)
        changes = [self.writer.change(lambda tx, row=row: change(tx, row)) for row in rows]  # type: ignore[misc]
        for followed in await asyncio.gather(*changes):
            self._follow(followed)

    def _begin(self, order: OpenOrder) -> None:
        if self._is_draining or order.effect.id in self._tasks:
            return
        work = self._perform(order) if isinstance(order.effect, Perform) else self._look(order)
        task = asyncio.create_task(work)
        self._tasks[order.effect.id] = task
        task.add_done_callback(lambda done: self._tasks.pop(order.effect.id, None) and _raise(done))

    async def _perform(self, order: OpenOrder) -> None:
        perform = order.effect
        assert isinstance(perform, Perform)
        found = await self.writer.ask(lambda store: store.run(perform.run))
        if found is None:
            await self.writer.change(lambda tx: tx.remove_order(perform.id))
            return
        state, run = found
        automation = await self.writer.ask(lambda _: self._shelf.get(run.digest))
        if automation is None or run.status != "active":
            await self._report(order, RetryLater(reason="the run is over"))
            return
        task = Task(
            perform=perform, state=state, run=run, automation=automation, now=self.clock.now()
        )
        lane = connector_name(task)
        async with self._target(task, lane), self._lanes[lane]:
            outcome = await carry_out(attrs.evolve(task, now=self.clock.now()), self._means)
        self.measures.count_outcome(lane, type(outcome).__name__)
        await self._report(order, outcome)

    def _target(self, task: Task, lane: str) -> asyncio.Semaphore:
        action = task.automation.steps[task.perform.step - 1].action
        name = f"{lane}:{getattr(action, 'url', '')}"
        width = TARGET_WIDTH if lane == "webhook" else LANE_WIDTH[lane]
        return self._targets.setdefault(name, asyncio.Semaphore(width))

    async def _report(self, order: OpenOrder, outcome: Any) -> None:
        def change(transaction: Transaction) -> Consequences | None:
            if not transaction.remove_order(order.effect.id):
                return None
            message = Reported(order=order.effect.id, outcome=outcome)
            return self._apply(transaction, order.key, message)

        followed = await self.writer.change(change)
        if followed is not None:
            self._tasks.pop(order.effect.id, None)
            self._follow(followed)

    async def _look(self, order: OpenOrder) -> None:
        look = order.effect
        assert not isinstance(look, Perform)
        state = await self.writer.ask(lambda store: store.state(order.key))
        assert state is not None
        async with self._looks:
            message, details = await self._read(state.object, look.trigger, look.needs)

        def change(transaction: Transaction) -> Consequences | None:
            if not transaction.remove_order(look.id):
                return None
            return self._apply(transaction, order.key, message, details=details)

        followed = await self.writer.change(change)
        if followed is not None:
            self._tasks.pop(look.id, None)
            self._follow(followed)

    async def _read(
        self, ref: ObjectRef, trigger: str, needs: Sequence[ObjectRef]
    ) -> tuple[Seen | LookFailed, Mapping[str, Mapping[str, Any]]]:
        """Read an object and what its facts need, and select for `trigger`."""
        found = await self._means.reader.read(ref)
        if isinstance(found, ReadFailed):
            return LookFailed(trigger=trigger, reason=found.reason, gone=found.gone), {}
        lookups = index_objects([dict(found)])
        for need in needs:
            if need in lookups:
                continue
            related = await self._means.reader.read(need)
            if isinstance(related, ReadFailed):
                if not related.gone:
                    return LookFailed(trigger=trigger, reason=related.reason), {}
                lookups[need] = {"object": need.kind, "id": need.id, "deleted": True}
            else:
                lookups[need] = dict(related)
                lookups.update(index_objects([dict(related)]))
        now = self.clock.now()
        sighting = sight_object(dict(found), at=now)
        if sighting is None:
            return LookFailed(trigger=trigger, reason="the object could not be understood"), {}
        given = answer(self.book, trigger, found, lookups=lookups, at=now)
        return self._message(sighting, {trigger: given}, reading=True)

    async def cancel_run(self, run_id: str, *, reason: str) -> bool:
        """End a run; false when there is none, or it is over."""
        return await self._command(run_id, RunCanceled(run=run_id, reason=reason))

    async def retry_step(self, run_id: str, step: int | None) -> bool:
        """Try a failed step again; false when there is no such run."""
        return await self._command(run_id, StepRetried(run=run_id, step=step))

    async def _command(self, run_id: str, message: Message) -> bool:
        found = await self.writer.ask(lambda store: store.run(run_id))
        if found is None:
            return False
        key = found[0].key
        self._follow(await self.writer.change(lambda tx: self._apply(tx, key, message)))
        return True


def _matters(message: Seen) -> bool:
    """Whether an object that nothing is known of yet is worth remembering.

    An ending that comes before its beginning is: the beginning must start nothing then.
    """
    return any(
        view.starts or view.foretells or view.ending is not None for view in message.sighting.views
    )


def _only_ruled(sighting: Sighting, book: RuleBook) -> Sighting:
    """The sighting without what would begin a trigger that has no automations."""
    views = tuple(
        view
        if view.trigger in book.by_trigger
        else attrs.evolve(view, starts=False, foretells=False, blocked=None)
        for view in sighting.views
    )
    return attrs.evolve(sighting, views=views)


def _raise(done: "asyncio.Task[None]") -> None:
    if not done.cancelled() and done.exception() is not None:
        error = done.exception()
        assert error is not None
        asyncio.get_running_loop().call_exception_handler(
            {"message": "an order could not be carried out", "exception": error}
        )
