"""AC401 before-unforeseeable: `before` counts back from a moment that nobody knows ahead."""

from collections.abc import Iterator

from autoc.analysis.model import AnalysisInput
from autoc.catalogue.triggers import TRIGGER, TRIGGERS
from autoc.diagnostics.kinds import report
from autoc.diagnostics.model import Diagnostic, Label
from autoc.plan.model import AnchorOffset


def check(given: AnalysisInput) -> Iterator[Diagnostic]:
    """One finding for each `before` on a trigger that is not foreseeable."""
    names = ", ".join(f"`{row.name}`" for row in TRIGGERS if row.foreseeable)
    for automation in given.plan.automations:
        row = TRIGGER[automation.trigger]
        if row.foreseeable:
            continue
        for index, step in enumerate(automation.steps):
            if isinstance(step.when, AnchorOffset) and step.when.sign < 0:
                yield report(
                    "AC401",
                    message=f"`{row.name}` is not known ahead, so nothing can be done before it",
                    primary=Label(
                        span=given.spans[automation.name].when[index],
                        message=f"{row.anchor} is past when the run begins",
                        automation=automation.name,
                    ),
                    help=f"use `after`, or one of the triggers that are known ahead: {names}",
                )
