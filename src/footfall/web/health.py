"""For whoever watches over the service."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from starlette.responses import PlainTextResponse, Response

from footfall.web.desk import Desk
from footfall.web.models_system import Ready
from footfall.web.parts import told
from footfall.web.said import errors
from footfall.web.security import Viewer, anyone

router = APIRouter(tags=["health"])


@router.get("/health/live", operation_id="isAlive", response_class=PlainTextResponse, dependencies=[Depends(anyone())])
async def live() -> PlainTextResponse:
    """Whether the process answers."""
    return PlainTextResponse("ok")


@router.get("/health/ready", operation_id="isReady", response_model=Ready, responses=errors() | {503: {"model": Ready}})
async def ready(request: Request, _caller: Viewer) -> Response:
    """Whether the service does its work: 200, or 503 with reasons."""

    def say(desk: Desk) -> Ready:
        health = desk.health()
        return Ready(is_ready=health.is_ready, reasons=dict(health.reasons), waiting=health.waiting)

    return await told(request, say)
