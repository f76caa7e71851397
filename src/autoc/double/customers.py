"""Customers, products, prices, and the cards that customers pay with."""

from typing import Any

from autoc.double.account import Account, Json
from autoc.double.errors import invalid

DECLINES = {
    "pm_card_chargeDeclined": "generic_decline",
    "pm_card_chargeCustomerFail": "generic_decline",
    "pm_card_chargeDeclinedInsufficientFunds": "insufficient_funds",
    "pm_card_chargeDeclinedExpiredCard": "expired_card",
    "pm_card_chargeDeclinedLostCard": "lost_card",
    "pm_card_chargeDeclinedStolenCard": "stolen_card",
}
"""Stripe's test cards that are declined, and how; every other card pays."""


def create_customer(account: Account, fields: Json) -> Json:
    """A customer; `invoice_settings[default_payment_method]` is what it pays with."""
    settings = {"default_payment_method": None, **fields.pop("invoice_settings", {})}
    return account.create(
        "customer",
        {
            "email": None,
            "name": None,
            "address": None,
            "currency": None,
            "invoice_settings": settings,
            "default_source": None,
            **fields,
        },
        event="customer.created",
    )


def update_customer(account: Account, customer: Json, fields: Json) -> Json:
    """Change a customer."""
    changes = dict(fields)
    if "metadata" in changes:
        changes["metadata"] = {**customer["metadata"], **changes["metadata"]}
    if "invoice_settings" in changes:
        changes["invoice_settings"] = {
            **customer["invoice_settings"],
            **changes["invoice_settings"],
        }
    return account.change(customer, changes, events=("customer.updated",))


def delete_customer(account: Account, customer: Json) -> Json:
    """Delete a customer; reading it still answers, with `deleted`."""
    stub = {"id": customer["id"], "object": "customer", "deleted": True}
    account.tell("customer.deleted", customer)
    account.objects["customer"][customer["id"]] = stub
    return stub


def create_product(account: Account, fields: Json) -> Json:
    """A product."""
    return account.create("product", {"active": True, "name": "Product", **fields})


def create_price(account: Account, fields: Json) -> Json:
    """A price, recurring when `recurring[interval]` is given."""
    if "product" not in fields:
        fields["product"] = create_product(account, fields.pop("product_data", {}))["id"]
    recurring = fields.pop("recurring", None)
    if recurring is not None:
        recurring = {
            "interval": recurring["interval"],
            "interval_count": int(recurring.get("interval_count", 1)),
            "usage_type": "licensed",
            "meter": None,
            "trial_period_days": None,
        }
    amount = int(fields.pop("unit_amount", 0))
    return account.create(
        "price",
        {
            "active": True,
            "billing_scheme": "per_unit",
            "currency": "eur",
            "unit_amount": amount,
            "unit_amount_decimal": str(amount),
            "type": "recurring" if recurring else "one_time",
            "recurring": recurring,
            "nickname": None,
            **fields,
        },
    )


def attach_payment_method(account: Account, token: str, customer: Json) -> Json:
    """Give a customer a card; it becomes the default. `token` is one of Stripe's test cards."""
    method = account.create(
        "payment_method",
        {"type": "card", "customer": customer["id"], "card": {"brand": "visa"}, "token": token},
    )
    account.tell("payment_method.attached", method)
    settings = {**customer["invoice_settings"], "default_payment_method": method["id"]}
    account.change(customer, {"invoice_settings": settings}, events=("customer.updated",))
    return method


def method_for(account: Account, invoice: Json, wanted: Any = None) -> Json | None:
    """What an invoice would be paid with: as asked, else its subscription's, else the customer's."""
    identity = wanted or invoice.get("default_payment_method")
    subscription = (
        invoice["parent"]["subscription_details"]["subscription"] if invoice.get("parent") else None
    )
    if identity is None and subscription is not None:
        identity = account.get("subscription", subscription).get("default_payment_method")
    if identity is None:
        customer = account.objects["customer"].get(str(invoice["customer"]), {})
        identity = customer.get("invoice_settings", {}).get("default_payment_method")
    if identity is None:
        return None
    known = account.objects["payment_method"].get(identity)
    if known is not None:
        return known
    if str(identity).startswith("pm_card_"):
        return {"id": identity, "object": "payment_method", "token": identity}
    raise invalid(f"No such PaymentMethod: '{identity}'", param="payment_method")
