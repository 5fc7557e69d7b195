"""Camera -> people -> boxes -> camera: what comes back, and when nothing may come back."""

from __future__ import annotations

from itertools import groupby
from math import degrees, radians

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footfall.core.types import TrackObservation
from footfall.spatial.calibration.calibrator import Calibration, CalibrationSettings, CalibrationState, SelfCalibrator
from footfall.spatial.calibration.certainty import deviation_of, distance_error, objections
from footfall.spatial.calibration.fit import Fit, Prior, fit_camera
from footfall.spatial.calibration.sightings import SIGHTING, Sightings, Table
from footfall.spatial.ground import Camera
from spatial.walkers import ASPECT, Stroll

LOBBY = Camera(3.2, 0.8, radians(68.0))
HALL = Camera(5.5, 0.7, radians(60.0))
SHOP = Camera(2.5, 0.55, radians(75.0))
CALIBRATING, AGAIN, DONE = CalibrationState.CALIBRATING, CalibrationState.RECALIBRATING, CalibrationState.CALIBRATED


def sightings(stroll: Stroll) -> Table:
    watch = Sightings(ASPECT)
    return np.concatenate([watch.step(people, t_s) for t_s, people in stroll.frames()])


def learnt(stroll: Stroll) -> Calibration:
    calibrator = SelfCalibrator(ASPECT, CalibrationSettings())
    for t_s, people in stroll.frames():
        calibrator.step(people, t_s)
    return calibrator.calibration


@pytest.mark.parametrize(
    ("camera", "noise"),
    [
        pytest.param(LOBBY, 0.0, id="lobby, perfect boxes"),
        pytest.param(LOBBY, 0.02, id="lobby, trembling boxes"),
        pytest.param(HALL, 0.01, id="high hall"),
        pytest.param(SHOP, 0.01, id="low shop, wide lens"),
    ],
)
def test_the_camera_comes_back(camera: Camera, noise: float) -> None:
    stroll = Stroll(camera, noise=noise, y_m=(1.2 * camera.height_m, 4.0 * camera.height_m))
    seen = sightings(stroll)
    fit = fit_camera(seen)
    assert deviation_of(camera, fit.camera, seen) < 0.06
    assert fit.camera.height_m == pytest.approx(camera.height_m, rel=0.08)
    assert fit.camera.focal_w == pytest.approx(camera.focal_w, rel=0.2)
    assert degrees(fit.camera.tilt_rad) == pytest.approx(degrees(camera.tilt_rad), abs=4.0)


def test_the_error_that_is_told_is_the_error_that_is_made() -> None:
    told, made = [], []
    for seed in range(6):
        stroll = Stroll(LOBBY, people=20, seed=seed, noise=0.01)
        seen = sightings(stroll)
        fit = fit_camera(seen)
        told.append(distance_error(fit, seen))
        made.append(deviation_of(LOBBY, fit.camera, seen))
    assert 0.2 < float(np.sqrt(np.mean(np.square(made)) / np.mean(np.square(told)))) < 1.4


def test_more_people_make_it_surer() -> None:
    errors = []
    for people in (9, 30):
        seen = sightings(Stroll(LOBBY, people=people))
        errors.append(distance_error(fit_camera(seen), seen))
    assert errors[1] < 0.7 * errors[0]


def test_known_heights_of_the_people_set_the_scale() -> None:
    seen = sightings(Stroll(LOBBY, mean_m=1.53, sd_m=0.04))
    assert fit_camera(seen, Prior(people_m=1.53)).camera.height_m == pytest.approx(3.2, rel=0.06)
    assert fit_camera(seen).camera.height_m == pytest.approx(3.2 * 1.70 / 1.53, rel=0.06)


def test_half_hidden_boxes_lose_their_pull() -> None:
    seen = sightings(Stroll(LOBBY))
    rng = np.random.default_rng(5)
    hidden = rng.random(len(seen)) < 0.15
    seen["foot"][hidden] -= 0.35 * (seen["foot"] - seen["head"])[hidden]
    assert deviation_of(LOBBY, fit_camera(seen).camera, seen) < 0.08


def test_in_the_beginning_eight_people_are_missing_and_thirty_sightings() -> None:
    [missing] = SelfCalibrator(ASPECT, CalibrationSettings()).calibration.missing
    assert missing == "people who walk and are seen whole: 0 of at least 8, 0 of at least 30 times"


