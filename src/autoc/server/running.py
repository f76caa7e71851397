"""Runs a daemon behind its door, until it is told to stop."""

import asyncio
import signal
import socket
from collections.abc import Callable

import structlog

from autoc.app import Daemon
from autoc.server.routes import Door, build_app
from autoc.server.serving import build_server


async def serve(daemon: Daemon, listening: socket.socket, stop: asyncio.Event) -> None:
    """Answer requests until `stop`."""
    app = build_app(
        Door(
            inbox=daemon.engine,
            secrets=daemon.secrets.webhook_secrets,
            now=daemon.engine.clock.now,
            measures=daemon.engine.measures,
            counts=lambda: daemon.engine.writer.ask(lambda store: store.counts()),
            why_unready=daemon.why_unready,
            log=structlog.get_logger("autoc"),
        )
    )
    server = build_server(app)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait((serving, stopping), return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    stopping.cancel()
    await serving


async def run_until_signal(
    daemon: Daemon,
    listening: socket.socket,
    *,
    drain_seconds: float,
    say_ready: Callable[[], None],
) -> None:
    """Run until SIGTERM or SIGINT; SIGHUP reloads the rules."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGHUP, daemon.operators.reload_rules)
    await daemon.start()
    say_ready()
    await serve(daemon, listening, stop)
    await daemon.stop(drain_seconds=drain_seconds)
