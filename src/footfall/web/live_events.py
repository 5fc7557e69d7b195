"""Events over a WebSocket, as soon as they are safe."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from starlette.websockets import WebSocket

from footfall.core.types import Message
from footfall.store.records import EventRecord
from footfall.store.wire import FACTS, PROPERTY, read_message
from footfall.web.desk import Desk
from footfall.web.told_events import event_json

WAITING: Final = 1000
"""Events that a reader may be behind."""
HEARTBEAT_S: Final = 10.0
TRY_AGAIN: Final = 1013
"""Status code of RFC 6455's registry: try again later."""
PAUSE_S: Final = 5.0
"""After so long a heartbeat goes before what is told: rights are looked up again with it."""
GOODBYE_S: Final = 1.0
ALIVE: Final = '{"alive":true}'


class EventSocket:
    """One reader.

    Args:
        socket: not accepted yet.
        wanted: whether an event is for this reader.
    """

    def __init__(self, socket: WebSocket, wanted: Callable[[EventRecord], bool]) -> None:
        self._socket = socket
        self._wanted = wanted
        self._waiting: asyncio.Queue[Message] = asyncio.Queue(WAITING)
        self._is_full = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._sent_s = self._loop.time()

    async def run(self, desk: Desk) -> None:
        """Tell events until the reader goes, may not hear them any more, or is too slow."""
        await self._socket.accept()
        unsubscribe = desk.subscribe(self._overhear)
        tasks = [asyncio.create_task(work) for work in (self._tell(), self._gone(), self._is_full.wait())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            unsubscribe()
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
        if self._is_full.is_set():
            await self._end("too slow: ask GET /api/v1/events for what was missed")

    def _overhear(self, message: Message) -> None:
        """In the thread of a camera."""
        if message.properties.get(PROPERTY) != FACTS:
            with suppress(RuntimeError):  # the loop is closed
                self._loop.call_soon_threadsafe(self._hear, message)

    def _hear(self, message: Message) -> None:
        try:
            self._waiting.put_nowait(message)
        except asyncio.QueueFull:
            self._is_full.set()

    async def _tell(self) -> None:
        while True:
            try:
                async with asyncio.timeout(HEARTBEAT_S):
                    message = await self._waiting.get()
            except TimeoutError:
                await self._send(ALIVE)
            else:
                await self._tell_one(message)

    async def _tell_one(self, message: Message) -> None:
        try:
            event = read_message(message).events[0]
        except ValueError:
            return
        if self._loop.time() - self._sent_s > PAUSE_S:
            await self._send(ALIVE)
        if self._wanted(event):
            await self._send(event_json(event).decode())

    async def _send(self, text: str) -> None:
        await self._socket.send_text(text)
        self._sent_s = self._loop.time()

    async def _gone(self) -> None:
        while (await self._socket.receive())["type"] != "websocket.disconnect":
            pass

    async def _end(self, why: str) -> None:
        with suppress(RuntimeError, OSError, TimeoutError):
            async with asyncio.timeout(GOODBYE_S):
                await self._socket.close(TRY_AGAIN, why)
