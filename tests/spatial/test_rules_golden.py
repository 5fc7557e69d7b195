"""Every kind of rule with every kind of setting on a crowd with every fault there is, written down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import isfinite, radians
from random import Random

import pytest

from footfall.core.geometry import Polygon
from footfall.spatial.ground import Camera, GroundEstimator
from footfall.spatial.insights import Counted, DistanceMeasured, Insight
from footfall.spatial.operation import Operation
from footfall.spatial.regions import (
    Aggregation,
    CountRule,
    DistanceRule,
    DwellRule,
    Focus,
    Line,
    LineCrossingRule,
    SpatialSpec,
    Trigger,
    Zone,
    ZoneCrossingRule,
    ZoneRule,
)
from spatial.faults import frames
from spatial.storyboard import WIDE_PICTURE
from written import assert_as_written, in_json

CAMERA = Camera(4.5, 0.9, radians(55.0))
HALL: Polygon = ((0.25, 0.3), (0.8, 0.2), (0.9, 0.8), (0.4, 0.9))
CORNER: Polygon = ((0.6, 0.5), (1.0, 0.5), (1.0, 1.0), (0.7, 1.0))
NOOK: Polygon = ((0.1, 0.2), (0.6, 0.2), (0.6, 0.8), (0.35, 0.45), (0.1, 0.8))
DOOR, AISLE = ((0.5, 0.1), (0.45, 0.98)), ((0.05, 0.55), (0.95, 0.65))


def rules(threshold_w: float, focus: Focus) -> tuple[ZoneRule, ...]:
    return (
        CountRule(threshold_w, focus),
        CountRule(threshold_w, focus, Trigger.INTERVAL, 2, 1.7, 0.0),
        CountRule(threshold_w, focus, Trigger.EVENT, 3, smoothing_s=1.5),
        ZoneCrossingRule(threshold_w, focus),
        ZoneCrossingRule(threshold_w, focus, output_frequency=3),
        ZoneCrossingRule(threshold_w, focus, exit=False, output_frequency=2),
        ZoneCrossingRule(threshold_w, focus, enter=False),
        DwellRule(threshold_w, focus),
        DwellRule(threshold_w, focus, output_frequency=2),
        DistanceRule(threshold_w, focus),
        DistanceRule(threshold_w, focus, Trigger.EVENT, 2, 1.2, 1.0, 4.0, Aggregation.MODE),
        DistanceRule(threshold_w, focus, Trigger.INTERVAL, 1, 2.3, 1.5, 3.0, Aggregation.MODE),
        DistanceRule(threshold_w, focus, Trigger.INTERVAL, 3, 0.9, 0.5, 5.0),
    )


def spec(focus: Focus) -> SpatialSpec:
    return SpatialSpec(
        (
            Zone("hall", HALL, rules(0.012, focus), target_side=2),
            Zone("corner", CORNER, rules(0.03, focus), is_open=True),
            Zone("nook", NOOK, (CountRule(), ZoneCrossingRule(), DwellRule(), DistanceRule()), target_side=4),
        ),
        (
            Line("door", *DOOR, (LineCrossingRule(0.005, focus), LineCrossingRule(0.02, focus, 2))),
            Line("aisle", *AISLE, (LineCrossingRule(0.01, focus), LineCrossingRule())),
        ),
        forget_after_s=4.0 if focus is Focus.CENTER else 2.0,
    )


STORIES = {
    "rules-footprint": (81, 6.0, Focus.FOOTPRINT),
    "rules-bottom-center": (82, 3.0, Focus.BOTTOM_CENTER),
    "rules-center": (83, 2.0, Focus.CENTER),
}
"""Name -> seed, frames a second, focus."""


def told(seed: int, fps: float, focus: Focus) -> Iterator[str]:
    lot = Random(seed)
    operation, estimator = Operation(spec(focus), WIDE_PICTURE), GroundEstimator(CAMERA, WIDE_PICTURE, True, True)
    for frame, t_s, people in frames(lot, fps):
        measured = estimator.step([one for one in people if isfinite(one.footprint_n[0])], t_s)
        dim = [replace(one, ground_m=None) if lot.random() < 0.05 else one for one in measured]
        yield from map(_line, operation.step([*dim, *people[len(measured) :]], t_s, frame))
    yield from map(_line, operation.flush())


def _line(insight: Insight) -> str:
    kind, when = type(insight).__name__, insight.t_s
    if isinstance(insight, Counted):
        names = [one.track_id for one in insight.people]
        return in_json(kind, insight.zone, when, insight.frame, insight.trigger, insight.count, names)
    if isinstance(insight, DistanceMeasured):
        names = [one.track_id for one in insight.violators]
        figures = (insight.proximity, insight.person_count, insight.average_m, insight.minimum_m)
        return in_json(kind, insight.zone, when, insight.frame, insight.trigger, *figures, names)
    person = insight.person
    return in_json(replace(insight, person=f"{person.track_id} {person.frame} {person.t_s:.3f}"))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", STORIES)
def test_all_rules_say_what_they_said(name: str) -> None:
    assert_as_written(f"spatial/{name}", told(*STORIES[name]))
