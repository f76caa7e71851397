"""Which automation an occurrence gets: the first in priority order whose condition holds.

A selection over facts that are not known is undecided as soon as an automation's condition is,
because an earlier one might win (language.md, sections 3 and 5).
"""

from collections.abc import Iterable, Sequence
from typing import Literal, Protocol

import attrs

from autoc.plan.conditions import FactRef, atoms_of, facts_in
from autoc.plan.evaluation import AtomAnswer, evaluate_atom, holds, needs_of, reason_undecided
from autoc.plan.facts import Facts
from autoc.plan.model import Automation
from autoc.plan.verdicts import NoMatch, Selected, Selection, Undecided

VerdictWord = Literal["selected", "no_match", "would_match", "paused", "undecided"]


class Selector(Protocol):
    """The automations of one trigger, made ready to be asked many times."""

    def select(self, facts: Facts) -> Selection:
        """The answer for an occurrence with `facts`."""


@attrs.frozen(kw_only=True)
class Verdict:
    """What was found of one automation; `answers` has one for each atom, in `atoms_of` order."""

    automation: Automation
    verdict: VerdictWord
    answers: tuple[AtomAnswer, ...] = ()


def select(automations: Iterable[Automation], facts: Facts) -> Selection:
    """The answer for an occurrence with `facts`, of `automations` in priority order."""
    for automation in automations:
        if automation.paused:
            continue
        answer = holds(automation.condition, facts)
        if answer is None:
            return Undecided(
                automation=automation.name,
                reason=reason_undecided(automation.condition, facts),
                needs=needs_of(automation.condition, facts),
            )
        if answer:
            return Selected(automation=automation.name)
    return NoMatch()


def judge(automations: Sequence[Automation], facts: Facts) -> tuple[Verdict, ...]:
    """What is found of each automation, those after the selected one included."""
    verdicts: list[Verdict] = []
    is_decided = False
    for automation in automations:
        answers = tuple(evaluate_atom(atom, facts) for atom in atoms_of(automation.condition))
        word: VerdictWord
        if automation.paused:
            word = "paused"
        else:
            answer = holds(automation.condition, facts)
            if answer is None:
                word = "undecided"
            elif not answer:
                word = "no_match"
            else:
                word = "would_match" if is_decided else "selected"
            is_decided = is_decided or word in ("selected", "undecided")
        verdicts.append(Verdict(automation=automation, verdict=word, answers=answers))
    return tuple(verdicts)


def wanted_facts(automations: Iterable[Automation]) -> tuple[FactRef, ...]:
    """The facts that the conditions of `automations` mention, each once, in their order."""
    found: dict[FactRef, None] = {}
    for automation in automations:
        if not automation.paused:
            found.update(dict.fromkeys(facts_in(automation.condition)))
    return tuple(found)


def compile_selector(automations: Iterable[Automation]) -> Selector:
    """A selector for the automations of one trigger, in priority order; it answers as `select`."""
    return _InOrder(tuple(each for each in automations if not each.paused))


@attrs.frozen
class _InOrder:
    automations: tuple[Automation, ...]

    def select(self, facts: Facts) -> Selection:
        return select(self.automations, facts)
