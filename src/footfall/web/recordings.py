"""Recorded video, where a recorder is on: for operators with the right to real pictures."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request
from starlette.responses import Response

from footfall.access.roles import Caller, Role
from footfall.web.asked import Cameras, From, Id, To
from footfall.web.models_system import Recordings
from footfall.web.said import errors, file
from footfall.web.security import Pixels, Where, require, require_camera
from footfall.web.waiting import not_yet

router = APIRouter(prefix="/api/v1/recordings", tags=["recordings"])
Looker = Annotated[Caller, Depends(require_camera(Role.OPERATOR, Where.QUERY, pixels=Pixels.ALWAYS))]
Player = Annotated[Caller, Depends(require(Role.OPERATOR, pixels=Pixels.ALWAYS))]


@router.get("", operation_id="listRecordings", response_model=Recordings, responses=errors(404))
async def list_recordings(
    request: Request, caller: Looker, camera: Cameras = None, begin: From = None, end: To = None
) -> Response:
    """What is kept, newest first."""
    raise not_yet()


@router.get(
    "/{id:name}",
    operation_id="getRecording",
    response_class=Response,
    responses=file("video/mp4", "The video, or with `Range` a part of it (206)", 404, 416),
)
async def get_recording(
    request: Request,
    id: Id,
    caller: Player,
    range: Annotated[str | None, Header(alias="Range", max_length=100)] = None,
) -> Response:
    """One recording as MP4."""
    raise not_yet()
