"""Invoices: draft, open, then paid, void or uncollectible. Source: Stripe's workflow of invoices.

| call | from | to |
|---|---|---|
| finalize | draft | open (paid when nothing is due) |
| pay | open, uncollectible | paid, or stays when the bank says no |
| void | open, uncollectible | void, for good |
| mark_uncollectible | open | uncollectible |
"""

from typing import Any

from autoc.double.account import Account, Json
from autoc.double.customers import DECLINES, method_for
from autoc.double.errors import declined, invalid

DAY = 86400
UPDATABLE = (
    "auto_advance",
    "collection_method",
    "default_payment_method",
    "description",
    "due_date",
    "metadata",
)


def create_invoice(account: Account, fields: Json, lines: list[Json] | None = None) -> Json:
    """A draft. `days_until_due` counts from finalization."""
    account.get("customer", str(fields["customer"]))
    items = lines if lines is not None else _pending_lines(account, str(fields["customer"]))
    total = sum(line["amount"] for line in items)
    currency = fields.pop("currency", items[0]["currency"] if items else "eur")
    method = fields.pop("collection_method", "charge_automatically")
    days = fields.pop("days_until_due", None)
    due_date = fields.pop("due_date", None)
    customer = account.get("customer", str(fields["customer"]))
    identity = account.new_id("invoice")
    return account.create(
        "invoice",
        {
            "id": identity,
            "amount_due": total,
            "amount_paid": 0,
            "amount_remaining": total,
            "attempt_count": 0,
            "attempted": False,
            "auto_advance": fields.pop("auto_advance", lines is not None) in (True, "true"),
            "billing_reason": fields.pop("billing_reason", "manual"),
            "collection_method": method,
            "currency": currency,
            "customer_email": customer.get("email"),
            "customer_name": customer.get("name"),
            "customer_address": customer.get("address"),
            "default_payment_method": None,
            "due_date": int(due_date) if due_date else None,
            "days_until_due": int(days) if days else None,
            "hosted_invoice_url": None,
            "lines": _list_of(items, f"/v1/invoices/{identity}/lines"),
            "next_payment_attempt": None,
            "number": None,
            "parent": None,
            "period_start": account.now(),
            "period_end": account.now(),
            "status": "draft",
            "status_transitions": dict.fromkeys(
                ("finalized_at", "marked_uncollectible_at", "paid_at", "voided_at")
            ),
            "subtotal": total,
            "total": total,
            **fields,
        },
        event="invoice.created",
    )


def create_item(account: Account, fields: Json) -> Json:
    """An amount that the customer's next invoice will hold."""
    return account.create("invoiceitem", {"currency": "eur", **fields, "invoice": None})


def _pending_lines(account: Account, customer: str) -> list[Json]:
    waiting = [
        item
        for item in account.objects["invoiceitem"].values()
        if item["customer"] == customer and item["invoice"] is None
    ]
    for item in waiting:
        item["invoice"] = "taken"
    return [
        line_of(
            account,
            amount=int(item.get("amount", 0)),
            currency=item["currency"],
            price=None,
            subscription=None,
        )
        for item in waiting
    ]


def line_of(
    account: Account,
    *,
    amount: int,
    currency: str,
    price: Json | None,
    subscription: str | None,
    quantity: int = 1,
) -> Json:
    """One line, in the shape of 2025-03-31."""
    pricing = None
    if price is not None:
        pricing = {
            "type": "price_details",
            "unit_amount_decimal": price["unit_amount_decimal"],
            "price_details": {"price": price["id"], "product": price["product"]},
        }
    kind = "subscription_item_details" if subscription else "invoice_item_details"
    return {
        "id": account.new_id("line_item"),
        "object": "line_item",
        "amount": amount,
        "currency": currency,
        "description": None,
        "livemode": False,
        "metadata": {},
        "quantity": quantity,
        "parent": {
            "type": kind,
            "invoice_item_details": None,
            "subscription_item_details": {"subscription": subscription} if subscription else None,
        },
        "pricing": pricing,
    }


def _list_of(items: list[Json], url: str) -> Json:
    return {
        "object": "list",
        "data": items,
        "has_more": False,
        "total_count": len(items),
        "url": url,
    }


