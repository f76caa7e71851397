"""Carries out one order: read the object, guard, gather what the effect needs, send.

Each stage gets the task and answers with an outcome, which ends it, or with the task to go on with.
The outcome is written by the engine, in one transaction with what follows from it.

| stage | asks | can end with |
|---|---|---|
| read | the object, fresh | `Ended(gone)`, `Held`, `RetryLater` |
| guard | an ending, `until`, a moved anchor | `Ended`, `AnchorMoved`, `RetryLater` |
| gather | customer and subscription, for texts | `RetryLater` |
| send | the action's connector | any outcome |
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import attrs

from autoc.catalogue.triggers import TRIGGER
from autoc.plan.conditions import facts_in
from autoc.plan.evaluation import holds, needs_of, reason_undecided
from autoc.plan.facts import ObjectRef
from autoc.plan.model import Automation, Email, EmailCancellation, Webhook
from autoc.runtime.effects import (
    AnchorMoved,
    Ended,
    Held,
    Outcome,
    Perform,
    RetryLater,
)
from autoc.runtime.moving import anchor_moves
from autoc.runtime.ports import Connector, Order, Reader, ReadFailed
from autoc.runtime.rules import RuleBook
from autoc.runtime.state import ObjectState, Run
from autoc.runtime.stepping import own_endings
from autoc.stripe_objects.facts import facts_of
from autoc.stripe_objects.lookups import index_objects
from autoc.stripe_objects.references import customer_of, subscription_of
from autoc.stripe_objects.sighting import sight_object
from autoc.values.localtime import local_date

UNTIL_ROUNDS_MAX = 4
"""How often new needs of an `until` are read before the step waits."""

ConnectorOf = Callable[[Automation, int], Connector]


@attrs.frozen(kw_only=True)
class Task:
    """An order on its way through the stages."""

    perform: Perform
    state: ObjectState
    run: Run
    automation: Automation
    now: int
    object: Mapping[str, Any] = attrs.field(factory=dict)
    related: Mapping[ObjectRef, dict[str, Any]] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Means:
    """What the stages work with."""

    reader: Reader
    connectors: Mapping[str, Connector]
    """By kind of action: `provider`, `mail`, `webhook`."""
    book: Callable[[], RuleBook]


Stage = Callable[[Task, Means], Awaitable["Task | Outcome"]]


async def carry_out(task: Task, means: Means) -> Outcome:
    """The outcome of `task`."""
    for stage in STAGES:
        following = await stage(task, means)
        if not isinstance(following, Task):
            return following
        task = following
    raise AssertionError("the last stage answers with an outcome")


async def read_object(task: Task, means: Means) -> Task | Outcome:
    """Read the object as it is now: what the event said may be days old."""
    found = await means.reader.read(task.state.object)
    if isinstance(found, ReadFailed):
        return _unread(found)
    return attrs.evolve(task, object=found)


def _unread(failed: ReadFailed) -> Outcome:
    if failed.gone:
        return Ended(reason="gone")
    if failed.held:
        return Held(reason=failed.reason)
    return RetryLater(reason=failed.reason, after_seconds=failed.after_seconds)


async def guard(task: Task, means: Means) -> Task | Outcome:
    """Nothing happens after the end, nor at a time that is not the step's any more."""
    sighting = sight_object(dict(task.object), at=task.now)
    view = sighting.view(task.run.trigger) if sighting else None
    if view is None:
        return RetryLater(reason="the object could not be understood")
    if view.ending is not None and view.ending not in own_endings(task.run, task.automation):
        return Ended(reason=view.ending)
    until = await _check_until(task, means)
    if until is not None and not isinstance(until, Task):
        return until
    has_moved = view.anchor is not None and view.anchor != task.run.anchor
    if has_moved and view.ending is None and anchor_moves(task.run.trigger):
        assert view.anchor is not None
        return AnchorMoved(anchor=view.anchor)
    return until or task


async def _check_until(task: Task, means: Means) -> Task | Outcome | None:
    """An outcome when `until` holds or cannot be told; else the task with what was read for it."""
    until = task.automation.until
    if until is None:
        return None
    lookups = index_objects([dict(task.object), *map(dict, task.related.values())])
    book = means.book()
    for _ in range(UNTIL_ROUNDS_MAX):
        facts = facts_of(
            dict(task.object),
            wanted=facts_in(until),
            lookups=lookups,
            rates=book.rates,
            on=local_date(task.now, task.automation.timezone),
        )
        answer = holds(until, facts)
        if answer is not None:
            return Ended(reason="until") if answer else attrs.evolve(task, related=lookups)
        needs = [ref for ref in needs_of(until, facts) if ref not in lookups]
        if not needs:
            return RetryLater(reason=reason_undecided(until, facts))
        for ref in needs:
            found = await means.reader.read(ref)
            if isinstance(found, ReadFailed) and not found.gone:
                return _unread(found)
            lookups[ref] = {"deleted": True} if isinstance(found, ReadFailed) else dict(found)
    return RetryLater(reason="`until` needs more and more objects")


async def gather_related(task: Task, means: Means) -> Task | Outcome:
    """Read the customer and the subscription, where the action's text speaks of them."""
    action = task.automation.steps[task.perform.step - 1].action
    if isinstance(action, Webhook) or not isinstance(action, Email | EmailCancellation):
        return task
    related = dict(index_objects([dict(task.object), *map(dict, task.related.values())]))
    wanted = [customer_of(task.object)]
    if TRIGGER[task.run.trigger].object == "invoice" and _mentions_subscription(action):
        wanted.append(subscription_of(task.object))
    for ref in wanted:
        if ref is None or ref in related:
            continue
        found = await means.reader.read(ref)
        if isinstance(found, ReadFailed):
            if found.gone:
                continue
            return _unread(found)
        related[ref] = dict(found)
    return attrs.evolve(task, related=related)


def _mentions_subscription(action: Email | EmailCancellation) -> bool:
    if not isinstance(action, Email):
        return True
    texts = (action.template.text if action.template else None, action.subject, action.body)
    return any("subscription" in text for text in texts if text)


async def send(task: Task, means: Means) -> Outcome:
    """Hand the order to the action's connector."""
    step = task.automation.steps[task.perform.step - 1]
    return await means.connectors[connector_name(task)].perform(
        Order(
            perform=task.perform,
            run=task.run,
            automation=task.automation,
            step=step,
            object=task.object,
            related=task.related,
            livemode=task.state.livemode,
            now=task.now,
        )
    )


def connector_name(task: Task) -> str:
    """Which connector carries out the task: `mail`, `webhook` or `provider`."""
    match task.automation.steps[task.perform.step - 1].action:
        case Email() | EmailCancellation():
            return "mail"
        case Webhook():
            return "webhook"
        case _:
            return "provider"


STAGES: tuple[Stage, ...] = (read_object, guard, gather_related, send)
