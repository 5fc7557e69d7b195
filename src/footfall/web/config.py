"""The configuration as text, its versions, and going back to one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from footfall.web.asked import IfMatch, required_version
from footfall.web.desk import Desk
from footfall.web.documents import config_of, summary_of
from footfall.web.editing import edit
from footfall.web.models import Problem, Problems
from footfall.web.models_config import Config, ConfigChange, ConfigCheck, ConfigVersions, RestoreRequest
from footfall.web.parts import told, told_with_version
from footfall.web.said import ETAG, edits, errors
from footfall.web.security import Admin

router = APIRouter(prefix="/api/v1/config", tags=["configuration"])
Number = Annotated[int, Path(ge=1, le=2**53, description="of the version")]


@router.get("", operation_id="getConfig", response_model=Config, responses=errors() | ETAG)
async def get_config(request: Request, _caller: Admin) -> Response:
    """What holds now. Passwords of cameras are named in it, never shown."""
    return await told_with_version(request, lambda desk: config_of(desk.version()))


@router.put("", operation_id="changeConfig", response_model=Config, responses=edits() | ETAG)
async def change_config(request: Request, body: ConfigChange, caller: Admin, if_match: IfMatch = None) -> Response:
    """Replace the text, and run it by difference: cameras that did not change lose no frame."""
    base = required_version(if_match)
    return await told_with_version(request, lambda desk: config_of(edit(desk, body.text, base, caller, body.comment)))


@router.post("/check", operation_id="checkConfig", response_model=Problems, responses=errors())
async def check_config(request: Request, body: ConfigCheck, _caller: Admin) -> Response:
    """What is wrong with a text; nothing changes."""
    return await told(request, lambda desk: Problems(problems=[Problem.of(one) for one in desk.check(body.text)]))


@router.get("/versions", operation_id="listConfigVersions", response_model=ConfigVersions, responses=errors())
async def list_versions(
    request: Request,
    _caller: Admin,
    before: Annotated[int | None, Query(ge=1, le=2**53)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Response:
    """Every version that is kept, newest first."""

    def versions(desk: Desk) -> ConfigVersions:
        found = [summary_of(one) for one in desk.versions(before, limit)]
        return ConfigVersions(versions=found, before=found[-1].version if len(found) == limit else None)

    return await told(request, versions)


@router.get("/versions/{number}", operation_id="getConfigVersion", response_model=Config, responses=errors(404))
async def get_version(request: Request, number: Number, _caller: Admin) -> Response:
    """One version."""
    return await told(request, lambda desk: config_of(desk.version(number)))


@router.post(
    "/versions/{number}/restore", operation_id="restoreConfig", response_model=Config, responses=edits() | ETAG
)
async def restore(
    request: Request, number: Number, body: RestoreRequest, caller: Admin, if_match: IfMatch = None
) -> Response:
    """Let an older version hold again, as a new version."""
    base = required_version(if_match)

    def again(desk: Desk) -> Config:
        comment = body.comment or f"as in version {number}"
        return config_of(edit(desk, desk.version(number).text, base, caller, comment))

    return await told_with_version(request, again)
