"""The run machine, told as short histories."""

import pytest

from autoc.plan.facts import ObjectRef
from autoc.plan.sightings import TriggerView
from autoc.plan.verdicts import NoMatch, Undecided
from autoc.runtime.effects import (
    AnchorMoved,
    Declined,
    Delivered,
    Ended,
    Held,
    Look,
    LookFailed,
    Outcome,
    OutcomeUnknown,
    Rejected,
    Reported,
    RetryLater,
    RunCanceled,
    StepRetried,
    Watched,
    Withheld,
)
from autoc.runtime.machine import MachineLimits
from support.machine_world import (
    DAY,
    NOW,
    PROVIDER_STEPS,
    STEADY,
    World,
    after,
    automation,
    before,
    then,
)

OVERDUE, DUE, FAILED = "invoice.overdue", "invoice.will_be_due", "subscription.payment_failed"
WILL_CANCEL = "subscription.will_cancel"


def _begins(trigger: str, anchor: int = NOW) -> TriggerView:
    return TriggerView(trigger=trigger, starts=True, anchor=anchor)


def test_steps_run_in_order_each_at_its_time() -> None:
    """`after 3d; after 30d` from the anchor, and the run completes with the last one."""
    world = World(automation(OVERDUE, after(3), after(30)))
    world.see(_begins(OVERDUE))
    assert world.run.next_due == NOW + 3 * DAY
    world.advance(3 * DAY - 1)
    assert world.performed == []
    world.advance(1)
    world.report(Delivered())
    world.advance(40 * DAY)
    assert world.open_order().due == NOW + 30 * DAY
    world.report(Delivered())
    assert (world.run.status, world.timers) == ("completed", {})


def test_a_late_step_waits_for_the_one_before_and_keeps_its_due() -> None:
    """Steps run in order, even where a later one is due earlier."""
    world = World(automation(OVERDUE, after(5), after(1)))
    world.see(_begins(OVERDUE))
    world.advance(6 * DAY)
    assert world.open_order().step == 1
    world.report(Delivered())
    assert (world.open_order().step, world.open_order().due) == (2, NOW + DAY)


def test_before_steps_that_had_passed_are_skipped() -> None:
    """A `before` step whose moment had passed when the run began is skipped, on record."""
    world = World(automation(DUE, before(30), before(4), before(3), after(0)))
    world.see(_begins(DUE, NOW + 4 * DAY))
    assert [each.status for each in world.run.steps] == ["skipped", "running", *["waiting"] * 2]
    assert world.run.steps[0].reason == "its time had passed when the run began"
    assert world.open_order().step == 2


def test_before_step_is_skipped_when_its_anchor_passed_while_down() -> None:
    """A late `before` step whose anchor has passed is skipped; other late steps run."""
    world = World(automation(DUE, before(1), after(0)))
    world.see(_begins(DUE, NOW + 4 * DAY))
    ((timer, (_, _)),) = world.timers.items()
    world.timers[timer] = (NOW + 6 * DAY, world.run.generation)
    world.advance(6 * DAY)
    assert world.run.steps[0].status == "skipped"
    assert world.open_order().step == 2


def test_payment_ends_the_run_and_a_late_event_does_not_revive_it() -> None:
    """Events that are duplicated, reordered and late select once and never after the end."""
    world = World(automation(OVERDUE, after(3)))
    world.see(_begins(OVERDUE))
    world.see(_begins(OVERDUE))
    world.see(TriggerView(trigger=OVERDUE, ending="paid"), at=NOW + 5)
    world.see(_begins(OVERDUE), at=NOW + 1)
    world.see(_begins(OVERDUE), at=NOW + 9)
    assert len(world.state.runs) == 1  # type: ignore[union-attr]
    assert (world.run.status, world.run.reason, world.timers) == ("ended", "paid", {})


def test_payment_before_the_failure_is_told_starts_nothing() -> None:
    """The `paid` event overtakes `payment_failed`: no run."""
    world = World(automation(FAILED, then()))
    world.see(TriggerView(trigger=FAILED, ending="paid"))
    world.see(_begins(FAILED))
    assert world.state is not None
    assert world.state.runs == ()


def test_run_does_not_end_by_its_own_action() -> None:
    """The event about the run's own `void_invoice` may overtake the answer to it."""
    world = World(automation("invoice.finalized", then(0, PROVIDER_STEPS[0]), then(1)))
    world.see(_begins("invoice.finalized"))
    world.see(TriggerView(trigger="invoice.finalized", ending="voided"))
    assert world.run.status == "active"
    world.report(Delivered())
    assert world.run.own_states == ("voided",)
    world.see(TriggerView(trigger="invoice.finalized", ending="voided"))
    assert world.run.next_due == NOW + DAY


