"""Explains one event: what it begins, what is selected, and what would be done when."""

from collections.abc import Mapping
from typing import Any

import attrs

from autoc.catalogue.triggers import TRIGGER
from autoc.explanation.model import Explanation, Subject
from autoc.plan.facts import Facts, ObjectRef
from autoc.plan.model import Automation, Plan
from autoc.plan.sightings import Sighting, TriggerView
from autoc.runtime.due import timeline
from autoc.runtime.selector import Verdict, judge, wanted_facts
from autoc.stripe_objects.events import StripeEvent
from autoc.stripe_objects.facts import facts_of
from autoc.stripe_objects.sighting import (
    candidate_triggers,
    sight_bare,
    sight_event,
    started_trigger,
)
from autoc.values.localtime import local_date
from autoc.values.rates import RateTable


@attrs.frozen(kw_only=True)
class Question:
    """What is asked: an event, or a bare object with the trigger that it is taken for.

    `at` is when the event is handled; by default, when it was created (for a bare object: `now`).
    """

    plan: Plan
    event: StripeEvent | None = None
    object: Mapping[str, Any]
    trigger: str | None = None
    lookups: Mapping[ObjectRef, dict[str, Any]]
    rates: RateTable | None
    at: int


def explain(question: Question) -> Explanation:
    """The answer to `question`."""
    subject = _subject(question)
    sighting = _sight(question)
    others = candidate_triggers(question.event) if question.event else ()
    trigger = question.trigger or (started_trigger(sighting) if sighting else None)
    if trigger is None and others:
        trigger = _blocked_trigger(sighting, others)
    others = tuple(each for each in others if each != trigger)
    view = sighting.view(trigger) if sighting and trigger else None
    if trigger is None or sighting is None or view is None:
        return Explanation(
            subject=subject,
            trigger=None,
            reason="no_trigger",
            reason_text=_nothing_starts(question),
            other_triggers=others,
        )
    begun = Explanation(
        subject=subject,
        trigger=trigger,
        reason="not_started",
        reason_text=view.blocked,
        other_triggers=others,
        timezone=question.plan.timezone,
        anchor=view.anchor,
        ends_when=TRIGGER[trigger].ends,
    )
    if not view.starts and not (view.foretells and question.trigger):
        text = view.blocked or "nothing about this object begins it"
        return attrs.evolve(begun, reason_text=text)
    return _select(question, view, begun)


def _subject(question: Question) -> Subject:
    event = question.event
    identity = question.object.get("id")
    return Subject(
        id=event.id if event else None,
        type=event.type if event else None,
        object=identity if isinstance(identity, str) else "",
        created=event.created if event else None,
        livemode=event.livemode if event else question.object.get("livemode") is True,
    )


def _sight(question: Question) -> Sighting | None:
    if question.event is None:
        assert question.trigger is not None
        return sight_bare(dict(question.object), trigger=question.trigger, at=question.at)
    return sight_event(question.event, at=question.at)


def _blocked_trigger(sighting: Sighting | None, others: tuple[str, ...]) -> str | None:
    """The trigger that the event is about, though it begins nothing now."""
    for name in others:
        view = sighting.view(name) if sighting else None
        if view is not None and view.blocked:
            return name
    return None


def _nothing_starts(question: Question) -> str:
    if question.event is None:
        return "this kind of object cannot begin this trigger"
    return f"`{question.event.type}` begins no trigger"


def _select(question: Question, view: TriggerView, begun: Explanation) -> Explanation:
    plan = question.plan
    automations = plan.of_trigger(view.trigger)
    at = question.at
    if view.foretells and not view.starts and view.anchor is not None:
        at = max(at, view.anchor)
    facts = _facts(question, automations)
    verdicts = judge(automations, facts)
    selected = next((each.automation for each in verdicts if each.verdict == "selected"), None)
    explained = attrs.evolve(
        begun, facts=facts.values, verdicts=verdicts, places=plan.places, at=at
    )
    if selected is None:
        return _unselected(explained, verdicts)
    ends = begun.ends_when + (("until",) if selected.until is not None else ())
    return attrs.evolve(
        explained,
        reason=None,
        reason_text=None,
        selected=selected,
        timeline=timeline(selected, anchor=view.anchor, started=at),
        ends_when=ends,
    )


def _facts(question: Question, automations: tuple[Automation, ...]) -> Facts:
    created = question.event.created if question.event else question.at
    return facts_of(
        dict(question.object),
        wanted=wanted_facts(automations),
        lookups=question.lookups,
        rates=question.rates,
        on=local_date(created, question.plan.timezone),
    )


def _unselected(explained: Explanation, verdicts: tuple[Verdict, ...]) -> Explanation:
    undecided = next((each for each in verdicts if each.verdict == "undecided"), None)
    if undecided is None:
        text = "no automation's condition holds" if verdicts else "the trigger has no automations"
        return attrs.evolve(explained, reason="no_match", reason_text=text)
    reasons = [a.reason for a in undecided.answers if a.holds is None and a.reason]
    text = f"`{undecided.automation.name}` cannot be decided: {reasons[0] if reasons else ''}"
    return attrs.evolve(explained, reason="undecided", reason_text=text)
