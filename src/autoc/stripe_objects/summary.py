"""What a person wants to know of an object at a glance."""

from collections.abc import Mapping
from typing import Any

import attrs

from autoc.plan.facts import ObjectRef
from autoc.stripe_objects.reading import instant_of, number_of, object_of, text_of
from autoc.stripe_objects.references import customer_of
from autoc.stripe_objects.state import finalized_at, planned_end
from autoc.values.money import Money, money_from_provider


@attrs.frozen(kw_only=True)
class ObjectSummary:
    """`dates` are pairs of a label and epoch seconds."""

    kind: str
    id: str
    number: str | None
    customer_id: str | None
    customer_name: str | None
    customer_email: str | None
    amount: Money | None
    amount_remaining: Money | None
    dates: tuple[tuple[str, int], ...]
    hosted_url: str | None
    description: str | None


def summarise(
    obj: Mapping[str, Any], *, lookups: Mapping[ObjectRef, Mapping[str, Any]]
) -> ObjectSummary:
    """The summary of an invoice, a quote or a subscription."""
    kind = text_of(obj, "object") or ""
    ref = customer_of(obj)
    customer = object_of(obj, "customer") or (dict(lookups.get(ref, {})) if ref else {})
    return ObjectSummary(
        kind=kind,
        id=text_of(obj, "id") or "",
        number=text_of(obj, "number"),
        customer_id=ref.id if ref else None,
        customer_name=text_of(customer, "name") or text_of(obj, "customer_name"),
        customer_email=text_of(customer, "email") or text_of(obj, "customer_email"),
        amount=_money(obj, "amount_due" if kind == "invoice" else "amount_total"),
        amount_remaining=_money(obj, "amount_remaining"),
        dates=_dates(obj, kind),
        hosted_url=text_of(obj, "hosted_invoice_url"),
        description=text_of(obj, "description"),
    )


def _money(obj: Mapping[str, Any], field: str) -> Money | None:
    minor, currency = number_of(obj, field), text_of(obj, "currency")
    return money_from_provider(minor, currency) if minor is not None and currency else None


def _dates(obj: Mapping[str, Any], kind: str) -> tuple[tuple[str, int], ...]:
    found = {
        "invoice": (("issued", finalized_at(obj)), ("due", instant_of(obj, "due_date"))),
        "quote": (("expires", instant_of(obj, "expires_at")),),
        "subscription": (
            ("ends", planned_end(obj) if instant_of(obj, "ended_at") is None else None),
            ("ended", instant_of(obj, "ended_at")),
        ),
    }.get(kind, ())
    return tuple((label, at) for label, at in found if at is not None)
