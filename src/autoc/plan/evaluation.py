"""What a condition says of facts: it holds, it does not, or it hangs on what is not known.

"A condition over unknown facts is decided where every value gives the same answer, and undecided
otherwise" (language.md, section 6). Three-valued logic answers most; where it does not know, the
normal form of `regions` tries every kind of value that the unknown facts can have.
"""

from collections.abc import Callable
from fractions import Fraction
from operator import eq, ge, gt, le, lt, ne
from typing import Any, assert_never

import attrs

from autoc.plan.conditions import (
    AllOf,
    AnyOf,
    Atom,
    Condition,
    ElementIn,
    IntervalIn,
    IsSet,
    MoneyBetween,
    MoneyCompares,
    NotOf,
    NumberBetween,
    NumberCompares,
    NumberIn,
    TextIn,
    TextMatches,
    atoms_of,
)
from autoc.plan.facts import Facts, FactValue, Known, Missing, ObjectRef, Unknown
from autoc.values.money import Money
from autoc.values.rates import NoRate, convert

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": eq,
    "!=": ne,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}


@attrs.frozen(kw_only=True)
class AtomAnswer:
    """What one atom says. `actual` is the fact's value, None when it is missing or not known.

    `converted` is the amount in the literal's currency, in its minor units, where it was converted.
    """

    holds: bool | None
    actual: FactValue | None = None
    converted: Fraction | None = None
    reason: str | None = None
    needs: tuple[ObjectRef, ...] = ()


def holds(condition: Condition, facts: Facts) -> bool | None:
    """Whether `condition` holds; None when that hangs on facts that are not known."""
    answer = _kleene(condition, facts)
    if answer is not None or sum(1 for _ in _open_atoms(condition, facts)) < 2:
        return answer
    from autoc.plan.settling import settle  # needed only where facts are unknown

    return settle(condition, facts)


def _kleene(condition: Condition, facts: Facts) -> bool | None:
    match condition:
        case AllOf(parts=parts):
            return _join(parts, facts, stop=False)
        case AnyOf(parts=parts):
            return _join(parts, facts, stop=True)
        case NotOf(part=part):
            inner = _kleene(part, facts)
            return None if inner is None else not inner
        case _:
            return evaluate_atom(condition, facts).holds


def _join(parts: tuple[Condition, ...], facts: Facts, *, stop: bool) -> bool | None:
    answer: bool | None = not stop
    for part in parts:
        inner = _kleene(part, facts)
        if inner is stop:
            return stop
        if inner is None:
            answer = None
    return answer


def _open_atoms(condition: Condition, facts: Facts) -> "list[Atom]":
    return [atom for atom in atoms_of(condition) if evaluate_atom(atom, facts).holds is None]


def needs_of(condition: Condition, facts: Facts) -> tuple[ObjectRef, ...]:
    """The objects that would tell the facts on which `condition` hangs, each once."""
    found: dict[ObjectRef, None] = {}
    for atom in atoms_of(condition):
        answer = evaluate_atom(atom, facts)
        if answer.holds is None:
            found.update(dict.fromkeys(answer.needs))
    return tuple(found)


def reason_undecided(condition: Condition, facts: Facts) -> str:
    """Why `condition` is not decided, in words."""
    for atom in atoms_of(condition):
        answer = evaluate_atom(atom, facts)
        if answer.holds is None and answer.reason:
            return answer.reason
    return "a fact is not known"


def evaluate_atom(atom: Atom, facts: Facts) -> AtomAnswer:
    """What `atom` says of `facts`."""
    state = facts.state(atom.fact)
    match state:
        case Unknown(reason=reason, needs=needs, at_least=at_least):
            answer = _of_partial(atom, at_least)
            return AtomAnswer(holds=answer, actual=at_least or None, reason=reason, needs=needs)
        case Missing():
            return AtomAnswer(holds=_of_missing(atom))
        case Known(value=value):
            return _of_known(atom, value, facts)
        case _:
            assert_never(state)


def _of_missing(atom: Atom) -> bool:
    """A missing value is an ordinary value: only what is negated holds of it."""
    match atom:
        case MoneyCompares(operator=operator) | NumberCompares(operator=operator):
            return operator == "!="
        case MoneyBetween() | NumberBetween():
            return False
        case _:
            return atom.negated


def _of_partial(atom: Atom, at_least: frozenset[Any]) -> bool | None:
    """What can be said of a set of which only some elements are known."""
    match atom:
        case ElementIn(elements=wanted) | IntervalIn(intervals=wanted):
            return not atom.negated if at_least.intersection(wanted) else None
        case _:
            return None


def _of_known(atom: Atom, value: FactValue, facts: Facts) -> AtomAnswer:
    match atom:
        case MoneyCompares() | MoneyBetween():
            if not isinstance(value, Money):
                return AtomAnswer(holds=_of_missing(atom), actual=value)
            return _of_money(atom, value, facts)
        case NumberCompares(operator=operator, number=number):
            return AtomAnswer(holds=OPERATORS[operator](value, number), actual=value)
        case NumberBetween(low=low, high=high):
            return AtomAnswer(holds=ge(value, low) and le(value, high), actual=value)
        case NumberIn(numbers=numbers):
            return AtomAnswer(holds=(value in numbers) != atom.negated, actual=value)
        case IntervalIn(intervals=wanted) | ElementIn(elements=wanted):
            assert isinstance(value, frozenset)
            has_one = not value.isdisjoint(wanted)
            return AtomAnswer(holds=has_one != atom.negated, actual=value)
        case TextIn(texts=texts):
            return AtomAnswer(holds=(value in texts) != atom.negated, actual=value)
        case TextMatches():
            return AtomAnswer(holds=matches(atom, str(value)) != atom.negated, actual=value)
        case IsSet():
            return AtomAnswer(holds=not atom.negated, actual=value)
        case _:
            assert_never(atom)


def matches(atom: TextMatches, text: str) -> bool:
    """Whether `text` fits the atom, not counting its negation."""
    match atom.how:
        case "starts with":
            return text.startswith(atom.text)
        case "ends with":
            return text.endswith(atom.text)
        case "contains":
            return atom.text in text
        case _:
            assert_never(atom.how)


def _of_money(atom: MoneyCompares | MoneyBetween, value: Money, facts: Facts) -> AtomAnswer:
    literal = atom.money if isinstance(atom, MoneyCompares) else atom.low
    amount = convert(value, literal.currency, on=facts.on, table=facts.rates)
    if isinstance(amount, NoRate):
        return AtomAnswer(holds=None, actual=value, reason=amount.reason)
    if isinstance(atom, MoneyCompares):
        answer = OPERATORS[atom.operator](amount, literal.minor)
    else:
        answer = atom.low.minor <= amount <= atom.high.minor
    converted = amount if value.currency != literal.currency else None
    return AtomAnswer(holds=answer, actual=value, converted=converted)
