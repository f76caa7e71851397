"""The routes: `POST /webhooks/stripe`, `/healthz`, `/readyz`, `/metrics`."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

import attrs
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from autoc.runtime.measures import Measures
from autoc.server.ingest import BODY_BYTES_MAX, Inbox, Reply, take_webhook
from autoc.server.metrics import render_metrics

WEBHOOK_PATH = "/webhooks/stripe"
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Log(Protocol):
    """Where lines go."""

    def info(self, event: str, **values: Any) -> Any:
        """Something happened."""

    def warning(self, event: str, **values: Any) -> Any:
        """Something was refused."""


@attrs.frozen(kw_only=True)
class Door:
    """What the routes need. `why_unready` says in words why the daemon is not ready, if so."""

    inbox: Inbox
    secrets: Sequence[str] = attrs.field(repr=False)
    now: Callable[[], int]
    measures: Measures
    counts: Callable[[], Awaitable[Mapping[str, int]]]
    why_unready: Callable[[], Awaitable[str | None]]
    log: Log


def build_app(door: Door) -> Starlette:
    """The ASGI application."""

    async def webhook(request: Request) -> Response:
        declared = request.headers.get("content-length", "")
        if declared.isdigit() and int(declared) > BODY_BYTES_MAX:
            reply = Reply(status=413, text=f"the body is larger than {BODY_BYTES_MAX} bytes")
            return _answer(door, reply)
        try:
            reply = await take_webhook(
                request.stream(),
                signature=request.headers.get("stripe-signature"),
                secrets=door.secrets,
                now=door.now(),
                inbox=door.inbox,
            )
        except ClientDisconnect:
            reply = Reply(status=400, text="the sender went away")
        return _answer(door, reply)

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(_: Request) -> Response:
        why = await door.why_unready()
        if why is None:
            return PlainTextResponse("ready\n")
        return PlainTextResponse(f"not ready: {why}\n", status_code=503)

    async def metrics(_: Request) -> Response:
        return Response(render_metrics(door.measures, await door.counts()), media_type=METRICS_TYPE)

    return Starlette(
        routes=[
            Route(WEBHOOK_PATH, webhook, methods=["POST"]),
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            Route("/metrics", metrics),
        ]
    )


def _answer(door: Door, reply: Reply) -> Response:
    if reply.status >= 400:
        door.log.warning("webhook refused", status=reply.status, reason=reply.text)
    else:
        door.log.info("webhook taken", result=reply.text)
    return PlainTextResponse(reply.text + "\n", status_code=reply.status)
