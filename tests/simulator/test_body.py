from math import cos, sin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.simulator.body import STANCE, STRIDE, Stance, pose
from footfall.simulator.look import Look, Material, draw_look

LOOK = draw_look(np.random.default_rng(5))


def shoes(look: Look, stance: Stance) -> list[np.ndarray]:
    """Heels of the left and of the right foot."""
    parts = pose(look, stance)
    return [parts.start_m[k] for k, m in enumerate(parts.material) if m is Material.SHOE]


@pytest.mark.parametrize("seed", range(8))
def test_people_are_as_tall_as_their_look_says(seed: int) -> None:
    look = draw_look(np.random.default_rng(seed))
    parts = pose(look, Stance((0.0, 6.0), 1.0, 0.0, 0.0, 0.0))
    top = max((parts.start_m[:, 2] + parts.radius_m[:, 0]).max(), (parts.end_m[:, 2] + parts.radius_m[:, 1]).max())
    low = min((parts.start_m[:, 2] - parts.radius_m[:, 0]).min(), (parts.end_m[:, 2] - parts.radius_m[:, 1]).min())
    assert top == pytest.approx(look.height_m, rel=0.02)
    assert low == pytest.approx(0.0, abs=0.02)
    assert 1.5 <= look.height_m <= 1.95


def test_a_foot_on_the_floor_does_not_slide() -> None:
    stride_m = STRIDE * LOOK.height_m
    heading = 0.7
    places = []
    for share in np.linspace(0.02, STANCE - 0.2, 12):
        walked = float(share) * stride_m
        stance = Stance((walked * cos(heading), 5 + walked * sin(heading)), heading, 1.3, walked, 0.0)
        places.append(shoes(LOOK, stance)[0])
    assert np.ptp(np.array(places), axis=0).max() < 0.005


def test_feet_take_turns_and_pass_each_other() -> None:
    stride_m = STRIDE * LOOK.height_m
    ahead = []
    for share in (0.0, 0.5):
        left, right = shoes(LOOK, Stance((0.0, 5.0), 0.0, 1.3, share * stride_m, 0.0))
        ahead.append(float(left[0] - right[0]))
    assert ahead[0] > 0.3
    assert ahead[1] < -0.3


def test_who_stands_has_both_feet_under_the_body() -> None:
    left, right = shoes(LOOK, Stance((2.0, 5.0), 0.0, 0.0, 0.4, 3.0))
    assert abs(left[0] - right[0]) < 1e-5
    assert np.allclose((left + right)[:2] / 2, [2.0, 5.0], atol=0.05)


@given(st.floats(-5, 5), st.floats(1, 15), st.floats(-7, 7), st.floats(0, 1.8), st.floats(0, 100))
def test_no_pose_flies_apart(x: float, y: float, heading: float, speed: float, walked: float) -> None:
    parts = pose(LOOK, Stance((x, y), heading, speed, walked, walked))
    points = np.concatenate([parts.start_m, parts.end_m])
    assert np.isfinite(points).all()
    assert np.hypot(points[:, 0] - x, points[:, 1] - y).max() < 0.75
    assert (parts.radius_m > 0).all()


def test_the_same_seed_gives_the_same_person() -> None:
    again = draw_look(np.random.default_rng(5))
    assert again.colours == LOOK.colours
    assert again.height_m == LOOK.height_m
    assert draw_look(np.random.default_rng(6)).colours != LOOK.colours
