"""Values as people read them, and as JSON has them."""

from fractions import Fraction
from typing import Any

from autoc.plan.conditions import Atom, MoneyBetween, MoneyCompares
from autoc.plan.evaluation import AtomAnswer
from autoc.plan.facts import FactValue
from autoc.values.money import Money


def shown_value(value: FactValue) -> Any:
    """A value as JSON data: money and intervals as text, sets as sorted arrays."""
    match value:
        case frozenset():
            return sorted(str(each) for each in value)
        case int() | str():
            return value
        case _:
            return str(value)


def actual_of(atom: Atom, answer: AtomAnswer) -> Any:
    """What the atom found: null when missing; both amounts when one was converted."""
    if answer.actual is None:
        return None
    if answer.converted is None or not isinstance(atom, MoneyCompares | MoneyBetween):
        return shown_value(answer.actual)
    literal = atom.money if isinstance(atom, MoneyCompares) else atom.low
    return f"{answer.actual} ({_converted(answer.converted, literal.currency)})"


def _converted(minor: Fraction, currency: str) -> str:
    """The amount, or for one between two minor units, the lower of them and that it is more."""
    whole = Money(minor=minor.numerator // minor.denominator, currency=currency)
    return f"= {whole}" if minor.denominator == 1 else f"= {whole} and a fraction"
