"""The web of a service: page, API, and figures for Prometheus."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.types import ASGIApp

from footfall.access.outbound import CAMERAS, Reach
from footfall.core.ports import Clock
from footfall.serve.figures import CONTENT_TYPE, Beside, render
from footfall.serve.service import Service
from footfall.web.app import create_app
from footfall.web.parts import Parts
from footfall.web.security import Door, Viewer


def app_of(service: Service, door: Door, clock: Clock, reach: Reach = CAMERAS) -> ASGIApp:
    """Page and API over a running service; `reach`: where cameras may be that people add."""
    root = service.folder.root
    parts = Parts(service.desk, service.gate, clock, service.store, service.own, service.hub, root, reach)
    return create_app(parts, door, others=[figures(service, clock)])


def figures(service: Service, clock: Clock) -> APIRouter:
    """`/metrics`."""
    router = APIRouter()

    @router.get("/metrics", include_in_schema=False)
    def metrics(_caller: Viewer) -> Response:
        oldest = service.filling.oldest
        lag_s = 0.0 if oldest is None else (clock.now() - oldest).total_seconds()
        return Response(render(service.desk, Beside(service.teller.figures, lag_s)), media_type=CONTENT_TYPE)

    return router
