"""Heat maps: where people were, as numbers and as a picture to be laid over a still."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Final, Literal

import cv2
import numpy as np
from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request
from numpy.typing import NDArray
from starlette.responses import Response

from footfall.access.roles import Caller, Role
from footfall.config.plan import GroundSpec
from footfall.report.scale import Palette, Scale
from footfall.spatial.publish import PublicMap
from footfall.store import tracks
from footfall.store.heat import heat
from footfall.web.asked import Camera, From, To, bad, span
from footfall.web.models_numbers import Heatmap
from footfall.web.parts import Parts, parts_of, pools_of, tried
from footfall.web.said import errors, file
from footfall.web.security import Where, require_camera
from footfall.web.snippets import plan_of

router = APIRouter(prefix="/api/v1/numbers", tags=["numbers"])
QueryViewer = Annotated[Caller, Depends(require_camera(Role.VIEWER, Where.QUERY))]
Plane = Literal["picture", "floor"]
On = Annotated[Plane, Query(description="shares of the picture, or metres of the floor")]
USUAL: Final = timedelta(hours=1)
LONGEST: Final = timedelta(hours=24)
PIXELS: Final = 16
"""Of the picture, for each cell."""


@router.get("/heatmap", operation_id="getHeatmap", response_model=Heatmap, responses=errors(404))
async def heatmap(
    request: Request, _caller: QueryViewer, camera: Camera, begin: From = None, end: To = None, on: On = "picture"
) -> Response:
    """Where people were, in seconds a cell; only cells that enough people share. Needs recorded tracks."""
    first, last = _asked(request, begin, end)
    return await tried(request, lambda parts: _summed(parts, camera, first, last, on))


@router.get(
    "/heatmap.png",
    operation_id="getHeatmapPicture",
    response_class=Response,
    responses=file("image/png", "Transparent where nobody was", 404),
)
async def heatmap_picture(
    request: Request, _caller: QueryViewer, camera: Camera, begin: From = None, end: To = None, on: On = "picture"
) -> Response:
    """The same as a picture, to be laid over a still."""
    first, last = _asked(request, begin, end)
    work = partial(_drawn, parts_of(request), camera, first, last, on)
    return Response(await to_thread.run_sync(work, limiter=pools_of(request).long), media_type="image/png")


def _asked(request: Request, begin: datetime | None, end: datetime | None) -> tuple[datetime, datetime]:
    first, last = span(begin, end, parts_of(request).clock.now(), USUAL)
    if last - first > LONGEST:
        raise bad("$.query.from", "is too long ago", "ask for at most 24 hours at once")
    return first, last


def _drawn(parts: Parts, camera: str, begin: datetime, end: datetime, on: Plane) -> bytes:
    summed = _summed(parts, camera, begin, end, on)
    return picture_of(np.array(summed.cells or [[0.0]], float))


def _summed(parts: Parts, camera: str, begin: datetime, end: datetime, on: Plane) -> Heatmap:
    plan = plan_of(parts, camera)
    ground = None if plan is None else plan.spec(GroundSpec).camera
    found = heat(tracks.frames(parts.store, camera, begin, end), ground)
    public = None if found is None else found.picture if on == "picture" else found.floor
    if public is None:
        return Heatmap(begin=begin, end=end, on=on, columns=0, rows=0, cells=[])
    grid, is_floor = public.grid, on == "floor"
    return Heatmap(
        begin=begin,
        end=end,
        on=on,
        columns=grid.columns,
        rows=grid.rows,
        cells=_cells(public).round(2).tolist(),
        cell_m=grid.cell if is_floor else None,
        origin_m=list(grid.low) if is_floor else None,
    )


def _cells(public: PublicMap) -> NDArray[np.float64]:
    """(rows, columns) seconds; hidden cells are 0."""
    cells = np.zeros((public.grid.rows, public.grid.columns))
    for (column, row), cell in public.cells.items():
        cells[row, column] = cell.seconds
    return cells


def picture_of(cells: NDArray[np.float64]) -> bytes:
    """(rows, columns) -> a PNG, the most visited places the most opaque."""
    scale = Scale(float(cells.max()), Palette.INFERNO)
    pixels = np.zeros((*cells.shape, 4), np.uint8)
    for at in zip(*np.nonzero(cells), strict=True):
        pixels[at] = (*scale.colour(cells[at]), round(60 + 160 * scale.share(cells[at])))
    large = cv2.resize(pixels, None, fx=PIXELS, fy=PIXELS, interpolation=cv2.INTER_NEAREST)
    is_done, png = cv2.imencode(".png", large)
    assert is_done
    return png.tobytes()
