"""What an explanation holds."""

from collections.abc import Mapping
from typing import Literal

import attrs

from autoc.plan.conditions import FactRef
from autoc.plan.facts import FactState
from autoc.plan.model import Automation, AutomationPlace
from autoc.runtime.due import TimelineEntry
from autoc.runtime.selector import Verdict

Reason = Literal["no_trigger", "not_started", "no_match", "undecided"]


@attrs.frozen(kw_only=True)
class Subject:
    """The event that is explained; for a bare object only its own parts are there."""

    id: str | None
    type: str | None
    object: str
    created: int | None
    livemode: bool


@attrs.frozen(kw_only=True)
class Explanation:
    """The answer. `anchor` and `at` are epoch seconds; `at` is when a run would begin.

    `reason` says why nothing is selected, `reason_text` says it in words. `other_triggers` are what
    the event can also begin, or foretells.
    """

    subject: Subject
    trigger: str | None
    reason: Reason | None
    reason_text: str | None = None
    other_triggers: tuple[str, ...] = ()
    facts: Mapping[FactRef, FactState] = attrs.field(factory=dict)
    verdicts: tuple[Verdict, ...] = ()
    places: Mapping[str, AutomationPlace] = attrs.field(factory=dict)
    selected: Automation | None = None
    anchor: int | None = None
    at: int | None = None
    timeline: tuple[TimelineEntry, ...] = ()
    ends_when: tuple[str, ...] = ()
    timezone: str = "UTC"
