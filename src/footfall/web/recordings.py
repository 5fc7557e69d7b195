"""Recorded video, where a recorder is on: for operators with the right to real pictures. Admins delete without."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from itertools import chain
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Header, Query, Request
from starlette.concurrency import iterate_in_threadpool
from starlette.responses import Response, StreamingResponse

from footfall.access.roles import Caller, Role
from footfall.vault.faults import NotSealed, UnknownKey
from footfall.vault.keys import KeyRing
from footfall.web.asked import Cameras, From, Id, Moment, To, bad
from footfall.web.clips import Clip, clips, growing, part, plain_size
from footfall.web.deleting import delete
from footfall.web.desk import Unknown
from footfall.web.models_system import DeletedRecordings, Recording, Recordings
from footfall.web.parts import Parts, counted, parts_of, pools_of
from footfall.web.ranges import Unsatisfiable, asked_range
from footfall.web.said import errors, file
from footfall.web.security import Pixels, Where, require, require_camera
from footfall.web.security_guard import address_of
from footfall.web.security_refusals import Refused

router = APIRouter(prefix="/api/v1/recordings", tags=["recordings"])
Looker = Annotated[Caller, Depends(require_camera(Role.OPERATOR, Where.QUERY, pixels=Pixels.ALWAYS))]
Player = Annotated[Caller, Depends(require(Role.OPERATOR, pixels=Pixels.ALWAYS))]
Deleter = Annotated[Caller, Depends(require(Role.OPERATOR, pixels=Pixels.OPERATOR))]
CameraDeleter = Annotated[Caller, Depends(require_camera(Role.OPERATOR, Where.QUERY, pixels=Pixels.OPERATOR))]
Begin = Annotated[Moment, Query(alias="from", description="RFC 3339", examples=["2026-03-02T14:00:00Z"])]
End = Annotated[
    Moment,
    Query(
        alias="to",
        description="RFC 3339; a recording that shows any of the time goes as a whole",
        examples=["2026-03-02T15:00:00Z"],
    ),
]
DryRun = Annotated[bool, Query(description="only count what would go")]
RangeAsked = Annotated[str | None, Header(alias="Range", max_length=200)]
VIDEO = "video/mp4"
MOST = 5000


@router.get("", operation_id="listRecordings", response_model=Recordings, responses=errors(404))
async def list_recordings(
    request: Request, caller: Looker, camera: Cameras = None, begin: From = None, end: To = None
) -> Response:
    """What is kept, newest first."""

    def list_all(parts: Parts) -> Recordings:
        found = _of(clips(parts.folder), caller, camera, begin, end)
        return Recordings(is_on=_is_on(parts), recordings=[_recording(one) for one in found[:MOST]])

    return await counted(request, list_all)


@router.delete("", operation_id="deleteRecordings", response_model=DeletedRecordings, responses=errors(404))
async def delete_recordings(
    request: Request, caller: CameraDeleter, begin: Begin, end: End, camera: Cameras = None, dry_run: DryRun = False
) -> Response:
    """Delete what was recorded in a time, such as somebody's visit; it cannot be undone. Try `dry_run` first."""
    if begin >= end:
        raise bad("$.query.from", "the time ends before it begins", "give `from` before `to`")

    def delete_all(parts: Parts) -> DeletedRecordings:
        found = _of(clips(parts.folder), caller, camera, begin, end)
        gone = found if dry_run else delete(found, parts.gate.audit, caller.author, address_of(request))
        return DeletedRecordings(
            recordings=len(gone),
            size_bytes=sum(map(plain_size, gone)),
            growing=len(_of(growing(parts.folder), caller, camera, begin, end)),
        )

    return await counted(request, delete_all)


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
    begin = partial(_begun, clip, wanted, parts.recording_keys)
    chunks = await to_thread.run_sync(begin, limiter=pools_of(request).store)
    status = 200 if len(wanted) == size else 206
    return StreamingResponse(iterate_in_threadpool(chunks), status, headers, VIDEO)


@router.delete("/{id:name}", operation_id="deleteRecording", status_code=204, responses=errors(404))
async def delete_recording(request: Request, id: Id, caller: Deleter) -> Response:
    """Delete one recording; it cannot be undone. Who plays it at the moment plays it to its end."""

    def delete_one(parts: Parts) -> None:
        if not delete([_clip(parts, id, caller)], parts.gate.audit, caller.author, address_of(request)):
            raise _none()

    await to_thread.run_sync(delete_one, parts_of(request), limiter=pools_of(request).store)
    return Response(status_code=204)


def _of(
    found: Sequence[Clip], caller: Caller, cameras: Sequence[str] | None, begin: datetime | None, end: datetime | None
) -> list[Clip]:
    """Those of a time that the caller may know of."""
    return [
        one
        for one in found
        if caller.sees(one.camera)
        and (cameras is None or one.camera in cameras)
        and (begin is None or one.end >= begin)
        and (end is None or one.begin < end)
    ]


def _clip(parts: Parts, clip_id: str, caller: Caller) -> Clip:
    clip = next((one for one in clips(parts.folder) if one.id == clip_id), None)
    if clip is None or not caller.sees(clip.camera):
        raise _none()
    return clip


def _none() -> Unknown:
    return Unknown("there is no such recording")


def _begun(clip: Clip, wanted: range, keys: KeyRing | None) -> Iterable[bytes]:
    """Its bytes, from a file that is open: it may be deleted from now on.

    Raises:
        Unknown: it was deleted just before.
        Refused: it is damaged, or sealed with another key.
    """
    chunks = part(clip, wanted, keys)
    try:
        return chain([next(chunks, b"")], chunks)
    except FileNotFoundError:
        raise _none() from None
    except (NotSealed, UnknownKey) as error:
        raise Refused(503, "not-opened", "this recording is damaged, or sealed with another key") from error


def _found(parts: Parts, clip_id: str, caller: Caller) -> tuple[Clip, int]:
    clip = _clip(parts, clip_id, caller)
    if clip.is_sealed and parts.recording_keys is None:
        raise Refused(503, "no-keys", "this recording is sealed, and the service was started without its keys")
    return clip, plain_size(clip)


def _recording(clip: Clip) -> Recording:
    return Recording(
        id=clip.id, camera=clip.camera, begin=clip.begin, end=clip.end, size_bytes=plain_size(clip), type=VIDEO
    )


def _is_on(parts: Parts) -> bool:
    return (parts.folder / "recordings").is_dir() and any((parts.folder / "recordings").iterdir())
