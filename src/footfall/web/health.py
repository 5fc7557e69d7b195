"""For whoever watches over the service: liveness, readiness, figures."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from starlette.responses import PlainTextResponse, Response

from footfall.web.desk import Desk
from footfall.web.models_system import Ready
from footfall.web.parts import JSON, asked, parts_of, told
from footfall.web.said import Responses, errors, file
from footfall.web.security import Viewer, anyone
from footfall.web.security_refusals import forbidden

router = APIRouter(tags=["health"])
FIGURES = "text/plain; version=0.0.4; charset=utf-8"
NOT_READY: Responses = {503: {"model": Ready, "description": "Not now: `reasons` says why"}}


@router.get("/health/live", operation_id="isAlive", response_class=PlainTextResponse, dependencies=[Depends(anyone())])
async def live() -> PlainTextResponse:
    """Whether the process answers."""
    return PlainTextResponse("ok")


@router.get("/health/ready", operation_id="isReady", response_model=Ready, responses=errors() | NOT_READY)
async def ready(request: Request, _caller: Viewer) -> Response:
    """Whether the service does its work."""
    found = await asked(request, lambda parts: _ready(parts.desk))
    return Response(found.model_dump_json(), 200 if found.is_ready else 503, media_type=JSON)


@router.get("/api/v1/health", operation_id="getHealth", response_model=Ready, responses=errors())
async def health(request: Request, _caller: Viewer) -> Response:
    """Whether the service does its work, for people: that it does not is an answer, too, and no error."""
    return await told(request, _ready)


def _ready(desk: Desk) -> Ready:
    found = desk.health()
    return Ready(is_ready=found.is_ready, reasons=dict(found.reasons), waiting=found.waiting)


@router.get(
    "/metrics",
    operation_id="getMetrics",
    response_class=Response,
    responses=file("text/plain", "Prometheus' text form"),
)
async def metrics(request: Request, caller: Viewer) -> Response:
    """Figures of the service and of every camera, for Prometheus. Only for callers who see all cameras."""
    if caller.cameras is not None:
        raise forbidden("these figures are of all cameras, and you may see some")
    return Response(await asked(request, lambda _parts: parts_of(request).metrics()), media_type=FIGURES)
