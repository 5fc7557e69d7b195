"""Two detectors on the same clip, each with a tracker and rules behind it: which boxes and which people both have."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from footfall.core.geometry import Box
from footfall.core.ports import Tracker
from footfall.core.types import Detections, Frame, Observed, TrackObservation
from footfall.engine.graph import Graph
from footfall.engine.items import Tracked
from footfall.evaluation.boxes import iou
from footfall.evaluation.detection import Found
from footfall.evaluation.in_turn import Contestant
from footfall.evaluation.labelled import PERSON
from footfall.evaluation.matching import boxes_of, pair
from footfall.spatial.totals import Totals

SAME_IOU: Final = 0.5
SHARED: Final = 0.5
"""Who is found by the other in less of their frames is found by one alone."""
LEAST_S: Final = 1.0
"""Who is followed for less is not worth a look."""


@dataclass(slots=True, eq=False)
class Trail:
    """One track of one model."""

    track_id: str
    first_s: float
    last_s: float
    frames: int = 0
    shared: int = 0
    """Frames in which the other model follows somebody at the same place."""
    at_s: float = 0.0
    box_n: Box = (0.0, 0.0, 0.0, 0.0)
    """The largest one that the other has not, or the largest, at `at_s`."""
    footprint_n: tuple[float, float] = (0.0, 0.0)
    _best: tuple[bool, float] = (False, -1.0)

    def add(self, seen: TrackObservation, t_s: float, *, is_shared: bool) -> None:
        """One more frame."""
        self.frames, self.shared, self.last_s = self.frames + 1, self.shared + is_shared, t_s
        x0, y0, x1, y1 = seen.box_n
        if (rank := (not is_shared, (x1 - x0) * (y1 - y0))) > self._best:
            self._best = rank
            self.at_s, self.box_n, self.footprint_n = t_s, seen.box_n, seen.footprint_n

    @property
    def is_lone(self) -> bool:
        """Whether only one model follows this person, and for long enough to be worth a look."""
        return self.last_s - self.first_s >= LEAST_S and self.shared < SHARED * self.frames


@dataclass(slots=True, eq=False)
class Side:
    """One detector, and what follows from it."""

    contestant: Contestant
    tracker: Tracker
    graph: Graph | None
    totals: Totals
    """Kept up to date by a tap of the graph."""
    trails: dict[str, Trail] = field(default_factory=dict)
    boxes: int = 0
    shared: int = 0
    """Boxes that the other has too."""
    _done: int = 0

    def fresh(self) -> list[Found]:
        """People found in the latest frame."""
        found = [one for one in self.contestant.found[self._done :] if one.category == PERSON]
        self._done = len(self.contestant.found)
        return found


@dataclass(slots=True, eq=False)
class Rivals:
    """Follows what two detectors find, frame by frame, with a tracker and rules each."""

    running: Side
    new: Side

    @property
    def boxes(self) -> int:
        """That either has found."""
        return self.running.boxes + self.new.boxes

    def take(self, frame: Frame) -> None:
        """A frame that both have looked at."""
        sides = self.running, self.new
        found = [side.fresh() for side in sides]
        self._pair_boxes(sides, found)
        people = [_followed(side, boxes, frame) for side, boxes in zip(sides, found, strict=True)]
        overlap = iou(*(boxes_of([_xywh(one.box_n) for one in some]) for some in people))
        partner = pair(overlap, SAME_IOU)
        shared = partner >= 0, np.isin(np.arange(len(people[1])), partner)
        for side, some, flags in zip(sides, people, shared, strict=True):
            for seen, is_shared in zip(some, flags.tolist(), strict=True):
                trail = side.trails.setdefault(seen.track_id, Trail(seen.track_id, frame.t_s, frame.t_s))
                trail.add(seen, frame.t_s, is_shared=is_shared)

    def end(self) -> None:
        """The clip is over: what is open in the rules is closed."""
        for side in (self.running, self.new):
            if side.graph is not None:
                deque(side.graph.flush(), maxlen=0)

    def _pair_boxes(self, sides: tuple[Side, Side], found: Sequence[Sequence[Found]]) -> None:
        sure = [
            boxes_of([one.bbox for one in some if one.score >= side.contestant.card.confident_score])
            for side, some in zip(sides, found, strict=True)
        ]
        both = int((pair(iou(sure[0], sure[1]), SAME_IOU) >= 0).sum())
        for side, boxes in zip(sides, sure, strict=True):
            side.boxes, side.shared = side.boxes + len(boxes), side.shared + both


def _followed(side: Side, found: Sequence[Found], frame: Frame) -> list[TrackObservation]:
    height, width = frame.image.shape[:2]
    xywh = boxes_of([one.bbox for one in found])
    xyxy_px = np.concatenate([xywh[:, :2], xywh[:, :2] + xywh[:, 2:]], axis=1).astype(np.float32)
    scores = np.array([one.score for one in found], np.float32)
    detections = Detections(xyxy_px, scores, np.zeros(len(found), np.int16), (width, height))
    people = side.tracker.update(detections, frame.t_s, frame.index)
    if side.graph is not None:
        when = frame.index, frame.t_s, frame.utc
        observed = Observed(frame.source_id, *when, frame.size_px, tuple(people), frame.loop)
        deque(side.graph.push(Tracked(observed)), maxlen=0)
    return people


def _xywh(box_n: Box) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = box_n
    return x0, y0, x1 - x0, y1 - y0
