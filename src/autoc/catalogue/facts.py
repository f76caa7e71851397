"""The facts that conditions speak about. Source: language.md, section 3."""

from autoc.catalogue.model import FactRow

_ALL = ("invoice", "quote", "subscription")

FACTS: tuple[FactRow, ...] = (
    FactRow(
        name="amount",
        kind="money",
        objects=("invoice", "quote"),
        summary="what is due: `amount_due` of an invoice, `amount_total` of a quote",
    ),
    FactRow(
        name="interval",
        kind="interval",
        objects=_ALL,
        summary="how often it recurs; of mixed lines, any recurring line counts",
    ),
    FactRow(
        name="product",
        kind="elements",
        objects=_ALL,
        summary="the products of the lines: holds when at least one line has one of them",
    ),
    FactRow(
        name="customer.metadata",
        kind="text",
        objects=_ALL,
        keyed=True,
        summary="a metadata value of the customer",
    ),
    FactRow(
        name="invoice.metadata",
        kind="text",
        objects=("invoice",),
        keyed=True,
        summary="a metadata value of the invoice",
    ),
    FactRow(
        name="subscription.metadata",
        kind="text",
        objects=("invoice", "subscription"),
        keyed=True,
        summary="a metadata value of the subscription; an invoice holds a copy of them",
    ),
    FactRow(
        name="quote.metadata",
        kind="text",
        objects=("quote",),
        keyed=True,
        summary="a metadata value of the quote",
    ),
    FactRow(
        name="currency",
        kind="currency",
        objects=_ALL,
        summary="the currency of the object, as its ISO code",
    ),
    FactRow(
        name="collection_method",
        kind="enum",
        objects=_ALL,
        values=("charge_automatically", "send_invoice"),
        summary="whether the customer is charged or pays on request",
    ),
    FactRow(
        name="billing_reason",
        kind="enum",
        objects=("invoice",),
        values=(
            "automatic_pending_invoice_item_invoice",
            "manual",
            "quote_accept",
            "subscription",
            "subscription_create",
            "subscription_cycle",
            "subscription_threshold",
            "subscription_update",
            "upcoming",
        ),
        open=True,
        summary="why the invoice was made",
    ),
    FactRow(
        name="customer.country",
        kind="country",
        objects=_ALL,
        summary="the country of the customer's address, as its two-letter ISO code",
    ),
    FactRow(
        name="customer.email",
        kind="text",
        objects=_ALL,
        summary="the customer's mail address",
    ),
    FactRow(
        name="attempt_count",
        kind="number",
        objects=("invoice",),
        summary="how often payment was attempted",
    ),
    FactRow(
        name="quantity",
        kind="number",
        objects=_ALL,
        summary="the quantities of all lines together",
    ),
    FactRow(
        name="amount_remaining",
        kind="money",
        objects=("invoice",),
        summary="what is still to be paid",
    ),
    FactRow(
        name="total",
        kind="money",
        objects=("invoice", "quote"),
        summary="the total after discounts and taxes",
    ),
    FactRow(
        name="subscription.status",
        kind="enum",
        objects=("invoice", "subscription"),
        values=(
            "active",
            "canceled",
            "incomplete",
            "incomplete_expired",
            "past_due",
            "paused",
            "trialing",
            "unpaid",
        ),
        open=True,
        summary="the state of the subscription",
    ),
)

FACT: dict[str, FactRow] = {row.name: row for row in FACTS}
