from math import cos, radians

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.simulator.lens import FOLD_LIMIT, RAY_STEP_PX, Lens
from footfall.simulator.snapshot import draw_lens
from footfall.simulator.view import View
from footfall.spatial.ground import Camera

lenses = st.builds(
    Lens,
    size_px=st.sampled_from([(416, 312), (312, 416), (640, 360)]),
    height_m=st.floats(2.2, 8.0),
    tilt_rad=st.floats(radians(5), radians(88)),
    roll_rad=st.floats(radians(-6), radians(6)),
    focal_w=st.floats(0.45, 2.2),
    bend=st.floats(-0.28, 0.05),
)


@given(lenses, st.floats(0.02, 0.98), st.floats(0.02, 0.98))
def test_a_floor_point_seen_at_a_pixel_is_projected_back_onto_it(lens: Lens, x: float, y: float) -> None:
    at = x * lens.size_px[0], y * lens.size_px[1]
    ground = lens.floor_point_m(at)
    if ground is None:
        return
    seen = lens.project(np.array([[*ground, 0.0]], np.float32))[0]
    assert seen[2] > 0.0
    assert seen[:2] == pytest.approx(at, abs=0.5)


def at_the_fold(lens: Lens, columns: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Pixels of the ring where the bend stops growing: rays are drawn straight over the kink there."""
    if lens.bend >= 0.0:
        return np.zeros(columns.shape, np.bool_)
    width, height = lens.size_px
    kink_px = (1.0 - FOLD_LIMIT / 3.0) * (FOLD_LIMIT / (-3.0 * lens.bend)) ** 0.5 * width
    return np.abs(np.hypot(columns + 0.5 - width / 2, rows + 0.5 - height / 2) - kink_px) < 2 * RAY_STEP_PX


@given(lenses)
def test_the_ray_of_a_pixel_meets_what_is_projected_onto_it(lens: Lens) -> None:
    rays = lens.rays()
    rows, columns = np.mgrid[5 : lens.size_px[1] : 41, 5 : lens.size_px[0] : 37].reshape(2, -1)
    away = ~at_the_fold(lens, columns, rows)
    rows, columns = rows[away], columns[away]
    points = rays[rows, columns] * 6.0 + np.array([0.0, 0.0, lens.height_m], np.float32)
    seen = lens.project(points.astype(np.float32))
    assert np.abs(seen[:, 0] - columns - 0.5).max() < 0.6
    assert np.abs(seen[:, 1] - rows - 0.5).max() < 0.6
    assert seen[:, 2] == pytest.approx(6.0, abs=1e-2)


def test_without_roll_and_bend_it_is_the_camera_of_the_scenes() -> None:
    lens = Lens((320, 180), 3.2, radians(25), 0.0, 0.8)
    view = View(Camera(3.2, 0.8, radians(65)), (320, 180), sampling=1)
    points = np.array([[0.5, 6.0, 1.7], [-2.0, 9.0, 0.0], [1.0, 4.0, 1.0]], np.float32)
    assert lens.project(points) == pytest.approx(view.project(points), abs=1e-2)


def test_a_barrel_pulls_corners_in_and_a_roll_turns_the_picture() -> None:
    corner = np.array([[2.0, 5.0, 0.5]], np.float32)
    straight = Lens((320, 240), 3.0, radians(20)).project(corner)[0]
    barrel = Lens((320, 240), 3.0, radians(20), bend=-0.25).project(corner)[0]
    assert np.hypot(*(barrel[:2] - (160, 120))) < np.hypot(*(straight[:2] - (160, 120)))
    rolled = Lens((320, 240), 3.0, radians(20), radians(5)).project(corner)[0]
    assert np.hypot(*(rolled[:2] - (160, 120))) == pytest.approx(np.hypot(*(straight[:2] - (160, 120))), abs=0.1)
    assert abs(rolled[1] - straight[1]) > 3.0


def test_above_the_horizon_there_is_no_floor() -> None:
    assert Lens((320, 240), 3.0, radians(5), focal_w=0.7).floor_point_m((160, 2)) is None


@given(st.integers(0, 2**32), st.booleans(), st.booleans())
def test_every_camera_of_the_lottery_is_one_that_hangs_somewhere_and_sees_floor(
    seed: int, indoor: bool, far: bool
) -> None:
    lens = draw_lens(np.random.default_rng(seed), (416, 312), indoor=indoor, far=far)
    assert 1.4 <= lens.height_m <= 8.0
    assert 0.0 <= lens.tilt_rad <= radians(85)
    assert abs(lens.roll_rad) <= radians(6.0001)
    assert 0.45 <= lens.focal_w <= 2.2
    assert lens.floor_point_m((208, 311)) is not None
    assert cos(lens.tilt_rad) > 0.0
