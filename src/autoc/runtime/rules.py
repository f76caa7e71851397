"""The rules that are in force: the plan's automations by trigger, with digests and pauses.

A rule book never changes; a reload or a pause makes a new one, which takes the old one's place in
one assignment.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import attrs

from autoc.plan.codec import automation_digest
from autoc.plan.facts import Facts, ObjectRef
from autoc.plan.model import Automation, Plan
from autoc.plan.sightings import Sighting
from autoc.plan.verdicts import Selected, Selection
from autoc.runtime.selector import select, wanted_facts
from autoc.stripe_objects.facts import facts_of
from autoc.values.localtime import local_date
from autoc.values.rates import RateTable


@attrs.frozen(kw_only=True)
class RuleBook:
    """`by_trigger` is in priority order; `digests` has one for each automation, by its name."""

    by_trigger: Mapping[str, tuple[Automation, ...]]
    digests: Mapping[str, str]
    rates: RateTable | None
    timezone: str

    def automation(self, name: str) -> Automation | None:
        """The automation of that name."""
        found = (each for rules in self.by_trigger.values() for each in rules if each.name == name)
        return next(found, None)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all automations."""
        return tuple(each.name for rules in self.by_trigger.values() for each in rules)


def open_book(plan: Plan, *, rates: RateTable | None, paused: Iterable[str] = ()) -> RuleBook:
    """The rule book of `plan`, with the automations switched off that an operator paused."""
    off = frozenset(paused)
    by_trigger: dict[str, tuple[Automation, ...]] = {}
    for each in plan.automations:
        rule = attrs.evolve(each, paused=True) if each.name in off else each
        by_trigger[each.trigger] = (*by_trigger.get(each.trigger, ()), rule)
    return RuleBook(
        by_trigger=by_trigger,
        digests={each.name: automation_digest(each) for each in plan.automations},
        rates=rates,
        timezone=plan.timezone,
    )


@attrs.frozen(kw_only=True)
class Answer:
    """A selection with what it was made from, for the journal."""

    selection: Selection
    facts: Facts
    automations: tuple[Automation, ...]


def answer(
    book: RuleBook,
    trigger: str,
    object_: Mapping[str, Any],
    *,
    lookups: Mapping[ObjectRef, dict[str, Any]],
    at: int,
) -> Answer:
    """What `book` selects for an occurrence of `trigger` about the provider's `object_`.

    `at` is the event's time: the date whose exchange rates hold.
    """
    automations = book.by_trigger.get(trigger, ())
    facts = facts_of(
        dict(object_),
        wanted=wanted_facts(automations),
        lookups=lookups,
        rates=book.rates,
        on=_date(at, book),
    )
    return Answer(selection=select(automations, facts), facts=facts, automations=automations)


def _date(at: int, book: RuleBook) -> date:
    return local_date(at, book.timezone)


def starting_triggers(sighting: Sighting, book: RuleBook) -> tuple[str, ...]:
    """The triggers that `sighting` begins and that have automations."""
    return tuple(
        view.trigger for view in sighting.views if view.starts and view.trigger in book.by_trigger
    )


def selected_digests(answers: Iterable[Answer], book: RuleBook) -> dict[str, str]:
    """The digest of each selected automation, by its name."""
    names = (each.selection.automation for each in answers if isinstance(each.selection, Selected))
    return {name: book.digests[name] for name in names}
