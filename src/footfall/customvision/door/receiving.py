"""Bodies of requests: into memory, never further, and never more than is allowed."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.types import Message, Receive

from footfall.core.errors import FootfallError

DRAIN_BYTES: Final = 64 * 2**20
DRAIN_S: Final = 20.0
STALL_S: Final = 60.0
"""Who sends nothing for so long has gone."""


class TooLarge(FootfallError):
    """A body is larger than it may be."""


class Gone(FootfallError):
    """The client went away."""


class Incoming:
    """The body of one request.

    Args:
        receive: as ASGI.
        length: the header.
        stall_s: how long to wait for each part.
    """

    def __init__(self, receive: Receive, length: str, stall_s: float = STALL_S) -> None:
        self._receive = receive
        self._stall_s = stall_s
        self._told = int(length) if length.isdigit() and len(length) < 20 else 0
        self._is_read = False

    async def read(self, largest: int) -> bytes:
        """All of it.

        Raises:
            TooLarge: there is more than `largest`, or more than that is announced.
            Gone: the client went away.
        """
        if self._told > largest:
            raise TooLarge
        body = bytearray()
        while not self._is_read:
            body += await self._next()
            if len(body) > largest:
                raise TooLarge
        return bytes(body)

    async def drain(self) -> bool:
        """Let the rest come, and forget it: many clients hear no answer before they have said everything.

        Returns:
            Whether that was all; else the connection is of no further use.
        """
        left = DRAIN_BYTES
        try:
            async with asyncio.timeout(DRAIN_S):
                while not self._is_read and left > 0:
                    left -= len(await self._next())
        except (TimeoutError, Gone):
            return False
        return self._is_read

    async def _next(self) -> bytes:
        try:
            async with asyncio.timeout(self._stall_s):
                message: Message = await self._receive()
        except TimeoutError:
            raise Gone from None
        if message["type"] != "http.request":
            raise Gone
        self._is_read = not message.get("more_body", False)
        body: bytes = message.get("body", b"")
        return body
