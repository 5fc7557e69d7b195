"""The event log as server-sent events (WHATWG HTML): every message as it comes, and from where one left off."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Final

import msgspec

from footfall.hub.hub import Hub
from footfall.hub.log import Position, is_between_lines
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
        at = Position.parse(text)
    except ValueError:
        at = None
    if at is None or not is_between_lines(hub.log_folder, at):
        raise BadRequest(f"{text[:40]!r} is no id of an event: start, or the id of the last event that you have")
    return at


async def feed(hub: Hub, start: Position | None, closing: asyncio.Event, *, unrouted: bool) -> AsyncGenerator[bytes]:
    """Events with their ids, until `closing`; messages that no route took only where they are asked for."""
    events = hub.events(start or hub.log_end)
    yield BEAT
    over = asyncio.ensure_future(closing.wait())
    pending = asyncio.ensure_future(anext(events, None))
    try:
        while True:
            done, _ = await asyncio.wait([pending, over], timeout=BEAT_S, return_when=asyncio.FIRST_COMPLETED)
            if not done:
                yield BEAT
                continue
            event = pending.result() if pending in done else None
            if event is None:
                return
            pending = asyncio.ensure_future(anext(events, None))
            at, line = event
            if unrouted or not _routed.decode(line).unrouted:
                yield b"id: %s\ndata: %s\n\n" % (str(at).encode(), line)
    finally:
        over.cancel()
        pending.cancel()
        await asyncio.wait([pending])
        await events.aclose()
