"""Posts one body to one checked address.

Names are resolved first, every address of the answer is checked, and the connection is made to
those very addresses; TLS and the `Host` header still speak of the name. A second resolution, which
could answer otherwise, never takes place. Proxies of the environment are not used for the same
reason.
"""

import asyncio
import socket
import ssl
from collections.abc import Iterable, Mapping, Sequence
from ipaddress import ip_address

import attrs
import httpcore2
import httpx2

from autoc.connectors.webhook.addresses import (
    Address,
    Network,
    is_allowed_private,
    is_public,
)

PORTS = {"https": 443, "http": 80}


class SendingRefused(Exception):  # noqa: N818 - it names what happened
    """The address may not be sent to; the message says why."""


@attrs.frozen(kw_only=True)
class Target:
    """A checked URL: `addresses` are the only ones that may be connected to."""

    url: str
    addresses: tuple[Address, ...]


async def find_target(url: str, allowed: Sequence[Network]) -> Target:
    """Resolve and check `url`. Raises `SendingRefused`, and OSError when the name is unknown."""
    try:
        parts = httpx2.URL(url)
    except httpx2.InvalidURL as error:
        raise SendingRefused("the address is no URL") from error
    if parts.scheme not in PORTS or not parts.host:
        raise SendingRefused(f"`{parts.scheme}` is not sent to, only https")
    if parts.userinfo:
        raise SendingRefused("the address holds a user name or a password")
    port = PORTS[parts.scheme] if parts.port is None else parts.port
    if not 0 < port < 65536:
        raise SendingRefused(f"there is no port {port}")
    addresses = await _resolve(parts.raw_host.decode("ascii"), port)
    for address in addresses:
        _check_address(address, scheme=parts.scheme, allowed=allowed)
    return Target(url=url, addresses=addresses)


async def _resolve(host: str, port: int) -> tuple[Address, ...]:
    host = host.removeprefix("[").removesuffix("]")
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP
        )
    except UnicodeError as error:
        raise SendingRefused("the address has no usable host name") from error
    unique = dict.fromkeys(str(entry[4][0]) for entry in found)
    return tuple(ip_address(each) for each in unique)


def _check_address(address: Address, *, scheme: str, allowed: Iterable[Network]) -> None:
    if is_allowed_private(address, allowed):
        return
    if not is_public(address):
        raise SendingRefused(f"{address} is no public address; `allow_private` does not hold it")
    if scheme != "https":
        raise SendingRefused("http is allowed only to addresses in `allow_private`")


class PinnedBackend(httpcore2.AsyncNetworkBackend):
    """Connects to the checked addresses, whatever name is asked for."""

    def __init__(self, addresses: Sequence[Address]) -> None:
        self._addresses = addresses
        self._inner = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is the library's
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Try the addresses in the resolver's order. Raises the last one's error."""
        last: Exception = httpcore2.ConnectError(f"`{host}` has no address")
        for address in self._addresses:
            try:
                return await self._inner.connect_tcp(
                    str(address), port, timeout, local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                last = error
        raise last


@attrs.frozen(kw_only=True)
class Answer:
    """What the receiver said. Its body is not read: nothing in it is of use."""

    status: int
    retry_after: str | None


async def post(
    target: Target,
    *,
    body: bytes,
    headers: Mapping[str, str],
    ssl_context: ssl.SSLContext,
    timeout_seconds: float,
) -> Answer:
    """POST `body`. Raises httpcore2's errors."""
    pause = dict.fromkeys(("connect", "read", "write", "pool"), timeout_seconds)
    async with (
        httpcore2.AsyncConnectionPool(
            ssl_context=ssl_context,
            network_backend=PinnedBackend(target.addresses),
            max_connections=1,
            retries=0,
        ) as pool,
        pool.stream(
            "POST",
            _wire_url(target.url),
            headers=[(name.encode(), value.encode()) for name, value in headers.items()],
            content=body,
            extensions={"timeout": pause},
        ) as response,
    ):
        return Answer(status=response.status, retry_after=_header(response, b"retry-after"))


def _wire_url(url: str) -> httpcore2.URL:
    parts = httpx2.URL(url)
    return httpcore2.URL(
        scheme=parts.raw_scheme, host=parts.raw_host, port=parts.port, target=parts.raw_path
    )


def _header(response: httpcore2.Response, name: bytes) -> str | None:
    for key, value in response.headers:
        if key.lower() == name:
            return value.decode("latin-1")
    return None
