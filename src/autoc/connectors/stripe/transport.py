"""The official library's client over httpx2: no telemetry, no retries, no redirects.

Importing this module costs half a second; it is done when an access is opened.
"""

import asyncio
from collections.abc import Awaitable, Mapping
from typing import Any, ClassVar

import httpx2
import stripe

from autoc.connectors.stripe.settings import StripeSettings

CONNECTIONS_MAX = 50


class Httpx2Client(stripe.HTTPClient):
    """What the library asks of an asynchronous HTTP client."""

    name: ClassVar[str] = "httpx2"

    def __init__(self, request_seconds: float) -> None:
        super().__init__()
        self._client = httpx2.AsyncClient(
            timeout=request_seconds,
            follow_redirects=False,
            limits=httpx2.Limits(max_connections=CONNECTIONS_MAX),
        )

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """One request. Raises the library's connection error."""
        try:
            response = await self._client.request(
                method, url, headers=dict(headers), content=_encoded(post_data)
            )
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            reason = str(error) or type(error).__name__
            raise stripe.APIConnectionError(reason) from error  # type: ignore[no-untyped-call]
        return _readable(response.content), response.status_code, response.headers

    def sleep_async(self, secs: float) -> Awaitable[None]:
        """Wait; never used, because the library does not retry here."""
        return asyncio.sleep(secs)

    async def close_async(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def _readable(content: bytes) -> bytes:
    """The library logs every body as UTF-8, and would lose the status of one that is none."""
    return content.decode("utf-8", "replace").encode()


def _encoded(post_data: Any) -> bytes | None:
    if post_data is None:
        return None
    return post_data if isinstance(post_data, bytes) else str(post_data).encode()


def open_client(settings: StripeSettings) -> tuple[stripe.StripeClient, Httpx2Client]:
    """The library's client for these settings."""
    stripe.enable_telemetry = False
    http = Httpx2Client(settings.request_seconds)
    client = stripe.StripeClient(
        settings.api_key,
        base_addresses={"api": settings.api_base.rstrip("/")},
        max_network_retries=0,
        http_client=http,
    )
    return client, http
