"""What can go wrong between a camera and its viewer: a TCP proxy that breaks the connection on demand.

RTSP over TCP puts everything on one connection, so that this one place can break all of it.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import Final

from footfall.simulator.rtsp_reports import SenderReports

CHUNK_BYTES: Final = 16384
ACCEPT_TURNS: Final = 3
"""Of the loop: a server that is closed while it accepts somebody leaves the socket open (Python 3.11)."""
DRIP_BYTES_S: Final = 2000
"""Far below any video."""
_STEP: Final = re.compile(r"(\d+(?:\.\d+)?)s:([a-z]+)(?::(\d+(?:\.\d+)?)s)?")


class Fault(Enum):
    """State of the line to the camera."""

    OK = "ok"
    CUT = "cut"
    """All connections are closed once; new ones work."""
    FREEZE = "freeze"
    """Connections stay open, nothing comes through."""
    DRIP = "drip"
    """The camera's bytes come through at `DRIP_BYTES_S`."""
    REFUSE = "refuse"
    """All connections are closed, new ones are not accepted."""


@dataclass(frozen=True, slots=True)
class FaultStep:
    """One line of a fault plan: at this time the line gets into this state."""

    at_s: float
    fault: Fault


def parse_faults(text: str) -> tuple[FaultStep, ...]:
    """`20s:cut,40s:freeze:10s` -> steps in order of time; with a duration the line is well again after it.

    Raises:
        ValueError: says which part is wrong and what it should look like.
    """
    steps: list[FaultStep] = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        match = _STEP.fullmatch(part)
        if match is None or match[2] not in {fault.value for fault in Fault}:
            kinds = "|".join(fault.value for fault in Fault)
            raise ValueError(f"fault {part!r} is not of the form TIMEs:{kinds}[:DURATIONs], for example 20s:freeze:10s")
        start_s = float(match[1])
        steps.append(FaultStep(start_s, Fault(match[2])))
        if match[3] is not None:
            steps.append(FaultStep(start_s + float(match[3]), Fault.OK))
    return tuple(sorted(steps, key=lambda step: step.at_s))


class FaultProxy:
    """Forwards TCP connections from `port` of `host` to `upstream_port` of 127.0.0.1; lives in one asyncio loop."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.upstream_port = 0
        self.port = 0
        self.clock_offset_s: float | None = None
        """How far the clock of the camera is ahead; None: it need not be a camera that sends here."""
        self._host = host
        self._fault = Fault.OK
        self._healed = asyncio.Event()
        self._healed.set()
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def set(self, fault: Fault) -> None:
        """Bring the line into this state."""
        self._fault = fault
        if fault in {Fault.FREEZE, Fault.DRIP}:
            self._healed.clear()
        else:
            self._healed.set()
        if fault in {Fault.CUT, Fault.REFUSE}:
            await self._hang_up()
        if fault is Fault.REFUSE:
            await self.stop()
        elif self._server is None:
            await self.listen(self.port)

    async def listen(self, port: int) -> None:
        """Accept connections; port 0 chooses a free one.

        Raises:
            OSError: the port is taken.
        """
        self._server = await asyncio.start_server(self._accept, self._host, port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Hang up and do not listen any more."""
        server, self._server = self._server, None
        if server is not None:
            for _ in range(ACCEPT_TURNS):
                await asyncio.sleep(0)
            server.close()
        await self._hang_up()

    async def _hang_up(self) -> None:
        connections = tuple(self._connections)
        for connection in connections:
            connection.cancel()
        await asyncio.gather(*connections, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._forward(reader, writer))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)
        task.add_done_callback(lambda _: writer.transport.abort())  # also of a task that was ended before it began

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers = [writer]
        try:
            camera_reader, camera_writer = await asyncio.open_connection("127.0.0.1", self.upstream_port)
            writers.append(camera_writer)
            ways = [
                asyncio.ensure_future(self._pump(reader, camera_writer)),
                asyncio.ensure_future(self._pump(camera_reader, writer, self._reports())),
            ]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
                await asyncio.gather(*ways, return_exceptions=True)
        except OSError:
            pass
        finally:
            for end in writers:
                end.transport.abort()

    def _reports(self) -> SenderReports | None:
        return None if self.clock_offset_s is None else SenderReports()

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, reports: SenderReports | None = None
    ) -> None:
        with suppress(OSError):
            while data := await reader.read(CHUNK_BYTES):
                if reports is not None and self.clock_offset_s is not None:
                    data = reports.feed(data, self.clock_offset_s)
                await self._hold(data, writer)
                await writer.drain()

    async def _hold(self, data: bytes, writer: asyncio.StreamWriter) -> None:
        """Write at once, or as slowly as the fault says until it is healed."""
        piece = DRIP_BYTES_S // 10
        while data and not self._healed.is_set():
            if self._fault is Fault.DRIP:
                writer.write(data[:piece])
                data = data[piece:]
                await asyncio.sleep(0.1)
            else:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._healed.wait(), 0.1)
        writer.write(data)
