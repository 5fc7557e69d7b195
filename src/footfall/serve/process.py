"""The web in front of the service, in one process with the cameras; it ends in good order when it is asked to."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp

from footfall.access.tls import Certificate
from footfall.core.errors import ConfigError, Problem

log = logging.getLogger(__name__)

GRACE_S = 2
"""So long answers that are on the way may take when the service ends."""
KEEP_ALIVE_S = 75
"""Idle connections are kept for longer than clients and proxies (nginx: 60 s) keep theirs: whoever uses one again is
never answered by its end."""
BACKLOG = 256
ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
"""Addresses that mean all of this machine; no browser opens them."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the web answers."""

    host: str
    port: int
    certificate: Certificate | None = None
    """None: plain HTTP."""
    is_behind_proxy: bool = False

    def url(self, port: int) -> str:
        """What a browser is given."""
        host = ANY.get(self.host, self.host)
        host = f"[{host}]" if ":" in host else host
        return f"{'https' if self.certificate else 'http'}://{host}:{port}"


class _Server(uvicorn.Server):
    """Leaves signals to whoever runs the loop."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def bound(address: Address) -> socket.socket:
    """The socket to answer on; of a protocol that is named, for asyncio sends small answers at once only then.

    Raises:
        ConfigError: the address cannot be used.
    """
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address.host, address.port))
    except OSError as error:
        listener.close()
        what, cure = f"cannot be listened on: {error.strerror}", "choose another with --host or --port"
        raise ConfigError([Problem(f"{address.host}:{address.port}", "--port", what, cure)]) from error
    return listener


@dataclass(frozen=True, slots=True)
class Heed:
    """What is told of the life of the web."""

    started: Callable[[], None]
    """It answers."""
    stopping: Callable[[], None]
    """It was asked to end; must return at once."""


def answer(app: ASGIApp, address: Address, listener: socket.socket, heed: Heed) -> None:
    """Answer until SIGTERM or Ctrl-C; a second one ends at once.

    Args:
        app: what answers.
        address: how.
        listener: where, bound.
        heed: what is told.
    """
    config = uvicorn.Config(
        app,
        ws="websockets-sansio",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=GRACE_S,
        proxy_headers=address.is_behind_proxy,
    )
    if address.certificate is not None:
        config.load()
        config.ssl = address.certificate.context
    asyncio.run(_answer(_Server(config), listener, heed))


async def _answer(server: _Server, listener: socket.socket, heed: Heed) -> None:
    def stop() -> None:
        server.force_exit = server.should_exit
        server.should_exit = True
        heed.stopping()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    serving = asyncio.ensure_future(server.serve([listener]))
    while not (server.started or serving.done()):
        await asyncio.sleep(0.005)
    if server.started:
        heed.started()
    await serving
