"""Subscriptions: their invoices, scheduled cancellations, their end."""

from typing import Any

from autoc.double.account import Account, Json
from autoc.double.errors import StripeError, invalid
from autoc.double.invoices import create_invoice, finalize, line_of, pay

PERIOD_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
DAY = 86400


def create_subscription(account: Account, fields: Json) -> Json:
    """A subscription and its first invoice, which is issued, and charged unless it is sent."""
    account.get("customer", str(fields["customer"]))
    wanted = fields.pop("items", [])
    if not wanted:
        raise invalid("Missing required param: items.", param="items")
    now = account.now()
    identity = account.new_id("subscription")
    items = [_item(account, identity, each, now) for each in wanted]
    method = fields.pop("collection_method", "charge_automatically")
    days = fields.pop("days_until_due", None)
    subscription = account.create(
        "subscription",
        {
            "id": identity,
            "billing_mode": {"type": "classic"},
            "cancel_at": None,
            "cancel_at_period_end": False,
            "canceled_at": None,
            "cancellation_details": {"comment": None, "feedback": None, "reason": None},
            "collection_method": method,
            "currency": items[0]["price"]["currency"],
            "days_until_due": int(days) if days else None,
            "default_payment_method": None,
            "ended_at": None,
            "items": {
                "object": "list",
                "data": items,
                "has_more": False,
                "total_count": len(items),
            },
            "latest_invoice": None,
            "pause_collection": None,
            "start_date": now,
            "status": "active",
            **fields,
        },
        event="customer.subscription.created",
    )
    bill(account, subscription, reason="subscription_create")
    return subscription


def _item(account: Account, subscription: str, wanted: Json, now: int) -> Json:
    price = account.get("price", str(wanted["price"]))
    recurring = price["recurring"]
    if recurring is None:
        raise invalid("The price specified is not recurring.", param="items[0][price]")
    days = PERIOD_DAYS[recurring["interval"]] * recurring["interval_count"]
    return {
        "id": account.new_id("subscription_item"),
        "object": "subscription_item",
        "created": now,
        "current_period_start": now,
        "current_period_end": now + days * DAY,
        "metadata": {},
        "price": price,
        "quantity": int(wanted.get("quantity", 1)),
        "subscription": subscription,
    }


def bill(account: Account, subscription: Json, *, reason: str = "subscription_cycle") -> Json:
    """An invoice for one period: issued, and charged unless it is sent."""
    lines = [
        line_of(
            account,
            amount=item["price"]["unit_amount"] * item["quantity"],
            currency=item["price"]["currency"],
            price=item["price"],
            subscription=subscription["id"],
            quantity=item["quantity"],
        )
        for item in subscription["items"]["data"]
    ]
    invoice = create_invoice(
        account,
        {
            "customer": subscription["customer"],
            "collection_method": subscription["collection_method"],
            "days_until_due": subscription["days_until_due"],
            "billing_reason": reason,
            "parent": {
                "type": "subscription_details",
                "quote_details": None,
                "subscription_details": {
                    "subscription": subscription["id"],
                    "metadata": dict(subscription["metadata"]),
                },
            },
        },
        lines,
    )
    account.change(subscription, {"latest_invoice": invoice["id"]})
    if subscription["pause_collection"] is not None:
        return invoice
    finalize(account, invoice)
    if invoice["status"] == "open" and invoice["collection_method"] == "charge_automatically":
        try:
            pay(account, invoice, {}, automatic=True)
        except StripeError:
            account.change(
                subscription, {"status": "past_due"}, events=("customer.subscription.updated",)
            )
    return invoice


def update_subscription(account: Account, subscription: Json, fields: Json) -> Json:
    """Schedule or unschedule a cancellation, pause collection, change metadata."""
    if subscription["status"] == "canceled":
        raise invalid("A canceled subscription can only update its cancellation_details.")
    changes: dict[str, Any] = {}
    for name, value in fields.items():
        match name:
            case "cancel_at_period_end":
                changes.update(_at_period_end(subscription, str(value).lower() == "true", account))
            case "cancel_at":
                at = int(value) if value not in ("", None) else None
                changes["cancel_at"] = at
                changes["canceled_at"] = account.now() if at else None
            case "metadata":
                changes["metadata"] = {**subscription["metadata"], **value}
            case "pause_collection":
                paused = {"behavior": value["behavior"], "resumes_at": None} if value else None
                changes["pause_collection"] = paused
            case "default_payment_method" | "days_until_due" | "collection_method":
                changes[name] = value
            case _:
                raise invalid(f"Received unknown parameter: {name}", param=name)
    return account.change(subscription, changes, events=("customer.subscription.updated",))


def _at_period_end(subscription: Json, wanted: bool, account: Account) -> Json:
    if not wanted:
        return {"cancel_at_period_end": False, "cancel_at": None, "canceled_at": None}
    end = max(item["current_period_end"] for item in subscription["items"]["data"])
    return {"cancel_at_period_end": True, "cancel_at": end, "canceled_at": account.now()}


def cancel(account: Account, subscription: Json, fields: Json | None = None) -> Json:
    """End it now. Automatic collection of its open invoices stops."""
    if subscription["status"] == "canceled":
        raise invalid(f"No such subscription: '{subscription['id']}'", code="resource_missing")
    now = account.now()
    details = {**subscription["cancellation_details"], "reason": "cancellation_requested"}
    details.update((fields or {}).get("cancellation_details", {}))
    account.change(
        subscription,
        {
            "status": "canceled",
            "canceled_at": subscription["canceled_at"] or now,
            "ended_at": now,
            "cancellation_details": details,
        },
        events=("customer.subscription.deleted",),
    )
    for invoice in account.objects["invoice"].values():
        parent = invoice.get("parent") or {}
        of = (parent.get("subscription_details") or {}).get("subscription")
        if of == subscription["id"] and invoice["status"] == "open" and invoice["auto_advance"]:
            account.change(invoice, {"auto_advance": False}, events=("invoice.updated",))
    return subscription
