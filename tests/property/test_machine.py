"""The run machine over random histories. `tests/support/machine_world.py` checks M1, M2, M3, M5."""

from hypothesis import given, settings
from hypothesis import strategies as st

from autoc.plan.sightings import TriggerView
from autoc.runtime.codec import decode_state, encode_state
from autoc.runtime.effects import (
    AnchorMoved,
    Declined,
    Delivered,
    Ended,
    Held,
    Look,
    LookFailed,
    OutcomeUnknown,
    Perform,
    Rejected,
    Reported,
    RetryLater,
    RunCanceled,
    StepRetried,
    TimerFired,
    Withheld,
)
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

RULES = (
    automation("invoice.will_be_due", before(30), before(3), after(0), then(7)),
    automation("invoice.overdue", after(3), then(2, PROVIDER_STEPS[1]), after(4), then()),
    automation("subscription.payment_failed", then(0, STEADY), then(7), then(0, PROVIDER_STEPS[0])),
    automation("subscription.will_cancel", before(5), before(1)),
)
OUTCOMES = st.sampled_from(
    (
        Delivered(),
        Delivered(),
        Declined(code="insufficient_funds", hard=False),
        Declined(code="lost_card", hard=True, payment_method="pm_1"),
        Withheld(reason="no new method"),
        RetryLater(reason="503"),
        RetryLater(reason="429", after_seconds=700),
        OutcomeUnknown(reason="timeout"),
        Rejected(reason="400"),
        Held(reason="cap"),
        Ended(reason="until"),
        Ended(reason="paid"),
        AnchorMoved(anchor=NOW + 9 * DAY),
        AnchorMoved(anchor=NOW - 2 * DAY),
    )
)
MOVES = st.one_of(
    st.tuples(st.just("starts"), st.integers(-3, 40)),
    st.tuples(st.just("foretells"), st.integers(-3, 40)),
    st.tuples(st.just("reads"), st.integers(-3, 40)),
    st.tuples(st.just("ends"), st.sampled_from(("paid", "unscheduled", "voided", "uncollectible"))),
    st.tuples(st.just("old"), st.integers(-3, 40)),
    st.tuples(st.just("reports"), OUTCOMES),
    st.tuples(st.just("reports"), OUTCOMES),
    st.tuples(st.just("waits"), st.integers(0, 20 * DAY)),
    st.tuples(st.just("waits"), st.integers(0, 20 * DAY)),
    st.tuples(
        st.sampled_from(("repeats", "stale", "cancels", "retries", "fails")), st.integers(0, 9)
    ),
)


def _play(world: World, what: str, value: object) -> None:  # noqa: C901 - one arm a move
    trigger = world.rule.trigger
    anchor = NOW + value * DAY if isinstance(value, int) else None
    run = world.state.runs[-1].id if world.state and world.state.runs else None
    orders = [each for each in world.orders.values() if isinstance(each, Perform)]
    match what:
        case "starts":
            world.see(TriggerView(trigger=trigger, starts=True, anchor=anchor))
        case "foretells":
            world.see(TriggerView(trigger=trigger, foretells=True, anchor=anchor))
        case "old":
            world.see(TriggerView(trigger=trigger, starts=True, anchor=anchor), at=NOW - 99)
        case "reads":
            looks = [each.id for each in world.orders.values() if isinstance(each, Look)]
            for look in looks:
                del world.orders[look]
            world.see(TriggerView(trigger=trigger, anchor=anchor), reading=True)
        case "ends":
            world.see(TriggerView(trigger=trigger, ending=str(value)))
        case "waits" if isinstance(value, int):
            world.advance(value)
        case "reports" if orders:
            del world.orders[orders[0].id]
            world.send(Reported(order=orders[0].id, outcome=value))  # type: ignore[arg-type]
        case "repeats" if world.sent and isinstance(value, int):
            world.send(world.sent[-1 - value % len(world.sent)])
        case "stale" if run:
            world.send(TimerFired(timer=f"run:{run}", generation=int(str(value))))
        case "cancels" if run and value == 0:
            world.send(RunCanceled(run=run, reason="an operator"))
        case "retries" if run:
            world.send(StepRetried(run=run))
        case "fails" if world.state:
            world.send(LookFailed(trigger=trigger, reason="503"))


def _can_happen(world: World, what: str, value: object) -> bool:
    """An object is known by a sighting first; a timer of the present generation comes from the
    world's own timers alone."""
    if world.state is None:
        return what in ("starts", "foretells", "old", "reads", "ends")
    if what == "stale" and world.state.runs:
        return world.state.runs[-1].generation != value
    if what == "repeats" and isinstance(value, int):
        chosen = world.sent[-1 - value % len(world.sent)]
        armed = world.timers.get(chosen.timer) if isinstance(chosen, TimerFired) else None
        return armed is None or armed[1] != chosen.generation  # type: ignore[union-attr]
    return True


@given(rule=st.sampled_from(RULES), moves=st.lists(MOVES, max_size=25))
@settings(max_examples=400, deadline=None)
def test_machine_keeps_its_invariants(rule: object, moves: list[tuple[str, object]]) -> None:
    """Whatever comes in whatever order, no run is stuck, early, doubled or alive after its end."""
    world = World(rule)  # type: ignore[arg-type]
    for what, value in moves:
        if _can_happen(world, what, value):
            _play(world, what, value)
            assert world.state is not None
            assert decode_state(encode_state(world.state)) == world.state


@given(moves=st.lists(MOVES, max_size=15), rule=st.sampled_from(RULES))
@settings(max_examples=150, deadline=None)
def test_a_repeated_message_changes_nothing(moves: list[tuple[str, object]], rule: object) -> None:
    """M6: each event, timer and outcome that comes twice leaves the state as it is."""
    world = World(rule)  # type: ignore[arg-type]
    for what, value in moves:
        if not _can_happen(world, what, value) or what in ("repeats", "stale", "fails", "reads"):
            continue
        count = len(world.sent)
        _play(world, what, value)
        if what == "waits" or len(world.sent) == count:
            continue
        known, performed = world.state, list(world.performed)
        world.send(world.sent[-1])
        assert world.performed == performed
        assert world.state == known
