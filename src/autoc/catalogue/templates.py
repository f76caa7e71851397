"""What templates know: their variables, by kind of object, and their filters.

Fields are the provider's own names, of all API versions in use; what lies below a field is not
checked. Source: Stripe's API reference, and runtime.md (Fine print, Mail).
"""

from collections.abc import Mapping

from autoc.catalogue.model import ObjectKind

TEMPLATE_ROOTS: Mapping[ObjectKind, tuple[str, ...]] = {
    "invoice": ("invoice", "subscription", "customer", "automation", "step", "due"),
    "quote": ("quote", "customer", "automation", "step", "due"),
    "subscription": ("subscription", "customer", "automation", "step", "due"),
}
"""The variables that a trigger's texts may begin with, by the kind of its object."""

TEMPLATE_FIELDS: Mapping[str, frozenset[str]] = {
    "automation": frozenset(("name", "title")),
    "step": frozenset(),
    "due": frozenset(),
    "customer": frozenset(
        """
        account_balance address balance business_name created currency default_source
        delinquent description discount email id individual_name invoice_prefix
        invoice_settings livemode metadata name next_invoice_sequence object phone
        preferred_locales shipping sources subscriptions tax_exempt tax_info
        tax_info_verification test_clock
        """.split()
    ),
    "invoice": frozenset(
        """
        account_country account_name account_tax_ids amount_due amount_overpaid amount_paid
        amount_remaining amount_shipping application application_fee application_fee_amount
        attempt_count attempted auto_advance automatic_tax automatically_finalizes_at
        billing billing_reason charge closed collection_method
        confirmation_secret created currency custom_fields customer customer_account
        customer_address customer_email customer_name customer_phone customer_shipping
        customer_tax_exempt customer_tax_ids date default_payment_method default_source
        default_tax_rates description discount discounts due_date effective_at
        ending_balance finalized_at footer forgiven from_invoice hosted_invoice_url id
        invoice_pdf issuer last_finalization_error latest_revision lines livemode metadata
        next_payment_attempt number object on_behalf_of paid paid_out_of_band paper_checks
        parent payment_intent payment_settings payments period_end period_start
        post_payment_credit_notes_amount pre_payment_credit_notes_amount quote
        receipt_number redaction rendering rendering_options shipping_cost shipping_details
        starting_balance statement_descriptor status status_transitions subscription
        subscription_details subtotal subtotal_excluding_tax tax test_clock total
        total_discount_amounts total_excluding_tax total_pretax_credit_amounts
        total_tax_amounts total_taxes transfer_data webhooks_delivered_at
        """.split()
    ),
    "quote": frozenset(
        """
        amount_subtotal amount_total application application_fee_amount
        application_fee_percent automatic_tax collection_method computed created currency
        customer customer_account default_tax_rates description discounts expires_at footer
        from_quote header id invoice invoice_settings line_items livemode metadata number
        object on_behalf_of status status_transitions subscription subscription_data
        subscription_schedule test_clock total_details transfer_data
        """.split()
    ),
    "subscription": frozenset(
        """
        application application_fee_percent automatic_tax billing billing_cycle_anchor
        billing_cycle_anchor_config billing_mode billing_schedules billing_thresholds
        cancel_at cancel_at_period_end canceled_at cancellation_details collection_method
        created currency current_period_end current_period_start customer customer_account
        days_until_due default_payment_method default_source default_tax_rates description
        discount discounts ended_at id invoice_settings items latest_invoice livemode
        managed_payments metadata next_pending_invoice_item_invoice object on_behalf_of
        pause_collection payment_settings pending_invoice_item_interval pending_setup_intent
        pending_update plan price quantity schedule start start_date status tax_percent
        test_clock transfer_data trial_end trial_settings trial_start
        """.split()
    ),
}
"""The fields of each variable; empty where it has none and is printed as it is."""

TEMPLATE_FILTERS: tuple[str, ...] = ("money", "date")
"""The project's own filters; `date` replaces Liquid's, and knows the project's time zone."""
