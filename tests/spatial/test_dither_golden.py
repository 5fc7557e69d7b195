"""Trembling people who dither at lines and borders, go round their ends and swap sides; what is told of them."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from footfall.spatial.insights import Counted, DistanceMeasured, Insight
from footfall.spatial.operation import Operation
from footfall.spatial.regions import DwellRule, Focus, Line, LineCrossingRule, SpatialSpec, Zone, ZoneCrossingRule
from spatial.storyboard import person
from written import assert_as_written, in_json


def spec(threshold_w: float, focus: Focus) -> SpatialSpec:
    lines = [
        Line(f"{name}{k}", start, end, (LineCrossingRule(threshold_w, focus),))
        for k in range(4)
        for name, start, end in (
            ("upright", (0.2 * k + 0.2, 0.3), (0.2 * k + 0.2, 0.8)),
            ("level", (0.2 * k + 0.15, 0.55), (0.2 * k + 0.25, 0.57)),
        )
    ]
    rules = (ZoneCrossingRule(threshold_w, focus), DwellRule(threshold_w, focus))
    zones = [
        Zone(f"zone{k}", ((x, 0.4), (x + 0.08, 0.4), (x + 0.08, 0.7), (x, 0.7)), rules, target_side=k + 1)
        for k, x in enumerate((0.16, 0.36, 0.56, 0.76))
    ]
    return SpatialSpec(tuple(zones), tuple(lines), forget_after_s=1.5)


STORIES = {
    "dither": (291, 0.02, 0.008, Focus.FOOTPRINT),
    "dither-much": (292, 0.03, 0.02, Focus.CENTER),
    "dither-back": (300, 0.03, 0.02, Focus.FOOTPRINT),
    "dither-little": (293, 0.01, 0.002, Focus.FOOTPRINT),
}
"""Name -> seed, threshold, jitter, focus."""


def told(seed: int, threshold_w: float, sigma: float, focus: Focus) -> Iterator[str]:
    lot = Random(seed)
    operation = Operation(spec(threshold_w, focus), 0.75)
    homes = [(0.2 * lot.randrange(1, 5), lot.uniform(0.3, 0.8)) for _ in range(19)]
    places = [list(home) for home in homes]
    seen_from_s = [lot.uniform(0.0, 20.0) for _ in homes]
    for frame in range(500):
        t_s = frame / 10
        people = []
        for number, (home, place) in enumerate(zip(homes, places, strict=True)):
            for axis in (0, 1):
                place[axis] += 0.06 * (home[axis] - place[axis]) + lot.gauss(0.0, 0.012)
            if t_s >= seen_from_s[number] and lot.random() < 0.95:
                foot = (place[0] + lot.gauss(0.0, sigma), place[1] + lot.gauss(0.0, sigma))
                people.append(person(f"p{number}", foot, t_s, frame))
        if frame % 130 == 129:
            seen_from_s[frame % 19] = t_s + 2.0
        yield from map(_line, operation.step(people, t_s, frame))
    yield from map(_line, operation.flush())


def _line(insight: Insight) -> str:
    assert not isinstance(insight, Counted | DistanceMeasured)
    where = getattr(insight, "line", None) or getattr(insight, "zone", None)
    what = getattr(insight, "direction", None) or getattr(insight, "side", None)
    times = (insight.t_s, getattr(insight, "dwell_s", None), getattr(insight, "dwell_frames", None))
    return in_json(type(insight).__name__, where, what, *times, insight.person.track_id, insight.person.frame)


@pytest.mark.parametrize("name", STORIES)
def test_who_dithers_is_told_as_before(name: str) -> None:
    assert_as_written(f"spatial/{name}", told(*STORIES[name]))
