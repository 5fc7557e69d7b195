"""The life of a calibration step by step: when it looks, what it waits for, when it asks again."""

from __future__ import annotations

from dataclasses import replace
from math import exp, radians

import numpy as np
import pytest

from footfall.spatial.calibration.calibrator import (
    Calibration,
    CalibrationSettings,
    CalibrationState,
    SelfCalibrator,
    _share,
    _strangeness,
)
from footfall.spatial.calibration.fit import Fit, fit_camera
from footfall.spatial.calibration.sightings import SIGHTING, Table
from footfall.spatial.ground import Camera

ASPECT = 9 / 16
LOBBY = Camera(3.2, 0.8, radians(66.0))
KNOWN = Calibration(CalibrationState.CALIBRATED, LOBBY, 1.0, 0.02)


def sights(number: int, people: int = 8) -> Table:
    table = np.zeros(number, SIGHTING)
    table["person"] = np.arange(number) % people
    return table


def seen(number: int = 40, people: int = 9) -> Table:
    """Walkers all over the lower half of the picture."""
    rng = np.random.default_rng(7)
    table = sights(number, people)
    table["x"], table["foot"] = rng.uniform(-0.4, 0.4, number), np.linspace(0.0, 0.25, number)
    table["head"] = table["foot"] - 0.12 - 0.3 * table["foot"]
    table["dx"], table["dfoot"] = rng.uniform(-0.1, 0.1, number), rng.uniform(-0.03, 0.03, number)
    table["noise"], table["dx_noise"], table["dfoot_noise"] = 0.01, 0.003, 0.002
    return table


def watching(**more: float) -> SelfCalibrator:
    return SelfCalibrator(ASPECT, CalibrationSettings(**{"collect": 10, "collect_every_s": 300.0, **more}), KNOWN)


def test_rounds_of_collecting() -> None:
    one = watching()
    assert one._collects(5.0)
    one._store.add(sights(9))
    assert one._collects(10.0)
    one._store.add(sights(1))
    assert [one._collects(t_s) for t_s in (11.0, 304.9)] == [False, False]
    assert one._collects(305.0)
    one._store.add(sights(9))
    assert one._collects(700.0)
    one._store.add(sights(1))
    assert one._collects(700.0)
    one._store.add(sights(10))
    assert not one._collects(999.9)
    assert one._collects(1000.0)


def test_a_clock_that_goes_back_begins_a_round() -> None:
    one = watching()
    assert one._collects(5.0)
    one._store.add(sights(10))
    assert [one._collects(t_s) for t_s in (5.0, 4.0)] == [False, True]
    one._store.add(sights(10))
    assert [one._collects(t_s) for t_s in (303.9, 304.0)] == [False, True]


def test_who_may_not_recalibrate_never_collects() -> None:
    assert not watching(recalibrate=False)._collects(5.0)


def test_frames_that_follow_too_fast_are_passed_over() -> None:
    one = watching()
    for t_s, looked_s in ((0.0, 0.0), (0.0, 0.0), (0.0625, 0.0), (0.09, 0.09), (0.125, 0.09), (-1.0, -1.0), (2.5, 2.5)):
        one.step([], t_s)
        assert one._seen_s == looked_s


@pytest.mark.parametrize(
    ("number", "people", "progress"),
    [(0, 1, 0.0), (30, 7, 7 / 16), (29, 8, 29 / 60), (15, 8, 0.25), (15, 2, 0.125)],
)
def test_progress_before_there_is_enough(number: int, people: int, progress: float) -> None:
    one = SelfCalibrator(ASPECT, CalibrationSettings())
    one._store.add(sights(number, people))
    one._refine(9.0)
    assert one.calibration.progress == pytest.approx(progress)
    assert one.calibration.state is CalibrationState.CALIBRATING
    people = min(people, number)
    assert one.calibration.missing == (
        f"people who walk and are seen whole: {people} of at least 8, {number} of at least 30 times",
    )
    assert one._tried_at == 0


