"""Numbers: by minute, hour and day; now, today; dwell, queues, days side by side, heat maps, export."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from footfall.access.roles import Caller, Role
from footfall.web.asked import Camera, Cameras, From, Region, Regions, To, Zone
from footfall.web.models_numbers import Comparison, Dwell, Heatmap, Now, Numbers, Queue, Span, Today
from footfall.web.said import errors, file
from footfall.web.security import Viewer, Where, require_camera
from footfall.web.waiting import not_yet

router = APIRouter(prefix="/api/v1/numbers", tags=["numbers"])
QueryViewer = Annotated[Caller, Depends(require_camera(Role.VIEWER, Where.QUERY))]
Day = timedelta(days=1)
On = Annotated[Literal["picture", "floor"], Query(description="shares of the picture, or metres of the floor")]
By = Annotated[Span, Query()]


@router.get("", operation_id="getNumbers", response_model=Numbers, responses=errors(404))
async def numbers(  # noqa: PLR0913, PLR0917 - one parameter a query parameter
    request: Request,
    caller: QueryViewer,
    camera: Cameras = None,
    region: Regions = None,
    begin: From = None,
    end: To = None,
    by: By = "hour",
    tz: Zone = "UTC",
) -> Response:
    """How many crossed, entered, left, visited; where nothing happened there is no row."""
    raise not_yet()


@router.get("/now", operation_id="getNow", response_model=Now, responses=errors())
async def now(request: Request, caller: Viewer) -> Response:
    """How many are in view, in zones and inside places."""
    raise not_yet()


@router.get("/today", operation_id="getToday", response_model=Today, responses=errors())
async def today(request: Request, caller: Viewer, tz: Zone = "UTC") -> Response:
    """Totals since midnight."""
    raise not_yet()


@router.get("/dwell", operation_id="getDwell", response_model=Dwell, responses=errors(404))
async def dwell(
    request: Request, caller: QueryViewer, camera: Camera, region: Region, begin: From = None, end: To = None
) -> Response:
    """How long visits of a zone were."""
    raise not_yet()


@router.get("/queue", operation_id="getQueue", response_model=Queue, responses=errors(404))
async def queue(request: Request, caller: QueryViewer, camera: Camera, region: Region) -> Response:
    """A zone taken for a queue: its length, and how long people wait."""
    raise not_yet()


@router.get("/compare", operation_id="compareDays", response_model=Comparison, responses=errors(404))
async def compare(
    request: Request,
    caller: QueryViewer,
    day: Annotated[list[date], Query(min_length=1, max_length=31, description="repeated: `day=2026-03-01&day=...`")],
    camera: Cameras = None,
    region: Regions = None,
    tz: Zone = "UTC",
) -> Response:
    """Days side by side, hour by hour."""
    raise not_yet()


@router.get("/heatmap", operation_id="getHeatmap", response_model=Heatmap, responses=errors(404))
async def heatmap(
    request: Request, caller: QueryViewer, camera: Camera, begin: From = None, end: To = None, on: On = "picture"
) -> Response:
    """Where people were, in seconds a cell; only what enough people share. Needs recorded tracks."""
    raise not_yet()


@router.get(
    "/heatmap.png",
    operation_id="getHeatmapPicture",
    response_class=Response,
    responses=file("image/png", "Transparent where nobody was", 404),
)
async def heatmap_picture(
    request: Request, caller: QueryViewer, camera: Camera, begin: From = None, end: To = None, on: On = "picture"
) -> Response:
    """The same as a picture to be laid over a still."""
    raise not_yet()


@router.get(
    "/export",
    operation_id="exportNumbers",
    response_class=Response,
    responses=file("text/csv", "As many rows as there are (application/vnd.apache.parquet for Parquet)", 404),
)
async def export(  # noqa: PLR0913, PLR0917
    request: Request,
    caller: QueryViewer,
    format: Annotated[Literal["csv", "parquet"], Query()] = "csv",
    camera: Cameras = None,
    region: Regions = None,
    begin: From = None,
    end: To = None,
    by: By = "hour",
    tz: Zone = "UTC",
) -> Response:
    """Numbers as a file."""
    raise not_yet()
