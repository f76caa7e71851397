"""A small world around the run machine: it keeps timers and orders as an engine would, and checks
the machine's invariants after every message."""

import attrs

from autoc.plan.facts import ObjectRef
from autoc.plan.model import (
    AnchorOffset,
    Automation,
    Email,
    FixedRetries,
    MarkUncollectible,
    PreviousOffset,
    SetRetryPolicy,
    Step,
    VoidInvoice,
)
from autoc.plan.sightings import Sighting, TriggerView
from autoc.plan.verdicts import Selected, Selection
from autoc.runtime.effects import (
    Arm,
    Disarm,
    Look,
    Message,
    Outcome,
    Perform,
    Record,
    Reported,
    Seen,
    TimerFired,
)
from autoc.runtime.machine import MachineLimits, step
from autoc.runtime.state import ObjectState, Run
from autoc.values.duration import Duration

KEY = "acct_1/in_1"
INVOICE = ObjectRef(kind="invoice", id="in_1")
DAY = 86400
NOW = 1_772_409_600
MAIL = Email(contact="team", to=("team@acme.example",))


def after(days: int, action: object = MAIL) -> Step:
    """`after Nd ACTION`."""
    return Step(when=AnchorOffset(sign=1, offset=Duration(days=days)), action=action)  # type: ignore[arg-type]


def before(days: int, action: object = MAIL) -> Step:
    """`before Nd ACTION`."""
    return Step(when=AnchorOffset(sign=-1, offset=Duration(days=days)), action=action)  # type: ignore[arg-type]


def then(days: int = 0, action: object = MAIL) -> Step:
    """`then after Nd ACTION`."""
    return Step(when=PreviousOffset(offset=Duration(days=days)), action=action)  # type: ignore[arg-type]


STEADY = SetRetryPolicy(
    policy=FixedRetries(name="steady", gaps=(Duration(days=3), Duration(days=5)))
)
PROVIDER_STEPS = (VoidInvoice(), MarkUncollectible())


def automation(trigger: str, *steps: Step) -> Automation:
    """The automation `a`."""
    return Automation(name="a", trigger=trigger, steps=steps)


@attrs.define
class World:
    """One object under one automation."""

    rule: Automation
    now: int = NOW
    limits: MachineLimits = attrs.field(factory=MachineLimits)
    state: ObjectState | None = None
    timers: dict[str, tuple[int, int]] = attrs.field(factory=dict)
    orders: dict[str, Perform | Look] = attrs.field(factory=dict)
    performed: list[Perform] = attrs.field(factory=list)
    records: list[Record] = attrs.field(factory=list)
    sent: list[Message] = attrs.field(factory=list)

    @property
    def run(self) -> Run:
        """The latest run."""
        assert self.state is not None
        return self.state.runs[-1]

    @property
    def kinds(self) -> list[str]:
        """The kinds of the records so far."""
        return [each.kind for each in self.records]

    def send(self, message: Message) -> None:
        """Let the machine take one message, do as an engine does, and check the invariants."""
        self.sent.append(message)
        before = {run.id: run.status for run in self.state.runs} if self.state else {}
        self.state, effects = step(
            self.state,
            message,
            self.now,
            automations={"d": self.rule},
            key=KEY,
            limits=self.limits,
        )
        for effect in effects:
            match effect:
                case Arm(timer=timer, due=due, generation=generation):
                    self.timers[timer] = (due, generation)
                case Disarm(timer=timer):
                    self.timers.pop(timer, None)
                case Perform():
                    self._check_order(effect, before)
                    self.orders[effect.id] = effect
                    self.performed.append(effect)
                case Look():
                    self.orders[effect.id] = effect
                case Record():
                    self.records.append(effect)
                case _:
                    raise AssertionError(effect)
        self._check_state()

    def see(
        self,
        *views: TriggerView,
        at: int | None = None,
        selection: Selection | None = None,
        reading: bool = False,
    ) -> None:
        """An event, or a reading, about the object."""
        sighting = Sighting(object=INVOICE, at=self.now if at is None else at, views=views)
        chosen = selection or Selected(automation="a")
        self.send(
            Seen(
                sighting=sighting,
                selections={view.trigger: chosen for view in views},
                digests={"a": "d"},
                reading=reading,
            )
        )

    def open_order(self) -> Perform:
        """The one order that is open."""
        (found,) = [each for each in self.orders.values() if isinstance(each, Perform)]
        return found

    def report(self, outcome: Outcome) -> Perform:
        """The open order ended so."""
        order = self.open_order()
        del self.orders[order.id]
        self.send(Reported(order=order.id, outcome=outcome))
        return order

    def advance(self, seconds: int) -> None:
        """Move time on, firing each timer at its time."""
        until = self.now + seconds
        for _ in range(1000):
            due = min(self.timers.items(), key=lambda each: each[1], default=None)
            if due is None or due[1][0] > until:
                break
            timer, (instant, generation) = due
            self.now = max(self.now, instant)
            del self.timers[timer]
            self.send(TimerFired(timer=timer, generation=generation))
        else:
            raise AssertionError("timers never come to rest")
        self.now = until

    def _check_order(self, order: Perform, before: dict[str, str]) -> None:
        assert order.due <= self.now, "performed before it was due"
        assert order.id not in {each.id for each in self.performed}
        for other in self.performed:
            if other.idempotency_key == order.idempotency_key:
                assert (other.run, other.step) == (order.run, order.step)
        assert self.state is not None
        (run,) = [each for each in self.state.runs if each.id == order.run]
        assert run.status == "active", "performed after the end"

    def _check_state(self) -> None:
        assert self.state is not None
        assert len({run.occurrence for run in self.state.runs}) == len(self.state.runs)
        for run in self.state.runs:
            timer = self.timers.get(f"run:{run.id}")
            orders = [
                each
                for each in self.orders.values()
                if isinstance(each, Perform)
                and each.run == run.id
                and each.id.endswith(f":g{run.generation}")
            ]
            if run.status != "active":
                assert timer is None, "a closed run has a timer"
                assert not orders
            else:
                assert len(orders) + (timer is not None) == 1, "a run is stuck, or is two things"
                assert timer is None or timer[1] == run.generation
