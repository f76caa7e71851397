"""What an event, or a reading, says of its object for each trigger (language.md, section 2)."""

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from autoc.catalogue.triggers import TRIGGER, TRIGGERS
from autoc.plan.sightings import Sighting, TriggerView
from autoc.stripe_objects.events import StripeEvent, object_ref
from autoc.stripe_objects.reading import flag_of, instant_of, number_of
from autoc.stripe_objects.state import (
    collection_method,
    due_date,
    finalized_at,
    has_ended,
    invoice_state,
    is_of_subscription,
    is_scheduled_to_cancel,
    planned_end,
    quote_state,
)

STARTED_NOW = (
    "invoice.finalized",
    "invoice.overdue",
    "subscription.payment_failed",
    "quote.will_expire",
    "subscription.canceled",
    "subscription.will_cancel",
    "invoice.will_be_due",
)
"""Which trigger an event is explained for, where it begins several: the first of these."""

READING = "reading"


@attrs.frozen(kw_only=True)
class _Seen:
    """An object as it was seen: `event` is the event's type, or `READING`; `at` is the event's
    time, `now` when it is handled."""

    object: Mapping[str, Any]
    previous: Mapping[str, Any]
    event: str
    at: int
    now: int


def sight_event(event: StripeEvent, *, at: int | None = None) -> Sighting | None:
    """What `event` says, handled at `at` (by default when it was created); None when no trigger is
    about this kind of object."""
    now = event.created if at is None else at
    seen = _Seen(
        object=event.object, previous=event.previous, event=event.type, at=event.created, now=now
    )
    sighting = _sight(seen)
    if sighting is None:
        return None
    return attrs.evolve(sighting, event_id=event.id, event_type=event.type, livemode=event.livemode)


def sight_object(obj: Mapping[str, Any], *, at: int) -> Sighting | None:
    """What a reading at `at` says: endings, anchors, what is foretold; nothing starts by it."""
    return _sight(_Seen(object=obj, previous={}, event=READING, at=at, now=at))


def sight_bare(obj: Mapping[str, Any], *, trigger: str, at: int) -> Sighting | None:
    """What would be seen if the event that begins `trigger` had just happened to `obj`."""
    event = TRIGGER[trigger].starts[0]
    if trigger == "invoice.overdue" and (due := due_date(obj)) is not None and due > at:
        event = READING
    return _sight(_Seen(object=obj, previous={}, event=event, at=at, now=at))


def started_trigger(sighting: Sighting) -> str | None:
    """The trigger that is begun now; of several, the one that the event is named after."""
    for name in STARTED_NOW:
        view = sighting.view(name)
        if view is not None and view.starts:
            return name
    return None


def candidate_triggers(event: StripeEvent) -> tuple[str, ...]:
    """The triggers that events of this type can begin, or foretell, the likeliest first."""
    return tuple(
        name
        for name in STARTED_NOW
        if event.type in (*TRIGGER[name].starts, *TRIGGER[name].foretold_by)
    )


def _sight(seen: _Seen) -> Sighting | None:
    ref = object_ref(seen.object)
    if ref is None:
        return None
    views = tuple(VIEWS[row.name](seen) for row in TRIGGERS if row.object == ref.kind)
    if not views:
        return None
    livemode = flag_of(seen.object, "livemode") or False
    return Sighting(object=ref, at=seen.at, livemode=livemode, views=views)


def _view(
    trigger: str,
    seen: _Seen,
    *,
    anchor: int | None,
    ending: str | None,
    blocked: str | None,
    barred: str | None = None,
    foretells: bool = False,
    is_silent: bool = False,
) -> TriggerView:
    """`barred` is why the object's state lets nothing begin, `blocked` why this event does not.

    A reading tells what bars: an occurrence that waits for facts must not begin then.
    `is_silent`: the event is of a type that can begin the trigger, but this one does not try.
    """
    is_its_event = seen.event in TRIGGER[trigger].starts and not is_silent
    reason = barred or blocked
    if not is_its_event:
        reason = barred if seen.event == READING else None
    return TriggerView(
        trigger=trigger,
        starts=is_its_event and reason is None,
        foretells=foretells,
        blocked=reason,
        anchor=anchor,
        ending=ending,
    )


INVOICE_WORDS = {
    "paid": "the invoice is already paid",
    "void": "the invoice was voided",
    "uncollectible": "the invoice was written off as uncollectible",
    "draft": "the invoice is a draft",
    None: "the invoice has no status that is known",
}


def _invoice_ending(trigger: str, seen: _Seen) -> str | None:
    state = invoice_state(seen.object)
    ending = {"paid": "paid", "void": "voided", "uncollectible": "uncollectible"}.get(state or "")
    return ending if ending in TRIGGER[trigger].ends else None


def _not_open(seen: _Seen) -> str | None:
    state = invoice_state(seen.object)
    return None if state == "open" else INVOICE_WORDS[state]


