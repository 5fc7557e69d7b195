from __future__ import annotations

from math import exp

import numpy as np
import pytest

from footfall.track.perspective import Perspective, feet_below


def watched(feet: np.ndarray, base: float, growth: float) -> Perspective:
    perspective = Perspective()
    perspective.learn(feet, base + growth * feet, 0.1)
    return perspective


@pytest.mark.parametrize(
    ("count", "std", "growth", "is_known"),
    [
        pytest.param(30, 0.1, 0.5, True, id="a usual camera"),
        pytest.param(20, 0.1, 0.5, True, id="twenty people are enough"),
        pytest.param(19, 0.1, 0.5, False, id="nineteen are not"),
        pytest.param(30, 0.032, 0.5, True, id="all within a narrow strip"),
        pytest.param(30, 0.028, 0.5, False, id="all on nearly one line"),
        pytest.param(30, 0.1, 0.06, True, id="seen from far"),
        pytest.param(30, 0.1, 0.04, False, id="no perspective to speak of"),
        pytest.param(30, 0.1, 0.85, True, id="seen from near"),
        pytest.param(30, 0.1, 0.95, False, id="steeper than any camera"),
        pytest.param(30, 0.1, -0.3, False, id="smaller below: no floor"),
    ],
)
def test_the_line_of_heights(count: int, std: float, growth: float, is_known: bool) -> None:
    feet = 0.6 + std * np.resize([-1.0, 1.0], count) * np.sqrt(count // 2 * 2 / count)
    line = watched(feet, 0.05, growth).slope()
    assert (line is not None) is is_known
    if line is not None:
        assert line == pytest.approx((0.05, growth))


def test_heights_that_differ_give_the_best_line() -> None:
    feet = np.tile([0.4, 0.6, 0.8], 10)
    perspective = Perspective()
    perspective.learn(feet, np.tile([0.1, 0.3, 0.2], 10), 0.1)
    assert perspective.slope() == pytest.approx((0.05, 0.25))


@pytest.mark.parametrize(("away_s", "is_known"), [(200.0, True), (300.0, False)], ids=["a while", "too long"])
def test_a_camera_is_forgotten_over_ten_minutes(away_s: float, is_known: bool) -> None:
    """Of 30 sightings e^-(t / 600 s) are left, of which 20 are wanted."""
    assert (30 * exp(-away_s / 600.0) >= 20) is is_known
    perspective = watched(np.linspace(0.3, 0.9, 30), 0.05, 0.5)
    perspective.learn(np.empty(0), np.empty(0), away_s)
    assert (perspective.slope() is not None) is is_known


def test_what_is_new_counts_in_full() -> None:
    perspective = Perspective()
    feet = np.linspace(0.3, 0.9, 20)
    perspective.learn(feet, 0.05 + 0.5 * feet, 600.0)
    assert perspective.slope() == pytest.approx((0.05, 0.5))


@pytest.mark.parametrize(
    ("line", "top", "stature", "seen_at", "expected"),
    [
        pytest.param(None, 0.2, 0.3, 0.9, 0.5, id="no perspective known: as tall as ever"),
        pytest.param((0.1, 0.4), 0.2, 0.3, 0.5, 0.5, id="a body like the others'"),
        pytest.param((0.1, 0.4), 0.2, 0.36, 0.5, 0.32 / 0.52, id="a tall one's feet are lower"),
        pytest.param((0.1, 0.4), 0.2, 0.24, 0.5, 0.28 / 0.68, id="a child's are higher"),
        pytest.param((0.1, 0.4), 0.2, 0.9, 0.5, 2.0, id="at most twice as tall as the others"),
        pytest.param((0.1, 0.4), 0.2, 0.05, 0.5, 0.3125, id="at least half as tall"),
        pytest.param((0.1, 0.6), 0.2, 1.0, 0.5, 4.0, id="growth is bounded for the tall too"),
        pytest.param((-0.3, 0.9), 0.2, 0.15, 0.5, 0.2375, id="never less than a quarter of the body below the head"),
        pytest.param((-0.5, 0.5), 0.2, 0.2, 0.5, 0.25, id="beyond the horizon of the line"),
    ],
)
def test_where_the_feet_are_below_a_head(
    line: tuple[float, float] | None, top: float, stature: float, seen_at: float, expected: float
) -> None:
    feet = feet_below(np.array([top]), np.array([stature]), np.array([seen_at]), line)
    assert feet == pytest.approx([expected])
