"""From a sighting to a run: what begins, what waits for facts, what ends or begins nothing.

A sighting that is older than what is known (`at` < `seen_at`) may bring an occurrence that nobody
told of yet, or an ending that is for good; it never moves a date, and never undoes anything.
"""

import hashlib

import attrs

from autoc.catalogue.triggers import TRIGGER
from autoc.plan.sightings import TriggerView
from autoc.plan.verdicts import NoMatch, Selected, Selection, Undecided
from autoc.runtime.effects import Arm, Look, LookFailed, Seen
from autoc.runtime.moving import (
    anchor_moves,
    drop_foretold,
    drop_pending,
    end_occurrence,
    follow_anchor,
    foretell,
    foretold_of,
    is_for_good,
    pending_of,
    put_pending,
)
from autoc.runtime.state import PendingStart, Run
from autoc.runtime.stepping import automation_of, plan_new_run
from autoc.runtime.turn import Turn, backoff_seconds

LOOKS_AT_ONCE_MAX = 5
"""How often new needs make a waiting start look again at once, before it backs off."""

LOOK_BACKOFF_FIRST_SECONDS = 5
LOOK_BACKOFF_MAX_SECONDS = 3600


def handle_sighting(turn: Turn, message: Seen) -> None:
    """Take what was seen: first what ended, then what moved, then what begins."""
    at = message.sighting.at
    fresh = message.reading or at >= turn.state.seen_at
    turn.state = attrs.evolve(turn.state, seen_at=max(at, turn.state.seen_at))
    for view in message.sighting.views:
        _take_view(turn, view, message, fresh=fresh)


def handle_failed_look(turn: Turn, message: LookFailed) -> None:
    """The start waits on, and is tried again; when the object is gone there is nothing to start."""
    pending = pending_of(turn, message.trigger)
    if pending is None:
        return
    if message.gone:
        drop_pending(turn, message.trigger)
        turn.record("not_started", trigger=message.trigger, reason="gone", detail=message.reason)
        return
    _look_later(turn, pending, reason=message.reason)


def pass_foretold(turn: Turn, trigger: str, generation: int) -> None:
    """The date of a foretold occurrence has come: the object is read before anything begins."""
    foretold = foretold_of(turn, trigger)
    if foretold is None or foretold.generation != generation:
        return
    if foretold.anchor > turn.now:
        turn.emit(Arm(timer=f"foretold:{trigger}", due=foretold.anchor, generation=generation))
        return
    left = tuple(each for each in turn.state.foretold if each.trigger != trigger)
    turn.state = attrs.evolve(turn.state, foretold=left)
    pending = PendingStart(trigger=trigger, since=turn.now, anchor=foretold.anchor)
    turn.record("waiting", trigger=trigger, reason="its date has come: the object is read first")
    _look(turn, pending)


def look_again(turn: Turn, trigger: str, generation: int) -> None:
    """The time has come to read once more what a waiting start needs."""
    pending = pending_of(turn, trigger)
    if pending is not None and pending.generation == generation:
        _look(turn, pending)


def _take_view(turn: Turn, view: TriggerView, message: Seen, *, fresh: bool) -> None:
    trigger = view.trigger
    if view.ending is not None:
        if fresh or is_for_good(view.ending):
            end_occurrence(turn, trigger, view.ending)
        if view.starts:
            turn.record("not_started", trigger=trigger, reason=view.ending)
        return
    known = turn.state.endings.get(trigger)
    if known is not None and (is_for_good(known) or not fresh):
        if view.starts:
            turn.record("not_started", trigger=trigger, reason=known)
        return
    if fresh and view.anchor is not None and anchor_moves(trigger):
        follow_anchor(turn, trigger, view.anchor)
    if message.reading and pending_of(turn, trigger) is not None:
        _settle_pending(turn, view, message)
        return
    _begin(turn, view, message)


def _begin(turn: Turn, view: TriggerView, message: Seen) -> None:
    trigger = view.trigger
    if trigger in turn.state.open:
        return
    if view.blocked is not None and not view.starts:
        turn.record("not_started", trigger=trigger, reason=view.blocked)
    if view.foretells and view.anchor is not None:
        if foretold_of(turn, trigger) is None and pending_of(turn, trigger) is None:
            foretell(turn, trigger, view.anchor)
        return
    selection = message.selections.get(trigger)
    if view.starts and selection is not None and not message.reading:
        anchor = message.sighting.at if view.anchor is None else view.anchor
        _decide(turn, trigger, message, anchor=anchor, selection=selection)


