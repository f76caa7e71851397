"""States and orders survive being written down."""

import json

import pytest

from autoc.plan.facts import ObjectRef
from autoc.runtime.codec import (
    StateTooNew,
    decode_effect,
    decode_state,
    encode_effect,
    encode_state,
    upcast,
)
from autoc.runtime.effects import Look, Perform
from autoc.runtime.state import (
    Foretold,
    ObjectState,
    PendingStart,
    RetryProgress,
    Run,
    StepState,
)

STATE = ObjectState(
    key="acct_1/in_1",
    object=ObjectRef(kind="invoice", id="in_1"),
    occurrences={"invoice.overdue": 2},
    open=("invoice.overdue",),
    endings={"invoice.finalized": "paid"},
    foretold=(Foretold(trigger="invoice.overdue", anchor=5, generation=1),),
    pending=(
        PendingStart(
            trigger="invoice.finalized",
            since=1,
            anchor=None,
            needs=(ObjectRef(kind="price", id="price_é"),),
        ),
    ),
    runs=(
        Run(
            id="run_1",
            occurrence="o",
            automation="a",
            digest="d",
            trigger="invoice.overdue",
            started=3,
            own_states=("voided",),
            steps=(StepState(status="running", retry=RetryProgress(tries=2)), StepState()),
        ),
    ),
)


def test_state_round_trips() -> None:
    """What is decoded equals what was encoded (store law S4)."""
    assert decode_state(encode_state(STATE)) == STATE


@pytest.mark.parametrize(
    "effect",
    [
        Look(id="look:1", trigger="invoice.overdue", needs=(ObjectRef(kind="price", id="p"),)),
        Perform(
            id="run_1:1:g1",
            run="run_1",
            step=1,
            purpose="try",
            idempotency_key="run_1:1:1:1",
            attempt=1,
            first_attempt=5,
            due=5,
            payment_method="pm_1",
        ),
    ],
)
def test_orders_round_trip(effect: Perform | Look) -> None:
    """An order that was written down is the same order after a restart (store law S7)."""
    assert decode_effect(encode_effect(effect)) == effect


def test_state_of_a_later_version_is_refused() -> None:
    """A downgrade never guesses at a state that it does not know."""
    newer = json.dumps({**json.loads(encode_state(STATE)), "schema": 99})
    with pytest.raises(StateTooNew, match="schema 99"):
        decode_state(newer)


def test_upcasters_are_applied_in_turn() -> None:
    """A state three schemas old goes through every step, in order."""
    steps = {n: (lambda data, n=n: {**data, "seen": [*data["seen"], n]}) for n in (1, 2, 3)}
    old = {"schema": 1, "seen": []}
    assert upcast(old, upcasters=steps, schema=4) == {"schema": 4, "seen": [1, 2, 3]}
