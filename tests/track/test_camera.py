from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.track.camera import VOTES, drift, leap


def crowd(count: int, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    height = rng.uniform(0.08, 0.25, count)
    return np.stack([rng.uniform(0.2, 0.8, count), rng.uniform(0.2, 0.4, count), 0.4 * height, height], axis=1)


def moved(boxes: np.ndarray, x: float, y: float) -> np.ndarray:
    return boxes + np.array([x, y, 0.0, 0.0])


@pytest.mark.parametrize("shift", [(0.1, 0.0), (-0.15, 0.02), (0.0, 0.08)])
def test_a_camera_that_turned_is_followed(shift: tuple[float, float]) -> None:
    people = crowd(8)
    assert leap(people, moved(people, *shift)[::-1]) == pytest.approx(shift)


def test_a_camera_that_turned_is_followed_though_some_are_missed_and_others_are_new() -> None:
    people = crowd(10)
    seen = np.concatenate([moved(people, 0.12, 0.0)[:7], crowd(3, seed=2)])
    assert leap(people, seen) == pytest.approx((0.12, 0.0))


@pytest.mark.parametrize(
    ("expected", "seen"),
    [
        pytest.param(crowd(8), crowd(8), id="nobody moved"),
        pytest.param(crowd(VOTES - 1), moved(crowd(VOTES - 1), 0.1, 0.0), id="too few to tell"),
        pytest.param(crowd(8), moved(crowd(8), 0.4, 0.0), id="farther than cameras turn"),
        pytest.param(crowd(8), crowd(8, seed=5), id="everybody is somebody else"),
        pytest.param(crowd(0), crowd(8), id="nobody was there"),
        pytest.param(crowd(8), crowd(0), id="nobody is there"),
        pytest.param(
            crowd(8),
            np.concatenate([crowd(8)[:5], moved(crowd(8)[5:], 0.1, 0.0)]),
            id="three of eight walk together",
        ),
    ],
)
def test_the_camera_stands_still(expected: np.ndarray, seen: np.ndarray) -> None:
    assert leap(expected, seen).tolist() == [0.0, 0.0]


@given(st.integers(0, 120), st.integers(0, 120), st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_a_leap_is_never_longer_than_cameras_turn(n: int, m: int, seed: int) -> None:
    assert np.hypot(*leap(crowd(n, seed), crowd(m, seed + 1))) < 0.25


def test_a_common_drift_is_the_cameras() -> None:
    rng = np.random.default_rng(4)
    together = np.array([0.02, -0.01]) + rng.normal(0, 0.001, (12, 2))
    assert drift(together) == pytest.approx((0.02, -0.01), abs=0.002)
    assert drift(together[: VOTES - 1]).tolist() == [0.0, 0.0]
    assert drift(rng.normal(0, 0.02, (12, 2))).tolist() == [0.0, 0.0]


def in_a_row(number: int, apart: float, at: float = 0.125) -> np.ndarray:
    """(n, 4) people side by side, each a sixteenth of the picture high."""
    return np.stack(
        [at + apart * np.arange(number), np.full(number, 0.25), np.full(number, 0.03125), np.full(number, 0.0625)],
        axis=1,
    )


def test_four_people_are_enough_for_a_leap() -> None:
    people = np.concatenate([in_a_row(2, 0.25), in_a_row(2, 0.3125) + np.array([0.03125, 0.125, 0.0, 0.0])])
    assert leap(people, people + np.array([0.125, 0.0625, 0.0, 0.0])).tolist() == [0.125, 0.0625]


def test_people_in_a_row_who_are_nearly_all_where_expected_make_no_leap() -> None:
    """Eight in a row and three elsewhere: a step by one place would find everybody, and seven are found without."""
    others = np.array([[0.1, 0.1, 0.03125, 0.0625], [0.7, 0.4, 0.03125, 0.0625], [0.3, 0.45, 0.03125, 0.0625]])
    expected = np.concatenate([in_a_row(8, 0.0625), others])
    assert leap(expected, expected + np.array([0.0625, 0.0, 0.0, 0.0])).tolist() == [0.0, 0.0]


def test_people_of_other_heights_make_no_leap() -> None:
    people = in_a_row(5, 0.125)
    assert leap(people, people * np.array([1.0, 1.0, 1.0, 2.0])).tolist() == [0.0, 0.0]


def test_in_a_great_crowd_the_forty_tallest_say_how_far() -> None:
    """Half of the forty tallest are enough; of all fifty people, or of the shortest, they would not be."""
    tall = np.concatenate([in_a_row(10, 0.09) * np.array([1.0, 1.0 + row, 1.0, 1.0]) for row in range(2)])
    short = np.concatenate([in_a_row(15, 0.05) * np.array([1.0, 3.0 + row, 0.5, 0.5]) for row in range(2)])
    expected = np.concatenate([short, tall])
    seen = np.concatenate([short * np.array([1.0, 1.0, 0.5, 0.5]), tall + np.array([0.03, 0.0, 0.0, 0.0])])
    assert leap(expected, seen) == pytest.approx((0.03, 0.0))
