from math import radians

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.simulator.view import View
from footfall.spatial.ground import Camera

cameras = st.builds(
    Camera, height_m=st.floats(2.0, 8.0), focal_w=st.floats(0.4, 2.0), tilt_rad=st.floats(0.0, radians(85))
)


@given(cameras, st.floats(-6, 6), st.floats(1, 20), st.floats(0, 1.9))
def test_projects_like_the_calibrated_camera(camera: Camera, x: float, y: float, up: float) -> None:
    view = View(camera, (640, 360))
    px, py, depth = view.project(np.array([[x, y, up]], np.float32))[0]
    expected = camera.to_image((x, y), view.aspect, up)
    if expected is None:
        assert depth <= 1e-4
    elif depth > 0.5:
        assert (px / view.grid[0], py / view.grid[1]) == pytest.approx(expected, abs=1e-3)


def test_a_sample_s_ray_leads_back_to_the_sample() -> None:
    view = View(Camera(3.2, 0.8, radians(65)), (64, 36), sampling=3)
    depth = 7.5
    points = np.array([0.0, 0.0, 3.2], np.float32) + depth * view.rays().reshape(-1, 3)
    xyd = view.project(points).reshape(*view.grid[::-1], 3)
    columns, rows = np.meshgrid(np.arange(view.grid[0]) + 0.5, np.arange(view.grid[1]) + 0.5)
    assert np.allclose(xyd[..., 0], columns, atol=1e-2)
    assert np.allclose(xyd[..., 1], rows, atol=1e-2)
    assert np.allclose(xyd[..., 2], depth, atol=1e-3)


def test_points_behind_the_camera_have_no_floor_point() -> None:
    view = View(Camera(3.0, 0.8, radians(80)), (640, 360))
    assert view.floor_point_n((0.0, -10.0)) is None
    assert view.floor_point_n((0.0, 10.0)) is not None
