"""Bodies of requests: of bounded size before they are read, and of bounded depth before they are parsed."""

from __future__ import annotations

import re
from typing import Final

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from footfall.web.security_needs import caller_of
from footfall.web.security_refusals import Refused, response_to

STRANGERS_BYTES: Final = 16 * 1024
"""Largest body of somebody who has not logged in."""
DEEPEST: Final = 64
"""How deep JSON may be nested."""
_TOKEN: Final = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)


class Bodies:
    """Refuses bodies that are too large or too deep."""

    def __init__(self, app: ASGIApp, largest: int) -> None:
        self._app = app
        self._largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        largest = STRANGERS_BYTES if caller_of(connection) is None else self._largest
        try:
            body = await _read(connection, receive, largest)
        except Refused as refused:
            await response_to(refused)(scope, receive, send)
            return
        waiting: list[Message] = [] if body is None else [{"type": "http.request", "body": body, "more_body": False}]

        async def receive_read() -> Message:
            return waiting.pop() if waiting else await receive()

        await self._app(scope, receive_read, send)


async def _read(connection: HTTPConnection, receive: Receive, largest: int) -> bytes | None:
    """All of a body; None: the client went away.

    Raises:
        Refused: it is too large, or too deep.
    """
    length = connection.headers.get("content-length", "")
    if length.isdigit() and int(length[:20]) > largest:
        raise _too_large(largest)
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > largest:
            raise _too_large(largest)
    if depth(body) > DEEPEST:
        raise Refused(400, "too-deep", f"JSON is nested deeper than {DEEPEST} levels")
    return bytes(body)


def depth(text: bytes | bytearray) -> int:
    """How deep brackets are nested outside of strings; counting ends one level beyond what is allowed."""
    level = deepest = 0
    for token in _TOKEN.finditer(text):
        first = token[0][:1]
        if first in b"[{":
            level += 1
            deepest = max(deepest, level)
            if deepest > DEEPEST:
                break
        elif first in b"]}":
            level = max(level - 1, 0)
    return deepest


def _too_large(largest: int) -> Refused:
    return Refused(413, "too-large", f"a body has at most {largest} bytes")
