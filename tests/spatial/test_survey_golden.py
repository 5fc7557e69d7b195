"""A report on a crowd with every fault there is, over two recordings, written down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from math import radians
from random import Random

import pytest

from footfall.core.types import Observed
from footfall.spatial.floorplan import PICTURE, on_floor
from footfall.spatial.ground import Camera
from footfall.spatial.maps import Maps
from footfall.spatial.operation import Operation
from footfall.spatial.publish import publish
from footfall.spatial.regions import CountRule, DwellRule, Line, LineCrossingRule, SpatialSpec, Zone, ZoneCrossingRule
from footfall.spatial.survey import Survey, SurveySpec
from spatial.faults import SECONDS, frames
from spatial.storyboard import WIDE_PICTURE
from written import assert_as_written, in_json

UTC_0 = datetime(1970, 1, 1, tzinfo=UTC)
SPATIAL = SpatialSpec(
    (
        Zone("hall", ((0.3, 0.3), (0.9, 0.3), (0.9, 0.8), (0.3, 0.8)), (CountRule(0.01), ZoneCrossingRule(0.01))),
        Zone("desk", ((0.0, 0.5), (0.4, 0.5), (0.4, 0.95), (0.0, 0.95)), (ZoneCrossingRule(0.02), DwellRule(0.01))),
        Zone("back", ((0.0, 0.1), (1.0, 0.1), (1.0, 0.45), (0.0, 0.45)), (ZoneCrossingRule(0.01),)),
    ),
    (Line("door", (0.4, 0.2), (0.42, 0.95), (LineCrossingRule(0.005),)),),
)
CAMERA = Camera(3.2, 0.8, radians(60.0))
STORIES = {
    "survey": (71, 5.0, None, SurveySpec(columns=16, period_s=30.0)),
    "survey-floor": (72, 2.0, CAMERA, SurveySpec(cell_m=1.5, columns=12, gap_s=1.2, period_s=45.0)),
}
"""Name -> seed, frames a second, camera, how finely to look."""


def surveyed(seed: int, fps: float, camera: Camera | None, spec: SurveySpec) -> Survey:
    """Two recordings, in the second of which the file starts again."""
    lot, survey = Random(seed), Survey(SPATIAL, camera, WIDE_PICTURE, spec)
    for recording in range(2):
        survey.begin(recording * (SECONDS + 17.0))
        operation = Operation(SPATIAL, WIDE_PICTURE)
        for number, t_s, people in frames(lot, fps):
            loop = int(recording == 1 and t_s > SECONDS / 2)
            observed = Observed("cam", number, t_s, UTC_0, (640, 360), tuple(people), loop)
            survey.step(observed, operation.step(people, t_s, number))
            if number % 50 == 0:
                survey.step(observed, ())
    survey.flush()
    return survey


def written(survey: Survey) -> Iterator[str]:
    yield in_json(survey.frames, survey.ways.people)
    for number, period in survey.diary.periods.items():
        yield in_json(number, period)
    yield in_json(survey.diary.totals.lines, survey.diary.totals.zones)
    for maps in filter(None, (survey.picture, survey.floor)):
        yield from _map(maps)


def _map(maps: Maps) -> Iterator[str]:
    yield in_json(maps.grid, maps.people, maps.seconds, maps.outside_s)
    for cell, figures in sorted(maps.cells.items()):
        yield in_json(cell, figures)
    for ends, made in sorted(maps.journeys.items()):
        yield in_json(ends, made)
    for least in (1, 2, 4):
        shown = publish(maps, least)
        yield in_json(least, shown.seconds, shown.hidden_share, shown.outside_s, shown.journeys)
        for cell, what in shown.cells.items():
            yield in_json(cell, what)


@pytest.mark.parametrize("name", STORIES)
def test_a_report_is_as_it_was(name: str) -> None:
    assert_as_written(f"spatial/{name}", written(surveyed(*STORIES[name])))


def test_drawings_lie_on_the_floor_as_they_did() -> None:
    slanted = Camera(2.2, 0.7, radians(88.0))
    paths = ([*PICTURE, PICTURE[0]], SPATIAL.zones[1].polygon_n, [(0.1, 0.9), (0.2, 0.05), (0.6, 0.02), (0.9, 0.7)])
    said = [in_json(on_floor(camera, path, WIDE_PICTURE)) for camera in (CAMERA, slanted) for path in paths]
    assert_as_written("spatial/floorplan", said)