def _not_on_request(seen: _Seen) -> str | None:
    """Why the invoice has no due date to speak of."""
    if collection_method(seen.object) == "charge_automatically":
        return "the invoice is charged automatically, and is never due"
    if due_date(seen.object) is None:
        return "the invoice has no due date"
    return None


def _see_will_be_due(seen: _Seen) -> TriggerView:
    due = due_date(seen.object)
    blocked = _not_on_request(seen)
    if blocked is None and due is not None and due < seen.now:
        blocked = "its due date had already passed"
    return _view(
        "invoice.will_be_due",
        seen,
        anchor=due,
        ending=_invoice_ending("invoice.will_be_due", seen),
        barred=_not_open(seen),
        blocked=blocked,
        is_silent=seen.event == "invoice.updated" and "due_date" not in seen.previous,
    )


def _see_finalized(seen: _Seen) -> TriggerView:
    return _view(
        "invoice.finalized",
        seen,
        anchor=finalized_at(seen.object) or (seen.at if seen.event != READING else None),
        ending=_invoice_ending("invoice.finalized", seen),
        barred=_not_open(seen),
        blocked=None,
    )


def _see_overdue(seen: _Seen) -> TriggerView:
    due, barred, blocked = due_date(seen.object), _not_open(seen), None
    if due is None:
        blocked = "the invoice has no due date"
    elif due > max(seen.at, seen.now):
        blocked = "it is not due yet"
    starts = seen.event == "invoice.overdue" and blocked is None
    foretells = not starts and barred is None and _not_on_request(seen) is None
    return _view(
        "invoice.overdue",
        seen,
        anchor=due,
        ending=_invoice_ending("invoice.overdue", seen),
        barred=barred,
        blocked=blocked,
        foretells=foretells,
    )


def _see_payment_failed(seen: _Seen) -> TriggerView:
    attempts = number_of(seen.object, "attempt_count")
    blocked = None
    if not is_of_subscription(seen.object):
        blocked = "the invoice is not of a subscription"
    elif attempts is not None and attempts > 1:
        blocked = f"this is not the first attempt, but number {attempts}"
    return _view(
        "subscription.payment_failed",
        seen,
        anchor=seen.at if seen.event != READING else None,
        ending=_invoice_ending("subscription.payment_failed", seen),
        barred=_not_open(seen),
        blocked=blocked,
    )


QUOTE_WORDS = {
    "accepted": "the quote is already accepted",
    "canceled": "the quote was canceled",
    "draft": "the quote is a draft",
}


def _see_will_expire(seen: _Seen) -> TriggerView:
    state, expires = quote_state(seen.object), instant_of(seen.object, "expires_at")
    barred = None if state == "open" else QUOTE_WORDS.get(state or "", "the quote is not open")
    blocked = None
    if expires is None:
        blocked = "the quote never expires"
    elif expires < seen.now:
        blocked = "the quote had already expired"
    return _view(
        "quote.will_expire",
        seen,
        anchor=expires,
        ending=state if state in ("accepted", "canceled") else None,
        barred=barred,
        blocked=blocked,
    )


def _see_canceled(seen: _Seen) -> TriggerView:
    blocked = None if has_ended(seen.object) else "the subscription has not ended"
    ended = instant_of(seen.object, "ended_at")
    return _view(
        "subscription.canceled",
        seen,
        anchor=ended or (seen.at if seen.event != READING else None),
        ending=None,
        blocked=blocked,
    )


def _see_will_cancel(seen: _Seen) -> TriggerView:
    scheduled, ended = is_scheduled_to_cancel(seen.object), has_ended(seen.object)
    end = planned_end(seen.object) if scheduled else None
    ending = "canceled" if ended else None if scheduled else "unscheduled"
    blocked = None
    if ended:
        blocked = "the subscription has already ended"
    elif seen.event == "customer.subscription.updated" and _was_scheduled(seen):
        blocked = "it was scheduled to cancel before"
    elif end is None:
        blocked = "the subscription does not tell when it ends"
    return _view(
        "subscription.will_cancel",
        seen,
        anchor=end,
        ending=ending,
        blocked=blocked,
        is_silent=not scheduled and not ended,
    )


def _was_scheduled(seen: _Seen) -> bool:
    """Whether the update's object was scheduled to cancel before it, too."""
    before = {**seen.object, **seen.previous}
    return is_scheduled_to_cancel(before)


VIEWS: dict[str, Callable[[_Seen], TriggerView]] = {
    "invoice.will_be_due": _see_will_be_due,
    "invoice.finalized": _see_finalized,
    "invoice.overdue": _see_overdue,
    "quote.will_expire": _see_will_expire,
    "subscription.canceled": _see_canceled,
    "subscription.payment_failed": _see_payment_failed,
    "subscription.will_cancel": _see_will_cancel,
}
