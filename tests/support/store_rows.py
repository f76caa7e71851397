"""Rows to put into a store."""

from typing import Any

from autoc.plan.facts import ObjectRef
from autoc.plan.model import Automation, PreviousOffset, Step, VoidInvoice
from autoc.runtime.effects import Look, Perform
from autoc.runtime.ports import InboxEvent, OpenOrder, TimerRow
from autoc.runtime.state import ObjectState, Run, RunStatus, StepState
from autoc.values.duration import Duration

RULE = Automation(
    name="Ünpaid",
    trigger="invoice.overdue",
    steps=(Step(when=PreviousOffset(offset=Duration(days=3)), action=VoidInvoice()),),
)


def event(name: str, **more: Any) -> InboxEvent:
    """An event that was handled."""
    given = {
        "type": "invoice.paid",
        "key": "acct_1/in_1",
        "created": 1,
        "received": 2,
        "livemode": False,
        "status": "handled",
        "body": '{"id": "é\\u0000"}',
    }
    return InboxEvent(id=name, **{**given, **more})


def run(
    name: str,
    *,
    status: RunStatus = "active",
    started: int = 10,
    finished: int | None = None,
    automation: str = "a",
    trigger: str = "invoice.overdue",
    failed: bool = False,
) -> Run:
    """A run of one step."""
    return Run(
        id=name,
        occurrence=f"{trigger}/{name}",
        automation=automation,
        digest=f"digest of {automation}",
        trigger=trigger,
        status=status,
        started=started,
        finished=finished,
        steps=(StepState(status="failed" if failed else "waiting", due=started + 5),),
    )


def state(name: str, *runs: Run, **more: Any) -> ObjectState:
    """The state of the invoice `name`."""
    ref = ObjectRef(kind="invoice", id=name)
    return ObjectState(key=f"acct_1/{name}", object=ref, runs=runs, **more)


def timer(name: str, due: int, *, key: str = "acct_1/in_1", generation: int = 1) -> TimerRow:
    """A timer of one object."""
    return TimerRow(key=key, timer=name, due=due, generation=generation)


def look(name: str, *, key: str = "acct_1/in_1") -> OpenOrder:
    """An order to look at an object."""
    effect = Look(id=name, trigger="t", needs=(ObjectRef(kind="price", id="p"),))
    return OpenOrder(key=key, effect=effect, created=7)


def perform(name: str, *, key: str = "acct_1/in_1") -> OpenOrder:
    """An order to carry out a step."""
    effect = Perform(
        id=name,
        run="run_1",
        step=1,
        idempotency_key="run_1:1:1",
        attempt=1,
        first_attempt=5,
        due=5,
    )
    return OpenOrder(key=key, effect=effect, created=8)
