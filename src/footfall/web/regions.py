"""What is drawn on a camera's picture: read, change, check, and try on the people of the past."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from footfall.web.asked import CameraName, IfMatch, bad, required_version, span
from footfall.web.cameras import CameraOperator, CameraViewer, state_of
from footfall.web.desk import Desk
from footfall.web.documents import size_of
from footfall.web.drawing import drawn_regions, regions_of
from footfall.web.editing import edit
from footfall.web.models_regions import (
    CheckAnswer,
    Preview,
    PreviewRequest,
    Regions,
    RegionsChange,
    RegionsCheck,
)
from footfall.web.parts import parts_of, told_with_version, tried
from footfall.web.said import ETAG, edits, errors
from footfall.web.trying import LONGEST, USUAL, checked, previewed

router = APIRouter(prefix="/api/v1/cameras/{camera:name}/regions", tags=["regions"])


@router.get("", operation_id="getRegions", response_model=Regions, responses=errors(404) | ETAG)
async def get_regions(request: Request, camera: CameraName, _caller: CameraViewer) -> Response:
    """Lines, zones, privacy masks and floor of a camera."""
    return await told_with_version(request, lambda desk: _regions(desk, camera))


@router.put("", operation_id="changeRegions", response_model=Regions, responses=edits() | ETAG)
async def change_regions(
    request: Request, camera: CameraName, body: RegionsChange, caller: CameraOperator, if_match: IfMatch = None
) -> Response:
    """Replace them. The camera goes on with the new ones; whoever is in view stays counted."""
    base = required_version(if_match)

    def change(desk: Desk) -> Regions:
        edit(desk, drawn_regions(camera, body.regions), base, caller, body.comment or f"regions of {camera} drawn")
        return _regions(desk, camera)

    return await told_with_version(request, change)


@router.post("/check", operation_id="checkRegions", response_model=CheckAnswer, responses=errors(404))
async def check_regions(request: Request, camera: CameraName, body: RegionsCheck, _caller: CameraOperator) -> Response:
    """What is wrong with regions, by themselves and for the people of the last minutes; nothing changes."""
    return await tried(request, lambda parts: checked(parts, camera, body.regions))


@router.post("/preview", operation_id="previewRegions", response_model=Preview, responses=errors(404))
async def preview(request: Request, camera: CameraName, body: PreviewRequest, _caller: CameraOperator) -> Response:
    """What regions would have counted, from recorded tracks; nothing changes."""
    begin, end = span(body.begin, body.end, parts_of(request).clock.now(), USUAL)
    if end - begin > LONGEST:
        raise bad("$.from", "is too long ago", "ask for at most 6 hours at once")
    return await tried(request, lambda parts: previewed(parts, camera, body.regions, begin, end))


def _regions(desk: Desk, camera: str) -> Regions:
    version, state = desk.version(), state_of(desk, camera)
    return Regions(version=version.number, size=size_of(state), regions=regions_of(version, state))
