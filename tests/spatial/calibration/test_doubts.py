"""When a fit is not believed: at the bounds of what was searched, and beyond what people can be."""

from __future__ import annotations

from dataclasses import replace
from math import log, radians

import numpy as np
import pytest

from footfall.spatial.calibration.certainty import GOOD_ENOUGH, MISFIT, PACE_M_S, SPREAD, distance_error, objections
from footfall.spatial.calibration.fit import Fit, Prior, _at_bounds, _Problem, fit_camera
from footfall.spatial.calibration.sightings import SIGHTING, Table
from footfall.spatial.ground import Camera
from written import assert_as_written, in_json

USUAL = Camera(3.2, 0.8, radians(66.0))
GOOD = Fit(USUAL, np.eye(3) * 1e-6, 1.3, 0.05, 0.02, 1.0)


def seen(number: int = 40, low: float = 0.0, high: float = 0.25) -> Table:
    """People all over the lower half of the picture who walk."""
    rng = np.random.default_rng(281)
    table = np.zeros(number, SIGHTING)
    table["person"], table["x"] = np.arange(number) % 9, rng.uniform(-0.4, 0.4, number)
    table["foot"] = np.linspace(low, high, number) ** 1.5 * high**-0.5
    table["head"] = table["foot"] - 0.12 - 0.3 * table["foot"]
    table["dx"], table["dfoot"] = rng.uniform(-0.1, 0.1, number), rng.uniform(-0.03, 0.03, number)
    table["noise"], table["dx_noise"], table["dfoot_noise"] = 0.01, 0.003, 0.002
    return table


@pytest.mark.parametrize(
    ("camera", "is_bound"),
    [
        pytest.param(replace(USUAL, height_m=0.81), True, id="very low"),
        pytest.param(replace(USUAL, height_m=0.83), False, id="low"),
        pytest.param(replace(USUAL, height_m=39.5), True, id="very high"),
        pytest.param(replace(USUAL, height_m=38.8), False, id="high"),
        pytest.param(replace(USUAL, focal_w=0.203), True, id="very wide"),
        pytest.param(replace(USUAL, focal_w=0.206), False, id="wide"),
        pytest.param(replace(USUAL, focal_w=3.95), True, id="very narrow"),
        pytest.param(replace(USUAL, focal_w=3.88), False, id="narrow"),
        pytest.param(replace(USUAL, tilt_rad=radians(100.0) - 0.01), True, id="up"),
        pytest.param(replace(USUAL, tilt_rad=radians(100.0) - 0.03), False, id="not quite so far up"),
    ],
)
def test_a_camera_at_the_bounds_is_not_believed(camera: Camera, is_bound: bool) -> None:
    assert ("no camera fits what was seen" in objections(replace(GOOD, camera=camera), seen(), 0.01)) == is_bound


def test_steeply_down_is_the_reason_rather_than_the_bounds() -> None:
    steep = objections(replace(GOOD, camera=Camera(3.0, 0.8, radians(10.5))), seen(), 0.01)
    assert len(steep) == 1
    assert steep[0].startswith("the camera looks down too steeply")
    assert objections(replace(GOOD, camera=Camera(39.5, 0.8, radians(17.0))), seen(), 0.01) == steep


LOWEST = (log(0.8), log(0.2), radians(10.0), log(0.2), -0.05, -0.5)
HIGHEST = (log(40.0), log(4.0), radians(100.0), log(5.0), 0.05, 0.5)


@pytest.mark.parametrize("number", range(6))
def test_the_bounds_of_each_number(number: int) -> None:
    middle = (np.array(LOWEST) + np.array(HIGHEST)) / 2
    assert not _at_bounds(middle)
    for bound, inwards in ((LOWEST, 1.0), (HIGHEST, -1.0)):
        for off, is_bound in ((0.015, True), (0.025, False)):
            values = middle.copy()
            values[number] = bound[number] + inwards * off
            assert _at_bounds(values) == is_bound


@pytest.mark.parametrize("speed_m_s", PACE_M_S)
def test_what_is_just_good_enough_is_good_enough(speed_m_s: float) -> None:
    fit = replace(GOOD, speed_m_s=speed_m_s, spread=SPREAD, misfit=MISFIT)
    assert objections(fit, seen(), GOOD_ENOUGH) == ()
    assert objections(fit, seen(high=0.05), GOOD_ENOUGH) == ()


@pytest.mark.parametrize(
    ("high", "words"), [(0.05, "people nearer"), (0.076, "people nearer"), (0.081, "more people"), (0.2, "more people")]
)
def test_whether_people_or_places_are_missing(high: float, words: str) -> None:
    [told] = objections(GOOD, seen(high=high), 0.2)
    assert told.startswith(words)


def test_an_error_without_end_is_told_as_nine() -> None:
    assert distance_error(replace(GOOD, covariance=np.eye(3) * 1e3), seen()) == 9.0


def test_people_who_hardly_move_or_jump_about() -> None:
    values = np.array([1.1, -0.3, 1.15, 0.2, 0.003, 0.01])
    said = []
    for pace in (0.0, 0.001, 0.02, 0.3):
        for jumpy in (1.0, 10.0, 60.0):
            table = seen(12)
            for name in ("dx", "dfoot"):
                table[name] *= pace
                table[f"{name}_noise"] *= jumpy
            for near in (None, USUAL, Camera(9.0, 1.0, 0.2)):
                said.append(in_json(_Problem(table, Prior(), 0.05, near)(values).tolist()))
    assert_as_written("spatial/calibration-still", said)


def test_boxes_that_jump_are_taken_to_be_an_eighth_off_at_most() -> None:
    """Every second time people look 1.4 times as tall: they scatter by a quarter."""
    table = seen(60)
    is_tall = np.arange(60) // 9 % 2 == 1
    table["head"] -= 0.4 * is_tall * (table["foot"] - table["head"])
    fit = fit_camera(table)
    assert fit.misfit == pytest.approx(0.24, abs=0.01)
    assert fit.camera.height_m == pytest.approx(4.866, rel=0.02)
    assert fit.covariance[1, 1] == pytest.approx(0.031, rel=0.06)
