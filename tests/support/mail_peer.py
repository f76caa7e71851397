"""A real mail server on loopback that can refuse, hang and cut."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import attrs
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@attrs.define
class MailPeer:
    """What arrived; `refused` maps recipients to answers, `data_answer` is said after the text."""

    refused: dict[str, str] = attrs.field(factory=dict)
    data_answer: str = "250 kept"
    fate: str = "answer"
    received: list[Envelope] = attrs.field(factory=list)
    port: int = 0

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[Any]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.data_answer.startswith("250"):
            self.received.append(envelope)
        if self.fate == "hang":
            await asyncio.sleep(30)
        if self.fate == "cut":
            assert server.transport is not None
            server.transport.abort()
        return self.data_answer

    def message(self, index: int = 0) -> EmailMessage:
        content = self.received[index].content
        assert isinstance(content, bytes)
        found = message_from_bytes(content, policy=default)
        assert isinstance(found, EmailMessage)
        return found

    def raw(self, index: int = 0) -> bytes:
        content = self.received[index].content
        assert isinstance(content, bytes)
        return content


class _FreePortController(Controller):
    """Listens on a port that is free, and greets itself there."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def _authenticate(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
) -> AuthResult:
    right = LoginPassword(b"billing", b"right")
    return AuthResult(success=data == right, handled=False)


@contextmanager
def mail_peer(
    *, tls: ssl.SSLContext | None = None, with_auth: bool = False, **fields: Any
) -> Iterator[MailPeer]:
    """Serve until the block ends."""
    peer = MailPeer(**fields)
    controller = _FreePortController(
        peer,
        hostname="127.0.0.1",
        port=0,
        tls_context=tls,
        require_starttls=tls is not None,
        authenticator=_authenticate if with_auth else None,
        auth_required=with_auth,
        auth_require_tls=tls is not None,
    )
    controller.start()
    peer.port = controller.port
    try:
        yield peer
    finally:
        controller.stop(no_assert=True)
