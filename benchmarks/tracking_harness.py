"""The tracker behind the contract of a MOTChallenge measuring tool: `factory(frame_rate)` -> `update(boxes, scores)`.

Set FOOTFALL_TRACKER to a JSON object to change settings, such as {"memory_s": 2}.
"""

from __future__ import annotations

import itertools
import json
import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from footfall.core.types import Detections
from footfall.track.settings import MotionSettings, TrackerSettings
from footfall.track.tracker import PeopleTracker


class Harness:
    """Feeds pixels and frame numbers, gives ids as integers."""

    def __init__(self, frame_rate: float, size_px: tuple[int, int], *, seen_only: bool = False) -> None:
        numbers = itertools.count(1)
        self._tracker = PeopleTracker(_settings(), lambda: f"{next(numbers):032x}")
        self._frame_rate, self._size_px = frame_rate, size_px
        self._frames, self._seen_only = itertools.count(), seen_only

    def update(self, boxes: NDArray[np.float32], scores: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[Any]]:
        """Ids (m,) and boxes (m, 4) of the people in this frame, smoothed; those lost a moment ago are held."""
        found = Detections(boxes, scores, np.zeros(len(scores), np.int16), self._size_px)
        rows, people = self._tracker.identify(found, next(self._frames) / self._frame_rate)
        if self._seen_only:
            return _numbers(people["id"].tolist()), boxes[rows]
        ids, cxcywh = people["id"].tolist(), people["cxcywh"]
        held = self._tracker.held(self._size_px)
        if len(held):
            ids, cxcywh = ids + held["id"].tolist(), np.concatenate([cxcywh, held["cxcywh"]])
        centre, half = cxcywh.T[:2], cxcywh.T[2:] / 2
        return _numbers(ids), np.concatenate([centre - half, centre + half]).T * self._size_px[0]


def _numbers(ids: list[str]) -> NDArray[np.int64]:
    return np.array([int(name, 16) for name in ids], np.int64)


def seen_only(frame_rate: float, info: dict[str, Any] | None = None) -> Harness:
    """As events see them: nobody who was not detected in this frame, and boxes as detected."""
    return Harness(frame_rate, tuple((info or {}).get("size", (1920, 1080))), seen_only=True)


def factory(frame_rate: float, info: dict[str, Any] | None = None) -> Harness:
    return Harness(frame_rate, tuple((info or {}).get("size", (1920, 1080))))


def _settings() -> TrackerSettings:
    changes = json.loads(os.environ.get("FOOTFALL_TRACKER", "{}"))
    motion = {key: changes.pop(key) for key in list(changes) if key in MotionSettings.__dataclass_fields__}
    return TrackerSettings(**changes, motion=MotionSettings(**motion))
