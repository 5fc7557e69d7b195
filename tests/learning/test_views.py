from __future__ import annotations

import numpy as np
import pytest

from footfall.learning.views import Changes, changed
from lessons import drawn

STILL = Changes(mirror=False, turn_deg=0, closer=0.9, shift=0, stretch=0, gain=0, light=0, tint=0)


def dot(x: int, y: int) -> np.ndarray:
    picture = np.zeros((101, 101, 3), np.uint8)
    picture[y - 3 : y + 4, x - 3 : x + 4] = 255
    return picture


def middle(picture: np.ndarray) -> tuple[float, float]:
    y, x = np.nonzero(picture[..., 0] > 100)
    return float(x.mean()), float(y.mean())


def test_views_are_pictures_of_the_same_size() -> None:
    given = drawn(["cross"], 5, (96, 96))
    seen = changed(given, Changes(), np.random.default_rng(1))
    assert (seen.shape, seen.dtype) == (given.shape, np.uint8)
    assert (seen != given).any()


def test_chance_is_given() -> None:
    given = drawn(["cross"], 5, (96, 96))
    one, same, other = (changed(given, Changes(), np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert (one == same).all()
    assert (one != other).any()


def test_left_and_right_change_places_only_where_they_may() -> None:
    rng = np.random.default_rng(0)
    mirrored = [middle(changed(dot(70, 50), Changes(mirror=True), rng))[0] < 50 for _ in range(40)]
    assert 8 < sum(mirrored) < 32
    kept = [middle(changed(dot(70, 50), Changes(mirror=False), rng))[0] < 50 for _ in range(40)]
    assert not any(kept)


def test_the_middle_stays_in_the_middle() -> None:
    assert middle(changed(dot(50, 50), STILL, np.random.default_rng(1))) == pytest.approx((50, 50), abs=0.5)


def test_light_stays_in_bounds() -> None:
    for value in (0, 255):
        lit = changed(np.full((16, 16, 3), value, np.uint8), Changes(light=200, gain=0.9), np.random.default_rng(1))
        assert lit.dtype == np.uint8
