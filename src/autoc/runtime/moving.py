"""Anchors that move, occurrences that close, and occurrences that are foretold."""

import attrs

from autoc.catalogue.triggers import TRIGGER
from autoc.runtime.effects import Arm, Disarm
from autoc.runtime.state import Foretold, PendingStart
from autoc.runtime.stepping import (
    PASSED_WHEN_MOVED,
    advance,
    automation_of,
    end_run,
    own_endings,
    plan_steps,
)
from autoc.runtime.turn import Turn, current_step

RESCHEDULED = "rescheduled"
LASTING_NOT = frozenset(("unscheduled", RESCHEDULED))
"""Endings after which the same fact can come back; every other ending is for good."""


def is_for_good(ending: str) -> bool:
    """Whether nothing of the trigger can begin any more after `ending`."""
    return ending not in LASTING_NOT


def anchor_moves(trigger: str) -> bool:
    """Whether the trigger's anchor is a date that can be changed."""
    row = TRIGGER[trigger]
    return row.foreseeable or bool(row.foretold_by)


def foretold_of(turn: Turn, trigger: str) -> Foretold | None:
    """The occurrence of `trigger` that the clock is to begin."""
    return next((each for each in turn.state.foretold if each.trigger == trigger), None)


def pending_of(turn: Turn, trigger: str) -> PendingStart | None:
    """The occurrence of `trigger` that waits for facts."""
    return next((each for each in turn.state.pending if each.trigger == trigger), None)


def foretell(turn: Turn, trigger: str, anchor: int) -> None:
    """Let the clock begin an occurrence at `anchor`, in place of one foretold before."""
    known = foretold_of(turn, trigger)
    if known is not None and known.anchor == anchor:
        return
    generation = turn.raise_generation()
    others = tuple(each for each in turn.state.foretold if each.trigger != trigger)
    new = Foretold(trigger=trigger, anchor=anchor, generation=generation)
    turn.state = attrs.evolve(turn.state, foretold=(*others, new))
    turn.emit(Arm(timer=f"foretold:{trigger}", due=anchor, generation=generation))
    turn.record("foretold", trigger=trigger, anchor=anchor)


def drop_foretold(turn: Turn, trigger: str) -> None:
    """Forget what was foretold of `trigger`."""
    if foretold_of(turn, trigger) is None:
        return
    left = tuple(each for each in turn.state.foretold if each.trigger != trigger)
    turn.state = attrs.evolve(turn.state, foretold=left)
    turn.emit(Disarm(timer=f"foretold:{trigger}"))


def put_pending(turn: Turn, pending: PendingStart) -> None:
    """Keep a waiting start, in place of that of the same trigger."""
    others = tuple(each for each in turn.state.pending if each.trigger != pending.trigger)
    turn.state = attrs.evolve(turn.state, pending=(*others, pending))


def drop_pending(turn: Turn, trigger: str) -> None:
    """Forget the waiting start of `trigger`."""
    if pending_of(turn, trigger) is None:
        return
    left = tuple(each for each in turn.state.pending if each.trigger != trigger)
    turn.state = attrs.evolve(turn.state, pending=left)
    turn.emit(Disarm(timer=f"pending:{trigger}"))


def note_ending(turn: Turn, trigger: str, reason: str) -> None:
    """Remember an ending of `trigger`'s object, and close its occurrence."""
    if reason != RESCHEDULED and reason not in TRIGGER[trigger].ends:
        return
    turn.state = attrs.evolve(
        turn.state,
        endings={**turn.state.endings, trigger: reason},
        open=tuple(each for each in turn.state.open if each != trigger),
    )


def end_occurrence(turn: Turn, trigger: str, reason: str) -> None:
    """An ending was seen: end what runs, unless a run brought it about, and start nothing."""
    note_ending(turn, trigger, reason)
    for run in turn.active_runs(trigger):
        if reason not in own_endings(run, turn.automations.get(run.digest)):
            end_run(turn, run, status="ended", reason=reason)
    drop_foretold(turn, trigger)
    if pending_of(turn, trigger) is not None:
        drop_pending(turn, trigger)
        turn.record("not_started", trigger=trigger, reason=reason)


def move_anchor(turn: Turn, trigger: str, anchor: int) -> None:
    """The anchor is another instant: the steps to come follow it.

    A fact that the clock found to be true (an invoice is overdue) is true no longer when its date
    moves ahead of now: its run ends, and another occurrence is foretold.
    """
    if TRIGGER[trigger].foretold_by and anchor > turn.now:
        for run in turn.active_runs(trigger):
            end_run(turn, run, status="ended", reason=RESCHEDULED)
        note_ending(turn, trigger, RESCHEDULED)
        foretell(turn, trigger, anchor)
        return
    for run in turn.active_runs(trigger):
        if run.anchor == anchor:
            continue
        turn.record("moved", run=run, before=run.anchor, anchor=anchor)
        automation = automation_of(turn, run)
        if automation is None:
            continue
        moved = turn.put_run(attrs.evolve(run, anchor=anchor))
        moved = plan_steps(turn, moved, automation, passed=PASSED_WHEN_MOVED)
        index = current_step(moved)
        if index is None or moved.steps[index].status == "waiting":
            advance(turn, turn.disarm_run(moved), automation)


def follow_anchor(turn: Turn, trigger: str, anchor: int) -> None:
    """A fresh sighting tells the anchor: whatever waits for `trigger` follows it."""
    foretold, pending = foretold_of(turn, trigger), pending_of(turn, trigger)
    if TRIGGER[trigger].foretold_by and anchor > turn.now and pending is not None:
        drop_pending(turn, trigger)
        foretell(turn, trigger, anchor)
    elif foretold is not None:
        foretell(turn, trigger, anchor)
    elif pending is not None:
        put_pending(turn, attrs.evolve(pending, anchor=anchor))
    elif trigger in turn.state.open:
        move_anchor(turn, trigger, anchor)