def test_eight_people_and_thirty_sightings_are_enough_to_try() -> None:
    one = SelfCalibrator(ASPECT, CalibrationSettings())
    one._store.add(seen(30, 8))
    one._refine(9.0)
    assert one._tried_at == 30
    one._store.add(seen(7))
    one._refine(10.0)
    assert one._tried_at == 30
    one._store.add(seen(1))
    one._refine(11.0)
    assert one._tried_at == 38


def test_shares_of_the_first_half() -> None:
    shares = [_share(*enough) for enough in ((8, 30), (4, 30), (8, 15), (80, 300), (0, 9))]
    assert shares == [0.5, 0.25, 0.25, 0.5, 0.0]


@pytest.mark.parametrize(
    ("number", "people", "t_s", "is_checked"),
    [
        pytest.param(30, 8, 100.0, True, id="just enough, just late enough"),
        pytest.param(29, 8, 100.0, False, id="too few sightings"),
        pytest.param(30, 7, 100.0, False, id="too few people"),
        pytest.param(30, 8, 99.9, False, id="too early"),
        pytest.param(30, 8, 0.0, False, id="at the moment of the last one"),
        pytest.param(30, 8, -1.0, True, id="the clock went back"),
    ],
)
def test_when_a_camera_is_checked(number: int, people: int, t_s: float, is_checked: bool) -> None:
    one = watching(check_every_s=100.0)
    one._checked_s, one._round_s = 0.0, 0.0
    one._store.add(seen(number, people))
    one._check(t_s)
    assert (len(one._store) == 0, one._round_s is None) == (is_checked, is_checked)
    assert one._checked_s == (t_s if is_checked else 0.0)


@pytest.mark.parametrize(("height", "is_moved"), [(1.0, False), (3.0, True)])
def test_a_camera_that_people_contradict_is_learnt_anew(height: float, is_moved: bool) -> None:
    """The one that fits them best, and one that hangs higher."""
    camera = fit_camera(seen()).camera
    other = SelfCalibrator(
        ASPECT, CalibrationSettings(), replace(KNOWN, camera=replace(camera, height_m=height * camera.height_m))
    )
    other._store.add(seen())
    other._check(9.0)
    state = CalibrationState.RECALIBRATING if is_moved else CalibrationState.CALIBRATED
    assert other.calibration.state is state
    assert (other._is_refining, other._tried_at, len(other._store)) == (is_moved, 0, 0)
    assert other.calibration.progress == (0.0 if is_moved else 1.0)


def test_nothing_is_checked_where_no_camera_is_known() -> None:
    one = SelfCalibrator(ASPECT, CalibrationSettings(), replace(KNOWN, camera=None))
    one._store.add(seen())
    one._check(9.0)
    assert len(one._store) == 40


def test_how_strange_a_camera_is() -> None:
    """Squared deviations over twice the variances."""
    fit = Fit(LOBBY, np.diag([0.01, 0.04, 0.0025]), 1.3, 0.05, 0.02, 1.0)
    for part, off, sd in (("height_m", 0.3, 0.1), ("focal_w", 0.5, 0.2)):
        other = replace(LOBBY, **{part: getattr(LOBBY, part) * exp(off)})
        assert _strangeness(other, fit) == pytest.approx(off**2 / sd**2 / 2)
    assert _strangeness(replace(LOBBY, tilt_rad=LOBBY.tilt_rad + 0.2), fit) == pytest.approx(0.2**2 / 0.05**2 / 2)


@pytest.mark.parametrize(
    ("state", "error", "taken", "is_done"),
    [
        pytest.param(CalibrationState.CALIBRATED, 0.0149, 0, True, id="fine"),
        pytest.param(CalibrationState.CALIBRATED, 0.015, 0, False, id="not quite"),
        pytest.param(CalibrationState.CALIBRATED, 0.03, 199, False, id="not long enough"),
        pytest.param(CalibrationState.CALIBRATED, 0.03, 200, True, id="refined for long"),
        pytest.param(CalibrationState.CALIBRATING, 0.01, 200, False, id="not calibrated"),
    ],
)
def test_when_refining_ends(state: CalibrationState, error: float, taken: int, is_done: bool) -> None:
    one = SelfCalibrator(ASPECT, CalibrationSettings(queue_size=100), replace(KNOWN, state=state))
    one._store.taken = taken
    assert one._is_done(error) == is_done
