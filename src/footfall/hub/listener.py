"""The MQTT door: MQTT 3.1.1 over TLS, one `Connection` per client."""

from __future__ import annotations

import asyncio
import errno
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from footfall.core.errors import ConfigError, Problem
from footfall.hub.connection import Connection
from footfall.hub.hub import Hub

PORT: Final = 8883
HANDSHAKE_S: Final = 10.0
GOODBYE_S: Final = 2.0
"""How long connections may take to end when the hub stops."""


@asynccontextmanager
async def listening(hub: Hub, host: str, port: int, context: ssl.SSLContext) -> AsyncIterator[int]:
    """Take connections while inside; gives the port, which a `port` of 0 leaves open.

    Raises:
        ConfigError: the port is taken, or not permitted.
    """
    running: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        try:
            await Connection(hub, reader, writer).run()
        finally:
            running.discard(task)

    try:
        server = await asyncio.start_server(
            serve, host, port, ssl=context, ssl_handshake_timeout=HANDSHAKE_S, ssl_shutdown_timeout=GOODBYE_S
        )
    except OSError as error:
        raise port_refused(error, host, port, "--mqtt-port") from error
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        hub.clients.close("the hub stops")
        if running:
            _, still = await asyncio.wait(running, timeout=GOODBYE_S)
            for task in still:
                task.cancel()


def port_refused(error: OSError, host: str, port: int, option: str) -> ConfigError:
    """Why nobody can listen there, and what to do."""
    cures = {
        errno.EADDRINUSE: ("is taken by another program", f"stop it, or choose another {option} or --host"),
        errno.EACCES: (
            "may not be opened by this user",
            f"choose a {option} of 1024 or more, or give Python the capability CAP_NET_BIND_SERVICE",
        ),
        errno.EADDRNOTAVAIL: ("is no address of this machine", "choose another --host"),
    }
    what, cure = cures.get(error.errno or 0, (f"cannot be opened: {error.strerror or error}", "choose another --host"))
    return ConfigError([Problem("command line", option, f"{host}:{port} {what}", cure)])
