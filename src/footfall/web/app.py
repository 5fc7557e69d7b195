"""The whole API as one ASGI application."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from fastapi import FastAPI

from footfall.store import events as stored
from footfall.web import (
    accuracy,
    cameras,
    config,
    events,
    health,
    heatmaps,
    login,
    login_sign_on,
    numbers,
    own_models,
    people,
    places,
    probing,
    recordings,
    regions,
    snapshots,
    stills,
    system,
)  # fmt: skip
from footfall.web.failures import handle_failures
from footfall.web.heads import Heads
from footfall.web.names import EncodedNames
from footfall.web.page import Page
from footfall.web.parts import Parts, Pools
from footfall.web.security import Door, install
from footfall.web.security_table import Needs, describe
from footfall.web.tail import Tail

VERSION: Final = "1"
PARTS: Final = (
    login, login_sign_on, people, cameras, snapshots, regions, stills, probing, config, numbers, heatmaps, places,
    events, accuracy, own_models, recordings, system, health,
)  # fmt: skip


def create_app(parts: Parts, door: Door, page: Page | None = None) -> FastAPI:
    """The API and the page, guarded.

    Args:
        parts: the process behind it.
        door: how it is reached.
        page: other files than those that come with the package.
    """
    app = _routes()
    app.state.parts = parts
    app.state.pools = Pools()
    app.state.tail = tail_of(parts)
    app.state.started_at = parts.clock.now()
    app.mount("/", page or Page(), "page")
    install(app, parts.gate, door)
    app.add_middleware(EncodedNames)
    app.add_middleware(Heads)
    return app


def described() -> dict[str, Any]:
    """OpenAPI 3.1 of the API; nothing runs for it."""
    app = _routes()
    describe(app, Needs.of(app))
    return app.openapi()


def tail_of(parts: Parts) -> Tail:
    """What follows the events of the store."""

    def after(number: int, limit: int) -> list[stored.StoredEvent]:
        return stored.since(parts.store, number, limit=limit)

    tail = Tail(after, partial(stored.last_number, parts.store))
    parts.desk.subscribe(lambda _message: tail.stir())
    return tail


def _routes() -> FastAPI:
    app = FastAPI(
        title="footfall",
        version=VERSION,
        summary="Counts of people, events, cameras and their configuration",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        separate_input_output_schemas=False,
    )
    for part in PARTS:
        app.include_router(part.router)
    handle_failures(app)
    plain = app.openapi
    setattr(app, "openapi", lambda: without_422(plain()))  # noqa: B010 - FastAPI's own way to change the document
    return app


def without_422(document: dict[str, Any]) -> dict[str, Any]:
    """We answer 400 where FastAPI would say 422."""
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)
    for name in ("HTTPValidationError", "ValidationError"):
        document.get("components", {}).get("schemas", {}).pop(name, None)
    return document
