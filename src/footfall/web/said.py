"""What every route says about itself in OpenAPI: how its errors look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from footfall.web.models import ErrorAnswer
from footfall.web.models_config import ConflictAnswer

Responses: TypeAlias = dict[int | str, dict[str, Any]]

_WORDS: Final = {
    400: "Bad input: `problems` say what and how to mend it",
    401: "Nobody is logged in",
    403: "The role, or the right to real pictures, is missing",
    404: "There is no such thing, or not for you",
    405: "There is no such method here",
    409: "Somebody else was faster",
    413: "The body is too large",
    416: "No such part of the file",
    429: "Too many requests: wait for `Retry-After` seconds",
    503: "A part of the service is away: try again later",
}
_HEADERS: Final = {
    429: {"Retry-After": {"description": "seconds", "schema": {"type": "integer"}}},
}
ALWAYS: Final = (400, 401, 403, 413, 429, 503)


def errors(*further: int) -> Responses:
    """The errors of a route: those that every route may answer with, and these."""
    return {status: _error(status) for status in sorted({*ALWAYS, *further})}


def edits(*further: int) -> Responses:
    """The errors of a route that changes the configuration."""
    conflict = {"model": ConflictAnswer, "description": "The configuration has changed in the meantime"}
    return {**errors(404, *further), 409: conflict}


def file(kind: str, what: str, *further: int, kinds: Sequence[str] = ()) -> Responses:
    """A route that answers with something else than JSON."""
    content = {one: {"schema": {"type": "string", "format": "binary"}} for one in (kind, *kinds)}
    return {200: {"description": what, "content": content}, **errors(*further)}


def _error(status: int) -> dict[str, Any]:
    headers = {"headers": _HEADERS[status]} if status in _HEADERS else {}
    return {"model": ErrorAnswer, "description": _WORDS[status], **headers}


ETAG: Final[Responses] = {
    200: {"headers": {"ETag": {"description": "version, for `If-Match`", "schema": {"type": "string"}}}}
}
