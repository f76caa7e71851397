"""The confirmation of a cancellation, to the customer: what has ended, and when."""

from collections.abc import Iterator, Mapping
from typing import Any

from autoc.connectors.rendering import MailTexts, find_customer, format_date
from autoc.plan.facts import ObjectRef
from autoc.plan.model import EmailCancellation
from autoc.runtime.ports import Order

SUBJECT = "Your subscription has been canceled"


def find_recipient(order: Order) -> str | None:
    """The customer's mail address, if it is known."""
    email = find_customer(order).get("email") or order.object.get("customer_email")
    return email if isinstance(email, str) and email.strip() else None


def write_confirmation(order: Order, action: EmailCancellation) -> MailTexts:
    """The confirmation, with a link to the survey when there is one."""
    name = find_customer(order).get("name")
    greeting = f"Hello {name}," if isinstance(name, str) and name.strip() else "Hello,"
    lines = [greeting, "", "this confirms that your subscription has been canceled.", ""]
    lines += _details(order)
    if action.survey:
        lines += ["", "Would you tell us why? It takes a minute:", action.survey]
    return MailTexts(subject=SUBJECT, body="\n".join(lines))


def _details(order: Order) -> Iterator[str]:
    plans = tuple(_plan_names(order))
    if plans:
        yield f"Subscription: {', '.join(plans)}"
    yield f"Reference: {order.object.get('id')}"
    for field, label in (
        ("start_date", "Started"),
        ("canceled_at", "Canceled"),
        ("ended_at", "Ended"),
    ):
        instant = order.object.get(field)
        if isinstance(instant, int):
            yield f"{label}: {format_date(instant, order.automation.timezone)}"


def _plan_names(order: Order) -> Iterator[str]:
    items = order.object.get("items")
    data = items.get("data") if isinstance(items, Mapping) else None
    for item in data if isinstance(data, list) else ():
        price = item.get("price") or item.get("plan") if isinstance(item, Mapping) else None
        name = _price_name(price, order) if isinstance(price, Mapping) else None
        if name:
            yield name


def _price_name(price: Mapping[str, Any], order: Order) -> str | None:
    product = price.get("product")
    if isinstance(product, str):
        product = order.related.get(ObjectRef(kind="product", id=product))
    of_product = product.get("name") if isinstance(product, Mapping) else None
    name = price.get("nickname") or of_product
    return name if isinstance(name, str) else None
