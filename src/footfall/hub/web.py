"""Uvicorn inside a loop that is there already: for the hub's HTTPS door and for the sockets of modules."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

import uvicorn
from starlette.requests import Request
from starlette.types import ASGIApp

from footfall.hub.authority import Certificates
from footfall.hub.refusals import TooLarge

LARGEST_BODY: Final = 1024 * 1024
BACKLOG: Final = 128
GOODBYE_S: Final = 5
"""How long requests may go on when the hub stops."""
KEEP_ALIVE_S: Final = 75
STARTED_S: Final = 0.005


async def read_body(request: Request) -> bytes:
    """All of a request's body.

    Raises:
        TooLarge: it is larger than any that is read.
    """
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_BODY:
            raise TooLarge(f"a body has at most {LARGEST_BODY} bytes")
    return bytes(body)


class _Server(uvicorn.Server):
    """Leaves signals to whoever runs the loop."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(
    app: ASGIApp, listener: socket.socket, certificates: Certificates | None = None
) -> AsyncIterator[None]:
    """Answer requests on a socket that is bound, while inside; with certificates over TLS."""
    server = _Server(_config(app, certificates))
    task = asyncio.get_running_loop().create_task(server.serve([listener]))
    try:
        while not server.started and not task.done():
            await asyncio.sleep(STARTED_S)
        yield
    finally:
        server.should_exit = True
        await asyncio.wait([task])
        task.result()


def _config(app: ASGIApp, certificates: Certificates | None) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=GOODBYE_S,
        ssl_certfile=None if certificates is None else certificates.server,
        ssl_keyfile=None if certificates is None else certificates.server_key,
    )
