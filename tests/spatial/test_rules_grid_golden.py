"""Every rule on people who walk, tremble, duck and swap names on a grid: limits are met exactly; written down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import pi
from random import Random

import pytest

from footfall.core.types import TrackObservation
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
)
from written import assert_as_written, in_json

STEP = 1 / 64


class Guest:
    """Walks in steps of a sixty-fourth of the picture, up and down, to and fro."""

    def __init__(self, name: str, lot: Random) -> None:
        self.name, self._lot = name, lot
        self._x, self._y = lot.randrange(4, 61) * STEP, lot.randrange(24, 65) * STEP
        self._way = self._turn()
        self._trembles = lot.random() < 0.4
        self._facing = lot.choice((None, 0.0, pi / 4, pi / 2, pi, 1.25 * pi))
        self.is_seen = lot.random() < 0.7

    def _turn(self) -> tuple[float, float]:
        pace = self._lot.choice((0, 1, 1, 2, 4)) * STEP
        return pace * self._lot.choice((-1, 0, 1)), pace * self._lot.choice((-1, 0, 1))

    def look(self, t_s: float, frame: int) -> TrackObservation:
        lot = self._lot
        if lot.random() < 0.08:
            self._way = self._turn()
        if lot.random() < 0.05:
            self.is_seen = not self.is_seen
        self._x = min(max(self._x + self._way[0], 0.0), 1.0)
        self._y = min(max(self._y + self._way[1], 0.25), 1.0)
        shake = [lot.choice((-1, 0, 0, 1)) * STEP / 2 * self._trembles for _ in range(2)]
        foot = (self._x + shake[0], min(1.0, self._y + shake[1]))
        top, cut = self._y - 0.25, lot.choice((0.0, 0.0, 0.0, 0.0, 0.0625, 0.125))
        box = (foot[0] - 0.0625, top, foot[0] + 0.0625, foot[1] - cut)
        ground_m = None if lot.random() < 0.1 else (round(8.0 * self._x), round(8.0 * self._y))
        speed_m_s = lot.choice((None, 0.5, 1.0))
        foot = (foot[0], box[3])
        return TrackObservation(self.name, t_s, frame, box, foot, 0.75, ground_m, speed_m_s, None, self._facing)


def spec(threshold_w: float, focus: Focus) -> SpatialSpec:
    rules = (
        CountRule(threshold_w, focus, smoothing_s=0.5),
        CountRule(threshold_w, focus, Trigger.INTERVAL, 2, 0.75, 0.25),
        ZoneCrossingRule(threshold_w, focus),
        DwellRule(threshold_w, focus),
        DistanceRule(threshold_w, focus, minimum_m=2.0, maximum_m=5.0),
        DistanceRule(threshold_w, focus, Trigger.EVENT, 2, 0.75, 1.0, 4.0, Aggregation.MODE),
        DistanceRule(threshold_w, focus, Trigger.INTERVAL, 1, 1.5, 3.0, 4.0, Aggregation.MODE),
    )
    box = ((0.25, 0.5), (0.75, 0.5), (0.75, 0.875), (0.25, 0.875))
    edge = ((0.5, 0.375), (1.0, 0.375), (1.0, 1.0), (0.75, 0.75))
    angle = ((0.0, 0.25), (0.5, 0.25), (0.25, 0.5), (0.5, 1.0), (0.0, 1.0))
    lines = (
        Line("upright", (0.5, 0.25), (0.5, 1.0), (LineCrossingRule(threshold_w, focus),)),
        Line("level", (0.875, 0.625), (0.125, 0.625), (LineCrossingRule(2 * threshold_w, focus),)),
        Line("slant", (0.25, 0.25), (0.75, 0.75), (LineCrossingRule(threshold_w, focus),)),
        Line("short", (0.5, 0.5), (0.53125, 0.5), (LineCrossingRule(0.0, focus),)),
    )
    zones = (
        Zone("box", box, rules, target_side=1),
        Zone("edge", edge, rules, target_side=3, is_open=True),
        Zone("angle", angle, rules[2:4]),
        Zone("other", box, (ZoneCrossingRule(threshold_w, Focus.CENTER), DwellRule(threshold_w, Focus.BOTTOM_CENTER))),
    )
    return SpatialSpec(zones, lines, forget_after_s=1.0)


STORIES = {
    "grid-few": (251, 8, 8, 1 / 32, Focus.FOOTPRINT),
    "grid-many": (252, 26, 8, 1 / 32, Focus.FOOTPRINT),
    "grid-slow": (253, 14, 2, 1 / 16, Focus.CENTER),
    "grid-some": (254, 22, 4, 1 / 64, Focus.BOTTOM_CENTER),
}
"""Name -> seed, people, frames a second, threshold, focus."""


def told(seed: int, number: int, fps: int, threshold_w: float, focus: Focus) -> Iterator[str]:
    lot = Random(seed)
    operation, guests = Operation(spec(threshold_w, focus), 1.0), [Guest(f"g{k}", lot) for k in range(number)]
    t_s = 4.0
    for frame in range(220):
        looks = [(guest, guest.look(t_s, frame)) for guest in guests]
        people = [seen for guest, seen in looks if guest.is_seen]
        if frame % 23 == 0:
            one, other = lot.sample(guests, 2)
            one.name, other.name = f"{one.name}+", one.name
        lot.shuffle(people)
        if frame % 50 < 46:
            yield from map(_line, operation.step(people, t_s, frame))
        t_s += lot.choice((1, 1, 1, 1, 1, 2, 4)) / fps
    yield from map(_line, operation.flush())
    yield from map(_line, operation.flush())


def _line(insight: Insight) -> str:
    kind = type(insight).__name__
    if isinstance(insight, Counted):
        return in_json(
            kind, insight.zone, insight.t_s, insight.trigger, insight.count, sorted(p.track_id for p in insight.people)
        )
    if isinstance(insight, DistanceMeasured):
        names = sorted(person.track_id for person in insight.violators)
        figures = (insight.proximity, insight.person_count, insight.average_m)
        return in_json(kind, insight.zone, insight.t_s, insight.trigger, *figures, names)
    person = insight.person
    return in_json(kind, replace(insight, person=f"{person.track_id} {person.frame}"))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", STORIES)
def test_all_rules_say_on_a_grid_what_they_said(name: str) -> None:
    assert_as_written(f"spatial/{name}", told(*STORIES[name]))
