"""The fault proxy for callers without an event loop: it runs in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import TypeVar

from footfall.simulator.rtsp_faults import Fault, FaultProxy

T = TypeVar("T")

TURNS = 20
"""Of the loop: in the next few, connections that are just being accepted arrive, and aborted ones are closed."""


class FaultyLine:
    """A port that leads to `connect`'s port, as well as the last `set` fault lets it."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self._proxy = FaultProxy(host)
        self._proxy.clock_offset_s = 0.0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="faulty-line", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Where it listens, or listened last."""
        return self._proxy.port

    def connect(self, upstream_port: int) -> None:
        """New connections lead to this port from now on."""
        self._proxy.upstream_port = upstream_port

    def listen(self, port: int) -> None:
        """Accept connections; port 0 chooses a free one.

        Raises:
            OSError: the port is taken.
        """
        self._run(self._proxy.listen(port))

    def set(self, fault: Fault) -> None:
        """Bring the line into this state."""
        self._run(self._proxy.set(fault))

    def set_clock(self, offset_s: float) -> None:
        """Let the camera's clock be ahead by so much."""
        self._proxy.clock_offset_s = offset_s

    def close(self) -> None:
        """Hang up and end the thread; safe to call twice."""
        if self._loop.is_closed():
            return
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        """Hang up until nobody is left."""
        for _ in range(TURNS):
            await self._proxy.stop()
            await asyncio.sleep(0)

    def _run(self, work: Coroutine[None, None, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()
