"""One call to the provider: paced, within a deadline, never raising for what the world does."""

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import attrs

from autoc.connectors.stripe.faults import REASON_LENGTH_MAX, Fault
from autoc.connectors.stripe.pace import (
    ACCOUNT_PER_SECOND_LIVE,
    ACCOUNT_PER_SECOND_TEST,
    Pace,
)
from autoc.connectors.stripe.settings import StripeSettings

PACING_SECONDS_MAX = 10.0
"""A call that would have to wait longer is put off instead."""


@attrs.frozen(kw_only=True)
class Call:
    """`path` may hold `{id}`, for which `id` is put in; the rate limit counts by `path`."""

    method: str
    path: str
    id: str = ""
    params: Mapping[str, Any] = attrs.field(factory=dict)
    idempotency_key: str | None = None


class StripeAccess:
    """The client, its pace, and whether the key is accepted. Shared by connector and reader."""

    def __init__(self, settings: StripeSettings) -> None:
        """Imports the library, which takes half a second."""
        import stripe

        from autoc.connectors.stripe.transport import open_client

        self.settings = settings
        self.key_rejected = False
        self._client, self._http = open_client(settings)
        self._error: type[stripe.StripeError] = stripe.StripeError
        self._pace = Pace(ACCOUNT_PER_SECOND_LIVE if settings.livemode else ACCOUNT_PER_SECOND_TEST)

    async def call(self, call: Call) -> Mapping[str, Any] | Fault:
        """The decoded answer, or what went wrong."""
        endpoint = f"{call.method} {call.path}"
        loop = asyncio.get_running_loop()
        wait = self._pace.reserve(endpoint, now=loop.time(), wait_seconds_max=PACING_SECONDS_MAX)
        if wait is None:
            after = self._pace.retry_seconds(endpoint, loop.time())
            return Fault(reason="the rate limit is reached", status=429, after_seconds=after)
        if wait:
            await asyncio.sleep(wait)
        result = await self._send(call)
        if isinstance(result, Fault) and result.status == 429:
            self._pace.slow(endpoint, now=loop.time(), seconds=result.after_seconds)
        if isinstance(result, Fault) and result.is_key_refused:
            self.key_rejected = True
        elif _proves_key(result):
            self.key_rejected = False
        return result

    async def _send(self, call: Call) -> Mapping[str, Any] | Fault:
        path = call.path.replace("{id}", quote(call.id, safe=""))
        options = {"idempotency_key": call.idempotency_key} if call.idempotency_key else {}
        try:
            answer = await self._client.raw_request_async(
                call.method, path, **dict(call.params), **options
            )
        except self._error as error:
            return _read_error(error, path)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            # The library takes the shape of error bodies for granted.
            return Fault(reason=f"the provider's answer cannot be read: {error}", path=path)
        data = answer.data
        if not isinstance(data, Mapping) or "object" not in data:
            return Fault(reason="the provider's answer is none of its objects", path=path)
        return data

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close_async()


def _proves_key(result: Mapping[str, Any] | Fault) -> bool:
    if not isinstance(result, Fault):
        return True
    return result.status is not None and result.status < 500 and result.status != 429


def _read_error(error: Any, path: str) -> Fault:
    status = error.http_status
    if not isinstance(status, int):
        # The library gives its own connection errors no status.
        return Fault(reason=f"no answer from the provider: {_one_line(error)}", path=path)
    body = error.json_body if isinstance(error.json_body, Mapping) else {}
    details = body.get("error")
    headers = {str(name).lower(): str(value) for name, value in dict(error.headers).items()}
    told = {"true": True, "false": False}.get(headers.get("stripe-should-retry", ""))
    if status in (401, 403):
        reason = f"the provider does not accept the key (status {status})"
    else:
        reason = f"the provider answered {status}: {_one_line(error)}"
    return Fault(
        reason=reason,
        path=path,
        status=status,
        error=details if isinstance(details, Mapping) else {},
        after_seconds=_read_seconds(headers.get("retry-after")),
        should_retry=told,
    )


def _one_line(error: Any) -> str:
    text = " ".join(str(error.user_message or type(error).__name__).split())
    return text[:REASON_LENGTH_MAX]


def _read_seconds(text: str | None) -> int | None:
    return min(int(text[:6]), 3600) if text and text.isascii() and text.isdigit() else None
