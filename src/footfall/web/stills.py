"""Pictures of a camera: stills, and the live view."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, WebSocket
from starlette.responses import Response

from footfall.access.roles import Caller, Role
from footfall.live.hub import LiveHub
from footfall.live.view import NoPicture, View
from footfall.web.asked import CameraName, ViewAsked
from footfall.web.parts import parts_of
from footfall.web.said import file
from footfall.web.security import Pixels, require_camera
from footfall.web.security_refusals import Refused, no_camera

router = APIRouter(prefix="/api/v1/cameras/{camera:name}", tags=["pictures"])
Watcher = Annotated[Caller, Depends(require_camera(Role.VIEWER, pixels=Pixels.VIEW))]
SLOW_S: Final = 20.0
"""A viewer who takes no picture for so long has gone."""
TRY_AGAIN: Final = 1013
GONE: Final = 1001


@router.get(
    "/still",
    operation_id="getStill",
    response_class=Response,
    responses=file("image/jpeg", "The latest picture, never stored", 404),
)
async def still(request: Request, camera: CameraName, _caller: Watcher, view: ViewAsked = "privacy") -> Response:
    """One picture. The privacy view shows the empty place, never people."""
    hub = _hub_of(request, camera)
    try:
        jpeg = await hub.still(camera, View(view))
    except NoPicture as error:
        raise Refused(503, "no-picture", f"camera {camera!r} sends no picture now") from error
    return Response(jpeg, media_type="image/jpeg", headers={"Cache-Control": "no-store"})


@router.websocket("/live")
async def live(socket: WebSocket, camera: CameraName, _caller: Watcher, view: ViewAsked = "privacy") -> None:
    """Pictures as they come: length of the head (uint32, big-endian), the head as JSON, the JPEG."""
    hub = _hub_of(socket, camera)
    await socket.accept()
    tasks = [asyncio.create_task(work) for work in (_show(socket, hub, camera, View(view)), _gone(socket))]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


def _hub_of(connection: Request | WebSocket, camera: str) -> LiveHub:
    parts = parts_of(connection)
    if all(state.name != camera for state in parts.desk.cameras()):
        raise no_camera(camera)
    return parts.hub


async def _show(socket: WebSocket, hub: LiveHub, camera: str, view: View) -> None:
    code, why = GONE, "the camera is gone"
    try:
        async with aclosing(hub.watch(camera, view)) as pictures:
            async for picture in pictures:
                async with asyncio.timeout(SLOW_S):
                    await socket.send_bytes(picture.packed)
    except TimeoutError:
        return  # whoever takes nothing would not take a last word
    except NoPicture:
        code, why = TRY_AGAIN, "the camera sends nothing now"
    with suppress(RuntimeError, OSError):
        await socket.close(code, why)


async def _gone(socket: WebSocket) -> None:
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass
