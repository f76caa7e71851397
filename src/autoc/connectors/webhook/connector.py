"""The webhook connector: an order becomes a signed POST, the answer becomes an outcome."""

import asyncio
import base64
import binascii
import ssl
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import attrs
import httpcore2
import httpx2
from standardwebhooks import Webhook as Signer

from autoc.connectors.webhook.addresses import Network
from autoc.connectors.webhook.envelope import build_body
from autoc.connectors.webhook.sending import Answer, SendingRefused, Target, find_target, post
from autoc.plan.model import Webhook
from autoc.runtime.effects import Delivered, Outcome, OutcomeUnknown, Rejected, RetryLater
from autoc.runtime.ports import Order

DEADLINE_SECONDS = 20.0
RETRY_AFTER_SECONDS_MAX = 3600
STATUSES_TO_RETRY = frozenset((408, 409, 425, 429))
LOST = (httpcore2.NetworkError, httpcore2.TimeoutException, httpcore2.ProtocolError)
SECRET_PREFIX = "whsec_"  # noqa: S105 - the scheme's prefix, not a secret


@attrs.frozen(kw_only=True)
class WebhookSettings:
    """`secret` signs (`whsec_` and base64, or any text); `allow_private` may be sent to by http.

    `ssl_context` is the system's trust when None.
    """

    secret: str = attrs.field(repr=False)
    allow_private: tuple[Network, ...] = ()
    deadline_seconds: float = DEADLINE_SECONDS
    ssl_context: ssl.SSLContext | None = attrs.field(default=None, repr=False)


class WebhookConnector:
    """Sends `webhook` steps. The secret is kept in the signer and shown nowhere."""

    def __init__(self, settings: WebhookSettings) -> None:
        """Raises ValueError when the secret cannot be used."""
        self._settings = settings
        self._signer = Signer(read_secret(settings.secret))
        self._ssl_context = settings.ssl_context or ssl.create_default_context()

    async def perform(self, order: Order) -> Outcome:
        """Send the order once."""
        action = order.step.action
        assert isinstance(action, Webhook), "only `webhook` steps are for this connector"
        sending = False
        try:
            async with asyncio.timeout(self._settings.deadline_seconds):
                target = await find_target(action.url, self._settings.allow_private)
                sending = True
                answer = await self._post(target, order, action)
        except SendingRefused as error:
            return Rejected(reason=str(error))
        except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
            return RetryLater(reason=f"no connection: {_told(error)}")
        except httpcore2.UnsupportedProtocol as error:
            return Rejected(reason=f"the address cannot be used: {_told(error)}")
        except LOST as error:
            return OutcomeUnknown(reason=f"the answer was lost: {_told(error)}")
        except TimeoutError:
            lost = f"no answer within {self._settings.deadline_seconds:g} s"
            return OutcomeUnknown(reason=lost) if sending else RetryLater(reason=lost)
        except OSError as error:
            return RetryLater(reason=f"the host name cannot be resolved: {_told(error)}")
        return judge_answer(answer, now=order.now)

    async def _post(self, target: Target, order: Order, action: Webhook) -> Answer:
        body = build_body(order, action)
        key = order.perform.idempotency_key
        sent_at = datetime.fromtimestamp(order.now, UTC)
        return await post(
            target,
            body=body,
            headers={
                "host": httpx2.URL(target.url).netloc.decode("ascii"),
                "content-type": "application/json",
                "content-length": str(len(body)),
                "user-agent": "autoc",
                "webhook-id": key,
                "webhook-timestamp": str(order.now),
                "webhook-signature": self._signer.sign(key, sent_at, body.decode("ascii")),
            },
            ssl_context=self._ssl_context,
            timeout_seconds=self._settings.deadline_seconds,
        )


def read_secret(secret: str) -> bytes:
    """The key's bytes: base64 after `whsec_`, else the text itself.

    Raises ValueError for an empty secret and for one that is no base64 after the prefix.
    """
    if not secret.startswith(SECRET_PREFIX):
        key = secret.encode()
    else:
        coded = secret.removeprefix(SECRET_PREFIX).rstrip("=")
        try:
            key = base64.b64decode(coded + "=" * (-len(coded) % 4), validate=True)
        except (binascii.Error, ValueError) as error:
            raise ValueError("the webhook secret is no base64 after `whsec_`") from error
    if not key:
        raise ValueError("the webhook secret is empty")
    return key


def judge_answer(answer: Answer, *, now: int) -> Outcome:
    """The outcome of a status (runtime.md, Fine print)."""
    status = answer.status
    if 200 <= status < 300:
        return Delivered(detail=f"status {status}")
    if 300 <= status < 400:
        return Rejected(reason=f"the receiver redirects (status {status}), which is not followed")
    if status in STATUSES_TO_RETRY or status >= 500:
        return RetryLater(
            reason=f"the receiver answered {status}",
            after_seconds=read_retry_after(answer.retry_after, now=now),
        )
    return Rejected(reason=f"the receiver answered {status}")


def read_retry_after(text: str | None, *, now: int) -> int | None:
    """Seconds to wait, of a number of seconds or an HTTP date, an hour at most."""
    if text is None:
        return None
    text = text.strip()
    if text.isascii() and text.isdigit():
        seconds = int(text[:10])
    else:
        try:
            seconds = int(parsedate_to_datetime(text).timestamp()) - now
        except (ValueError, OverflowError, TypeError):
            return None
    return min(max(seconds, 0), RETRY_AFTER_SECONDS_MAX)


def _told(error: Exception) -> str:
    return str(error) or type(error).__name__
