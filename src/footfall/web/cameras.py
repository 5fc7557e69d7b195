"""Cameras: list, add, change, remove."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from footfall.access.roles import Caller, Role
from footfall.core.errors import FootfallError
from footfall.web.asked import CameraName, IfMatch, base_version
from footfall.web.desk import CameraState, Desk, Unknown
from footfall.web.documents import camera_of, changed_camera, with_camera, without_camera
from footfall.web.editing import edit
from footfall.web.models_cameras import Camera, CameraChange, Cameras, Login, NewCamera
from footfall.web.parts import done, parts_of, told
from footfall.web.probing import check_reach
from footfall.web.said import edits, errors
from footfall.web.security import Operator, Viewer, require_camera
from footfall.web.security_refusals import forbidden

router = APIRouter(prefix="/api/v1/cameras", tags=["cameras"])
CameraViewer = Annotated[Caller, Depends(require_camera(Role.VIEWER))]
CameraOperator = Annotated[Caller, Depends(require_camera(Role.OPERATOR))]


@router.get("", operation_id="listCameras", response_model=Cameras, responses=errors())
async def list_cameras(request: Request, caller: Viewer) -> Response:
    """All cameras that the caller sees, in the order of the configuration."""
    return await told(
        request, lambda desk: Cameras(cameras=[camera_of(one) for one in desk.cameras() if caller.sees(one.name)])
    )


@router.post("", operation_id="addCamera", response_model=Camera, status_code=201, responses=edits())
async def add_camera(request: Request, body: NewCamera, caller: Operator, if_match: IfMatch = None) -> Response:
    """Add a camera and start it. Only for callers who see all cameras."""
    if not caller.sees(body.name):
        raise forbidden("you may only see some cameras, and this is none of them")
    base, parts = base_version(if_match), parts_of(request)

    def add(desk: Desk) -> Camera:
        check_reach(parts, body.url)
        section: dict[str, Any] = {"name": body.name.strip(), "url": body.url.strip(), **_settings(body)}
        comment = body.comment or f"camera {body.name} added"
        with _sealed(desk, body.login) as login:
            edit(desk, with_camera({**section, **login}), base, caller, comment)
        return camera_of(state_of(desk, body.name.strip()))

    return await told(request, add, 201)


@router.get("/{camera:name}", operation_id="getCamera", response_model=Camera, responses=errors(404))
async def get_camera(request: Request, camera: CameraName, _caller: CameraViewer) -> Response:
    """One camera."""
    return await told(request, lambda desk: camera_of(state_of(desk, camera)))


@router.patch("/{camera:name}", operation_id="changeCamera", response_model=Camera, responses=edits())
async def change_camera(
    request: Request, camera: CameraName, body: CameraChange, caller: CameraOperator, if_match: IfMatch = None
) -> Response:
    """Change settings of a camera; only it is started anew."""
    base, parts = base_version(if_match), parts_of(request)

    def change(desk: Desk) -> Camera:
        keys = _settings(body)
        if body.url is not None:
            check_reach(parts, body.url)
            keys["url"] = body.url.strip()
        if "login" in body.model_fields_set:
            keys["login"] = None
        comment = body.comment or f"camera {camera} changed"
        with _sealed(desk, body.login) as login:
            edit(desk, changed_camera(camera, {**keys, **login}), base, caller, comment)
        return camera_of(state_of(desk, camera))

    return await told(request, change)


@router.delete("/{camera:name}", operation_id="removeCamera", status_code=204, responses=edits())
async def remove_camera(
    request: Request, camera: CameraName, caller: CameraOperator, if_match: IfMatch = None
) -> Response:
    """Stop a camera and take it out of the configuration. What it has counted stays."""
    base = base_version(if_match)

    comment = f"camera {camera} removed"
    return await done(request, lambda desk: edit(desk, without_camera(camera), base, caller, comment))


def state_of(desk: Desk, name: str) -> CameraState:
    """One camera now.

    Raises:
        Unknown: there is none of this name.
    """
    state = next((one for one in desk.cameras() if one.name == name), None)
    if state is None:
        raise Unknown(f"there is no camera {name!r}")
    return state


@contextmanager
def _sealed(desk: Desk, login: Login | None) -> Iterator[dict[str, Any]]:
    """The key `login` of a camera; every password has a name of its own, so that older versions keep theirs."""
    if login is None:
        yield {}
        return
    name = f"CAMERA_{token_hex(8).upper()}"
    try:
        yield {"login": {"user": login.user, "password": desk.keep_secret(name, login.password)}}
    except FootfallError:
        desk.keep_secret(name, "")
        raise


def _settings(body: NewCamera | CameraChange) -> dict[str, Any]:
    """The keys of a camera that were given, in the words of footfall.yaml."""
    keys = {"transport": "transport", "model": "model", "fps": "fps", "width": "width", "is_enabled": "enabled"}
    given = {keys[name]: getattr(body, name) for name in keys if name in body.model_fields_set}
    return {key: value for key, value in given.items() if value is not None or isinstance(body, CameraChange)}
