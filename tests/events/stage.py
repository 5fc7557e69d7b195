"""People, cameras and moments that the event tests share."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import count
from math import inf
from typing import Any

from footfall.core.options import EventSpec
from footfall.core.types import MaskState, Message, Observed, TrackObservation
from footfall.events.calibration import CalibrationInfo
from footfall.events.encode import EventEncoder
from footfall.spatial.calibration.calibrator import CalibrationState
from footfall.spatial.ground import FOOT_M, Camera
from footfall.spatial.insights import (
    Counted,
    Direction,
    DistanceMeasured,
    Dwelled,
    Facing,
    Insight,
    LineCrossed,
    Proximity,
    ZoneEntered,
    ZoneExited,
)
from footfall.spatial.regions import Trigger

CAMERA = Camera(11.6 * FOOT_M, 395.0 / 640, 1.04)
CALIBRATED = CalibrationInfo(CalibrationState.CALIBRATED, CAMERA)
NOON = datetime(2026, 3, 1, 12, 0, 0, 250_000, UTC)
LATER = datetime(2026, 3, 1, 12, 0, 1, 500_000, UTC)
ANN = TrackObservation(
    track_id="a1" * 16,
    t_s=10.0,
    frame=150,
    box_n=(0.25, 0.5, 0.375, 0.875),
    footprint_n=(0.3125, 0.859375),
    score=0.9375,
    ground_m=(-1.5, 2.5),
    speed_m_s=1.2192,
    ground_orientation_rad=0.5,
    image_orientation_rad=0.75,
    mask=MaskState("face_mask", 0.96875),
)
BOB = TrackObservation(
    track_id="b2" * 16, t_s=10.0, frame=150, box_n=(0.5, 0.4, 0.6, 0.8), footprint_n=(0.55, 0.79), score=0.8
)
STORIES: dict[str, Insight] = {
    "count": Counted("hall", 10.0, 150, Trigger.EVENT, (ANN, BOB), 2),
    "line": LineCrossed("door", 10.0, ANN, Direction.LEFT_TO_RIGHT, Facing.STRAIGHT),
    "enter": ZoneEntered("till", 10.0, ANN, 2),
    "exit": ZoneExited("till", 10.0, BOB, None),
    "dwell": Dwelled("till", 10.0, ANN, 4, 7.04, 105, 3.2, 0.3048, 0.0),
    "distance": DistanceMeasured(
        "lobby", 10.0, 150, Trigger.INTERVAL, Proximity.TOO_CLOSE, 3, 2.286, 6.0 * FOOT_M, inf, (ANN, BOB)
    ),
}

COUNT_BOB = Counted("hall", 10.0, 150, Trigger.EVENT, (BOB,), 1)
FORMS = {
    "2.0": EventSpec(),
    "2.0-trimmed": EventSpec(trim_metadata=True),
    "1.0": EventSpec(schema="1.0"),
}


def observed(t_s: float = 10.0, frame: int = 150) -> Observed:
    return Observed("cam", frame, t_s, NOON, (640, 360), (ANN, BOB))


def encoder(spec: EventSpec | None = None) -> EventEncoder:
    numbers = count(1)
    return EventEncoder("cam", spec or EventSpec(), lambda: f"{next(numbers):032x}")


def encode(*insights: Insight, spec: EventSpec | None = None, info: CalibrationInfo = CALIBRATED) -> list[Message]:
    return encoder(spec).encode(insights, observed(), info, LATER)


def body(*insights: Insight, **options: Any) -> dict[str, Any]:
    (message,) = encode(*insights, **options)
    return json.loads(message.body)


def metadata(insight: Insight, **options: Any) -> dict[str, Any]:
    return body(insight, **options)["detections"][0]["metadata"]
