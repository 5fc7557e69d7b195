"""Numbers: by minute, hour and day; now, today; dwell, queues, days side by side, export."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from io import BytesIO
from typing import Annotated, Final, Literal

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request
from starlette.concurrency import iterate_in_threadpool
from starlette.responses import Response, StreamingResponse

from footfall.access.roles import Caller, Role
from footfall.store import numbers as stored
from footfall.store import visits
from footfall.store.export import csv_chunks, write_parquet
from footfall.store.spans import By, Spans, spans
from footfall.web import counting
from footfall.web.asked import Camera, Cameras, From, Region, Regions, To, Zone, bad, scope_of, span, zone_info
from footfall.web.models_numbers import Comparison, Dwell, Now, Numbers, Queue, Span, Today
from footfall.web.parts import Parts, counted, parts_of, pools_of
from footfall.web.said import errors, file
from footfall.web.security import Viewer, Where, require_camera

router = APIRouter(prefix="/api/v1/numbers", tags=["numbers"])
QueryViewer = Annotated[Caller, Depends(require_camera(Role.VIEWER, Where.QUERY))]
Days = Annotated[list[date], Query(min_length=1, max_length=31, description="repeated: `day=2026-03-01&day=...`")]
Each = Annotated[Span, Query(description="how long a span is")]
Format = Annotated[Literal["csv", "parquet"], Query()]
DAY: Final = timedelta(days=1)
MOST_SPANS: Final = 20_000
PARQUET: Final = "application/vnd.apache.parquet"


@router.get("", operation_id="getNumbers", response_model=Numbers, responses=errors(404))
async def numbers(  # noqa: PLR0913, PLR0917 - one parameter a query parameter
    request: Request,
    caller: QueryViewer,
    camera: Cameras = None,
    region: Regions = None,
    begin: From = None,
    end: To = None,
    by: Each = "hour",
    tz: Zone = "UTC",
) -> Response:
    """How many crossed, entered, left, visited; where nothing happened there is no row."""
    scope = scope_of(caller, camera, region)

    def count(parts: Parts) -> Numbers:
        first, last = span(begin, end, parts.clock.now(), DAY)
        cut = _cut(first, last, by, tz)
        rows = [counting.number_of(one) for one in stored.totals(parts.store, cut, scope)]
        return Numbers(begin=first, end=last, by=by, numbers=sorted(rows, key=lambda row: row.begin))

    return await counted(request, count)


@router.get("/now", operation_id="getNow", response_model=Now, responses=errors())
async def now(request: Request, caller: Viewer) -> Response:
    """How many are in view, in zones and inside places."""
    return await counted(request, lambda parts: counting.now(parts, caller))


@router.get("/today", operation_id="getToday", response_model=Today, responses=errors())
async def today(request: Request, caller: Viewer, tz: Zone = "UTC") -> Response:
    """Totals since midnight."""
    zone = zone_info(tz)
    return await counted(request, lambda parts: counting.today(parts, caller, zone))


@router.get("/dwell", operation_id="getDwell", response_model=Dwell, responses=errors(404))
async def dwell(
    request: Request, caller: QueryViewer, camera: Camera, region: Region, begin: From = None, end: To = None
) -> Response:
    """How long visits of a zone were."""
    scope = scope_of(caller, [camera], [region])

    def measure(parts: Parts) -> Dwell:
        first, last = span(begin, end, parts.clock.now(), DAY)
        _cut(first, last, "day", "UTC")
        return counting.dwell_of(visits.dwell(parts.store, first, last, scope), first, last)

    return await counted(request, measure)


@router.get("/queue", operation_id="getQueue", response_model=Queue, responses=errors(404))
async def queue(request: Request, _caller: QueryViewer, camera: Camera, region: Region) -> Response:
    """A zone taken for a queue: its length, and how long people wait; of the last hour."""
    return await counted(request, lambda parts: counting.queue(parts, camera, region))


@router.get("/compare", operation_id="compareDays", response_model=Comparison, responses=errors(404))
async def compare(
    request: Request, caller: QueryViewer, day: Days, camera: Cameras = None, region: Regions = None, tz: Zone = "UTC"
) -> Response:
    """Days side by side, hour by hour."""
    scope, zone = scope_of(caller, camera, region), zone_info(tz)
    if not all(1971 <= one.year < 3000 for one in day):
        raise bad("$.query.day", "is not of our days", "give days from 1971 on")
    return await counted(request, lambda parts: counting.comparison(parts, day, zone, scope))


@router.get(
    "/export",
    operation_id="exportNumbers",
    response_class=Response,
    responses=file("text/csv", "Rows of the asked format", 404, kinds=(PARQUET,)),
)
async def export(  # noqa: PLR0913, PLR0917
    request: Request,
    caller: QueryViewer,
    format: Format = "csv",
    camera: Cameras = None,
    region: Regions = None,
    begin: From = None,
    end: To = None,
    by: Each = "hour",
    tz: Zone = "UTC",
) -> Response:
    """Numbers as a file: camera, region, measure, begin, count, low, high, expected."""
    scope, parts = scope_of(caller, camera, region), parts_of(request)
    first, last = span(begin, end, parts.clock.now(), DAY)
    work = partial(stored.totals, parts.store, _cut(first, last, by, tz), scope)
    rows = await to_thread.run_sync(work, limiter=pools_of(request).store)
    named = {"Content-Disposition": f'attachment; filename="footfall-{first:%Y-%m-%d}.{format}"'}
    if format == "csv":
        return StreamingResponse(iterate_in_threadpool(csv_chunks(rows)), headers=named, media_type="text/csv")
    body = BytesIO()
    await to_thread.run_sync(write_parquet, rows, body, limiter=pools_of(request).store)
    return Response(body.getvalue(), headers=named, media_type=PARQUET)


def _cut(begin: datetime, end: datetime, by: Span, tz: str) -> Spans:
    zone = zone_info(tz)
    seconds = {"minute": 60, "hour": 3600, "day": 86400}[by]
    if (end - begin).total_seconds() / seconds > MOST_SPANS:
        raise bad("$.query.by", f"more than {MOST_SPANS} spans", "ask for a shorter time, or for longer spans")
    try:
        return spans(begin, end, By(by), zone)
    except (ValueError, OverflowError) as error:
        raise bad("$.query.from", str(error), "ask for another time") from error
