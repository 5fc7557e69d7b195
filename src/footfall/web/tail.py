"""The end of the store's events, read once for everybody who follows them.

Whoever follows has a place in the order of the store, and gets what comes after it: from memory while that reaches
back far enough, else from the store. A slow one holds up nobody and costs nothing; nothing is lost or told twice.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import islice
from typing import Final, TypeAlias, TypeVar

from anyio import CapacityLimiter, to_thread

from footfall.store.events import StoredEvent
from footfall.store.faults import StoreUnavailable

REMEMBERED: Final = 2000
"""Events in memory."""
AT_ONCE: Final = 500
LOOK_EVERY_S: Final = 1.0
"""How long an event may go unseen if nobody says that there is one."""
AWAY_S: Final = 2.0


T = TypeVar("T")
ReadAfter: TypeAlias = Callable[[int, int], Sequence[StoredEvent]]
"""(number, limit) -> the events that follow, in order."""


class Tail:
    """Follows the store while somebody follows it; belongs to one event loop.

    Args:
        read_after: asks the store; blocks.
        newest: number of the newest event, 0 where there is none; blocks.
    """

    def __init__(self, read_after: ReadAfter, newest: Callable[[], int]) -> None:
        self._read_after = read_after
        self._newest = newest
        self._limiter = CapacityLimiter(2)
        self._recent: deque[StoredEvent] = deque(maxlen=REMEMBERED)
        self._reaches_back_to = 0
        """All events after this number are in memory, up to..."""
        self._last = 0
        self._followers = 0
        self._task: asyncio.Task[None] | None = None
        self._stirred = asyncio.Event()
        self._grown = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def stir(self) -> None:
        """From any thread: there may be something new."""
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # it is closed already
                loop.call_soon_threadsafe(self._stirred.set)

    async def join(self) -> int:
        """Somebody follows from now on; where the store ends.

        Raises:
            StoreUnavailable: it is away.
        """
        self._followers += 1
        if self._task is None:
            self._loop = asyncio.get_running_loop()
            try:
                self._start_at(await self._ask(self._newest))
            except BaseException:
                self._followers -= 1
                raise
            if self._task is None:
                self._task = asyncio.create_task(self._follow())
        return self._last

    def leave(self) -> None:
        """Somebody follows no more."""
        self._followers -= 1
        if self._followers == 0 and self._task is not None:
            self._task.cancel()
            self._task, self._loop = None, None

    async def after(self, number: int, wait_s: float) -> Sequence[StoredEvent]:
        """Some events after a place, in order; empty where none comes in time.

        Raises:
            StoreUnavailable: it is away.
        """
        if number < self._reaches_back_to:
            return await self._ask(lambda: self._read_after(number, AT_ONCE))
        if number >= self._last:
            with suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._grown.wait()
        return list(islice((one for one in self._recent if one.number > number), AT_ONCE))

    def _start_at(self, newest: int) -> None:
        if self._task is None:
            self._recent.clear()
            self._reaches_back_to = self._last = newest

    async def _follow(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY_S):
                    await self._stirred.wait()
            self._stirred.clear()
            try:
                found = await self._ask(lambda: self._read_after(self._last, AT_ONCE))
            except StoreUnavailable:
                await asyncio.sleep(AWAY_S)
                continue
            if found:
                self._remember(found)

    def _remember(self, found: Sequence[StoredEvent]) -> None:
        forgotten = len(self._recent) + len(found) - REMEMBERED
        if forgotten > 0:
            self._reaches_back_to = [*islice(self._recent, forgotten)][-1].number
        self._recent.extend(found)
        self._last = found[-1].number
        if len(found) == AT_ONCE:
            self._stirred.set()
        self._grown.set()
        self._grown = asyncio.Event()

    async def _ask(self, question: Callable[[], T]) -> T:
        return await to_thread.run_sync(question, limiter=self._limiter)
