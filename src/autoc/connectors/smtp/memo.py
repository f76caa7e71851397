"""The standard memo: what the team is told when a step has no text of its own.

It names the object and its number, the customer, the amount, the dates, the automation, and what
happens next and when (runtime.md, Fine print).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from autoc.connectors.rendering import (
    MailTexts,
    find_customer,
    format_date,
    format_money,
)
from autoc.plan.wording import step_text
from autoc.runtime.ports import Order

MOMENT = "%Y-%m-%d %H:%M %Z"
AMOUNTS = {"invoice": ("amount_due", "total"), "quote": ("amount_total",)}
DATES: tuple[tuple[str, str], ...] = (
    ("created", "Created"),
    ("due_date", "Due"),
    ("expires_at", "Expires"),
    ("cancel_at", "Planned end"),
    ("ended_at", "Ended"),
    ("canceled_at", "Canceled"),
)


def write_memo(order: Order) -> MailTexts:
    """The memo about the order's object."""
    kind, name = describe_object(order.object)
    title = order.automation.title or order.automation.name
    lines = [f"{kind} {name}: {title}", "", *_facts(order), "", *_what_next(order)]
    return MailTexts(subject=f"{kind} {name}: {title}", body="\n".join(lines))


def describe_object(found: Mapping[str, Any]) -> tuple[str, str]:
    """The kind with a capital, and what people call the object: its number, else its id."""
    kind = str(found.get("object") or "object").capitalize()
    return kind, str(found.get("number") or found.get("id"))


def describe_customer(order: Order) -> str | None:
    """`Ada Lovelace <ada@acme.example> (cus_A)`, of what is known."""
    customer = find_customer(order)
    name, email, identity = (customer.get(key) for key in ("name", "email", "id"))
    parts = [str(name)] if name else []
    if email:
        parts.append(f"<{email}>")
    if identity:
        parts.append(f"({identity})" if parts else str(identity))
    return " ".join(parts) or None


def read_amount(found: Mapping[str, Any]) -> str | None:
    """The amount that the object is about, for people."""
    currency = found.get("currency")
    for field in AMOUNTS.get(str(found.get("object")), ()):
        minor = found.get(field)
        if isinstance(minor, int) and isinstance(currency, str):
            return format_money(minor, currency)
    return None


def read_dates(order: Order, pattern: str = MOMENT) -> Iterator[tuple[str, str]]:
    """Each date of the object that is set, with its label, in the project's time zone."""
    for field, label in DATES:
        instant = order.object.get(field)
        if isinstance(instant, int) and not isinstance(instant, bool):
            yield label, format_date(instant, order.automation.timezone, pattern)


def _facts(order: Order) -> Iterator[str]:
    found = order.object
    kind, _ = describe_object(found)
    yield f"{kind}: {found.get('id')}"
    if found.get("number"):
        yield f"Number: {found['number']}"
    if found.get("status"):
        yield f"Status: {found['status']}"
    customer = describe_customer(order)
    if customer:
        yield f"Customer: {customer}"
    amount = read_amount(found)
    if amount:
        yield f"Amount: {amount}"
    for label, date in read_dates(order):
        yield f"{label}: {date}"
    yield f"Automation: {order.automation.name} (run {order.perform.run})"
    yield f"Trigger: {order.automation.trigger}"
    yield f"Step: {order.perform.step} of {len(order.automation.steps)}"


def _what_next(order: Order) -> Iterator[str]:
    number = order.perform.step
    following = order.automation.steps[number:]
    if not following:
        yield "Nothing follows: this was the last step."
        return
    yield "What happens next, unless the run ends before:"
    for offset, step in enumerate(following):
        yield f"  {number + offset + 1}. {step_text(step)}{_due_text(order, number + offset)}"


def _due_text(order: Order, index: int) -> str:
    steps = order.run.steps
    due = steps[index].due if index < len(steps) else None
    if due is None:
        return ""
    return f" (due {format_date(due, order.automation.timezone, MOMENT)})"
