"""The seven triggers. Source: language.md, section 2; Stripe's events: reference of the provider."""

from autoc.catalogue.model import TriggerRow

TRIGGERS: tuple[TriggerRow, ...] = (
    TriggerRow(
        name="invoice.will_be_due",
        object="invoice",
        starts=("invoice.finalized", "invoice.updated", "invoice.will_be_due"),
        anchor="due_date",
        foreseeable=True,
        ends=("paid", "voided"),
        webhook_types=("invoice.will_be_due",),
        summary="an invoice that is paid on request is going to be due",
    ),
    TriggerRow(
        name="invoice.finalized",
        object="invoice",
        starts=("invoice.finalized",),
        anchor="finalization",
        foreseeable=False,
        ends=("paid", "voided", "uncollectible"),
        summary="an invoice became final and was issued",
    ),
    TriggerRow(
        name="invoice.overdue",
        object="invoice",
        starts=("invoice.overdue",),
        foretold_by=("invoice.finalized", "invoice.updated", "invoice.will_be_due"),
        anchor="due_date",
        foreseeable=False,
        ends=("paid", "voided"),
        webhook_types=("invoice.overdue",),
        summary="an invoice is still open when its due date has passed",
    ),
    TriggerRow(
        name="quote.will_expire",
        object="quote",
        starts=("quote.finalized", "quote.will_expire"),
        anchor="expires_at",
        foreseeable=True,
        ends=("accepted", "canceled"),
        ends_at_anchor=True,
        webhook_types=("quote.will_expire",),
        summary="a quote that was sent has an expiry date",
    ),
    TriggerRow(
        name="subscription.canceled",
        object="subscription",
        starts=("customer.subscription.deleted",),
        anchor="ended_at",
        foreseeable=False,
        ends=(),
        webhook_types=("customer.subscription.custom_event",),
        summary="a subscription has ended",
    ),
    TriggerRow(
        name="subscription.payment_failed",
        object="invoice",
        starts=("invoice.payment_failed",),
        anchor="the event",
        foreseeable=False,
        ends=("paid", "voided"),
        summary="the first attempt to collect a subscription's invoice failed",
    ),
    TriggerRow(
        name="subscription.will_cancel",
        object="subscription",
        starts=("customer.subscription.created", "customer.subscription.updated"),
        anchor="the planned end",
        foreseeable=True,
        ends=("unscheduled", "canceled"),
        ends_at_anchor=True,
        webhook_types=(
            "customer.subscription.custom_event",
            "customer.subscription.will_cancel",
        ),
        summary="a subscription is scheduled to be canceled",
    ),
)

TRIGGER: dict[str, TriggerRow] = {row.name: row for row in TRIGGERS}
