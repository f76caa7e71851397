"""Quotes: draft, open, then accepted or canceled; an open one is canceled when it expires."""

from autoc.double.account import Account, Json
from autoc.double.errors import invalid

DAY = 86400


def create_quote(account: Account, fields: Json) -> Json:
    """A draft; `line_items` are prices and quantities."""
    wanted = fields.pop("line_items", [])
    items = []
    for each in wanted:
        price = account.get("price", str(each["price"]))
        quantity = int(each.get("quantity", 1))
        items.append(
            {
                "id": account.new_id("line_item"),
                "object": "item",
                "amount_total": price["unit_amount"] * quantity,
                "price": price,
                "quantity": quantity,
            }
        )
    total = sum(item["amount_total"] for item in items)
    expires = fields.pop("expires_at", None)
    quote = account.create(
        "quote",
        {
            "amount_subtotal": total,
            "amount_total": total,
            "collection_method": "charge_automatically",
            "currency": items[0]["price"]["currency"] if items else "eur",
            "expires_at": int(expires) if expires else account.now() + 30 * DAY,
            "invoice": None,
            "number": None,
            "status": "draft",
            "status_transitions": dict.fromkeys(("accepted_at", "canceled_at", "finalized_at")),
            "subscription": None,
            **fields,
        },
        event="quote.created",
    )
    account.objects.setdefault("quote_line_items", {})[quote["id"]] = {"data": items}
    return quote


def line_items(account: Account, quote: Json) -> Json:
    """The quote's line items, which its events do not hold."""
    items = account.objects.get("quote_line_items", {}).get(quote["id"], {}).get("data", [])
    url = f"/v1/quotes/{quote['id']}/line_items"
    return {"object": "list", "data": items, "has_more": False, "url": url}


def move_quote(account: Account, quote: Json, action: str) -> Json:
    """`finalize`, `accept` or `cancel` a quote."""
    allowed = {"finalize": ("draft",), "accept": ("open",), "cancel": ("draft", "open")}
    if quote["status"] not in allowed[action]:
        raise invalid(f"Cannot {action} a quote with a status of `{quote['status']}`.")
    status = {"finalize": "open", "accept": "accepted", "cancel": "canceled"}[action]
    at = {"finalize": "finalized_at", "accept": "accepted_at", "cancel": "canceled_at"}[action]
    changes: Json = {
        "status": status,
        "status_transitions": {**quote["status_transitions"], at: account.now()},
    }
    if action == "finalize":
        changes["number"] = f"QT-{quote['id'][-4:]}-1"
    event = {"finalize": "quote.finalized", "accept": "quote.accepted", "cancel": "quote.canceled"}
    return account.change(quote, changes, events=(event[action],))
