"""Pictures of a camera: stills, and the live view."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, WebSocket
from starlette.responses import Response

from footfall.access.roles import Caller, Role
from footfall.web.asked import CameraName, ViewAsked
from footfall.web.said import file
from footfall.web.security import Pixels, require_camera
from footfall.web.waiting import not_yet

router = APIRouter(prefix="/api/v1/cameras/{camera:name}", tags=["pictures"])
Watcher = Annotated[Caller, Depends(require_camera(Role.VIEWER, pixels=Pixels.VIEW))]


@router.get(
    "/still",
    operation_id="getStill",
    response_class=Response,
    responses=file("image/jpeg", "The latest picture, never stored", 404),
)
async def still(request: Request, camera: CameraName, _caller: Watcher, view: ViewAsked = "privacy") -> Response:
    """One picture. In the privacy view people cannot be recognised."""
    raise not_yet()


@router.websocket("/live")
async def live(socket: WebSocket, camera: CameraName, _caller: Watcher, view: ViewAsked = "privacy") -> None:
    """Pictures as they come."""
    raise not_yet()
