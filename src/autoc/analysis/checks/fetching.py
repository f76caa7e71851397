"""AC309 fact-needs-fetch: what Stripe's events do not hold is read before the rule is decided."""

from collections.abc import Iterator

from autoc.analysis.model import AnalysisInput
from autoc.catalogue.triggers import TRIGGER
from autoc.diagnostics.kinds import report
from autoc.diagnostics.model import Diagnostic, Label
from autoc.plan.conditions import atoms_of
from autoc.plan.wording import fact_text

FETCHED: dict[tuple[str, str], str] = {
    ("invoice", "customer.metadata"): "the customer",
    ("quote", "customer.metadata"): "the customer",
    ("subscription", "customer.metadata"): "the customer",
    ("quote", "customer.email"): "the customer",
    ("subscription", "customer.email"): "the customer",
    ("quote", "customer.country"): "the customer",
    ("subscription", "customer.country"): "the customer",
    ("invoice", "interval"): "the price",
    ("invoice", "subscription.status"): "the subscription",
    ("quote", "product"): "the quote's line items",
    ("quote", "interval"): "the quote's line items",
    ("quote", "quantity"): "the quote's line items",
}
"""What is read for a fact, by kind of object, where payloads of the newest version lack it."""


def check(given: AnalysisInput) -> Iterator[Diagnostic]:
    """One note for each fact of a trigger that must be fetched, at its first place."""
    told: set[tuple[str, str]] = set()
    for automation in given.plan.automations:
        spans = given.spans[automation.name].condition_atoms
        kind = TRIGGER[automation.trigger].object
        for atom, span in zip(atoms_of(automation.condition), spans, strict=True):
            what = FETCHED.get((kind, atom.fact.name))
            if what is None or (automation.trigger, atom.fact.name) in told:
                continue
            told.add((automation.trigger, atom.fact.name))
            yield report(
                "AC309",
                message=f"`{fact_text(atom.fact)}` is not in Stripe's events: {what} is read first",
                primary=Label(
                    span=span,
                    message=f"one more request for each {kind}",
                    automation=automation.name,
                ),
            )
