"""The MQTT door: MQTT 3.1.1 over TLS, one `Connection` per client."""

from __future__ import annotations

import asyncio
import errno
import socket
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

    server = await asyncio.start_server(
        serve,
        sock=bound(host, port, "--mqtt-port"),
        ssl=context,
        ssl_handshake_timeout=HANDSHAKE_S,
        ssl_shutdown_timeout=GOODBYE_S,
    )
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        hub.clients.close("the hub stops")
        if running:
            _, still = await asyncio.wait(running, timeout=GOODBYE_S)
            for task in still:
                task.cancel()


def bound(host: str, port: int, option: str) -> socket.socket:
    """A TCP socket bound to an address; `option` is what the user may change about the port.

    Raises:
        ConfigError: the port is taken, or not permitted.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        raise _refused(error, host, port, option) from error
    return listener


def _refused(error: OSError, host: str, port: int, option: str) -> ConfigError:
    """Why nobody can listen there, and what to do."""
    no_right = f"choose a {option} of 1024 or more, or give Python the capability CAP_NET_BIND_SERVICE"
    reasons = {
        errno.EADDRINUSE: ("is taken by another program", f"stop it, or choose another {option} or --host"),
        errno.EACCES: ("may not be opened by this user", no_right),
        errno.EADDRNOTAVAIL: ("is no address of this machine", "choose another --host"),
    }
    otherwise = (f"cannot be opened: {error.strerror or error}", "choose another --host")
    what, cure = reasons.get(error.errno or 0, otherwise)
    return ConfigError([Problem("command line", option, f"{host}:{port} {what}", cure)])
