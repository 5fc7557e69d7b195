"""How the service answers: JSON, nothing, bytes, or an error in the two shapes that clients know (spec 5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec
from starlette.responses import Response

from footfall.customvision.faults import Refused

JSON: Final = "application/json; charset=utf-8"
ALWAYS: Final = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
_encode = msgspec.json.Encoder().encode


def said(answer: object, status: int) -> Response:
    """An answer as JSON; none with 204 and 202."""
    if status in (202, 204):
        return Response(None, status, ALWAYS)
    return Response(_encode(answer), status, ALWAYS, JSON)


def picture(content: bytes) -> Response:
    """A picture to look at."""
    return Response(content, 200, ALWAYS, media_type_of(content))


def archive(content: bytes, name: str) -> Response:
    """A file to keep."""
    headers = {**ALWAYS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, 200, headers, "application/zip")


def refusal(refused: Refused) -> Response:
    """An error of an operation."""
    return _error(refused.status, {"code": refused.code, "message": refused.message})


def turned_away(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> Response:
    """An error before any operation: in the shape of Custom Vision and in that of the gateway before it, at once."""
    inner = {"code": str(status), "message": message}
    return _error(status, {"code": code, "message": message, "error": inner}, headers)


def media_type_of(content: bytes) -> str:
    """Of a picture, by its first bytes."""
    kinds = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"GIF8": "image/gif", b"BM": "image/bmp"}
    return next((kind for magic, kind in kinds.items() if content.startswith(magic)), "application/octet-stream")


def _error(status: int, body: Mapping[str, object], headers: Mapping[str, str] | None = None) -> Response:
    return Response(_encode(body), status, {**ALWAYS, **(headers or {})}, JSON)
