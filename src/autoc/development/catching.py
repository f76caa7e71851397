"""Catches what the daemon sends: mails and webhooks, told and kept."""

import json
import socket
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

import attrs
from aiosmtpd.controller import Controller
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from autoc.plan.model import Webhook
from autoc.runtime.effects import Outcome
from autoc.runtime.ports import Connector, Order

HOST = "127.0.0.1"
Tell = Callable[[str], None]


class MailCatcher:
    """A mail server on a free port of loopback that takes everything."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._controller = Controller(self, hostname=HOST, port=_free_port())
        self.count = 0

    def start(self) -> int:
        """The port that it listens on."""
        self._controller.start()
        port: int = self._controller.port
        return port

    def stop(self) -> None:
        """Stop listening."""
        self._controller.stop()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - the library's name
        """Called by the mail server for each message."""
        self.count += 1
        message = cast(EmailMessage, message_from_bytes(envelope.content, policy=default))
        body = message.get_body(("plain",))
        lines = body.get_content().strip().splitlines() if body else []
        self._tell(f"mail to {', '.join(envelope.rcpt_tos)}: {message['subject']}")
        for line in lines[:12]:
            self._tell(f"     | {line}")
        return "250 caught"


def _free_port() -> int:
    """A port that is free now: the mail library cannot find one by itself."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def build_receiver(tell: Tell) -> Starlette:
    """Takes the webhooks that the daemon sends."""

    async def take(request: Request) -> Response:
        document = json.loads(await request.body())
        about = document["data"]["object"].get("id")
        automation = document.get("automation", {})
        data = f" with {json.dumps(automation['data'])}" if automation.get("data") else ""
        endpoint = request.path_params["endpoint"]
        tell(f"webhook to {endpoint}: {document['type']} about {about}{data}")
        return Response(status_code=204)

    return Starlette(routes=[Route("/webhooks/{endpoint}", take, methods=["POST"])])


@attrs.frozen(kw_only=True)
class LoopbackWebhooks:
    """Sends every webhook to the receiver on loopback, whatever its endpoint's address is."""

    connector: Connector
    base: str

    async def perform(self, order: Order) -> Outcome:
        """Send the order there, with the real connector."""
        action = order.step.action
        assert isinstance(action, Webhook)
        moved = attrs.evolve(action, url=f"{self.base}/webhooks/{action.endpoint}")
        step = attrs.evolve(order.step, action=moved)
        return await self.connector.perform(attrs.evolve(order, step=step))
