"""The whole API as one ASGI application."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI

from footfall.web import (
    accuracy,
    cameras,
    config,
    events,
    health,
    numbers,
    people_waiting,
    places,
    probing,
    recordings,
    regions,
    stills,
    system,
)  # fmt: skip
from footfall.web.failures import handle_failures
from footfall.web.names import EncodedNames
from footfall.web.parts import Parts
from footfall.web.security import Door, install
from footfall.web.security_table import Needs, describe

VERSION: Final = "1"
PARTS: Final = (
    people_waiting, cameras, regions, stills, probing, config, numbers, places, events, accuracy, recordings, system,
    health,
)  # fmt: skip


def create_app(parts: Parts, door: Door) -> FastAPI:
    """The API, guarded.

    Args:
        parts: the process behind it.
        door: how it is reached.
    """
    app = _routes()
    app.state.parts = parts
    install(app, parts.gate, door)
    app.add_middleware(EncodedNames)
    return app


def described() -> dict[str, Any]:
    """OpenAPI 3.1 of the API; nothing runs for it."""
    app = _routes()
    describe(app, Needs.of(app))
    return app.openapi()


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
