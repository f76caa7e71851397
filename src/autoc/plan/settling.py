"""Decides a condition over facts that are not known, where every value gives the same answer."""

import attrs

from autoc.plan.conditions import AllOf, AnyOf, Atom, Condition, NotOf, atoms_of
from autoc.plan.dimensions import ElementKey
from autoc.plan.evaluation import evaluate_atom
from autoc.plan.facts import Facts, Unknown
from autoc.plan.patterns import TooManyPatterns
from autoc.plan.regions import Box, Space, TooManyBoxes, boxes_of, build_space, intersect

ALWAYS = AllOf()
NEVER = AnyOf()


def settle(condition: Condition, facts: Facts) -> bool | None:
    """Whether `condition` is the same for every value of the unknown facts; None when it is not.

    Atoms over known facts are replaced by what they say; a set of which some elements are known
    keeps those. A condition that is too large to be looked at stays undecided.
    """
    rest = _replace_known(condition, facts)
    try:
        space = build_space([rest])
        known = _known_elements(rest, facts, space)
        if not _is_possible(boxes_of(rest, space), known):
            return False
        if not _is_possible(boxes_of(rest, space, negated=True), known):
            return True
    except (TooManyBoxes, TooManyPatterns):
        return None
    return None


def _replace_known(condition: Condition, facts: Facts) -> Condition:
    match condition:
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return attrs.evolve(
                condition, parts=tuple(_replace_known(part, facts) for part in parts)
            )
        case NotOf(part=part):
            return NotOf(part=_replace_known(part, facts))
        case _:
            answer = evaluate_atom(condition, facts).holds
            if answer is None:
                return condition
            return ALWAYS if answer else NEVER


def _known_elements(condition: Condition, facts: Facts, space: Space) -> Box:
    known: dict[int, int] = {}
    for atom in atoms_of(condition):
        known.update(_elements_of(atom, facts, space))
    return known


def _elements_of(atom: Atom, facts: Facts, space: Space) -> Box:
    state = facts.state(atom.fact)
    if not isinstance(state, Unknown):
        return {}
    keys = (ElementKey(fact=atom.fact, element=each) for each in state.at_least)
    return {space.numbers[key]: 0b10 for key in keys if key in space.numbers}


def _is_possible(boxes: list[Box], known: Box) -> bool:
    return any(intersect(box, known) is not None for box in boxes)
