"""What is known about one object: facts, missing facts, and facts that are not known yet.

Missing is a value (the customer has no `tier`); unknown is not, and is never guessed (the payload
does not hold the customer). Source: language.md, section 3.
"""

from collections.abc import Mapping
from datetime import date

import attrs

from autoc.plan.conditions import FactRef
from autoc.values.interval import Interval
from autoc.values.money import Money
from autoc.values.rates import RateTable

FactValue = Money | int | str | frozenset[str] | frozenset[Interval]


@attrs.frozen(kw_only=True)
class Known:
    """The fact has this value. Sets are complete, and empty when nothing is in them."""

    value: FactValue


@attrs.frozen(kw_only=True)
class Missing:
    """It is known that there is no value."""


@attrs.frozen(kw_only=True, order=True)
class ObjectRef:
    """An object of the provider: `ObjectRef(kind="price", id="price_A")`."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


@attrs.frozen(kw_only=True)
class Unknown:
    """The value is not known. `reason` says so in words; `needs` are the objects that would tell.

    Of a set, `at_least` is what is certainly in it.
    """

    reason: str
    needs: tuple[ObjectRef, ...] = ()
    at_least: frozenset[str] | frozenset[Interval] = frozenset()


FactState = Known | Missing | Unknown


@attrs.frozen(kw_only=True)
class Facts:
    """The facts of one object at one time.

    `values` holds every fact that was asked for. `rates` and `on` convert money to the currency of
    a literal: the rate of the event's date (in the project's time zone).
    """

    values: Mapping[FactRef, FactState]
    rates: RateTable | None
    on: date

    def state(self, fact: FactRef) -> FactState:
        """The state of `fact`; one that nobody asked for is unknown."""
        return self.values.get(fact, Unknown(reason="it was not looked up"))