def test_learning_tells_its_progress_and_ends_calibrated() -> None:
    calibrator, told = SelfCalibrator(ASPECT, CalibrationSettings()), []
    for t_s, people in Stroll(LOBBY, noise=0.01).frames():
        told.append(calibrator.step(people, t_s))
    shares = [calibration.progress for calibration in told]
    assert told[0].state is CALIBRATING
    assert told[0].missing[0].startswith("people who walk and are seen whole: 0 of at least 8")
    first = next(k for k, calibration in enumerate(told) if calibration.state is DONE)
    assert shares[:first] == sorted(shares[:first])
    assert max(shares[:first]) < 1.0
    last = told[-1]
    assert (last.state, last.progress, last.missing) == (DONE, 1.0, ())
    assert last.camera is not None
    assert last.camera.height_m == pytest.approx(3.2, rel=0.06)
    assert last.error is not None
    assert last.error < 0.05
    assert last.changed_s is not None


def test_receivers_hear_of_a_better_camera_a_few_times_only() -> None:
    calibrator = SelfCalibrator(ASPECT, CalibrationSettings())
    cameras = {calibrator.step(people, t_s).camera for t_s, people in Stroll(LOBBY, people=60, noise=0.01).frames()}
    assert 2 <= len(cameras) <= 7


BESIDE = (-0.4, 0.4)


@pytest.mark.parametrize(
    ("stroll", "said"),
    [
        pytest.param(Stroll(LOBBY, people=0), "0 of at least 8", id="nobody"),
        pytest.param(Stroll(LOBBY, people=1), "1 of at least 8", id="one person"),
        pytest.param(Stroll(LOBBY, x_m=BESIDE, y_m=(7.9, 8.1)), "people who walk", id="all at one place go nowhere"),
        pytest.param(
            Stroll(LOBBY, x_m=(-3.0, 3.0), y_m=(8.0, 8.2), people=25),
            "nearer to the camera and farther away",
            id="all at the same distance",
        ),
        pytest.param(Stroll(LOBBY, mean_m=1.35, sd_m=0.28), "heights differ", id="children of every age"),
        pytest.param(
            Stroll(Camera(3.5, 0.8, radians(3.0)), x_m=(-1.0, 1.0), y_m=(-0.6, 0.8)),
            "people who walk",
            id="straight down",
        ),
        pytest.param(Stroll(LOBBY, noise=0.4), "people", id="boxes that mean nothing"),
    ],
)
def test_what_cannot_be_known_is_not_told(stroll: Stroll, said: str) -> None:
    calibration = learnt(stroll)
    assert calibration.state is CALIBRATING
    assert calibration.camera is None
    assert calibration.progress < 1.0
    assert said in " ".join(calibration.missing)


def test_people_who_sit_or_hang_on_a_wall_teach_nothing() -> None:
    calibrator = SelfCalibrator(ASPECT, CalibrationSettings())
    rng = np.random.default_rng(3)
    for frame in range(600):
        boxes = [(0.1 * k, 0.4 + 0.02 * k, 0.1 * k + 0.04, 0.6 + 0.02 * k) for k in range(1, 9)]
        people = [
            TrackObservation(str(k), frame / 6, frame, tuple(np.array(box) + rng.normal(0, 0.002, 4)), (0, 0), 0.9)
            for k, box in enumerate(boxes)
        ]
        calibration = calibrator.step(people, frame / 6)
    assert (calibration.state, calibration.progress) == (CALIBRATING, 0.0)


def made_up(**changes: float) -> Fit:
    figures = {"speed_m_s": 1.2, "spread": 0.05, "misfit": 0.02} | changes
    return Fit(LOBBY, np.eye(3) * 1e-4, figures["speed_m_s"], figures["spread"], figures["misfit"], 1.0)


@pytest.mark.parametrize(
    ("fit", "error", "said"),
    [
        pytest.param(made_up(), 0.02, None, id="nothing against it"),
        pytest.param(made_up(speed_m_s=2.7), 0.02, "2.7 m/s", id="runs"),
        pytest.param(made_up(speed_m_s=0.3), 0.02, "0.3 m/s", id="crawls"),
        pytest.param(made_up(spread=0.2), 0.02, "differ by 20%", id="all ages"),
        pytest.param(made_up(misfit=0.1), 0.02, "by 10%", id="rubber people"),
        pytest.param(made_up(), 0.09, "known to 9%", id="too unsure"),
    ],
)
def test_objections(fit: Fit, error: float, said: str | None) -> None:
    words = objections(fit, sightings(Stroll(LOBBY, people=10)), error)
    assert (words == ()) if said is None else (len(words) == 1 and said in words[0])


TURNED = Camera(3.2, 0.8, radians(58.0))
NEAR = (4.0, 9.0)


