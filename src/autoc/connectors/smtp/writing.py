"""Chooses recipients and texts for a mail step."""

from autoc.connectors.rendering import MailTexts, render_mail, render_text
from autoc.connectors.smtp.cancellation import find_recipient, write_confirmation
from autoc.connectors.smtp.memo import write_memo
from autoc.connectors.smtp.message import AddressRefused, Letter, check_address
from autoc.plan.model import Email, EmailCancellation
from autoc.runtime.ports import Order


def write_letter(order: Order, sender: str) -> Letter:
    """The letter that the order asks for. Raises `AddressRefused` and `RenderingFailed`."""
    action = order.step.action
    assert isinstance(action, Email | EmailCancellation), "only mail steps are for this connector"
    if isinstance(action, Email):
        to, texts = action.to, _write_email(order, action)
    else:
        recipient = find_recipient(order)
        if recipient is None:
            raise AddressRefused("the customer has no mail address")
        to, texts = (recipient.strip(),), write_confirmation(order, action)
    return Letter(
        sender=sender,
        to=tuple(dict.fromkeys(check_address(address) for address in to)),
        subject=texts.subject or write_memo(order).subject or order.automation.name,
        body=texts.body,
        key=order.perform.idempotency_key,
        now=order.now,
    )


def _write_email(order: Order, action: Email) -> MailTexts:
    if action.template is not None:
        return render_mail(action.template.text, order)
    standard = write_memo(order)
    return MailTexts(
        subject=standard.subject if action.subject is None else render_text(action.subject, order),
        body=standard.body if action.body is None else render_text(action.body, order),
    )
