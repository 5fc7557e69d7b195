"""What travels between the nodes of a graph."""

from __future__ import annotations

from dataclasses import dataclass, field

from footfall.core.types import Detections, Frame, Observed
from footfall.events.calibration import CalibrationInfo
from footfall.spatial.certainty import Ledger
from footfall.spatial.insights import Insight
from footfall.spatial.signs import Evidence


@dataclass(frozen=True, slots=True)
class Detected:
    """A frame and what the detector found in it."""

    frame: Frame
    detections: Detections


@dataclass(frozen=True, slots=True)
class Tracked:
    """The people of a frame; `frame` is None in a replay of recorded tracks."""

    observed: Observed
    frame: Frame | None = None
    calibration: CalibrationInfo = field(default=CalibrationInfo())
    """What is known about the camera, from the ground node on."""


@dataclass(frozen=True, slots=True)
class Happened:
    """The people of a frame and what the rules made of them."""

    observed: Observed
    insights: tuple[Insight, ...]
    frame: Frame | None = None
    calibration: CalibrationInfo = field(default=CalibrationInfo())
    ledger: Ledger | None = field(default=None, compare=False, repr=False)
    """All totals of the camera so far, with their intervals; goes on changing with the next frame."""
    evidence: tuple[Evidence, ...] = field(default=(), compare=False, repr=False)
    """What speaks for and against what was told with this frame."""
