"""Runs every check, in a fixed order, over one plan."""

from collections.abc import Callable, Iterable

from autoc.analysis.checks import (
    choice,
    conditions,
    fetching,
    impossible,
    irreversible,
    lead_time,
    local_time,
    mails,
    matching,
    never_due,
    order,
    overlap,
    same_moment,
    unforeseeable,
)
from autoc.analysis.model import AnalysisInput
from autoc.analysis.spaces import Region, read_regions
from autoc.diagnostics.model import Diagnostic

Check = Callable[[AnalysisInput], Iterable[Diagnostic]]
RegionCheck = Callable[[AnalysisInput, "dict[str, Region]"], Iterable[Diagnostic]]

REGION_CHECKS: tuple[RegionCheck, ...] = (
    conditions.check,
    choice.check,
    overlap.check,
    matching.check,
)
"""Checks of what is selected: they share the regions of all conditions."""

CHECKS: tuple[Check, ...] = (
    fetching.check,
    unforeseeable.check,
    order.check,
    never_due.check,
    lead_time.check,
    local_time.check,
    same_moment.check,
    impossible.check,
    mails.check,
    irreversible.check,
)
"""Checks of each automation by itself."""


def analyse(given: AnalysisInput) -> tuple[Diagnostic, ...]:
    """Every finding of families 3xx, 4xx and 5xx that can be proved of the plan."""
    regions = read_regions(given)
    found = [each for check in REGION_CHECKS for each in check(given, regions)]
    found.extend(each for check in CHECKS for each in check(given))
    return tuple(found)
