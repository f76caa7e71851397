"""An explanation for people: what is selected and why, and what would happen when."""

from collections.abc import Iterator

from autoc.explanation.model import Explanation
from autoc.explanation.words import actual_of
from autoc.plan.conditions import atoms_of
from autoc.plan.evaluation import AtomAnswer
from autoc.plan.wording import atom_text, step_text
from autoc.runtime.selector import Verdict
from autoc.values.localtime import to_local

VERDICTS = {
    "selected": "selected",
    "no_match": "does not match",
    "would_match": "would match, but an earlier one wins",
    "paused": "paused",
    "undecided": "cannot be decided",
}
MARKS = {"selected": "->", "no_match": " x", "would_match": "  ", "paused": " -", "undecided": " ?"}


def explanation_text(explanation: Explanation) -> str:
    """The explanation as lines of text."""
    return "\n".join(_lines(explanation)) + "\n"


def _lines(explanation: Explanation) -> Iterator[str]:
    subject = explanation.subject
    event = f"{subject.type} ({subject.id})" if subject.type else "object"
    yield f"{event} about {subject.object}"
    if explanation.trigger is not None:
        yield f"trigger: {explanation.trigger}"
    if explanation.selected is not None:
        title = f' "{explanation.selected.title}"' if explanation.selected.title else ""
        yield f"selected: {explanation.selected.name}{title}"
    else:
        yield f"nothing is selected: {explanation.reason_text}"
    if explanation.other_triggers:
        yield f"it also speaks of {', '.join(explanation.other_triggers)} (ask with --trigger)"
    if explanation.verdicts:
        yield ""
        yield "automations, in priority order"
        for verdict in explanation.verdicts:
            yield from _verdict_lines(verdict, explanation)
    if explanation.selected is not None:
        yield ""
        yield from _timeline_lines(explanation)


def _verdict_lines(verdict: Verdict, explanation: Explanation) -> Iterator[str]:
    place = explanation.places.get(verdict.automation.name)
    where = f"  {place.filename}:{place.line}" if place else ""
    name = verdict.automation.name
    yield f" {MARKS[verdict.verdict]} {name}: {VERDICTS[verdict.verdict]}{where}"
    if verdict.verdict == "paused":
        return
    for atom, answer in zip(atoms_of(verdict.automation.condition), verdict.answers, strict=True):
        yield f"      {_answer_word(answer)}  {atom_text(atom)}{_found(actual_of(atom, answer), answer)}"


def _answer_word(answer: AtomAnswer) -> str:
    return {True: "yes", False: "no ", None: "?  "}[answer.holds]


def _found(actual: object, answer: AtomAnswer) -> str:
    if answer.holds is None:
        needs = ", ".join(str(each) for each in answer.needs)
        return f"  -- {answer.reason}" + (f"; give it with --with: {needs}" if needs else "")
    if actual is None:
        return "  -- it is missing"
    if isinstance(actual, list):
        actual = ", ".join(actual) or "nothing"
    return f"  -- it is {actual}"


def _timeline_lines(explanation: Explanation) -> Iterator[str]:
    assert explanation.selected is not None
    yield f"what would happen ({explanation.timezone})"
    for step, entry in zip(explanation.selected.steps, explanation.timeline, strict=True):
        if entry.due is not None:
            when = to_local(entry.due, explanation.timezone).strftime("%a %Y-%m-%d %H:%M")
        else:
            when = f"after step {entry.after_step}".ljust(20)
        skipped = f"  (skipped: {entry.skipped})" if entry.skipped else ""
        yield f"  {entry.step}. {when}  {step_text(step, first=entry.step == 1)}{skipped}"
    if explanation.ends_when:
        yield f"  it ends by itself when: {', '.join(explanation.ends_when)}"
