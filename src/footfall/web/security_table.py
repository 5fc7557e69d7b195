"""All routes of an app with what they need, gathered once: the guard looks there before the app's router does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, APIWebSocketRoute, RouteContext, iter_route_contexts
from starlette.convertors import Convertor
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from footfall.core.errors import FootfallError
from footfall.web.security_needs import Need

WEBSOCKET: Final = "WEBSOCKET"
"""Stands for the method of a WebSocket."""


class UndeclaredRoute(FootfallError):
    """A route does not say what it needs, or says it twice."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One route with one method."""

    method: str
    path: str
    """As in the OpenAPI document: `/api/v1/cameras/{camera}`."""
    need: Need
    pattern: re.Pattern[str]
    convertors: Mapping[str, Convertor[Any]]


@dataclass(frozen=True, slots=True)
class Needs:
    """All of an app."""

    entries: tuple[Entry, ...]

    @classmethod
    def of(cls, app: FastAPI) -> Self:
        """Gather them.

        Raises:
            UndeclaredRoute: a route has no `Need`, or two that differ.
        """
        return cls(tuple(entry for context in iter_route_contexts(app.routes) for entry in _entries(context)))

    def find(self, scope: Scope) -> tuple[Entry, dict[str, Any]] | None:
        """What a request is for, with its path parameters; None: no such route, or not with this method."""
        method = scope["method"] if scope["type"] == "http" else WEBSOCKET
        for entry in self.entries:
            if entry.method == method and (match := entry.pattern.match(scope["path"])):
                found = match.groupdict()
                return entry, {name: entry.convertors[name].convert(value) for name, value in found.items()}
        return None


def describe(app: FastAPI, needs: Needs) -> None:
    """Put the needs into the OpenAPI document: `x-footfall-role`, `-camera`, `-pixels`, and how to log in."""
    plain = app.openapi
    found = {(entry.path, entry.method.lower()): entry.need for entry in needs.entries}

    def openapi() -> dict[str, Any]:
        document = plain()
        if "x-footfall-roles" in document:
            return document
        document["x-footfall-roles"] = ["viewer", "operator", "admin"]
        document.setdefault("components", {})["securitySchemes"] = {
            "session": {"type": "apiKey", "in": "cookie", "name": "footfall_session"},
            "token": {"type": "http", "scheme": "bearer"},
        }
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                if need := found.get((path, method)):
                    operation.update(need.extension())
                    operation["security"] = [{"session": []}, {"token": []}] if need.role else []
        return document

    setattr(app, "openapi", openapi)  # noqa: B010 - FastAPI's own way to extend the document


def _entries(context: RouteContext) -> Iterator[Entry]:
    route = context.original_route
    if isinstance(route, Mount) and isinstance(route.app, StaticFiles):
        return
    path = context.path_format or context.path or ""
    if not isinstance(route, APIRoute | APIWebSocketRoute):
        raise UndeclaredRoute(f"{path}: only routes of FastAPI can say what they need")
    needs = list(set(_needs(context.dependant)))
    if len(needs) != 1:
        raise UndeclaredRoute(f"{path}: {len(needs)} needs are declared; use Depends(require(...)) once")
    for method in sorted(context.methods or {WEBSOCKET}):
        yield Entry(method, path, needs[0], context.path_regex, context.param_convertors)


def _needs(dependant: Dependant) -> Iterator[Need]:
    if isinstance(dependant.call, Need):
        yield dependant.call
    for inner in dependant.dependencies:
        yield from _needs(inner)
