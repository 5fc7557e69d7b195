"""Self-calibration of one camera over its life: learning, refining, checking, learning again.

    CALIBRATING ──sure enough──> CALIBRATED ──the camera was moved──> RECALIBRATING ──sure enough──> CALIBRATED

While learning every person counts. Once calibrated the camera goes on to be refined until it is as good as it gets;
from then on people are only looked at in rounds, and now and then these sightings are held against the camera
(spec/operations.md section 4.3). Time comes with the people; memory is bounded by `CalibrationSettings.queue_size`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from math import log

import numpy as np

from footfall.core.types import TrackObservation
from footfall.spatial.calibration.certainty import GOOD_ENOUGH, deviation_of, distance_error, objections
from footfall.spatial.calibration.fit import Fit, Prior, fit_camera
from footfall.spatial.calibration.sightings import Sightings
from footfall.spatial.calibration.store import Store
from footfall.spatial.ground import Camera

PEOPLE, SIGHTINGS = 8, 30
"""Fewer are not asked at all: eight people tell their mean height to 2 %."""
FINE = 0.015
"""Standard error of a distance below which there is nothing left to refine."""
BETTER = 0.8
"""A calibrated camera is exchanged for one that is this much more certain: receivers hear of each change."""
GROWTH = 1.25
"""A new fit is tried when there are so many times as many sightings as at the last one."""
MOVED = 0.10
"""Distances that differ by this share, and beyond chance, show that a camera was moved."""
BEYOND_CHANCE = 16.3
"""99.9 % point of chi-squared with three degrees of freedom."""
FRAME_S = 0.09
"""Frames that follow faster than this are passed over: people do not walk that fast."""


class CalibrationState(Enum):
    """How far a calibration is."""

    CALIBRATING = "Calibrating"
    RECALIBRATING = "Recalibrating"
    CALIBRATED = "Calibrated"


@dataclass(frozen=True, slots=True)
class Calibration:
    """What is known about a camera at some moment."""

    state: CalibrationState = CalibrationState.CALIBRATING
    camera: Camera | None = None
    """The last one known."""
    progress: float = 0.0
    """0 to 1 while (re)calibrating; 1 when done."""
    error: float | None = None
    """Standard error of a distance on the floor as a share of it; None where nobody knows."""
    changed_s: float | None = None
    """Stream time of the last change of `camera`; None for one that was known beforehand."""
    missing: tuple[str, ...] = ()
    """What is missing, in words."""


@dataclass(frozen=True, slots=True)
class CalibrationSettings:
    """The keys of CALIBRATION_CONFIG, and what is known about people."""

    recalibrate: bool = True
    check_every_s: float = 86400.0
    """Least time between two checks whether the camera was moved."""
    collect_every_s: float = 300.0
    """Least time between two rounds of collecting sightings for it."""
    collect: int = 10
    """Least number of new sightings in a round."""
    queue_size: int = 1000
    """Most sightings that are kept."""
    prior: Prior = field(default=Prior())


class SelfCalibrator:
    """Learns the camera from the people it sees.

    Args:
        aspect: height / width of the picture.
        settings: see `CalibrationSettings`.
        known: a calibration from an earlier run: it is used at once, and checked as soon as people were seen.
    """

    def __init__(self, aspect: float, settings: CalibrationSettings, known: Calibration | None = None) -> None:
        self._settings = settings
        self._sightings = Sightings(aspect)
        self._store = Store(settings.queue_size, aspect)
        self._calibration = known or Calibration(missing=_too_few(0, 0))
        self._is_refining = known is None
        self._tried_at = 0
        self._seen_s: float | None = None
        self._checked_s: float | None = None
        self._round_s: float | None = None
        self._round_from = 0

    @property
    def calibration(self) -> Calibration:
        """What is known now."""
        return self._calibration

    def step(self, people: Sequence[TrackObservation], t_s: float) -> Calibration:
        """Take in the people of one frame at stream time `t_s` (seconds)."""
        if self._seen_s is not None and 0.0 <= t_s - self._seen_s < FRAME_S:
            return self._calibration
        self._seen_s = t_s
        if self._is_refining or self._collects(t_s):
            found = self._sightings.step(people, t_s)
            self._store.add(found)
            if len(found) and self._is_refining:
                self._refine(t_s)
            elif len(found):
                self._check(t_s)
        return self._calibration

    def _collects(self, t_s: float) -> bool:
        """Whether a round of collecting goes on or begins."""
        if not self._settings.recalibrate:
            return False
        if self._round_s is None or t_s < self._round_s:
            self._round_s, self._round_from = t_s, self._store.taken
        if self._store.taken - self._round_from >= self._settings.collect:
            if t_s - self._round_s < self._settings.collect_every_s:
                return False
            self._round_s, self._round_from = t_s, self._store.taken
        return True

    def _refine(self, t_s: float) -> None:
        """Learn, or learn better."""
        people = len(np.unique(self._store.sightings["person"]))
        is_new = self._calibration.state is not CalibrationState.CALIBRATED
        if people < PEOPLE or len(self._store) < SIGHTINGS:
            self._calibration = replace(
                self._calibration,
                progress=_share(people, len(self._store)),
                missing=_too_few(people, len(self._store)),
            )
            return
        if self._store.taken < GROWTH * self._tried_at:
            return
        self._tried_at = self._store.taken
        fit = fit_camera(self._store.sightings, self._settings.prior)
        error = distance_error(fit, self._store.sightings)
        missing = objections(fit, self._store.sightings, error)
        if not missing and (is_new or error < BETTER * (self._calibration.error or 1.0)):
            self._calibration = Calibration(CalibrationState.CALIBRATED, fit.camera, 1.0, error, t_s)
        elif is_new:
            progress = max(min(0.99, 0.5 + 0.5 * (GOOD_ENOUGH / error) ** 2), self._calibration.progress)
            self._calibration = replace(self._calibration, progress=progress, missing=missing)
        if self._is_done(error):
            self._is_refining, self._checked_s = False, t_s
            self._store.clear()
            self._round_s = None

    def _is_done(self, error: float) -> bool:
        is_calibrated = self._calibration.state is CalibrationState.CALIBRATED
        return is_calibrated and (error < FINE or self._store.taken >= 2 * self._settings.queue_size)

    def _check(self, t_s: float) -> None:
        """Hold the camera against the sightings of the last rounds."""
        camera = self._calibration.camera
        is_early = self._checked_s is not None and 0.0 <= t_s - self._checked_s < self._settings.check_every_s
        if camera is None or is_early or len(self._store) < SIGHTINGS:
            return
        if len(np.unique(self._store.sightings["person"])) < PEOPLE:
            return
        self._checked_s = t_s
        if self._was_moved(camera):
            state = CalibrationState.RECALIBRATING
            self._calibration = replace(self._calibration, state=state, progress=0.0, missing=_too_few(0, 0))
            self._is_refining, self._tried_at = True, 0
        self._store.clear()
        self._round_s = None

    def _was_moved(self, camera: Camera) -> bool:
        """Whether another camera explains the sightings, and this one not."""
        sightings = self._store.sightings
        fit = fit_camera(sightings, self._settings.prior)
        return deviation_of(camera, fit.camera, sightings) > MOVED and _strangeness(camera, fit) > BEYOND_CHANCE


def _strangeness(camera: Camera, fit: Fit) -> float:
    """Squared Mahalanobis distance of a camera from a fit; the camera is taken to be as uncertain as the fit."""
    found = fit.camera
    off = np.array(
        [
            log(camera.height_m / found.height_m),
            log(camera.focal_w / found.focal_w),
            camera.tilt_rad - found.tilt_rad,
        ]
    )
    return float(off @ np.linalg.solve(2.0 * fit.covariance, off))


def _share(people: int, sightings: int) -> float:
    """The first half of the progress: enough people, seen often enough."""
    return 0.5 * min(people / PEOPLE, sightings / SIGHTINGS, 1.0)


def _too_few(people: int, sightings: int) -> tuple[str, ...]:
    return (
        f"people who walk and are seen whole: {people} of at least {PEOPLE}, {sightings} of at least {SIGHTINGS} times",
    )
