"""Server-sent events (WHATWG HTML 9.2): events in the order of the store, from wherever the reader has stopped."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from footfall.store.events import StoredEvent
from footfall.store.faults import StoreUnavailable
from footfall.store.records import EventRecord
from footfall.web.tail import Tail
from footfall.web.told_events import event_json

HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
PAUSE_S: Final = 5.0
"""After so long a heartbeat goes before what is sent: rights are looked up again with it."""
RECONNECT_MS: Final = 2000


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait."""

    slow_s: float = 30.0
    """A reader who takes nothing for so long has ended."""
    heartbeat_s: float = 10.0
    """So often at least something is sent."""


PATIENCE: Final = Patience()


class EventStream(Response):
    """Sends events until the reader goes, may not read them any more, or takes nothing for too long.

    Args:
        tail: what is followed.
        after: where the reader has stopped; None: only what is new.
        wanted: whether an event is for this reader.
        patience: how long to wait.
    """

    media_type = "text/event-stream"

    def __init__(
        self, tail: Tail, after: int | None, wanted: Callable[[EventRecord], bool], patience: Patience = PATIENCE
    ) -> None:
        super().__init__(headers=HEADERS)
        del self.headers["content-length"]
        self._tail = tail
        self._after = after
        self._wanted = wanted
        self._patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI."""
        newest = await self._tail.join()
        try:
            start = newest if self._after is None else min(self._after, newest)
            writing = asyncio.create_task(self._write(_Writer(send, self._patience.slow_s), start))
            leaving = asyncio.create_task(_gone(receive))
            done, pending = await asyncio.wait((writing, leaving), return_when=asyncio.FIRST_COMPLETED)
            for task in pending:
                task.cancel()
            await asyncio.wait((writing, leaving))
            if writing in done:
                writing.result()
        finally:
            self._tail.leave()

    async def _write(self, writer: _Writer, number: int) -> None:
        await writer.start(self.raw_headers)
        try:
            await writer.write(f"retry: {RECONNECT_MS}\nid: {number}\n\n")
            while True:
                number = await self._some(writer, number)
        except StoreUnavailable:
            await writer.end("store-away")
        except (OSError, TimeoutError):
            return  # gone, not allowed any more, or too slow: the connection is closed, and may be taken up again

    async def _some(self, writer: _Writer, number: int) -> int:
        found = await self._tail.after(number, self._patience.heartbeat_s)
        if not found or writer.paused_s() > PAUSE_S:
            await writer.write(":\n\n")
        if not found:
            return number
        await writer.write("".join(self._told(found)))
        return found[-1].number

    def _told(self, found: Sequence[StoredEvent]) -> Iterator[str]:
        last = 0
        for one in found:
            if self._wanted(one.record):
                last = one.number
                yield f"id: {one.number}\nevent: event\ndata: {event_json(one.record).decode()}\n\n"
        if last != found[-1].number:
            yield f"id: {found[-1].number}\n\n"


class _Writer:
    """One answer, bit by bit."""

    def __init__(self, send: Send, slow_s: float) -> None:
        self._send = send
        self._slow_s = slow_s
        self._loop = asyncio.get_running_loop()
        self._written_s = self._loop.time()

    def paused_s(self) -> float:
        """Since something was written."""
        return self._loop.time() - self._written_s

    async def start(self, headers: list[tuple[bytes, bytes]]) -> None:
        """Status and headers."""
        await self._send({"type": "http.response.start", "status": 200, "headers": headers})

    async def write(self, text: str) -> None:
        """A part of the body.

        Raises:
            OSError: nobody reads any more.
            TimeoutError: the reader takes nothing.
        """
        async with asyncio.timeout(self._slow_s):
            await self._send({"type": "http.response.body", "body": text.encode(), "more_body": True})
        self._written_s = self._loop.time()

    async def end(self, code: str) -> None:
        """The last words."""
        await self.write(f"event: end\ndata: {json.dumps({'code': code})}\n\n")
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