def test_cancellation_that_comes_back_is_a_second_occurrence() -> None:
    """Un-scheduled ends the run, scheduled again is `#2`."""
    world = World(automation(WILL_CANCEL, before(1)))
    world.see(_begins(WILL_CANCEL, NOW + 9 * DAY))
    world.see(TriggerView(trigger=WILL_CANCEL, ending="unscheduled"), at=NOW + 2)
    world.see(_begins(WILL_CANCEL, NOW + 9 * DAY), at=NOW + 1)
    assert world.run.reason == "unscheduled"
    world.see(_begins(WILL_CANCEL, NOW + 9 * DAY), at=NOW + 3)
    assert world.run.occurrence == "subscription.will_cancel/in_1#2"


def test_foretold_invoice_is_read_before_its_run_begins() -> None:
    """When the due date passes the object is read; a paid one starts nothing."""
    for ending, runs in (("paid", 0), (None, 1)):
        world = World(automation(OVERDUE, after(3)))
        world.see(TriggerView(trigger=OVERDUE, foretells=True, anchor=NOW + DAY))
        world.advance(DAY)
        (look,) = world.orders.values()
        assert isinstance(look, Look)
        world.see(TriggerView(trigger=OVERDUE, anchor=NOW + DAY, ending=ending), reading=True)
        assert world.state is not None
        assert len(world.state.runs) == runs
        assert world.state.pending == ()


def test_rescheduled_invoice_is_overdue_again_as_the_second() -> None:
    """A later due date ends the run, and passes as occurrence `#2`."""
    world = World(automation(OVERDUE, after(3)))
    world.see(_begins(OVERDUE))
    world.see(TriggerView(trigger=OVERDUE, foretells=True, anchor=NOW + 7 * DAY))
    assert (world.run.status, world.run.reason) == ("ended", "rescheduled")
    world.advance(7 * DAY)
    world.see(TriggerView(trigger=OVERDUE, foretells=True, anchor=NOW + 7 * DAY), reading=True)
    assert world.run.occurrence == "invoice.overdue/in_1#2"
    assert world.run.next_due == NOW + 10 * DAY


def test_moved_anchor_moves_steps_to_come_and_old_news_does_not() -> None:
    """A new due date moves the steps; an event older than that one does not move them back."""
    world = World(automation(DUE, before(1)))
    world.see(_begins(DUE, NOW + 4 * DAY))
    world.see(_begins(DUE, NOW + 9 * DAY), at=NOW + 5)
    assert world.run.next_due == NOW + 8 * DAY
    world.see(_begins(DUE, NOW + 4 * DAY), at=NOW + 1)
    assert world.run.next_due == NOW + 8 * DAY


def test_guard_that_finds_a_moved_anchor_replans() -> None:
    """The step was not sent: it comes at its new time, under its first attempt."""
    world = World(automation(DUE, before(1)))
    world.see(_begins(DUE, NOW + 2 * DAY))
    world.advance(DAY)
    world.report(AnchorMoved(anchor=NOW + 9 * DAY))
    assert world.run.next_due == NOW + 8 * DAY
    world.advance(8 * DAY)
    assert world.open_order().attempt == 1


def test_will_be_due_in_the_past_starts_nothing() -> None:
    """A due date that had passed before selection is journaled, and no occurrence."""
    world = World(automation(DUE, before(1)))
    world.see(_begins(DUE, NOW - 1))
    assert world.state is not None
    assert (world.state.runs, world.state.occurrences, world.kinds) == ((), {}, ["not_started"])


def test_undecided_start_waits_and_is_tried_again() -> None:
    """Nothing is decided on a guess: the event waits for what it needs."""
    price = ObjectRef(kind="price", id="price_1")
    world = World(automation(FAILED, then()))
    world.see(
        _begins(FAILED), selection=Undecided(automation="a", reason="unknown", needs=(price,))
    )
    (look,) = world.orders.values()
    assert isinstance(look, Look)
    assert look.needs == (price,)
    world.orders.clear()
    world.send(LookFailed(trigger=FAILED, reason="503"))
    world.advance(3600)
    assert [type(each) for each in world.orders.values()] == [Look]
    world.see(TriggerView(trigger=FAILED), reading=True)
    assert world.run.status == "active"


def test_gone_object_is_not_waited_for() -> None:
    """A start whose object does not exist is dropped, on record."""
    world = World(automation(FAILED, then()))
    world.see(_begins(FAILED), selection=Undecided(automation="a", reason="unknown", needs=()))
    world.send(LookFailed(trigger=FAILED, reason="404", gone=True))
    assert world.state is not None
    assert world.state.pending == ()
    assert world.kinds[-1] == "not_started"


def test_no_match_is_counted_and_not_selected_again() -> None:
    """One occurrence selects once, also where nothing matches."""
    world = World(automation(FAILED, then()))
    world.see(_begins(FAILED), selection=NoMatch())
    world.see(_begins(FAILED))
    assert world.state is not None
    assert (world.state.runs, world.state.occurrences) == ((), {FAILED: 1})


@pytest.mark.parametrize("outcome", [RetryLater(reason="503"), OutcomeUnknown(reason="timeout")])
def test_attempts_share_a_key_until_the_deadline(outcome: Outcome) -> None:
    """Backoff repeats the same key; after the deadline a mail step fails and the run goes on."""
    world = World(automation(OVERDUE, after(0), after(0)))
    world.see(_begins(OVERDUE))
    keys = set()
    while (order := world.open_order()).step == 1:
        keys.add(order.idempotency_key)
        world.report(outcome)
        if world.timers:
            world.advance(3600)
        assert world.now <= NOW + 3 * DAY + 4 * 3600
    assert world.run.steps[0].status == "failed"
    if isinstance(outcome, OutcomeUnknown):
        assert len(keys) == 1


