"""Pictures of a camera to learn from: off by default, switched on with consent, told, switched off, erased."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from footfall.access.roles import Caller, Role
from footfall.config.plan import SnapshotSpec
from footfall.web.asked import CameraName, IfMatch, bad, base_version
from footfall.web.cameras import state_of
from footfall.web.desk import CameraState, Unknown
from footfall.web.documents import changed_camera
from footfall.web.editing import edit
from footfall.web.models_snapshots import Erased, Snapshots, SnapshotSettings, SnapshotWish
from footfall.web.parts import Parts, counted, studio_of, tried
from footfall.web.said import edits, errors
from footfall.web.security import Pixels, require_camera
from footfall.web.security_refusals import forbidden
from footfall.web.studio import Studio

router = APIRouter(prefix="/api/v1/cameras/{camera:name}/snapshots", tags=["models of one's own"])
CameraOperator = Annotated[Caller, Depends(require_camera(Role.OPERATOR))]
WhoSeesPeople = Annotated[Caller, Depends(require_camera(Role.OPERATOR, pixels=Pixels.ALWAYS))]
Erase = Annotated[bool, Query(description="erase the camera's pictures that nobody has tagged, too")]


@router.get("", operation_id="getSnapshots", response_model=Snapshots, responses=errors(404))
async def get_snapshots(request: Request, camera: CameraName, caller: CameraOperator) -> Response:
    """Whether pictures of a camera are kept to learn from, and how many there are."""
    check_all(caller)
    return await counted(request, lambda parts: _told(studio_of(parts), state_of(parts.desk, camera)))


@router.put("", operation_id="keepSnapshots", response_model=Snapshots, responses=edits())
async def keep_snapshots(
    request: Request, camera: CameraName, body: SnapshotWish, caller: WhoSeesPeople, if_match: IfMatch = None
) -> Response:
    """Keep pictures of a camera to learn from, with the consent of those who are filmed; the camera starts anew."""
    check_all(caller)
    base = base_version(if_match)

    def keep(parts: Parts) -> Snapshots:
        studio = studio_of(parts)
        if not studio.has_project(body.project):
            cure = "make it on the page of Custom Vision first"
            raise bad("$.project", f"there is no project {body.project}", cure, "no-project")
        comment = f"pictures of {camera} are kept for {body.project}"
        edit(parts.desk, changed_camera(camera, {"snapshots": body.model_dump()}), base, caller, comment)
        return _told(studio, state_of(parts.desk, camera))

    return await tried(request, keep)


@router.delete("", operation_id="endSnapshots", response_model=Erased, responses=edits())
async def end_snapshots(
    request: Request, camera: CameraName, caller: CameraOperator, erase: Erase = False, if_match: IfMatch = None
) -> Response:
    """Keep no more pictures of a camera; those that are there stay, or go as well."""
    check_all(caller)
    base = base_version(if_match)

    def end(parts: Parts) -> Erased:
        before = _kept_of(parts, camera)
        comment = f"no more pictures of {camera} are kept"
        edit(parts.desk, changed_camera(camera, {"snapshots": None}), base, caller, comment)
        return Erased(pictures=studio_of(parts).erase(before.plan, caller.author) if erase else 0)

    return await tried(request, end)


@router.post("/erase", operation_id="eraseSnapshots", response_model=Erased, responses=errors(404))
async def erase_snapshots(request: Request, camera: CameraName, caller: CameraOperator) -> Response:
    """Erase the pictures of a camera that nobody has tagged."""
    check_all(caller)
    return await tried(
        request, lambda parts: Erased(pictures=studio_of(parts).erase(_kept_of(parts, camera).plan, caller.author))
    )


def check_all(caller: Caller) -> None:
    """Models and their pictures are of any camera.

    Raises:
        Refused: the caller does not see all of them.
    """
    if caller.cameras is not None:
        raise forbidden("pictures to learn from are for those who see all cameras")


def _kept_of(parts: Parts, camera: str) -> CameraState:
    studio_of(parts)
    state = state_of(parts.desk, camera)
    if state.plan.snapshots is None:
        raise Unknown(f"no pictures of {camera} are kept")
    return state


def _told(studio: Studio, state: CameraState) -> Snapshots:
    spec = state.plan.snapshots
    if spec is None:
        return Snapshots(state="off", words="", settings=None, today=0, in_all=0, untagged=0)
    taken = studio.taken(state.plan)
    return Snapshots(
        state=taken.state,  # type: ignore[arg-type]  # checked by the model
        words=taken.words,
        settings=_settings(spec),
        today=taken.today,
        in_all=taken.in_all,
        untagged=taken.untagged,
    )


def _settings(spec: SnapshotSpec) -> SnapshotSettings:
    return SnapshotSettings(
        project=spec.project,
        consent=spec.consent,
        given_by=spec.given_by,
        of=spec.cut.value,
        every=spec.every_s,
        a_day=spec.a_day,
        in_all=spec.in_all,
        days=spec.days,
    )
