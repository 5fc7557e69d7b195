"""`camera` of footfall.yaml: told, measured, or learnt; and what is wrong with it."""

from __future__ import annotations

from math import radians

import pytest

from footfall.config.load import load_plan
from footfall.config.plan import GroundSpec
from footfall.core.errors import ConfigError
from footfall.spatial.ground import Camera

CORNERS = "[[0.355, 0.556], [0.645, 0.556], [0.703, 0.857], [0.297, 0.857]]"


def ground(extra: str) -> GroundSpec:
    text = f"cameras: [{{name: a, url: rtsp://10.0.0.1/s, width: 640{extra}}}]"
    return load_plan(text, file="f.yaml").graphs[0].spec(GroundSpec)


def test_a_camera_that_is_told() -> None:
    spec = ground(", camera: {height_m: 3.2, tilt_deg: 68, focal_px: 512}")
    assert spec == GroundSpec(camera=Camera(3.2, 0.8, radians(68)), calibrate=False)


def test_nothing_is_said_so_it_is_learnt() -> None:
    assert ground("") == GroundSpec()


@pytest.mark.parametrize(
    "lengths",
    [
        pytest.param("rectangle_m: [2.5, 2.4]", id="rectangle"),
        pytest.param("sides_m: [2.5, 2.4, 2.5, 2.4], diagonal_m: 3.466", id="sides and diagonal"),
        pytest.param("rectangle_m: [2.5, 2.4], frame_shape: [1920, 1080]", id="shape of the picture"),
    ],
)
def test_a_camera_that_is_measured(lengths: str) -> None:
    camera = ground(f", camera: {{points: {CORNERS}, {lengths}}}").camera
    assert camera is not None
    first, second = camera.to_ground((0.355, 0.556), 9 / 16), camera.to_ground((0.645, 0.556), 9 / 16)
    assert first is not None
    assert second is not None
    assert second[0] - first[0] == pytest.approx(2.5, rel=0.03)


@pytest.mark.parametrize(
    ("section", "said"),
    [
        pytest.param("{height_m: 3}", "lacks tilt_deg, focal_px", id="half told"),
        pytest.param(f"{{points: {CORNERS}}}", "not told", id="no lengths"),
        pytest.param(f"{{points: {CORNERS}, rectangle_m: [2]}}", "not told", id="one length"),
        pytest.param(f"{{points: {CORNERS}, rectangle_m: [2, x]}}", "not told", id="no number"),
        pytest.param(f"{{points: {CORNERS}, rectangle_m: [2, 2], sides_m: [1, 1, 1, 1]}}", "not told", id="both"),
        pytest.param(f"{{points: {CORNERS}, sides_m: [1, 1, 1, 1]}}", "four sides and the diagonal", id="no diagonal"),
        pytest.param("{points: [[0.1, 0.2], 7, [1, 2], [3, 4]], rectangle_m: [2, 2]}", "not told", id="no points"),
        pytest.param("{points: [[0.1, 0.2]], rectangle_m: [2, 2]}", "four or more", id="one point"),
        pytest.param("{points: 5, rectangle_m: [2, 2]}", "not a list", id="points are a number"),
        pytest.param(f"{{points: {CORNERS}, rectangle_m: [2, 2], frame_shape: [0, 9]}}", "not told", id="no shape"),
    ],
)
def test_what_is_wrong_is_said(section: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as caught:
        ground(f", camera: {section}")
    assert any("camera" in problem.path for problem in caught.value.problems)
