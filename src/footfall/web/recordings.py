"""Recorded video, where a recorder is on: for operators with the right to real pictures."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Header, Request
from starlette.concurrency import iterate_in_threadpool
from starlette.responses import Response, StreamingResponse

from footfall.access.roles import Caller, Role
from footfall.web.asked import Cameras, From, Id, To
from footfall.web.clips import Clip, clips, part, plain_size
from footfall.web.desk import Unknown
from footfall.web.models_system import Recording, Recordings
from footfall.web.parts import Parts, counted, parts_of, pools_of
from footfall.web.ranges import Unsatisfiable, asked_range
from footfall.web.said import errors, file
from footfall.web.security import Pixels, Where, require, require_camera
from footfall.web.security_refusals import Refused

router = APIRouter(prefix="/api/v1/recordings", tags=["recordings"])
Looker = Annotated[Caller, Depends(require_camera(Role.OPERATOR, Where.QUERY, pixels=Pixels.ALWAYS))]
Player = Annotated[Caller, Depends(require(Role.OPERATOR, pixels=Pixels.ALWAYS))]
RangeAsked = Annotated[str | None, Header(alias="Range", max_length=200)]
VIDEO = "video/mp4"
MOST = 5000


@router.get("", operation_id="listRecordings", response_model=Recordings, responses=errors(404))
async def list_recordings(
    request: Request, caller: Looker, camera: Cameras = None, begin: From = None, end: To = None
) -> Response:
    """What is kept, newest first."""

    def list_all(parts: Parts) -> Recordings:
        found = [
            _recording(one)
            for one in clips(parts.folder)
            if caller.sees(one.camera)
            and (camera is None or one.camera in camera)
            and (begin is None or one.end >= begin)
            and (end is None or one.begin < end)
        ]
        return Recordings(is_on=_is_on(parts), recordings=found[:MOST])

    return await counted(request, list_all)


@router.get(
    "/{id:name}",
    operation_id="getRecording",
    response_class=Response,
    responses=file(VIDEO, "The video", 404, 416) | {206: {"description": "A part of it", "content": {VIDEO: {}}}},
)
async def get_recording(request: Request, id: Id, caller: Player, range: RangeAsked = None) -> Response:
    """One recording as MP4, or with `Range` a part of it."""
    parts = parts_of(request)
    clip, size = await to_thread.run_sync(partial(_found, parts, id, caller), limiter=pools_of(request).store)
    try:
        wanted = asked_range(range, size)
    except Unsatisfiable:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{size}"})
    headers = {"Accept-Ranges": "bytes", "Content-Length": str(len(wanted)), "Cache-Control": "no-store"}
    if len(wanted) < size:
        headers["Content-Range"] = f"bytes {wanted.start}-{wanted.stop - 1}/{size}"
    chunks: Iterator[bytes] = part(clip, wanted, parts.recording_keys)
    status = 200 if len(wanted) == size else 206
    return StreamingResponse(iterate_in_threadpool(chunks), status, headers, VIDEO)


def _found(parts: Parts, clip_id: str, caller: Caller) -> tuple[Clip, int]:
    clip = next((one for one in clips(parts.folder) if one.id == clip_id), None)
    if clip is None or not caller.sees(clip.camera):
        raise Unknown("there is no such recording")
    if clip.is_sealed and parts.recording_keys is None:
        raise Refused(503, "no-keys", "this recording is sealed, and the service was started without its keys")
    return clip, plain_size(clip)


def _recording(clip: Clip) -> Recording:
    return Recording(
        id=clip.id, camera=clip.camera, begin=clip.begin, end=clip.end, size_bytes=plain_size(clip), type=VIDEO
    )


def _is_on(parts: Parts) -> bool:
    return (parts.folder / "recordings").is_dir() and any((parts.folder / "recordings").iterdir())
