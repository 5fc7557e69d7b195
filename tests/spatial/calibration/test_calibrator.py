"""The life of a calibration step by step: when it looks, what it waits for, when it asks again."""

from __future__ import annotations

from dataclasses import replace
from math import exp, radians

import numpy as np
import pytest

from footfall.spatial.calibration import calibrator
from footfall.spatial.calibration.calibrator import (
    Calibration,
    CalibrationSettings,
    CalibrationState,
    SelfCalibrator,
    _share,
    _strangeness,
)
from footfall.spatial.calibration.fit import Fit, Prior, fit_camera
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
    assert watching(recalibrate=False)._collects(5.0) is False


def test_frames_that_follow_too_fast_are_passed_over() -> None:
    one = watching()
    for t_s, looked_s in ((0.0, 0.0), (0.0, 0.0), (0.0625, 0.0), (0.09, 0.09), (0.125, 0.09), (-1.0, -1.0), (2.5, 2.5)):
        assert one.step([], t_s) is KNOWN
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


def test_eight_people_and_thirty_sightings_are_enough_to_try(monkeypatch: pytest.MonkeyPatch) -> None:
    """And then a quarter more each time."""
    known_to(monkeypatch, 0.1)
    one, tried_at = SelfCalibrator(ASPECT, CalibrationSettings()), []
    for more in (seen(30, 8), seen(7), seen(3), seen(9), seen(1)):
        one._store.add(more)
        one._refine(9.0)
        tried_at.append(one._tried_at)
    assert tried_at == [30, 30, 40, 40, 50]


def test_shares_of_the_first_half() -> None:
    shares = [_share(*enough) for enough in ((8, 30), (4, 30), (8, 15), (80, 300), (0, 9))]
    assert shares == [0.5, 0.25, 0.25, 0.5, 0.0]


@pytest.mark.parametrize(
    ("number", "people", "t_s", "is_checked"),
    [
        pytest.param(30, 8, 1100.0, True, id="just enough, just late enough"),
        pytest.param(29, 8, 1100.0, False, id="too few sightings"),
        pytest.param(30, 7, 1100.0, False, id="too few people"),
        pytest.param(30, 8, 1099.9, False, id="too early"),
        pytest.param(30, 8, 1000.0, False, id="at the moment of the last one"),
        pytest.param(30, 8, 999.0, True, id="the clock went back"),
    ],
)
def test_when_a_camera_is_checked(number: int, people: int, t_s: float, is_checked: bool) -> None:
    one = watching(check_every_s=100.0)
    one._checked_s, one._round_s = 1000.0, 0.0
    one._store.add(seen(number, people))
    one._check(t_s)
    assert (len(one._store) == 0, one._round_s is None) == (is_checked, is_checked)
    assert one._checked_s == (t_s if is_checked else 1000.0)


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


class Finds:
    """In place of `Sightings`: what the next frames show."""

    def __init__(self, *tables: Table) -> None:
        self._tables = iter(tables)

    def step(self, people: object, t_s: float) -> Table:
        return next(self._tables)


def known_to(monkeypatch: pytest.MonkeyPatch, error: float, pace_m_s: float = 1.3) -> None:
    """Whatever is seen, the lobby's camera fits it, and only its height is not known: to this share."""
    fit = Fit(LOBBY, np.diag([error**2, 0.0, 0.0]), pace_m_s, 0.05, 0.02, 1.0)
    monkeypatch.setattr(calibrator, "fit_camera", lambda *_: fit)


def refined(known: Calibration | None, t_s: float = 9.0) -> SelfCalibrator:
    """After one look at enough sightings."""
    one = SelfCalibrator(ASPECT, CalibrationSettings(), known)
    one._is_refining, one._round_s = True, 1.0
    one._store.add(seen())
    one._refine(t_s)
    return one


def test_a_fit_that_nothing_speaks_against_is_a_calibration(monkeypatch: pytest.MonkeyPatch) -> None:
    known_to(monkeypatch, 0.04)
    one = refined(None)
    found = one.calibration
    assert (found.state, found.camera, found.progress, found.changed_s) == (
        CalibrationState.CALIBRATED,
        LOBBY,
        1.0,
        9.0,
    )
    assert (found.error, found.missing) == (pytest.approx(0.04), ())
    assert (one._is_refining, len(one._store), one._round_s, one._checked_s) == (True, 40, 1.0, None)


@pytest.mark.parametrize(
    ("error", "is_exchanged"),
    [
        pytest.param(0.051, True, id="more than a fifth surer"),
        pytest.param(0.049, False, id="not so much"),
        pytest.param(None, True, id="nobody knows how good the present one is"),
    ],
)
def test_how_much_better_a_camera_must_be(
    monkeypatch: pytest.MonkeyPatch, error: float | None, is_exchanged: bool
) -> None:
    known_to(monkeypatch, 0.04)
    known = replace(KNOWN, camera=replace(LOBBY, height_m=3.0), error=error)
    found = refined(known).calibration
    assert (found.camera == LOBBY, found.changed_s) == (is_exchanged, 9.0 if is_exchanged else None)


def test_after_a_move_any_camera_is_better_than_the_old_one(monkeypatch: pytest.MonkeyPatch) -> None:
    known_to(monkeypatch, 0.04)
    moved = replace(KNOWN, state=CalibrationState.RECALIBRATING, camera=replace(LOBBY, height_m=3.0), error=0.02)
    assert refined(moved).calibration == Calibration(CalibrationState.CALIBRATED, LOBBY, 1.0, pytest.approx(0.04), 9.0)


