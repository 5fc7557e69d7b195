"""A small shop for reports: five people walk from left to right past a till, three of whom stop at it."""

from __future__ import annotations

from datetime import UTC, datetime
from math import radians

from footfall.core.types import Observed
from footfall.report.document import CameraReport
from footfall.spatial.ground import Camera
from footfall.spatial.interval import Estimate
from footfall.spatial.operation import Operation
from footfall.spatial.regions import DwellRule, Line, LineCrossingRule, SpatialSpec, Zone, ZoneCrossingRule
from footfall.spatial.survey import Survey, SurveySpec
from spatial.storyboard import between, person

CAMERA = Camera(3.2, 0.8, radians(65.0))
TILL = Zone("till <&>", ((0.4, 0.5), (0.6, 0.5), (0.6, 0.9), (0.4, 0.9)), (ZoneCrossingRule(), DwellRule()))
EXIT = Zone("exit", ((0.75, 0.5), (0.95, 0.5), (0.95, 0.9), (0.75, 0.9)), (ZoneCrossingRule(),))
DOOR = Line("door", (0.25, 0.4), (0.25, 0.95), (LineCrossingRule(),))
SPATIAL = SpatialSpec((TILL, EXIT), (DOOR,))
ASPECT = 0.5


def shop(
    people: int = 5,
    *,
    to_and_fro: bool = False,
    camera: Camera | None = CAMERA,
    least: int = 3,
    name: str = "shop",
    start: datetime | None = None,
) -> CameraReport:
    """A report on the shop, at ten frames a second, one person every twenty seconds, from both sides if asked."""
    survey = Survey(SPATIAL, camera, ASPECT, SurveySpec(columns=20, period_s=60.0))
    rules = Operation(SPATIAL, ASPECT)
    offset_s = 0.0 if start is None else start.hour * 3600.0 + start.minute * 60.0
    survey.begin(offset_s)
    midnight = None if start is None else start.replace(hour=0, minute=0)
    number = 0
    for index in range(people):
        way = between((0.12, 0.72), (0.92, 0.72), 60)
        if to_and_fro and index % 2:
            way.reverse()
        stop = [way[30]] * 60 if index < 3 else []
        for foot in [*way[:30], *stop, *way[30:], *[None] * (139 - len(stop))]:
            t_s = number / 10
            seen = () if foot is None else (person(f"p{index}", foot, t_s, number),)
            utc = datetime(1970, 1, 1, tzinfo=UTC)
            observed = Observed(name, number, t_s, utc, (640, 320), seen)
            survey.step(observed, rules.step(seen, t_s, number))
            number += 1
    survey.flush()
    estimates = {("door", "left"): Estimate(people, missed=1.2, missed_variance=1.2)}
    return CameraReport(name, ("shop.jsonl",), survey, least, estimates, midnight)
