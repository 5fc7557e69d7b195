"""A model behind HTTP: Starlette under uvicorn on 127.0.0.1, answering as told."""

from __future__ import annotations

import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


@dataclass
class Posted:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes


Reply = Callable[[Posted], Response | Awaitable[Response]]


@dataclass
class HttpModel:
    """Use as a context."""

    reply: Reply
    certificates: Path | None = None
    port: int = 0
    app: Starlette | None = None
    """Serves instead of `reply`."""
    posted: list[Posted] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http{'s' if self.certificates else ''}://127.0.0.1:{self.port}/score"

    def __enter__(self) -> HttpModel:
        app = self.app or Starlette(routes=[Route("/{path:path}", self._answer, methods=["POST"])])
        tls = {}
        if self.certificates:
            tls = {"ssl_certfile": self.certificates / "server.pem", "ssl_keyfile": self.certificates / "server.key"}
        config = uvicorn.Config(
            app, "127.0.0.1", self.port, log_level="critical", lifespan="off", timeout_graceful_shutdown=10, **tls
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive(), f"port {self.port} is taken"
            time.sleep(0.005)
        self.port = self._server.servers[0].sockets[0].getsockname()[1]
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.should_exit = True
        self._thread.join(60)

    async def _answer(self, request: Request) -> Response:
        posted = Posted(request.url.path, dict(request.headers), await request.body())
        self.posted.append(posted)
        reply = self.reply(posted)
        return reply if isinstance(reply, Response) else await reply
