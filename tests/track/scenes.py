"""Scenes as detectors see them: people are functions of time, a scene gives the detections of a moment."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from footfall.core.types import Detections, TrackObservation
from footfall.track.settings import TrackerSettings
from footfall.track.tracker import PeopleTracker

SIZE = (640, 360)
Box = tuple[float, float, float, float]
Person = Callable[[float], Box | None]


def detections(boxes: Iterable[Sequence[float]], score: float = 0.9, label: int = 0) -> Detections:
    xyxy = np.array(list(boxes), np.float32).reshape(-1, 4)
    count = len(xyxy)
    return Detections(xyxy, np.full(count, score, np.float32), np.full(count, label, np.int16), SIZE)


def box(x: float, foot: float, height: float = 120.0, width: float = 45.0) -> Box:
    return x - width / 2, foot - height, x + width / 2, foot


def walker(x: float, speed: float, foot: float = 200.0, *, hidden: tuple[float, float] = (-1.0, -1.0)) -> Person:
    """Walks along x at `speed` pixels a second, unseen from hidden[0] to hidden[1]."""
    return lambda t: None if hidden[0] <= t < hidden[1] else box(x + speed * t, foot)


def tracker(**settings: float) -> PeopleTracker:
    numbers = itertools.count(1)
    return PeopleTracker(TrackerSettings(**settings), lambda: f"{next(numbers):032x}")  # type: ignore[arg-type]


def times(duration_s: float, fps: float) -> list[float]:
    return [k / fps for k in range(round(duration_s * fps))]


def play(
    who: PeopleTracker, people: Sequence[Person], moments: Iterable[float], score: float = 0.9
) -> list[list[TrackObservation]]:
    """What the tracker reports at each moment."""
    shown = ((frame, t, [b for person in people if (b := person(t)) is not None]) for frame, t in enumerate(moments))
    return [who.update(detections(boxes, score), t, frame) for frame, t, boxes in shown]


def ids(reports: Iterable[Iterable[TrackObservation]]) -> list[str]:
    """Ids in order of first appearance."""
    return list(dict.fromkeys(person.track_id for report in reports for person in report))
