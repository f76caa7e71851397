"""Mail, sent to a real mail server."""

import asyncio
import socket
from pathlib import Path
from typing import Any

import pytest

from autoc.connectors.smtp.connector import SmtpConnector
from autoc.connectors.smtp.message import AddressRefused
from autoc.connectors.smtp.sending import SmtpSettings
from autoc.plan.model import Action, Email, Template
from autoc.runtime.effects import Delivered, Outcome, OutcomeUnknown, Rejected, RetryLater
from support.certificates import make_contexts
from support.mail_peer import MailPeer, mail_peer
from support.orders import INVOICE, email_to, make_order

TEAM = email_to("one@acme.example", "two@acme.example")


def connector(peer: MailPeer, **fields: Any) -> SmtpConnector:
    given: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": peer.port,
        "sender": "Billing <billing@acme.example>",
        "security": "none",
        "deadline_seconds": 3.0,
        **fields,
    }
    return SmtpConnector(SmtpSettings(**given))


def send(peer: MailPeer, action: Action = TEAM, **fields: Any) -> Outcome:
    return asyncio.run(connector(peer, **fields).perform(make_order(action)))


def test_one_message_to_everyone() -> None:
    """All recipients are in one message, which has the key's identity on every attempt."""
    with mail_peer() as peer:
        assert isinstance(send(peer), Delivered)
        assert isinstance(send(peer), Delivered)
        assert peer.received[0].rcpt_tos == ["one@acme.example", "two@acme.example"]
        assert peer.raw(0) == peer.raw(1)
        message = peer.message()
    assert message["Message-ID"] == "<run_1.1.1@acme.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "1,500.00 EUR" in message.get_content()


def test_data_cannot_become_headers() -> None:
    """Line breaks and encoded words in data are text in the subject."""
    evil = "x\r\nBcc: eve@evil.example\r\n\r\n=?utf-8?q?=0ABcc:eve@evil.example?="
    action = email_to("one@acme.example", subject="Late: {{ invoice.number }}", body="hello")
    with mail_peer() as peer:
        order = make_order(action, object={**INVOICE, "number": evil})
        assert isinstance(asyncio.run(connector(peer).perform(order)), Delivered)
        message = peer.message()
        assert peer.received[0].rcpt_tos == ["one@acme.example"]
    assert message["Bcc"] is None
    wanted = "Late: x Bcc: eve@evil.example =?utf-8?q?=0ABcc:eve@evil.example?="
    assert message["Subject"] == wanted


def test_a_template_with_a_subject_line() -> None:
    """The template's first line is the subject; dots and long lines arrive as they are."""
    text = "Subject: {{ invoice.number }}\n\n.dot\n{{ customer.name }} " + "x" * 2000
    action = Email(
        contact=None,
        to=("one@acme.example",),
        template=Template(name="late", path="late.liquid", text=text),
    )
    with mail_peer() as peer:
        assert isinstance(send(peer, action), Delivered)
        message = peer.message()
    assert message["Subject"] == "A-0001"
    assert message.get_content().replace("\r\n", "\n") == f".dot\nAda Lovelace {'x' * 2000}\n"


def test_refused_recipients() -> None:
    """Some refused: the others get it, and it is recorded. All refused: rejected, or later."""
    with mail_peer(refused={"one@acme.example": "550 no such user"}) as peer:
        some = send(peer)
        assert isinstance(some, Delivered)
        assert "one@acme.example: 550" in some.detail
        assert peer.received[0].rcpt_tos == ["two@acme.example"]
        assert isinstance(send(peer, email_to("one@acme.example")), Rejected)
        peer.refused["one@acme.example"] = "450 greylisted"
        assert isinstance(send(peer, email_to("one@acme.example")), RetryLater)


@pytest.mark.parametrize(
    ("answer", "kind"), [("451 later", RetryLater), ("554 spam", Rejected), ("552 full", Rejected)]
)
def test_refused_messages(answer: str, kind: type) -> None:
    """4xx is tried later, 5xx is final."""
    with mail_peer(data_answer=answer) as peer:
        assert isinstance(send(peer), kind)


@pytest.mark.parametrize("fate", ["hang", "cut"])
def test_a_lost_answer_after_the_message_is_unknown(fate: str) -> None:
    """Once the message was sent, silence does not mean that it was not taken."""
    with mail_peer(fate=fate) as peer:
        assert isinstance(send(peer, deadline_seconds=0.5), OutcomeUnknown)
        assert len(peer.received) == 1


def test_nobody_listens_or_answers() -> None:
    """Before the message was sent nothing can have happened: it is tried later."""
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        peer = MailPeer(port=mute.getsockname()[1])
        assert isinstance(send(peer), RetryLater)
        mute.listen()
        assert isinstance(send(peer, deadline_seconds=0.3), RetryLater)


def test_starttls_and_sign_in(tmp_path: Path) -> None:
    """With STARTTLS and AUTH it is sent; a wrong password or an unknown certificate keeps it."""
    server, client = make_contexts(tmp_path)
    secure = {"security": "starttls", "host": "localhost", "username": "billing"}
    with mail_peer(tls=server, with_auth=True) as peer:
        right = send(peer, **secure, password="right", tls_context=client)
        assert isinstance(right, Delivered), right
        wrong = send(peer, **secure, password="wrong", tls_context=client)
        assert isinstance(wrong, RetryLater)
        assert isinstance(send(peer, **secure, password="right"), RetryLater)
        assert len(peer.received) == 1


def test_starttls_is_never_given_up() -> None:
    """A server without STARTTLS gets nothing when STARTTLS is asked for."""
    with mail_peer() as peer:
        assert isinstance(send(peer, security="starttls"), RetryLater)
        assert peer.received == []


def test_what_cannot_be_sent_is_rejected_with_a_reason() -> None:
    """An address in another script, and a text that fails, say why."""
    with mail_peer() as peer:
        address = send(peer, email_to("jürgen@acme.example"))
        assert isinstance(address, Rejected)
        assert "SMTPUTF8" in address.reason
        text = send(peer, email_to("a@acme.example", body="{{ 1 | nothing }}"))
        assert isinstance(text, Rejected)
        assert peer.received == []


def test_settings_show_no_password_and_know_bad_senders() -> None:
    """The password is in no repr; a sender that is no address is refused at once."""
    assert "right" not in repr(
        SmtpSettings(host="h", port=1, sender="a@b.example", password="right")
    )
    with pytest.raises(AddressRefused):
        SmtpConnector(SmtpSettings(host="h", port=1, sender="nobody"))
