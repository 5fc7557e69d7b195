"""People with every fault there is on the floor of three cameras and of none, written down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import isfinite, radians
from random import Random

import pytest

from footfall.spatial.ground import Camera, GroundEstimator
from spatial.faults import frames
from spatial.storyboard import WIDE_PICTURE
from written import assert_as_written, in_json

HIGH, LOW, FLAT = Camera(5.2, 0.9, radians(50.0)), Camera(2.6, 0.7, radians(68.0)), Camera(2.4, 0.6, radians(96.0))
STORIES = {
    "ground": (61, 8.0, True, True),
    "ground-slow": (62, 1.5, True, True),
    "ground-silent": (63, 2.0, False, False),
}
"""Name -> seed, frames a second, speed, orientation."""


def told(seed: int, fps: float, speed: bool, orientation: bool) -> Iterator[str]:
    estimator = GroundEstimator(HIGH, WIDE_PICTURE, speed, orientation)
    for number, (_, t_s, people) in enumerate(frames(Random(seed), fps)):
        phase = number // 60 % 4
        estimator.use((HIGH, LOW, None, FLAT)[phase])
        crowd = [one for one in people if isfinite(one.footprint_n[0])]
        measured = estimator.step(crowd, t_s)
        for was, now in zip(crowd, measured, strict=True):
            figures = (now.ground_m, now.speed_m_s, now.ground_orientation_rad, now.image_orientation_rad)
            if number % 2 and any(figure is not None for figure in figures):
                yield in_json(t_s, now.track_id, *figures)
            assert (
                replace(now, ground_m=None, speed_m_s=None, ground_orientation_rad=None, image_orientation_rad=None)
                == was
            )


@pytest.mark.parametrize("name", STORIES)
def test_the_floor_under_a_crowd_is_as_it_was(name: str) -> None:
    assert_as_written(f"spatial/{name}", told(*STORIES[name]))


def test_there_and_back() -> None:
    lot = Random(64)
    said = []
    for camera in (HIGH, LOW, FLAT):
        for _ in range(60):
            point, up_m = (lot.uniform(-3.0, 3.0), lot.uniform(-4.0, 12.0)), lot.uniform(0.0, 2.0)
            said.append(
                in_json(
                    point,
                    camera.to_image(point, WIDE_PICTURE),
                    camera.to_image(point, WIDE_PICTURE, up_m),
                    camera.to_ground((lot.random(), lot.random()), WIDE_PICTURE),
                )
            )
    assert_as_written("spatial/ground-points", said)
