"""Hands one message to a mail server, and says how far it came.

Until the message itself is sent nothing can have happened; from then on a lost answer leaves the
outcome unknown. The stages are therefore called one by one.
"""

import asyncio
import contextlib
import ssl
from collections.abc import Sequence
from typing import Literal

import aiosmtplib
import attrs

from autoc.runtime.effects import Delivered, Outcome, OutcomeUnknown, Rejected, RetryLater

DEADLINE_SECONDS = 60.0
QUIT_SECONDS = 2.0

Security = Literal["none", "starttls", "tls"]


@attrs.frozen(kw_only=True)
class SmtpSettings:
    """The mail server, and who mails are from. `tls_context` is the system's trust when None."""

    host: str
    port: int
    sender: str
    security: Security = "starttls"
    username: str | None = None
    password: str | None = attrs.field(default=None, repr=False)
    deadline_seconds: float = DEADLINE_SECONDS
    tls_context: ssl.SSLContext | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True)
class Refusal:
    """The server's refusal of one recipient."""

    recipient: str
    code: int
    message: str


@attrs.define
class _Progress:
    data_begun: bool = False


async def send_message(
    settings: SmtpSettings, *, sender: str, recipients: Sequence[str], message: bytes
) -> Outcome:
    """Send once. Never raises for what the server or the network does."""
    progress = _Progress()
    is_talking = True
    client = aiosmtplib.SMTP(
        hostname=settings.host,
        port=settings.port,
        use_tls=settings.security == "tls",
        start_tls=settings.security == "starttls",
        timeout=settings.deadline_seconds,
        tls_context=settings.tls_context or _tls_context(settings.security),
        local_hostname=sender.rpartition("@")[2],
    )
    try:
        async with asyncio.timeout(settings.deadline_seconds):
            await _connect(client, settings)
            refusals = await _address(client, sender, recipients)
            if len(refusals) == len(recipients):
                return _judge_refusals(refusals)
            progress.data_begun = True
            answer = await client.data(message)
            return Delivered(detail=_told_delivery(answer.message, refusals))
    except aiosmtplib.SMTPResponseException as error:
        return _judge_response(error)
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        is_talking = False
        reason = f"the mail server: {one_line_of(error)}"
        return OutcomeUnknown(reason=reason) if progress.data_begun else RetryLater(reason=reason)
    finally:
        await _leave(client, politely=is_talking)


def _tls_context(security: Security) -> ssl.SSLContext | None:
    return None if security == "none" else ssl.create_default_context()


async def _connect(client: aiosmtplib.SMTP, settings: SmtpSettings) -> None:
    await client.connect()
    if settings.username is None:
        return
    try:
        await client.login(settings.username, settings.password or "")
    except aiosmtplib.SMTPResponseException as error:
        # The message is sound and the settings are not: it is kept until they are right.
        raise aiosmtplib.SMTPException(f"sign-in refused ({error.code})") from error


async def _address(
    client: aiosmtplib.SMTP, sender: str, recipients: Sequence[str]
) -> tuple[Refusal, ...]:
    await client.mail(sender)
    refusals = []
    for recipient in recipients:
        try:
            await client.rcpt(recipient)
        except aiosmtplib.SMTPRecipientRefused as error:
            refusals.append(
                Refusal(recipient=recipient, code=error.code, message=one_line_of(error))
            )
    return tuple(refusals)


async def _leave(client: aiosmtplib.SMTP, *, politely: bool) -> None:
    if politely and client.is_connected:
        # The outcome is known by now; a server that is rude at the end does not change it.
        with contextlib.suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
            await client.quit(timeout=QUIT_SECONDS)
    client.close()


def _judge_refusals(refusals: Sequence[Refusal]) -> Outcome:
    told = "; ".join(f"{each.recipient}: {each.message}" for each in refusals)
    if any(each.code < 500 for each in refusals):
        return RetryLater(reason=f"no recipient is accepted now: {told}")
    return Rejected(reason=f"every recipient is refused: {told}")


def _judge_response(error: aiosmtplib.SMTPResponseException) -> Outcome:
    told = one_line_of(error)
    if 500 <= error.code < 600:
        return Rejected(reason=f"the mail server refuses the message: {told}")
    return RetryLater(reason=f"the mail server cannot take the message now: {told}")


def _told_delivery(answer: str, refusals: Sequence[Refusal]) -> str:
    told = " ".join(answer.split())[:200]
    if not refusals:
        return told
    refused = "; ".join(f"{each.recipient}: {each.message}" for each in refusals)
    return f"{told}; refused: {refused}"


def one_line_of(error: Exception) -> str:
    """The error in one line, with the server's code where there is one."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"{error.code} {' '.join(error.message.split())[:200]}"
    return " ".join(str(error).split())[:200] or type(error).__name__