@pytest.mark.parametrize(
    ("error", "pace_m_s", "before", "progress"),
    [
        pytest.param(0.1, 1.3, 0.0, 0.625, id="twice the error that is allowed: a quarter of the second half"),
        pytest.param(0.1, 1.3, 0.7, 0.7, id="it never goes back"),
        pytest.param(0.01, 9.0, 0.0, 0.99, id="sure enough, but they would run: never quite done"),
    ],
)
def test_progress_while_something_speaks_against_it(
    monkeypatch: pytest.MonkeyPatch, error: float, pace_m_s: float, before: float, progress: float
) -> None:
    known_to(monkeypatch, error, pace_m_s)
    for state in (CalibrationState.CALIBRATING, CalibrationState.RECALIBRATING):
        found = refined(Calibration(state, progress=before)).calibration
        assert (found.state, found.camera, found.progress) == (state, None, pytest.approx(progress))
        assert len(found.missing) == 1
    assert refined(KNOWN).calibration == KNOWN


@pytest.mark.parametrize(("error", "is_done"), [(0.014, True), (0.016, False)], ids=["fine", "not yet"])
def test_what_cannot_be_refined_is_watched(monkeypatch: pytest.MonkeyPatch, error: float, is_done: bool) -> None:
    known_to(monkeypatch, error)
    one = refined(None)
    assert one.calibration.state is CalibrationState.CALIBRATED
    left = (False, 0, None, 9.0) if is_done else (True, 40, 1.0, None)
    assert (one._is_refining, len(one._store), one._round_s, one._checked_s) == left


@pytest.mark.parametrize(
    ("off", "strangeness", "is_moved"),
    [
        pytest.param(0.11, 20.0, True, id="farther off than a tenth, and not by chance"),
        pytest.param(0.09, 1000.0, False, id="surely, but by less than a tenth"),
        pytest.param(0.11, 15.0, False, id="perhaps by chance"),
    ],
)
def test_when_a_camera_was_moved(
    monkeypatch: pytest.MonkeyPatch, off: float, strangeness: float, is_moved: bool
) -> None:
    """The camera is held for so much higher than the fit; heights and distances grow alike."""
    fit = Fit(LOBBY, np.diag([off**2 / strangeness / 2, 1.0, 1.0]), 1.3, 0.05, 0.02, 1.0)
    monkeypatch.setattr(calibrator, "fit_camera", lambda *_: fit)
    known = replace(KNOWN, camera=replace(LOBBY, height_m=LOBBY.height_m * exp(off)))
    one = SelfCalibrator(ASPECT, CalibrationSettings(), known)
    one._store.add(seen())
    one._check(9.0)
    if is_moved:
        words = "people who walk and are seen whole: 0 of at least 8, 0 of at least 30 times"
        assert one.calibration == replace(known, state=CalibrationState.RECALIBRATING, progress=0.0, missing=(words,))
    else:
        assert one.calibration is known
    assert one._is_refining is is_moved


def test_who_begins_without_a_camera_learns_one_and_who_has_one_watches() -> None:
    assert watching().calibration is KNOWN
    assert not watching()._is_refining
    one = SelfCalibrator(ASPECT, CalibrationSettings())
    assert one._is_refining
    assert (one.calibration.state, one.calibration.camera, one.calibration.progress) == (
        CalibrationState.CALIBRATING,
        None,
        0.0,
    )
    assert (one.calibration.error, one.calibration.changed_s) == (None, None)
    assert one.calibration.missing == ("people who walk and are seen whole: 0 of at least 8, 0 of at least 30 times",)


def test_what_is_usual() -> None:
    usual = CalibrationSettings()
    assert (usual.recalibrate, usual.check_every_s, usual.collect_every_s) == (True, 86400.0, 300.0)
    assert (usual.collect, usual.queue_size, usual.prior) == (10, 1000, Prior())
    assert (Calibration().state, Calibration().progress, Calibration().missing) == (
        CalibrationState.CALIBRATING,
        0.0,
        (),
    )


def test_what_frames_show_is_kept_and_fitted() -> None:
    one = SelfCalibrator(ASPECT, CalibrationSettings())
    one._sightings = Finds(sights(20), sights(0), sights(9))  # type: ignore[assignment]
    shares = [one.step([], t_s).progress for t_s in (1.0, 1.0, 2.0, 3.0)]
    assert shares == [pytest.approx(20 / 60), pytest.approx(20 / 60), pytest.approx(20 / 60), pytest.approx(29 / 60)]
    assert one._store.taken == 29


def test_a_known_camera_is_held_against_what_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    known_to(monkeypatch, 0.04)
    one = watching(check_every_s=100.0)
    one._checked_s = 0.0
    one._store.add(seen())
    one._sightings = Finds(sights(0), sights(1))  # type: ignore[assignment]
    one.step([], 200.0)
    assert (one._checked_s, len(one._store), one._tried_at) == (0.0, 40, 0)
    one.step([], 201.0)
    assert (one._checked_s, len(one._store), one._tried_at) == (201.0, 0, 0)


def test_nothing_is_collected_where_nobody_may() -> None:
    one = watching(recalibrate=False)
    one._sightings = Finds(sights(5), sights(5))  # type: ignore[assignment]
    assert one.step([], 1.0) is KNOWN
    assert one._store.taken == 0
