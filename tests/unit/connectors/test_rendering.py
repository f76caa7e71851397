"""Rendering the users' texts."""

import pytest

from autoc.connectors.rendering import RenderingFailed, format_money, render_mail, render_text
from support.orders import INVOICE, email_to, make_order

ORDER = make_order(email_to("team@acme.example"))


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("{{ invoice.amount_due | money }}", "1,500.00 EUR"),
        ("{{ 1500 | money: 'jpy' }}", "1,500 JPY"),
        ("{{ invoice.due_date | date: '%d.%m.%Y %H:%M' }}", "01.03.2026 10:00"),
        ("{{ due | date }}", "2026-03-01"),
        ("{{ '2026-03-01T09:00:00Z' | date: '%H:%M' }}", "10:00"),
        ("{{ customer.name }} {{ invoice.metadata.project }}", "Ada Lovelace blue"),
        ("{{ automation.name }}/{{ automation.title }}/{{ step }}", "late/Late payers/1"),
        ("[{{ invoice.nothing.at.all | money }}{{ nobody | date }}]", "[]"),
        ("{{ 'someday' | date }}{{ 99999999999999999 | date }}", "someday99999999999999999"),
        ("plain } { text", "plain } { text"),
    ],
)
def test_texts(text: str, rendered: str) -> None:
    """Variables, filters, dates in the project's zone; what is not there is empty."""
    assert render_text(text, ORDER) == rendered


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [
        (150_000, "eur", "1,500.00 EUR"),
        (-5, "usd", "-0.05 USD"),
        (1500, "JPY", "1,500 JPY"),
        (12_345, "kwd", "12.345 KWD"),
        (50_000, "isk", "500 ISK"),
    ],
)
def test_money_for_people(minor: int, currency: str, shown: str) -> None:
    """Minor units are read by the provider's exponents."""
    assert format_money(minor, currency) == shown


@pytest.mark.parametrize(
    "text",
    [
        "{% for i in (1..100000000) %}x{% endfor %}",
        "{% assign a = 'xxxx' %}{% for i in (1..40) %}{% assign a = a | append: a %}{% endfor %}",
        "{% for i in (1..9000) %}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx{% endfor %}",
        "{{ invoice.amount_due | unknown_filter }}",
        "{% include 'other' %}",
        "{{ unclosed",
    ],
)
def test_limits_and_mistakes_are_told(text: str) -> None:
    """A text that goes past a limit, or is no Liquid, fails with a reason and nothing else."""
    with pytest.raises(RenderingFailed):
        render_text(text, ORDER)


def test_data_are_not_read_as_liquid() -> None:
    """Braces in data stay text."""
    order = make_order(email_to("a@b.example"), object={**INVOICE, "number": "{{ due }}"})
    assert render_text("{{ invoice.number }}", order) == "{{ due }}"


def test_subject_line() -> None:
    """A first line `Subject: …` is the subject; data cannot add one."""
    texts = render_mail("Subject: {{ invoice.number }} is late\n\nHello\n", ORDER)
    assert (texts.subject, texts.body) == ("A-0001 is late", "Hello\n")
    order = make_order(email_to("a@b.example"), object={**INVOICE, "number": "Subject: x\n\n"})
    assert render_mail("{{ invoice.number }}body", order).subject is None


def test_customer_of_an_object_that_only_tells_of_it() -> None:
    """Without a customer that was read, what the invoice says of it is known."""
    held = {**INVOICE, "customer_name": "Bob", "customer_email": "bob@x.example"}
    order = make_order(email_to("a@b.example"), object=held, related=())
    assert render_text("{{ customer.id }} {{ customer.name }}", order) == "cus_A Bob"