def finalize(account: Account, invoice: Json) -> Json:
    """Issue a draft; an invoice that is charged automatically is attempted at once."""
    if invoice["status"] != "draft":
        raise invalid(
            "This invoice is already finalized, you can't re-finalize a non-draft invoice.",
            code="invoice_not_editable",
        )
    now = account.now()
    due = invoice["due_date"]
    if invoice["collection_method"] == "send_invoice" and due is None:
        due = now + DAY * (invoice["days_until_due"] or 30)
    number = f"DBL-{len(account.objects['invoice']):04}"
    account.change(
        invoice,
        {
            "status": "open",
            "number": number,
            "due_date": due,
            "hosted_invoice_url": f"https://invoice.example/{invoice['id']}",
            "status_transitions": {**invoice["status_transitions"], "finalized_at": now},
        },
        events=("invoice.finalized",),
    )
    if invoice["amount_due"] == 0:
        _mark_paid(account, invoice)
    return invoice


def pay(account: Account, invoice: Json, fields: Json, *, automatic: bool = False) -> Json:
    """Attempt to collect. Raises `StripeError` when the bank says no, or the state forbids it."""
    if invoice["status"] == "paid":
        raise invalid("Invoice is already paid", code="invoice_already_paid")
    if invoice["status"] not in ("open", "uncollectible"):
        raise invalid(f"This invoice is {invoice['status']} and cannot be paid.")
    if str(fields.get("paid_out_of_band", "")).lower() == "true":
        return _mark_paid(account, invoice)
    method = method_for(account, invoice, fields.get("payment_method"))
    counts = automatic or invoice["attempt_count"] == 0
    attempts = invoice["attempt_count"] + (1 if counts else 0)
    account.change(invoice, {"attempt_count": attempts, "attempted": True})
    if method is None:
        account.tell("invoice.payment_failed", invoice)
        raise invalid(
            "Cannot charge a customer that has no active card", code="invoice_payment_intent_failed"
        )
    decline = DECLINES.get(method.get("token", ""))
    if decline is None:
        return _mark_paid(account, invoice)
    account.tell("invoice.payment_failed", invoice)
    raise declined(decline, "Your card was declined.", method["id"])


def _mark_paid(account: Account, invoice: Json) -> Json:
    account.change(
        invoice,
        {
            "status": "paid",
            "amount_paid": invoice["amount_due"],
            "amount_remaining": 0,
            "auto_advance": False,
            "next_payment_attempt": None,
            "status_transitions": {**invoice["status_transitions"], "paid_at": account.now()},
        },
        events=("invoice.paid", "invoice.payment_succeeded"),
    )
    return invoice


def void(account: Account, invoice: Json) -> Json:
    """Take the invoice back, for good."""
    if invoice["status"] not in ("open", "uncollectible"):
        raise invalid(_cannot(invoice, "void"))
    return account.change(
        invoice,
        {
            "status": "void",
            "auto_advance": False,
            "status_transitions": {**invoice["status_transitions"], "voided_at": account.now()},
        },
        events=("invoice.voided",),
    )


def mark_uncollectible(account: Account, invoice: Json) -> Json:
    """Write the invoice off; it can still be paid or voided."""
    if invoice["status"] != "open":
        raise invalid(_cannot(invoice, "mark as uncollectible"))
    at = account.now()
    return account.change(
        invoice,
        {
            "status": "uncollectible",
            "auto_advance": False,
            "status_transitions": {**invoice["status_transitions"], "marked_uncollectible_at": at},
        },
        events=("invoice.marked_uncollectible",),
    )


def _cannot(invoice: Json, action: str) -> str:
    return (
        f"You can only {action} an open invoice. "
        f"The status of invoice {invoice['id']} is {invoice['status']}."
    )


def update_invoice(account: Account, invoice: Json, fields: Json) -> Json:
    """Change what may be changed in the invoice's state."""
    for name in fields:
        if name not in UPDATABLE:
            raise invalid(f"Received unknown parameter: {name}", param=name)
    changes: dict[str, Any] = dict(fields)
    if "metadata" in changes:
        changes["metadata"] = {**invoice["metadata"], **changes["metadata"]}
    if "due_date" in changes:
        if invoice["collection_method"] != "send_invoice":
            raise invalid(
                "You can only set a due date on invoices that are sent.", param="due_date"
            )
        changes["due_date"] = int(changes["due_date"])
    if "auto_advance" in changes:
        changes["auto_advance"] = str(changes["auto_advance"]).lower() == "true"
    return account.change(invoice, changes, events=("invoice.updated",))
