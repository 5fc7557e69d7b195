"""What the routes need from the process behind them, and the threads in which that is asked."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Protocol, cast

from anyio import CapacityLimiter, to_thread
from pydantic import BaseModel
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from footfall.access.gate import Gate
from footfall.core.ports import Clock
from footfall.web.desk import Desk

SMALL: Final = 1024
"""Bodies of at most so many bytes are not compressed."""
LEVEL: Final = 5
JSON: Final = "application/json"


class Versioned(Protocol):
    """An answer about one version of the configuration."""

    @property
    def version(self) -> int:
        """Its number."""
        ...


@dataclass(frozen=True, slots=True)
class Parts:
    """The process behind the routes."""

    desk: Desk
    gate: Gate
    clock: Clock
    desk_pool: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(16))
    store_pool: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(6))
    """Queries have threads of their own: slow ones leave the rest alone."""


def parts_of(connection: HTTPConnection) -> Parts:
    """What the app was made with."""
    return cast(Parts, connection.app.state.parts)


async def told(request: Request, tell: Callable[[Desk], BaseModel], status: int = 200) -> Response:
    """What the desk says, as JSON."""
    body, headers = await _in_thread(request, tell)
    return Response(body, status, headers, JSON)


async def told_with_version(request: Request, tell: Callable[[Desk], Versioned]) -> Response:
    """The same, with the version of the configuration as ETag: 304 where the caller has it."""
    seen: list[int] = []

    def remember(desk: Desk) -> BaseModel:
        answer = tell(desk)
        seen.append(answer.version)
        return cast(BaseModel, answer)

    body, headers = await _in_thread(request, remember)
    tag = {"ETag": f'"{seen[0]}"', "Cache-Control": "no-cache"}
    if request.method in ("GET", "HEAD") and request.headers.get("If-None-Match") == tag["ETag"]:
        return Response(status_code=304, headers=tag)
    return Response(body, 200, {**headers, **tag}, JSON)


async def done(request: Request, do: Callable[[Desk], object]) -> Response:
    """Have the desk do something that needs no answer."""
    parts = parts_of(request)
    await to_thread.run_sync(do, parts.desk, limiter=parts.desk_pool)
    return Response(status_code=204)


async def _in_thread(request: Request, tell: Callable[[Desk], BaseModel]) -> tuple[bytes, dict[str, str]]:
    parts = parts_of(request)
    work = partial(rendered, partial(tell, parts.desk), request.headers.get("Accept-Encoding", ""))
    return await to_thread.run_sync(work, limiter=parts.desk_pool)


def rendered(tell: Callable[[], BaseModel], accepted: str) -> tuple[bytes, dict[str, str]]:
    """An answer as JSON, compressed where that pays, and the headers that say so."""
    body = tell().model_dump_json(by_alias=True).encode()
    if len(body) <= SMALL or "gzip" not in accepted:
        return body, {"Vary": "Accept-Encoding"}
    return gzip.compress(body, LEVEL), {"Vary": "Accept-Encoding", "Content-Encoding": "gzip"}