def moved(options: CalibrationSettings, camera: Camera, *, people: int = 40) -> list[Calibration]:
    """What becomes of the lobby's calibration while people are seen by this camera."""
    calibrator = SelfCalibrator(ASPECT, options, Calibration(DONE, LOBBY, 1.0))
    return [calibrator.step(seen, t_s) for t_s, seen in Stroll(camera, people=80, y_m=NEAR).frames()]


def test_a_camera_that_was_moved_is_learnt_anew() -> None:
    told = moved(CalibrationSettings(collect_every_s=1.0, check_every_s=10.0), TURNED)
    states = [state for state, _ in groupby(calibration.state for calibration in told)]
    assert states == [DONE, AGAIN, DONE]
    during = next(calibration for calibration in told if calibration.state is AGAIN)
    assert during.camera == LOBBY
    assert during.progress == 0.0
    assert told[-1].camera is not None
    assert degrees(told[-1].camera.tilt_rad) == pytest.approx(58.0, abs=4.0)


def test_a_camera_that_stays_is_left_alone() -> None:
    told = moved(CalibrationSettings(collect_every_s=1.0, check_every_s=10.0), LOBBY)
    assert {calibration.camera for calibration in told} == {LOBBY}
    assert {calibration.state for calibration in told} == {DONE}


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(CalibrationSettings(recalibrate=False, collect_every_s=1.0, check_every_s=1.0), id="switched off"),
        pytest.param(CalibrationSettings(collect_every_s=1e6), id="samples are collected too seldom"),
    ],
)
def test_nobody_looks_where_nobody_may(options: CalibrationSettings) -> None:
    assert {calibration.state for calibration in moved(options, TURNED)} == {DONE}


def test_what_was_refined_long_enough_is_only_watched_from_then_on() -> None:
    options = CalibrationSettings(queue_size=60, collect_every_s=1.0, check_every_s=20.0)
    calibrator = SelfCalibrator(ASPECT, options)
    for t_s, seen in Stroll(LOBBY, people=60).frames():
        settled = calibrator.step(seen, t_s)
    assert settled.state is DONE
    assert not calibrator._is_refining
    after = [calibrator.step(seen, 500.0 + t_s).state for t_s, seen in Stroll(TURNED, people=60, y_m=NEAR).frames()]
    assert AGAIN in after


def test_checks_keep_their_distance() -> None:
    calibrator = SelfCalibrator(
        ASPECT, CalibrationSettings(collect_every_s=1.0, check_every_s=1e5), Calibration(DONE, LOBBY, 1.0)
    )
    for t_s, seen in Stroll(LOBBY, people=25).frames():
        calibrator.step(seen, t_s)
    turned = list(Stroll(TURNED, people=60, y_m=NEAR).frames())
    assert {calibrator.step(seen, 400.0 + t_s).state for t_s, seen in turned} == {DONE}
    assert AGAIN in {calibrator.step(seen, 2e5 + t_s).state for t_s, seen in turned}


def test_memory_is_bounded_by_the_queue() -> None:
    calibrator = SelfCalibrator(ASPECT, CalibrationSettings(queue_size=60))
    for t_s, people in Stroll(LOBBY, people=30).frames():
        calibrator.step(people, t_s)
        assert len(calibrator._store) <= 60
        assert len(calibrator._sightings._paths) <= 12


numbers = st.floats(allow_nan=True, allow_infinity=True, width=32)
any_box = st.tuples(numbers, numbers, numbers, numbers)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.floats(-10.0, 1e6), st.lists(any_box, max_size=4)), max_size=25))
def test_no_box_and_no_clock_breaks_it(frames: list[tuple[float, list[tuple[float, ...]]]]) -> None:
    calibrator = SelfCalibrator(ASPECT, CalibrationSettings())
    for t_s, boxes in frames:
        people = [TrackObservation(str(k), t_s, 0, box, (0.5, 0.5), 0.9) for k, box in enumerate(boxes)]
        assert calibrator.step(people, t_s).state is CALIBRATING


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40))
def test_any_sightings_give_a_finite_camera(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    seen = np.zeros(count, SIGHTING)
    for name in SIGHTING.names or ():
        seen[name] = rng.normal(0.0, 0.3, count)
    seen["person"] = rng.integers(0, 6, count)
    seen["head"] = seen["foot"] - rng.uniform(0.001, 0.5, count)
    fit = fit_camera(seen)
    assert np.isfinite([fit.camera.height_m, fit.camera.focal_w, fit.camera.tilt_rad, fit.spread, fit.misfit]).all()
    assert np.isfinite(fit.covariance).all()
    assert 0.0 <= distance_error(fit, seen) <= 9.0
