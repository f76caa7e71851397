"""Lets another terminal speak to a running `autoc dev`: a loopback socket and a file that names it."""

import asyncio
import json
import os
import tempfile
from pathlib import Path

from autoc.development.stage import Stage

HOST = "127.0.0.1"
LINE_BYTES_MAX = 4096


def address_file() -> Path:
    """Where the running stage of this user leaves its address."""
    folder = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    return Path(folder) / f"autoc-dev-{os.getuid()}.json"


async def open_control(stage: Stage) -> asyncio.Server:
    """Listen for commands, one a line, each answered with a line; only this user knows the token."""
    token = os.urandom(16).hex()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        given = (await reader.readline()).decode("utf-8", "replace").strip()
        line = (await reader.readline()).decode("utf-8", "replace").strip()
        if given == token:
            wrong = await stage.command(line)
            writer.write(json.dumps({"wrong": wrong}).encode() + b"\n")
        writer.close()

    server = await asyncio.start_server(serve, HOST, 0, limit=LINE_BYTES_MAX)
    port = server.sockets[0].getsockname()[1]
    path = address_file()
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({"port": port, "token": token}, file)
    return server


async def send_command(line: str) -> str | None:
    """Have a running stage do what `line` says; what was wrong with it, or None.

    Raises `ConnectionError` when none is running.
    """
    try:
        address = json.loads(address_file().read_text(encoding="utf-8"))
        reader, writer = await asyncio.open_connection(HOST, address["port"])
    except (OSError, ValueError, KeyError) as error:
        raise ConnectionError("no `autoc dev` is running") from error
    writer.write(f"{address['token']}\n{line}\n".encode())
    await writer.drain()
    answer = await reader.readline()
    writer.close()
    if not answer:
        raise ConnectionError("the running `autoc dev` did not answer")
    wrong: str | None = json.loads(answer)["wrong"]
    return wrong
