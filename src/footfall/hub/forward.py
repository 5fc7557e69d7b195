"""Store and forward: what is in the event log goes on to a sink, every message at least once.

The log is read from a position that is kept in a file, so that a hub that was killed goes on where it was. Sinks get
the log's lines as they are, with device, module, output and properties: not every sink has a place for these elsewhere.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from logging import getLogger
from pathlib import Path
from typing import Final, Protocol

from footfall.core.errors import ConfigError, Problem
from footfall.core.types import Message
from footfall.hub.hub import Hub
from footfall.hub.log import Position, Tail
from footfall.hub.record import message_of

log = getLogger(__name__)

AGAIN_S: Final = 5.0
"""How long to wait before lines that a sink could not keep are offered again."""


class Deliver(Protocol):
    """Hands messages to sinks; what they cannot take now is kept on the disk (`engine.delivery.Delivery`)."""

    @property
    def lost(self) -> int:
        """Messages that could be neither delivered nor kept."""
        ...

    def __call__(self, messages: Sequence[Message]) -> None:
        """Deliver or keep safe."""
        ...


@asynccontextmanager
async def forwarding(hub: Hub, deliver: Deliver, kept: Path) -> AsyncIterator[None]:
    """Forward while inside; `kept` is the file with the position. At the first start what comes from now on.

    Raises:
        ConfigError: the file cannot be used.
    """
    tail = Tail(hub.log_folder, _begun(kept, hub.log_end))
    enough = asyncio.Event()
    task = asyncio.get_running_loop().create_task(_Forwarding(hub, tail, deliver, kept).run(enough))
    try:
        yield
    finally:
        enough.set()
        await task


class _Forwarding:
    """From the log to one sink."""

    def __init__(self, hub: Hub, tail: Tail, deliver: Deliver, kept: Path) -> None:
        self._hub = hub
        self._tail = tail
        self._deliver = deliver
        self._kept = kept

    async def run(self, enough: asyncio.Event) -> None:
        """Go on until it is enough."""
        while not enough.is_set():
            written, before = self._hub.journal.written, self._tail.position
            lines = self._tail.read(self._hub.log_end)
            if not lines:
                await _first_of(written, enough)
            elif await asyncio.to_thread(_hand_over, lines, self._deliver):
                self._save()
            else:
                self._tail.position = before
                await _first_of(enough, timeout_s=AGAIN_S)

    def _save(self) -> None:
        """Where it cannot be kept, messages are sent twice after a restart."""
        try:
            save(self._kept, self._tail.position)
        except OSError as error:
            log.warning("%s cannot be written: %s", self._kept, error.strerror)


async def _first_of(*events: asyncio.Event, timeout_s: float | None = None) -> None:
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    await asyncio.wait(waits, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()


def _begun(kept: Path, end: Position) -> Position:
    try:
        if not kept.exists():
            save(kept, end)
        return Position.parse(kept.read_text())
    except OSError as error:
        problem = Problem("hub", str(kept), f"cannot be used: {error.strerror}", "choose another folder with --data")
    except ValueError:
        problem = Problem("hub", str(kept), "is no position of an event log", "remove it: forwarding begins anew")
    raise ConfigError([problem])


def _hand_over(lines: list[bytes], deliver: Deliver) -> bool:
    """Whether all of them were delivered or kept."""
    lost_before = deliver.lost
    deliver([message for line in lines if (message := _message(line)) is not None])
    return deliver.lost == lost_before


def _message(line: bytes) -> Message | None:
    """A line for a sink; None: no route took the message, or it is no line of a log."""
    try:
        message, is_unrouted = message_of(line)
    except ValueError:
        log.warning("event log: a line that cannot be read is not forwarded")
        return None
    if is_unrouted:
        return None
    properties = {name: value or "" for name, value in message.properties.items()}
    return Message(message.sender.client_id, line, message.id, message.time, properties)


def save(kept: Path, position: Position) -> None:
    """Keep a position; at any moment the file is whole."""
    part = kept.with_name(kept.name + ".part")
    with part.open("w") as file:
        file.write(str(position))
        file.flush()
        os.fsync(file.fileno())
    part.rename(kept)
