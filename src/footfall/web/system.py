"""The service itself: versions, disk, licences, the description of this API."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from footfall.web.models import JsonObject
from footfall.web.models_system import System
from footfall.web.said import errors
from footfall.web.security import Admin, Viewer
from footfall.web.waiting import not_yet

router = APIRouter(prefix="/api/v1", tags=["system"])


@router.get("/system", operation_id="getSystem", response_model=System, responses=errors())
async def system(request: Request, _caller: Admin) -> Response:
    """What runs here, on what, under which licences."""
    raise not_yet()


@router.get("/openapi.json", operation_id="getOpenApi", response_model=JsonObject, responses=errors())
async def openapi(request: Request, _caller: Viewer) -> Response:
    """This description (OpenAPI 3.1)."""
    raise not_yet()
