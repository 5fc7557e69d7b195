"""The event log as server-sent events (WHATWG HTML): every message as it comes, and from where one left off."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final

import msgspec

from footfall.hub.hub import Hub
from footfall.hub.log import Position
from footfall.hub.messages import BadRequest

BEAT_S: Final = 15.0
"""How often a feed without events says that it is still there."""
BEAT: Final = b":\n\n"
START: Final = "start"


class _Routed(msgspec.Struct):
    unrouted: bool = False


_routed = msgspec.json.Decoder(_Routed)


def position(hub: Hub, text: str | None) -> Position | None:
    """Where a reader wants to begin: `start`, the id of the last event that it has, or nothing for now.

    Raises:
        BadRequest: it is neither.
    """
    if not text:
        return None
    if text == START:
        return hub.first_event()
    try:
        return Position.parse(text)
    except ValueError:
        raise BadRequest(
            f"{text[:40]!r} is no id of an event: start, or the id of the last event that you have"
        ) from None


async def feed(hub: Hub, start: Position | None, *, unrouted: bool) -> AsyncIterator[bytes]:
    """Events with their ids, for ever; messages that no route took only where they are asked for."""
    yield BEAT
    events = hub.events(start)
    pending = asyncio.ensure_future(anext(events))
    try:
        while True:
            done, _ = await asyncio.wait([pending], timeout=BEAT_S)
            if not done:
                yield BEAT
                continue
            try:
                at, line = pending.result()
            except StopAsyncIteration:
                return
            pending = asyncio.ensure_future(anext(events))
            if unrouted or not _routed.decode(line).unrouted:
                yield b"id: %s\ndata: %s\n\n" % (str(at).encode(), line)
    finally:
        pending.cancel()
        await asyncio.wait([pending])
        await events.aclose()
