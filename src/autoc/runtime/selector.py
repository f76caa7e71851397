"""Which automation an occurrence gets: the first in order whose condition holds.

Nothing is decided on a guess: as long as an earlier automation hangs on facts that are not known,
no later one is selected. A paused automation is never tried. Source: language.md, sections 3 and 5.
"""

from collections.abc import Sequence
from typing import Literal, Protocol

import attrs

from autoc.plan.conditions import FactRef, atoms_of, facts_in
from autoc.plan.evaluation import AtomAnswer, evaluate_atom, holds, needs_of, reason_undecided
from autoc.plan.facts import Facts
from autoc.plan.model import Automation
from autoc.plan.verdicts import NoMatch, Selected, Selection, Undecided

Verdict = Literal["selected", "no_match", "would_match", "paused", "undecided"]


class Selector(Protocol):
    """The automations of one trigger, made ready to be asked many times."""

    def select(self, facts: Facts) -> Selection:
        """The selection for one occurrence."""


@attrs.frozen(kw_only=True)
class AutomationVerdict:
    """What became of one automation in a selection.

    `answers` has one answer for each atom of the condition, in the order of `atoms_of`.

    `would_match`: it holds, but an earlier one was selected or is undecided.
    """

    automation: str
    verdict: Verdict
    answers: tuple[AtomAnswer, ...] = ()


def select(automations: Sequence[Automation], facts: Facts) -> Selection:
    """The selection among the automations of one trigger, which are in priority order."""
    for automation in automations:
        if automation.paused:
            continue
        answer = holds(automation.condition, facts)
        if answer is None:
            return _undecided(automation, facts)
        if answer:
            return Selected(automation=automation.name)
    return NoMatch()


def verdicts(automations: Sequence[Automation], facts: Facts) -> tuple[AutomationVerdict, ...]:
    """The verdict on each automation, for people to read."""
    taken = False
    found: list[AutomationVerdict] = []
    for automation in automations:
        verdict = _verdict(automation, facts, taken=taken)
        taken = taken or verdict in ("selected", "undecided")
        answers = tuple(evaluate_atom(atom, facts) for atom in atoms_of(automation.condition))
        found.append(
            AutomationVerdict(automation=automation.name, verdict=verdict, answers=answers)
        )
    return tuple(found)


def wanted_facts(automations: Sequence[Automation]) -> tuple[FactRef, ...]:
    """The facts that a selection among `automations` may ask for, each once."""
    return tuple(
        dict.fromkeys(
            fact
            for automation in automations
            if not automation.paused
            for fact in facts_in(automation.condition)
        )
    )


def compile_selector(automations: Sequence[Automation]) -> Selector:
    """A selector for the automations of one trigger, which are in priority order."""
    return _SequentialSelector(tuple(each for each in automations if not each.paused))


class _SequentialSelector:
    def __init__(self, automations: tuple[Automation, ...]) -> None:
        self._automations = automations

    def select(self, facts: Facts) -> Selection:
        return select(self._automations, facts)


def _verdict(automation: Automation, facts: Facts, *, taken: bool) -> Verdict:
    if automation.paused:
        return "paused"
    match holds(automation.condition, facts):
        case None:
            return "undecided"
        case False:
            return "no_match"
        case True:
            return "would_match" if taken else "selected"


def _undecided(automation: Automation, facts: Facts) -> Undecided:
    return Undecided(
        automation=automation.name,
        reason=reason_undecided(automation.condition, facts),
        needs=needs_of(automation.condition, facts),
    )
