"""What the routes need from the process behind them, and the threads in which that is asked."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Protocol, TypeVar, cast

from anyio import CapacityLimiter, to_thread
from pydantic import BaseModel
from sqlalchemy import Engine
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from footfall.access.gate import Gate
from footfall.access.outbound import CAMERAS, Reach, Resolve, addresses_of
from footfall.core.ports import Clock
from footfall.live.hub import LiveHub
from footfall.vault.keys import KeyRing
from footfall.web.desk import Desk, Unknown
from footfall.web.studio import Studio

T = TypeVar("T")
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
    store: Engine
    """Events and numbers; may be away."""
    own: Engine
    """Accounts, configuration, audits of accuracy."""
    hub: LiveHub
    folder: Path
    """Of all data."""
    reach: Reach = CAMERAS
    """Where cameras may be."""
    resolve: Resolve = addresses_of
    """What knows names of hosts."""
    models: Path = Path()
    """Where weights lie."""
    recording_keys: KeyRing | None = None
    """What recordings are sealed with."""
    metrics: Callable[[], bytes] = bytes
    """Prometheus' text form."""
    studio: Studio | None = None
    """Custom Vision; None: the service runs without."""


class Pools:
    """Threads for questions that block: each kind has its own, so that slow ones leave the rest alone."""

    def __init__(self) -> None:
        self.desk = CapacityLimiter(16)
        self.store = CapacityLimiter(6)
        self.long = CapacityLimiter(2)
        self.searches = CapacityLimiter(1)


def parts_of(connection: HTTPConnection) -> Parts:
    """What the app was made with."""
    return cast(Parts, connection.app.state.parts)


def studio_of(parts: Parts) -> Studio:
    """Custom Vision.

    Raises:
        Unknown: the service runs without it.
    """
    if parts.studio is None:
        raise Unknown("Custom Vision is not on: start the service with --customvision")
    return parts.studio


def pools_of(connection: HTTPConnection) -> Pools:
    """The app's threads."""
    return cast(Pools, connection.app.state.pools)


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
    await to_thread.run_sync(do, parts_of(request).desk, limiter=pools_of(request).desk)
    return Response(status_code=204)


async def asked(request: Request, ask: Callable[[Parts], T]) -> T:
    """Something quick that may block."""
    return await to_thread.run_sync(ask, parts_of(request), limiter=pools_of(request).desk)


async def counted(request: Request, tell: Callable[[Parts], BaseModel], status: int = 200) -> Response:
    """What the store says, as JSON."""
    work = partial(rendered, partial(tell, parts_of(request)), request.headers.get("Accept-Encoding", ""))
    body, headers = await to_thread.run_sync(work, limiter=pools_of(request).store)
    return Response(body, status, headers, JSON)


async def _in_thread(request: Request, tell: Callable[[Desk], BaseModel]) -> tuple[bytes, dict[str, str]]:
    work = partial(rendered, partial(tell, parts_of(request).desk), request.headers.get("Accept-Encoding", ""))
    return await to_thread.run_sync(work, limiter=pools_of(request).desk)


async def tried(request: Request, tell: Callable[[Parts], BaseModel], status: int = 200) -> Response:
    """What takes long to find out, as JSON: few such questions are worked on at a time."""
    work = partial(rendered, partial(tell, parts_of(request)), request.headers.get("Accept-Encoding", ""))
    body, headers = await to_thread.run_sync(work, limiter=pools_of(request).long)
    return Response(body, status, headers, JSON)


def rendered(tell: Callable[[], BaseModel], accepted: str) -> tuple[bytes, dict[str, str]]:
    """An answer as JSON, compressed where that pays, and the headers that say so."""
    return packed(tell().model_dump_json(by_alias=True).encode(), accepted)


def packed(body: bytes, accepted: str) -> tuple[bytes, dict[str, str]]:
    """A body, compressed where that pays, and the headers that say so."""
    if len(body) <= SMALL or "gzip" not in accepted:
        return body, {"Vary": "Accept-Encoding"}
    return gzip.compress(body, LEVEL), {"Vary": "Accept-Encoding", "Content-Encoding": "gzip"}
