"""Which operation a request means: the words of a path in any case, its parameters as they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from starlette.types import Scope

from footfall.customvision.door.asking import identity
from footfall.customvision.door.routes_table import OURS, ROUTES, Route, Version

_VERSION: Final = re.compile(r"v(\d{1,3})\.(\d{1,3})(-preview(\.\d+)?)?", re.IGNORECASE)
_VERSION_PART: Final = "{version}"
_FREE: Final = frozenset({"published_name"})
"""Parameters of a path that are no ids."""


@dataclass(frozen=True, slots=True)
class Match:
    """An operation, and what its path says."""

    route: Route
    version: Version
    texts: Mapping[str, str]
    """Parameters as they came."""

    def arguments(self) -> dict[str, object]:
        """Parameters of the path.

        Raises:
            Refused: an id is none.
        """
        return {name: value if name in _FREE else identity(value) for name, value in self.texts.items()}


class Table:
    """Finds operations."""

    def __init__(self, routes: Iterable[Route] = (*ROUTES, *OURS)) -> None:
        self._routes = [(route, tuple(route.path.strip("/").split("/"))) for route in routes]

    def find(self, method: str, segments: tuple[str, ...]) -> Match | frozenset[str]:
        """The operation; or the methods that there are for this path, which may be none."""
        methods = set()
        for route, pattern in self._routes:
            texts = _fitting(pattern, segments)
            if texts is None:
                continue
            if route.method == method:
                version = _VERSION.fullmatch(texts.pop("version"))
                assert version is not None
                return Match(route, (int(version[1]), int(version[2])), texts)
            methods.add(route.method)
        return frozenset(methods)


def segments_of(scope: Scope, prefix: str = "") -> tuple[str, ...]:
    """The parts of a path, each decoded by itself: an encoded slash separates nothing.

    Args:
        scope: of the request.
        prefix: what a proxy in front has left standing before the path: `/some/prefix`.
    """
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    path = raw.partition(b"?")[0].decode("ascii", "replace")
    if prefix and path.startswith(f"{prefix}/"):
        path = path[len(prefix) :]
    return tuple(unquote(part, errors="replace") for part in path.removeprefix("/").removesuffix("/").split("/"))


def _fitting(pattern: tuple[str, ...], segments: tuple[str, ...]) -> dict[str, str] | None:
    """The parameters, if a path has this form."""
    if len(pattern) != len(segments):
        return None
    texts = {}
    for wanted, given in zip(pattern, segments, strict=True):
        if wanted.startswith("{"):
            if not given or (wanted == _VERSION_PART and not _VERSION.fullmatch(given)):
                return None
            texts[wanted[1:-1]] = given
        elif wanted != given.lower():
            return None
    return texts
