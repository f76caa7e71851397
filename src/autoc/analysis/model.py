"""What the checks get, and what they may ask of it."""

from collections.abc import Mapping

import attrs

from autoc.plan.model import Plan
from autoc.text.source import Span
from autoc.values.duration import HOUR, Duration


@attrs.frozen(kw_only=True)
class AutomationSpans:
    """Where the parts of one automation stand; tuples are in the order of the plan's parts."""

    header: Span
    condition_atoms: tuple[Span, ...] = ()
    until_atoms: tuple[Span, ...] = ()
    steps: tuple[Span, ...] = ()
    when: tuple[Span, ...] = ()


@attrs.frozen(kw_only=True)
class Limits:
    """The project's limits (`[limits]` in the settings)."""

    mails_per_run: int = 5
    mails_apart_seconds: int = HOUR
    lead_time_max: Duration = Duration(months=12)


@attrs.frozen(kw_only=True)
class AnalysisInput:
    """A plan, where its parts stand, and what to ask beyond the ordinary.

    `require_match` are triggers of which every event must be taken. `node_budget` bounds the
    decision procedure for each automation.
    """

    plan: Plan
    spans: Mapping[str, AutomationSpans]
    rates_configured: bool = False
    limits: Limits = Limits()
    require_match: tuple[str, ...] = ()
    node_budget: int = 200_000
