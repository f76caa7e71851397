"""The actions of steps. Source: language.md, section 4."""

from autoc.catalogue.model import ActionRow

_ON_INVOICES = ("invoice.finalized", "invoice.overdue", "subscription.payment_failed")
_ON_FAILED_PAYMENTS = ("subscription.payment_failed",)

ACTIONS: tuple[ActionRow, ...] = (
    ActionRow(
        name="set_retry_policy",
        triggers=_ON_FAILED_PAYMENTS,
        arguments="POLICY",
        provider=True,
        long_running=True,
        summary="retry the payment by the policy; complete when the tries are used up",
    ),
    ActionRow(
        name="mark_unpaid",
        triggers=_ON_FAILED_PAYMENTS,
        provider=True,
        summary="the subscription keeps producing invoices, which stay drafts",
    ),
    ActionRow(
        name="cancel_subscription",
        triggers=_ON_FAILED_PAYMENTS,
        arguments="[prorate] [invoice_now]",
        provider=True,
        irreversible=True,
        ends=("canceled",),
        forbids=("mark_unpaid", "cancel_subscription"),
        summary="no new invoices; automatic collection of its invoices stops",
    ),
    ActionRow(
        name="mark_uncollectible",
        triggers=_ON_INVOICES,
        provider=True,
        irreversible=True,
        ends=("uncollectible",),
        forbids=("mark_uncollectible",),
        summary="write the invoice off as bad debt",
    ),
    ActionRow(
        name="void_invoice",
        triggers=_ON_INVOICES,
        provider=True,
        irreversible=True,
        ends=("voided",),
        forbids=("mark_uncollectible", "void_invoice", "set_retry_policy"),
        summary="take the invoice back: it was a mistake",
    ),
    ActionRow(
        name="email",
        arguments='CONTACT | "address", then [using TEMPLATE | subject "…" body "…"]',
        summary="a memo to a member of the team, with the details of the trigger",
    ),
    ActionRow(
        name="email_cancellation",
        triggers=("subscription.canceled",),
        arguments='[survey "https://…"]',
        summary="confirm the cancellation to the customer",
    ),
    ActionRow(
        name="webhook",
        triggers=(
            "invoice.will_be_due",
            "invoice.overdue",
            "quote.will_expire",
            "subscription.canceled",
            "subscription.will_cancel",
        ),
        arguments='EVENT_TYPE to ENDPOINT [with { key: "value", … }]',
        summary="a signed HTTP POST to an endpoint",
    ),
)

ACTION: dict[str, ActionRow] = {row.name: row for row in ACTIONS}

WEBHOOK_TYPES: dict[str, tuple[str, ...]] = {
    "invoice.will_be_due": ("invoice.will_be_due",),
    "invoice.overdue": ("invoice.overdue",),
    "quote.will_expire": ("quote.will_expire",),
    "customer.subscription.custom_event": ("subscription.canceled", "subscription.will_cancel"),
    "customer.subscription.will_cancel": ("subscription.will_cancel",),
}
"""The types of outgoing webhooks, and the triggers that may send each."""
