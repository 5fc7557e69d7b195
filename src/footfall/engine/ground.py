"""The floor of one camera: learns the camera, puts people on the floor, and says when a calibration is news."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from footfall.core.types import Observed
from footfall.engine.items import Tracked
from footfall.events.calibration import CalibrationInfo
from footfall.spatial.calibration.calibrator import Calibration, CalibrationSettings, CalibrationState, SelfCalibrator
from footfall.spatial.calibration.placement import Placement, place
from footfall.spatial.ground import Camera, GroundEstimator

log = logging.getLogger(__name__)


class CalibrationMemory(Protocol):
    """Keeps what was learnt about a camera over a restart."""

    def load(self, aspect: float) -> CalibrationInfo | None:
        """What is known about a picture of this shape (height / width)."""
        ...

    def save(self, known: CalibrationInfo, aspect: float) -> None:
        """Keep a calibration."""
        ...


class GroundNode:
    """Tracked -> Tracked with floor positions, speed and orientation where they can be known.

    Args:
        camera: one that is known beforehand; None otherwise.
        speed: whether to estimate speeds.
        orientation: whether to estimate body directions.
        learn: how to calibrate the camera from the people it sees; None: not at all.
        memory: where a calibration outlives the process.
    """

    def __init__(
        self,
        camera: Camera | None,
        *,
        speed: bool,
        orientation: bool,
        learn: CalibrationSettings | None = None,
        memory: CalibrationMemory | None = None,
    ) -> None:
        learning = CalibrationInfo(progress=None if learn is None else 0.0)
        self._told = CalibrationInfo(CalibrationState.CALIBRATED, camera, 1.0) if camera else learning
        self._known = self._told
        self._speed = speed
        self._orientation = orientation
        self._learn = learn
        self._memory = memory
        self._aspect = 0.0
        self._estimator: GroundEstimator | None = None
        self._calibrator: SelfCalibrator | None = None

    def feed(self, item: object) -> Sequence[Tracked]:
        """Put the people of one frame on the floor; where nobody is seen there is nothing to do, nor to learn."""
        assert isinstance(item, Tracked)
        observed = item.observed
        if not observed.people and self._learn is None:
            return (item if self._known == item.calibration else replace(item, calibration=self._known),)
        estimator = self._estimator
        if estimator is None or aspect_of(observed) != self._aspect:
            estimator = self._start(aspect_of(observed))
        if self._calibrator is not None:
            self._take(self._calibrator.step(observed.people, observed.t_s), observed)
            estimator.use(self._known.camera)
        people = tuple(estimator.step(observed.people, observed.t_s))
        return (replace(item, observed=replace(observed, people=people), calibration=self._known),)

    def flush(self) -> Iterator[Tracked]:
        """Nothing is held back."""
        return iter(())

    def _start(self, aspect: float) -> GroundEstimator:
        """Begin with a picture of this shape."""
        self._aspect = aspect
        if self._learn is not None:
            kept = self._memory.load(aspect) if self._memory else None
            self._known = kept or self._told
            known = Calibration(self._known.state, self._known.camera, 1.0) if self._known.camera else None
            self._calibrator = SelfCalibrator(aspect, self._learn, known)
        self._estimator = GroundEstimator(self._known.camera, aspect, speed=self._speed, orientation=self._orientation)
        return self._estimator

    def _take(self, found: Calibration, observed: Observed) -> None:
        """Make what the calibrator says what is known."""
        before = self._known
        if found.state is before.state and found.camera == before.camera:
            if found.progress != before.progress and found.state is not CalibrationState.CALIBRATED:
                self._known = replace(before, progress=found.progress)
            return
        utc = before.calibrated_utc
        if found.camera != before.camera and found.changed_s is not None:
            utc = observed.utc - timedelta(seconds=observed.t_s - found.changed_s)
        self._known = CalibrationInfo(found.state, found.camera, found.progress, utc)
        if found.state is CalibrationState.CALIBRATED:
            log.info("%s is calibrated: %s", observed.source_id, in_words(found))
            if self._memory is not None:
                self._memory.save(self._known, self._aspect)
        else:
            log.warning("%s does not see the floor as before: was it moved? Calibrating anew", observed.source_id)


class CalibrationNews:
    """When a `cameraCalibrationEvent` goes out, and what it says about zones (spec/operations.md sections 4.3, 7.5).

    Args:
        every_s: seconds of stream time between two of them; below 0: only when the calibration has changed.
        zones: whether to say where zones and lines work.
    """

    def __init__(self, every_s: float, *, zones: bool) -> None:
        self._every_s = every_s
        self._zones = zones
        self._told: tuple[CalibrationState, Camera | None] | None = None
        self._told_s: float | None = None

    def is_due(self, known: CalibrationInfo, t_s: float) -> bool:
        """Whether to tell now; what is known at the very start is no change."""
        now = known.state, known.camera
        if self._told is None:
            self._told, self._told_s = now, t_s
            return False
        is_late = self._every_s >= 0.0 and self._told_s is not None and t_s - self._told_s >= self._every_s
        if now == self._told and not is_late:
            return False
        self._told, self._told_s = now, t_s
        return True

    def placement(self, known: CalibrationInfo, aspect: float) -> Placement | None:
        """Where zones work in a picture of this shape; None without a camera, or where nobody asked."""
        return place(known.camera, aspect) if self._zones and known.camera is not None else None


def in_words(found: Calibration) -> str:
    """A calibrated camera for people."""
    camera = found.camera
    if camera is None:
        return "nothing is known"
    sure = "" if found.error is None else f"; distances are known to {found.error:.0%}"
    tilt = camera.tilt_rad * 57.29578
    return f"{camera.height_m:.2f} m up, {tilt:.0f} degrees from straight down, focal {camera.focal_w:.2f} widths{sure}"


def aspect_of(observed: Observed) -> float:
    """Height / width of the processing frame."""
    width, height = observed.size_px
    return height / width