def _settle_pending(turn: Turn, view: TriggerView, message: Seen) -> None:
    pending = pending_of(turn, view.trigger)
    assert pending is not None
    selection = message.selections.get(view.trigger)
    if view.blocked is not None:
        drop_pending(turn, view.trigger)
        turn.record("not_started", trigger=view.trigger, reason=view.blocked)
    elif selection is not None:
        anchor = message.sighting.at if pending.anchor is None else pending.anchor
        _decide(turn, view.trigger, message, anchor=anchor, selection=selection)


def _decide(turn: Turn, trigger: str, message: Seen, *, anchor: int, selection: Selection) -> None:
    if TRIGGER[trigger].foreseeable and anchor < turn.now:
        drop_pending(turn, trigger)
        turn.record("not_started", trigger=trigger, reason="its date had passed", anchor=anchor)
        return
    if TRIGGER[trigger].foretold_by and anchor > turn.now:
        drop_pending(turn, trigger)
        foretell(turn, trigger, anchor)
        return
    match selection:
        case Undecided():
            _wait(turn, trigger, anchor=anchor, selection=selection, reading=message.reading)
        case NoMatch():
            occurrence = _count_occurrence(turn, trigger)
            turn.record("no_match", trigger=trigger, occurrence=occurrence)
        case Selected(automation=name):
            occurrence = _count_occurrence(turn, trigger)
            _start_run(
                turn,
                occurrence,
                trigger=trigger,
                anchor=anchor,
                automation=name,
                digest=message.digests[name],
            )


def _wait(turn: Turn, trigger: str, *, anchor: int, selection: Undecided, reading: bool) -> None:
    drop_foretold(turn, trigger)
    pending = pending_of(turn, trigger)
    turn.record(
        "waiting",
        trigger=trigger,
        automation=selection.automation,
        reason=selection.reason,
        needs=[str(each) for each in selection.needs],
    )
    if pending is None:
        pending = PendingStart(
            trigger=trigger, since=turn.now, anchor=anchor, needs=selection.needs
        )
        _look(turn, pending)
        return
    new = set(selection.needs) - set(pending.needs)
    pending = attrs.evolve(pending, needs=tuple(dict.fromkeys((*pending.needs, *selection.needs))))
    if not reading:
        put_pending(turn, pending)
    elif new and pending.attempts < LOOKS_AT_ONCE_MAX:
        _look(turn, attrs.evolve(pending, attempts=pending.attempts + 1))
    else:
        _look_later(turn, pending, reason=selection.reason)


def _look(turn: Turn, pending: PendingStart) -> None:
    generation = turn.raise_generation()
    put_pending(turn, attrs.evolve(pending, generation=generation))
    turn.emit(
        Look(
            id=f"look:{turn.state.key}:{pending.trigger}:{generation}",
            trigger=pending.trigger,
            needs=pending.needs,
        )
    )


def _look_later(turn: Turn, pending: PendingStart, *, reason: str) -> None:
    attempts = pending.attempts + 1
    wait = backoff_seconds(
        f"{turn.state.key}:{pending.trigger}:{attempts}",
        attempts,
        first=LOOK_BACKOFF_FIRST_SECONDS,
        most=LOOK_BACKOFF_MAX_SECONDS,
    )
    generation = turn.raise_generation()
    put_pending(turn, attrs.evolve(pending, attempts=attempts, generation=generation))
    due = turn.now + wait
    turn.emit(Arm(timer=f"pending:{pending.trigger}", due=due, generation=generation))
    turn.record("retry", trigger=pending.trigger, due=due, reason=reason)


def _count_occurrence(turn: Turn, trigger: str) -> str:
    """The occurrence is decided: `trigger/object`, from the second one on with its number."""
    drop_foretold(turn, trigger)
    drop_pending(turn, trigger)
    count = turn.state.occurrences.get(trigger, 0) + 1
    turn.state = attrs.evolve(
        turn.state,
        occurrences={**turn.state.occurrences, trigger: count},
        open=(*(each for each in turn.state.open if each != trigger), trigger),
        endings={name: each for name, each in turn.state.endings.items() if name != trigger},
    )
    name = f"{trigger}/{turn.state.object.id}"
    return name if count == 1 else f"{name}#{count}"


def _start_run(
    turn: Turn, occurrence: str, *, trigger: str, anchor: int, automation: str, digest: str
) -> None:
    digits = hashlib.sha256(f"{turn.state.key}\n{occurrence}".encode()).hexdigest()[:16]
    run = Run(
        id=f"run_{digits}",
        occurrence=occurrence,
        automation=automation,
        digest=digest,
        trigger=trigger,
        anchor=anchor,
        started=turn.now,
    )
    turn.record("selected", run=run, occurrence=occurrence, automation=automation, anchor=anchor)
    plan = automation_of(turn, run)
    if plan is not None:
        plan_new_run(turn, run, plan)
