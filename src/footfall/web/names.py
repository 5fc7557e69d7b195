"""Names in paths: any Unicode, the slash included, each name percent-encoded by itself."""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote_to_bytes

from starlette.convertors import Convertor
from starlette.types import ASGIApp, Receive, Scope, Send

SLASH: Final = "\x00"
"""Stands for a slash within a name until the route is found; no name holds it."""


class NameConvertor(Convertor[str]):
    """One name of a path: `{camera:name}`."""

    regex = "[^/]+"

    def convert(self, value: str) -> str:
        """As it stands in the path -> the name."""
        return value.replace(SLASH, "/")

    def to_string(self, value: str) -> str:
        """The name -> as it stands in the path."""
        return value.replace("/", SLASH)


class EncodedNames:
    """Keeps `%2F` of a name apart from the slashes between names. What is no UTF-8, or holds NUL, matches no route."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        raw = scope.get("raw_path")
        if scope["type"] in ("http", "websocket") and raw is not None and b"%" in raw:
            scope = {**scope, "path": decoded(raw)}
        await self._app(scope, receive, send)


def decoded(raw: bytes) -> str:
    """A path as it came over the wire -> with names decoded."""
    parts = [unquote_to_bytes(part) for part in raw.partition(b"?")[0].split(b"/")]
    if any(b"\x00" in part for part in parts):
        return "/\x01"
    try:
        return "/".join(part.decode().replace("/", SLASH) for part in parts)
    except UnicodeDecodeError:
        return "/\x01"
