"""The four stories of Stripe's own guide, acted through the account's ordinary calls."""

from collections.abc import Callable

from autoc.double.account import Account, Json
from autoc.double.customers import create_customer, create_price, create_product
from autoc.double.invoices import create_invoice, finalize, line_of
from autoc.double.quotes import create_quote, move_quote
from autoc.double.subscriptions import cancel, create_subscription, update_subscription

DAY = 86400


def _customer(account: Account, name: str, **metadata: str) -> Json:
    domain = name.split()[0].lower()
    return create_customer(
        account,
        {
            "name": name,
            "email": f"accounts@{domain}.example",
            "address": {"country": "DE", "city": "Berlin"},
            "metadata": metadata,
        },
    )


def _price(account: Account, name: str, amount: int, interval: str, currency: str = "eur") -> Json:
    product = create_product(account, {"name": name, "id": f"prod_{name.replace(' ', '')}"})
    return create_price(
        account,
        {
            "product": product["id"],
            "unit_amount": amount,
            "currency": currency,
            "recurring": {"interval": interval},
        },
    )


def _existing_price(account: Account, name: str, amount: int, interval: str) -> Json:
    product = f"prod_{name.replace(' ', '')}"
    for price in account.objects["price"].values():
        if price["product"] == product and price["unit_amount"] == amount:
            return price
    return _price(account, name, amount, interval)


def annual_payment_fails(account: Account) -> None:
    """A yearly subscription is renewed, and the card has no money: dunning begins."""
    customer = _customer(account, "Meridian Foods GmbH", tier="standard")
    price = _existing_price(account, "Pro", 120000, "year")
    card = {"default_payment_method": "pm_card_chargeDeclinedInsufficientFunds"}
    create_subscription(
        account, {"customer": customer["id"], "items": [{"price": price["id"]}], **card}
    )


def invoice_is_never_paid(account: Account) -> None:
    """An invoice of 2,400 EUR is sent, is due in three days, and nobody pays."""
    customer = _customer(account, "Northwind Traders Ltd", tier="standard")
    _send_invoice(account, customer, amount=240000, days=3)


def invoice_of_a_vip(account: Account) -> None:
    """An invoice of 5,000 EUR to a customer whose metadata say `tier = vip`."""
    customer = _customer(account, "Globex SARL", tier="vip")
    _send_invoice(account, customer, amount=500000, days=3)


def invoice_is_due_soon(account: Account) -> None:
    """An invoice is sent that is due in three weeks."""
    customer = _customer(account, "Initech BV", tier="standard")
    _send_invoice(account, customer, amount=89000, days=21)


def _send_invoice(account: Account, customer: Json, *, amount: int, days: int) -> Json:
    price = _existing_price(account, "Team", amount, "month")
    line = line_of(account, amount=amount, currency="eur", price=price, subscription=None)
    fields = {
        "customer": customer["id"],
        "collection_method": "send_invoice",
        "days_until_due": days,
        "auto_advance": True,
    }
    return finalize(account, create_invoice(account, fields, [line]))


def customer_cancels(account: Account) -> None:
    """A customer cancels at once."""
    customer = _customer(account, "Umbra Studio", tier="standard")
    subscription = _subscribe(account, customer)
    cancel(account, subscription, {"cancellation_details": {"feedback": "too_expensive"}})


def customer_schedules_cancellation(account: Account) -> None:
    """A customer cancels for the end of the period."""
    customer = _customer(account, "Fabrikam AG", tier="standard")
    subscription = _subscribe(account, customer)
    update_subscription(account, subscription, {"cancel_at_period_end": "true"})


def _subscribe(account: Account, customer: Json) -> Json:
    price = _existing_price(account, "Pro", 9900, "month")
    return create_subscription(
        account,
        {
            "customer": customer["id"],
            "items": [{"price": price["id"]}],
            "default_payment_method": "pm_card_visa",
        },
    )


def quote_is_sent(account: Account) -> None:
    """A quote is sent that expires in two weeks."""
    customer = _customer(account, "Contoso SA", tier="standard")
    price = _existing_price(account, "Pro", 120000, "year")
    quote = create_quote(
        account,
        {
            "customer": customer["id"],
            "line_items": [{"price": price["id"], "quantity": "5"}],
            "expires_at": account.now() + 14 * DAY,
        },
    )
    move_quote(account, quote, "finalize")


SCENARIOS: dict[str, Callable[[Account], None]] = {
    "annual_payment_fails": annual_payment_fails,
    "invoice_is_never_paid": invoice_is_never_paid,
    "invoice_of_a_vip": invoice_of_a_vip,
    "invoice_is_due_soon": invoice_is_due_soon,
    "customer_cancels": customer_cancels,
    "customer_schedules_cancellation": customer_schedules_cancellation,
    "quote_is_sent": quote_is_sent,
}
"""What `autoc dev` can feed, by name."""
