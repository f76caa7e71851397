"""Building messages: data stay data."""

from email import message_from_bytes
from email.policy import default

import pytest

from autoc.connectors.smtp.memo import write_memo
from autoc.connectors.smtp.message import (
    AddressRefused,
    Letter,
    build_message,
    check_address,
    encode_subject,
)
from autoc.connectors.smtp.writing import write_letter
from autoc.plan.model import EmailCancellation
from support.orders import CUSTOMER, INVOICE, NOW, email_to, make_order

SENDER = "Bílling <billing@acme.example>"


def letter(subject: str = "hello", body: str = "hi") -> Letter:
    return Letter(
        sender=SENDER,
        to=("a@acme.example", "b@acme.example"),
        subject=subject,
        body=body,
        key="run_1:2:1",
        now=NOW,
    )


@pytest.mark.parametrize(
    ("subject", "seen"),
    [
        ("plain", "plain"),
        ("Zahlung überfällig – jetzt", "Zahlung überfällig – jetzt"),
        ("a\r\nBcc: eve@evil.example", "a Bcc: eve@evil.example"),
        ("a\u2028Bcc: eve\x00\x85b", "a Bcc: eve b"),
        ("=?utf-8?q?=0ABcc:eve@evil.example?=", "=?utf-8?q?=0ABcc:eve@evil.example?="),
        ("x" * 200, "x" * 200),
        ("ü" * 1000, "ü" * 249 + "…"),
    ],
)
def test_a_subject_is_one_line_of_its_own_characters(subject: str, seen: str) -> None:
    """Whatever a subject is filled with, the receiver sees those characters in one header."""
    raw = build_message(letter(subject=subject))
    found = message_from_bytes(raw, policy=default)
    assert found["Subject"] == seen
    assert found["Bcc"] is None
    head = raw.split(b"\r\n\r\n", 1)[0]
    assert all(len(line) <= 78 for line in head.split(b"\r\n"))


def test_headers_are_stable_and_complete() -> None:
    """The same letter is the same bytes; the identity is the key's."""
    raw = build_message(letter())
    assert raw == build_message(letter())
    found = message_from_bytes(raw, policy=default)
    assert found["Message-ID"] == "<run_1.2.1@acme.example>"
    assert found["From"].addresses[0].display_name == "Bílling"
    assert found["To"] == "a@acme.example, b@acme.example"
    assert found["Date"].datetime.timestamp() == NOW
    assert found["Auto-Submitted"] == "auto-generated"


def test_bodies_survive() -> None:
    """Long lines, dots, other scripts and odd line ends arrive; no wire line is too long."""
    body = ".\n.dot\nFrom here\n" + "long " * 1000 + "\nünïcödé 🎉\rmac\r\nend\x00"
    raw = build_message(letter(body=body))
    assert all(len(line) <= 78 for line in raw.split(b"\r\n"))
    seen = message_from_bytes(raw, policy=default).get_content()
    wanted = body.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "") + "\n"
    assert seen.replace("\r\n", "\n") == wanted


@pytest.mark.parametrize(
    "address",
    [
        *("nobody", "a@b@c", "a b@c.example", "a@c.example\nBcc: x@y", "<a@b.example>", "", "@b"),
        *("a@", "jürgen@acme.example", "a@" + "b" * 300, "a..b@c.example", "a@b..c"),
        '"x y"@c.example',
    ],
)
def test_addresses_that_cannot_be_used(address: str) -> None:
    """An address is refused when it is none, or needs what few servers offer."""
    with pytest.raises(AddressRefused):
        check_address(address)


def test_domains_of_other_scripts_are_encoded() -> None:
    """A domain goes over the wire in its ASCII form."""
    assert check_address("a@bücher.example") == "a@xn--bcher-kva.example"


def test_plain_subjects_stay_plain() -> None:
    """What is safe is not encoded."""
    assert encode_subject("Invoice A-1 is late") == "Invoice A-1 is late"


def test_the_memo_says_what_is_known_and_what_follows() -> None:
    """Object, number, customer, amount, dates, automation, and what happens next and when."""
    memo = write_memo(make_order(email_to("team@acme.example")))
    assert memo.subject == "Invoice A-0001: Late payers"
    for words in ("in_A", "A-0001", "Ada Lovelace <ada@customer.example> (cus_A)"):
        assert words in memo.body
    for words in ("1,500.00 EUR", "Due: 2026-03-01 10:00 CET", "Automation: late"):
        assert words in memo.body
    assert "then after 7d mark_uncollectible (due 2026-03-08 10:00 CET)" in memo.body


def test_the_confirmation_goes_to_the_customer() -> None:
    """The customer gets plan, dates and the survey; without an address it is refused."""
    subscription = {
        "id": "sub_A",
        "object": "subscription",
        "customer": "cus_A",
        "ended_at": NOW,
        "items": {"data": [{"price": {"id": "price_A", "product": "prod_A"}}]},
    }
    product = {"id": "prod_A", "object": "product", "name": "Gold"}
    action = EmailCancellation(survey="https://acme.example/why")
    order = make_order(action, object=subscription, related=(CUSTOMER, product))
    found = write_letter(order, SENDER)
    assert found.to == ("ada@customer.example",)
    for words in ("Ada Lovelace", "Gold", "sub_A", "Ended: 2026-03-01", "https://acme.example/why"):
        assert words in found.body
    with pytest.raises(AddressRefused, match="no mail address"):
        write_letter(make_order(action, object=subscription, related=()), SENDER)


def test_inline_texts_and_template_subjects() -> None:
    """An inline subject is rendered; a text without one gets the standard subject."""
    inline = make_order(email_to("a@b.example", subject="{{ invoice.number }}", body="x"))
    assert write_letter(inline, SENDER).subject == "A-0001"
    without = make_order(email_to("a@b.example", body="only"), object=INVOICE)
    assert write_letter(without, SENDER).subject == "Invoice A-0001: Late payers"
