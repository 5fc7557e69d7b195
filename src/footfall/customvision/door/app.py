"""Custom Vision over HTTP, as one ASGI application.

A request is matched, its caller admitted, its body read into memory, its arguments decoded; then a function does it in
a thread. Whatever goes wrong is an error that the vendor's clients understand (spec/custom-vision.md 5).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from footfall.customvision.door import answers
from footfall.customvision.door.admission import Admission, TurnedAway
from footfall.customvision.door.artifacts import content_of
from footfall.customvision.door.asking import arguments
from footfall.customvision.door.asking_bodies import Body, Sent, Size
from footfall.customvision.door.failing import answer_to
from footfall.customvision.door.fetching import Fetcher
from footfall.customvision.door.keys import Area
from footfall.customvision.door.links import PREFIX, BadLink, Holds, Place, SignedLinks
from footfall.customvision.door.operations import OPERATIONS, Operation
from footfall.customvision.door.receiving import Incoming, TooLarge
from footfall.customvision.door.routes_match import Match, Table, segments_of
from footfall.customvision.door.routes_table import Answer, status_for
from footfall.customvision.faults import Refused
from footfall.customvision.workshop import Workshop
from footfall.vault.faults import Altered

NOT_SUPPORTED: Final = "BadRequestOperationNotSupported"
_BLOB: Final = tuple(PREFIX.strip("/").split("/"))
_HOST: Final = re.compile(r"[0-9A-Za-z.\-_:\[\]]{1,300}")


@dataclass(frozen=True, slots=True)
class Parts:
    """What the routes work with."""

    shop: Workshop
    links: SignedLinks
    admission: Admission
    fetcher: Fetcher
    public_url: str = ""
    """How clients reach the service; empty: as each of them calls it."""
    operations: Mapping[str, Operation] | None = None
    """Other functions than those of this package."""


class App:
    """As ASGI.

    Args:
        parts: what the routes work with.
        predicting: so many pictures are looked at by models at the same time.
        working: so many other requests are worked on.
        large: so many bodies of whole batches are in memory.
    """

    def __init__(self, parts: Parts, predicting: int = 2, working: int = 8, large: int = 2) -> None:
        self._parts = parts
        self._operations = OPERATIONS if parts.operations is None else parts.operations
        self._prefix = urlsplit(parts.public_url).path.rstrip("/")
        self._table = Table()
        self._predicting = CapacityLimiter(predicting)
        self._working = CapacityLimiter(working)
        self._large = CapacityLimiter(large)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """HTTP alone."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
        if scope["type"] != "http":
            return
        request = Request(scope)
        incoming = Incoming(receive, request.headers.get("content-length", ""))
        response = await self._answer(request, incoming)
        if not await incoming.drain():
            response.headers["Connection"] = "close"
        await response(scope, receive, send)

    async def _answer(self, request: Request, incoming: Incoming) -> Response:
        try:
            return await self._routed(request, incoming)
        except Exception as error:  # noqa: BLE001 - the last one that can answer
            return answer_to(error, request)

    async def _routed(self, request: Request, incoming: Incoming) -> Response:
        segments = segments_of(request.scope, self._prefix)
        if segments[:-1] == _BLOB and request.method in ("GET", "HEAD"):
            return await self._blob(request, segments[-1])
        match = self._table.find(request.method, segments)
        if not isinstance(match, Match):
            raise _nothing_there(match)
        author = await self._parts.admission.author(request, match.route.area)
        if match.route.rank == "C":
            raise TurnedAway(501, NOT_SUPPORTED, f"this service does not offer {match.route.name}")
        body = match.route.body
        if body is not None and body.size is Size.BATCH:
            async with self._large:
                return await self._done(request, incoming, match, author)
        return await self._done(request, incoming, match, author)

    async def _done(self, request: Request, incoming: Incoming, match: Match, author: str) -> Response:
        route = match.route
        asked = {**match.arguments(), **arguments(route.query, request.scope["query_string"]), **route.beside}
        limiter = self._predicting if route.is_predicting else self._working
        if route.body is not None:
            sent = Sent(request.headers.get("content-type", ""), await self._body(incoming, route.body))
            asked.update(await to_thread.run_sync(route.body.read, sent, limiter=self._working))
            if route.body.is_by_url:
                asked = await self._fetched(asked, route.area)
        work = partial(self._work, match, self._shop_for(request, author), asked)
        return await to_thread.run_sync(work, limiter=limiter)

    def _work(self, match: Match, shop: Workshop, asked: Mapping[str, object]) -> Response:
        with _watched(shop, match.route.name):
            answer = self._operations[match.route.operation](shop, **asked)
        if match.route.answer is Answer.BYTES:
            return Response(answer, 200, answers.ALWAYS, "application/octet-stream")
        return answers.said(answer, status_for(match.route, match.version, asked, answer))

    async def _fetched(self, asked: Mapping[str, object], area: Area) -> dict[str, object]:
        limits = self._parts.shop.limits
        largest = limits.training_image_bytes if area is Area.TRAINING else limits.prediction_image_bytes
        return await self._parts.fetcher.fill(asked, largest, limits.batch_images)

    async def _body(self, incoming: Incoming, body: Body) -> bytes:
        largest = body.size.largest(self._parts.shop.limits)
        try:
            return await incoming.read(largest)
        except TooLarge:
            raise Refused(body.size.refusal, f"the body has more than {largest} bytes") from None

    async def _blob(self, request: Request, opaque: str) -> Response:
        """What a signed address leads to; whoever has the address needs no key."""
        query = request.query_params
        try:
            place = self._parts.links.open(opaque, query.get("se", ""), query.get("sig", ""))
        except BadLink as error:
            raise TurnedAway(403, "Forbidden", str(error)) from None
        content = await to_thread.run_sync(self._read, place, limiter=self._working)
        if place.holds is Holds.EXPORT:
            return answers.archive(content, f"{place.id}.zip")
        return answers.picture(content)

    def _read(self, place: Place) -> bytes:
        with _watched(self._parts.shop, "blob"):
            return content_of(self._parts.shop, place)

    def _shop_for(self, request: Request, author: str) -> Workshop:
        """The workshop, with addresses that this client can open, and its name in the audit log."""
        shop = self._parts.shop
        links = self._parts.links.at(self._parts.public_url.rstrip("/") or _called(request))
        return replace(shop, links=links, audit=_by(author, shop.audit))


@contextmanager
def _watched(shop: Workshop, name: str) -> Iterator[None]:
    """Nothing happens while the key is away; what somebody has changed from outside is in the audit log."""
    shop.check_key()
    try:
        yield
    except Altered:
        shop.audit("object-altered", {"asked": name})
        raise


def _called(request: Request) -> str:
    """How a client calls the service.

    Raises:
        Refused: by nothing that can be called.
    """
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        raise Refused("BadRequest", "the Host header is none")
    return f"{request.scope['scheme']}://{host}"


def _by(author: str, audit: Callable[[str, Mapping[str, object]], None]) -> Callable[[str, Mapping[str, object]], None]:
    return lambda event, what: audit(event, {**what, "by": author})


def _nothing_there(methods: frozenset[str]) -> TurnedAway:
    if methods:
        allow = ", ".join(sorted(methods))
        return TurnedAway(405, NOT_SUPPORTED, f"only {allow} can be done here", {"Allow": allow})
    return TurnedAway(404, "NotFound", "there is nothing here")
