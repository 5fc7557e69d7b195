"""What moves in front of a still background."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from footfall.config.media import Sensitivity
from footfall.core.geometry import Box
from footfall.core.types import Frame
from footfall.detect.regions import LEAST_AREA, MotionRegions, RegionSettings

WIDTH, HEIGHT = 384, 216
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def picture(number: int, x: float | None, side: int = 24, light: float = 1.0) -> Frame:
    """A noisy wall at ten frames a second, and a dark square with its left edge at `x` pixels."""
    noise = np.random.default_rng(number).integers(-2, 3, (HEIGHT, WIDTH, 3))
    image = np.full((HEIGHT, WIDTH, 3), 140.0) * light + noise
    if x is not None:
        image[100 : 100 + side, round(x) : round(x) + side] = 20.0
    return Frame("cam", number, number / 10, NOW, np.clip(image, 0, 255).astype(np.uint8))


def watch(frames: list[Frame], sensitivity: Sensitivity = Sensitivity.MEDIUM) -> list[list[Box]]:
    regions = MotionRegions(RegionSettings(LEAST_AREA[sensitivity]))
    return [regions.find(frame) for frame in frames]


def test_an_empty_scene_is_quiet_though_the_camera_is_noisy() -> None:
    assert watch([picture(number, None) for number in range(40)]) == [[]] * 40


def test_what_walks_through_is_seen_where_it_is() -> None:
    found = watch([picture(number, None if number < 10 else 4.0 * number) for number in range(40)])
    assert found[:10] == [[]] * 10
    assert all(len(boxes) == 1 for boxes in found[12:])
    x0, y0, x1, y1 = found[30][0]
    assert x0 * WIDTH == pytest.approx(120, abs=8)
    assert x1 * WIDTH == pytest.approx(144, abs=8)
    assert (y0 * HEIGHT, y1 * HEIGHT) == pytest.approx((100, 124), abs=8)


def test_what_stands_still_does_not_move() -> None:
    found = watch([picture(number, None if number < 10 else 60.0) for number in range(60)])
    assert any(found[10:15])
    assert not any(found[25:])


def test_light_that_goes_on_is_no_motion() -> None:
    found = watch([picture(number, None, light=0.4 if number < 20 else 1.4) for number in range(50)])
    assert not any(found[26:])


@pytest.mark.parametrize(
    ("side", "sensitivities"),
    [
        pytest.param(12, {Sensitivity.HIGH}, id="a cat far away"),
        pytest.param(24, {Sensitivity.HIGH, Sensitivity.MEDIUM}, id="a person"),
        pytest.param(60, set(Sensitivity), id="a car"),
    ],
)
def test_how_little_motion_counts(side: int, sensitivities: set[Sensitivity]) -> None:
    frames = [picture(number, None if number < 10 else 3.0 * number, side) for number in range(30)]
    assert {one for one in Sensitivity if any(watch(frames, one)[12:])} == sensitivities


def test_a_new_picture_size_starts_anew() -> None:
    regions = MotionRegions()
    for number in range(10):
        regions.find(picture(number, None))
    other = Frame("cam", 11, 1.1, NOW, np.zeros((90, 160, 3), np.uint8))
    assert regions.find(other) == []