def test_retry_after_is_honoured() -> None:
    """Nothing is sent again before the receiver's `Retry-After`."""
    world = World(automation(OVERDUE, after(0)))
    world.see(_begins(OVERDUE))
    world.report(RetryLater(reason="429", after_seconds=600))
    world.advance(599)
    assert not world.orders
    world.advance(4000)
    assert world.open_order().attempt == 2


def test_held_orders_do_not_count() -> None:
    """A hold is no attempt, however often it comes."""
    world = World(automation(OVERDUE, after(0)))
    world.see(_begins(OVERDUE))
    for _ in range(3):
        world.report(Held(reason="the key is not accepted"))
        world.advance(60)
    assert (world.open_order().attempt, world.open_order().first_attempt) == (1, world.now)


def test_provider_failure_fails_the_run_and_an_operator_takes_it_up_again() -> None:
    """A provider action that fails stops the run; a retry goes out under a new key."""
    world = World(automation(OVERDUE, after(0, PROVIDER_STEPS[0]), then()))
    world.see(_begins(OVERDUE))
    first = world.report(Rejected(reason="400"))
    assert (world.run.status, world.run.reason) == ("failed", "400")
    world.send(StepRetried(run=world.run.id))
    assert world.open_order().idempotency_key != first.idempotency_key
    world.report(Delivered())
    assert world.run.status == "active"


@pytest.mark.parametrize(
    ("message", "status"), [(Ended(reason="until"), "ended"), (None, "canceled")]
)
def test_nothing_follows_an_end(message: Ended | None, status: str) -> None:
    """After `until` or an operator's cancel no step leaves, and a late answer changes nothing."""
    world = World(automation(OVERDUE, after(0), after(0)))
    world.see(_begins(OVERDUE))
    order = world.open_order()
    if message is not None:
        world.report(message)
    else:
        world.send(RunCanceled(run=world.run.id, reason="an operator"))
    world.orders.clear()
    world.send(Reported(order=order.id, outcome=Delivered()))
    world.advance(9 * DAY)
    assert (world.run.status, len(world.performed)) == (status, 1)


def test_payment_tries_follow_the_policy() -> None:
    """Each try has its own key; when they are used up, the next step counts from there."""
    world = World(automation(FAILED, then(0, STEADY), then(7)))
    world.see(_begins(FAILED))
    assert world.run.next_due == NOW + 3 * DAY
    world.advance(3 * DAY)
    first = world.report(Declined(code="insufficient_funds", hard=False))
    world.advance(5 * DAY)
    second = world.report(Declined(code="insufficient_funds", hard=False))
    assert (first.purpose, first.idempotency_key == second.idempotency_key) == ("try", False)
    assert world.run.steps[0].reason == "the tries are used up"
    assert world.run.next_due == NOW + 15 * DAY


def test_hard_decline_suspends_the_tries() -> None:
    """After a hard decline a try names the method that must not be used; withheld it is used up."""
    world = World(automation(FAILED, then(0, STEADY)))
    world.see(_begins(FAILED))
    world.advance(3 * DAY)
    world.report(Declined(code="lost_card", hard=True, payment_method="pm_1"))
    world.advance(5 * DAY)
    assert world.open_order().payment_method == "pm_1"
    world.report(Withheld(reason="no new method"))
    assert world.run.status == "completed"


def test_lost_answer_repeats_the_same_try() -> None:
    """A try whose answer was lost is repeated under its own key, and is not the next try."""
    world = World(automation(FAILED, then(0, STEADY)))
    world.see(_begins(FAILED))
    world.advance(3 * DAY)
    first = world.report(OutcomeUnknown(reason="timeout"))
    world.advance(60)
    assert world.open_order().idempotency_key == first.idempotency_key
    world.report(Delivered())
    assert (world.run.status, world.run.reason) == ("ended", "paid")


def test_provider_tries_are_watched() -> None:
    """With `retries = "stripe"` the step looks, and is done when those tries are used up."""
    limits = MachineLimits(retries="stripe")
    world = World(automation(FAILED, then(0, STEADY)), limits=limits)
    world.see(_begins(FAILED))
    world.advance(3600)
    assert world.report(Watched(exhausted=False, again=NOW + DAY)).purpose == "watch"
    world.advance(DAY)
    world.report(Watched(exhausted=True))
    assert world.run.status == "completed"


def test_run_id_is_the_same_in_every_engine() -> None:
    """The id of a run comes from the key and the occurrence alone."""
    ids = set()
    for now in (NOW, NOW + 5):
        world = World(automation(OVERDUE, after(3)), now=now)
        world.see(_begins(OVERDUE, NOW - 1))
        ids.add(world.run.id)
    assert len(ids) == 1
