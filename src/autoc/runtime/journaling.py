"""What the journal keeps of a selection: the facts, and each automation's verdict (promise 6)."""

from typing import Any

from autoc.plan.conditions import atoms_of
from autoc.plan.facts import FactState, Known, Missing, Unknown
from autoc.plan.wording import atom_text, fact_text
from autoc.runtime.rules import Answer
from autoc.runtime.selector import judge


def answer_details(given: Answer) -> dict[str, Any]:
    """Plain JSON data: `facts` by their text, `verdicts` in priority order."""
    return {
        "facts": {fact_text(fact): _shown(state) for fact, state in given.facts.values.items()},
        "verdicts": [
            {
                "automation": verdict.automation.name,
                "verdict": verdict.verdict,
                "conditions": [
                    {"text": atom_text(atom), "holds": each.holds}
                    for atom, each in zip(
                        atoms_of(verdict.automation.condition), verdict.answers, strict=True
                    )
                ],
            }
            for verdict in judge(given.automations, given.facts)
        ],
    }


def _shown(state: FactState) -> Any:
    match state:
        case Known(value=frozenset() as values):
            return sorted(str(each) for each in values)
        case Known(value=int() | str() as value):
            return value
        case Known(value=value):
            return str(value)
        case Missing():
            return None
        case Unknown(reason=reason):
            return {"unknown": reason}
