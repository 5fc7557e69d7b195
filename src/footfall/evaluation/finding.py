"""Two detectors on the same clip that nobody has labelled: boxes, people and counts of each, and who finds what alone.

Agreement is not accuracy: whom neither finds is not told of here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import numpy as np

from footfall.core.geometry import Box
from footfall.core.ports import Tracker
from footfall.core.types import Detections, Frame, Observed, TrackObservation
from footfall.engine.graph import Graph
from footfall.engine.items import Tracked
from footfall.evaluation.audit_sheet import clock
from footfall.evaluation.boxes import iou
from footfall.evaluation.detection import Found
from footfall.evaluation.in_turn import Contestant
from footfall.evaluation.labelled import PERSON
from footfall.evaluation.matching import boxes_of, pair
from footfall.evaluation.report import Cell, table
from footfall.evaluation.whereabouts import Whereabouts
from footfall.spatial.totals import Totals

SAME_IOU: Final = 0.5
SHARED: Final = 0.5
"""Who is found by the other in less of their frames is found by one alone."""
Counts: TypeAlias = Mapping[str, tuple[int, int]]
"""By line (right, left), by zone (enters, exits)."""


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
        """Whether only one model follows this person."""
        return self.shared < SHARED * self.frames


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


@dataclass(frozen=True, slots=True)
class Lone:
    """Somebody whom one model alone follows."""

    model: str
    track_id: str
    first_s: float
    last_s: float
    at_s: float
    box_n: Box
    where: str

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        return {
            "model": self.model, "person": self.track_id, "from_s": self.first_s, "to_s": self.last_s,
            "at_s": self.at_s, "box": list(self.box_n), "where": self.where,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finds:
    """One detector's figures."""

    name: str
    boxes: int
    shared: int
    people: int
    lone: tuple[Lone, ...]
    counts: Counts
    ms: float | None

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        return {
            "model": self.name, "boxes": self.boxes, "boxes_both": self.shared, "people": self.people,
            "people_alone": len(self.lone), "counts": {name: list(pair) for name, pair in self.counts.items()},
            "ms_per_picture": self.ms,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Findings:
    """Both detectors on one clip."""

    title: str
    frames: int
    models: tuple[Finds, Finds]
    lines: frozenset[str]

    @property
    def lone(self) -> tuple[Lone, ...]:
        """Whom one of them alone follows, by time."""
        return tuple(sorted((one for model in self.models for one in model.lone), key=lambda one: one.first_s))

    @property
    def agreement(self) -> float:
        """Share of all boxes that both find; there is at least one."""
        return sum(model.shared for model in self.models) / sum(model.boxes for model in self.models)

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        running, new = self.models
        return {
            "clip": self.title, "frames": self.frames, "agreement": self.agreement, "running": running.to_dict(),
            "new": new.to_dict(), "alone": [one.to_dict() for one in self.lone], "advice": self.advice(),
        }  # fmt: skip

    def table(self) -> str:
        """Plain text: figures of both, then the people to look at."""
        models = self.models
        rows: list[Sequence[Cell]] = [
            ("people followed", *(one.people for one in models)),
            ("of them by this one alone", *(len(one.lone) for one in models)),
            ("boxes", *(one.boxes for one in models)),
            ("of them in both", *(f"{one.shared / one.boxes:.0%}" if one.boxes else None for one in models)),
            *((self._called(name), *(_spell(one.counts[name]) for one in models)) for name in models[0].counts),
            ("milliseconds a picture", *(None if one.ms is None else f"{one.ms:.1f}" for one in models)),
        ]
        parts = [table(f"{self.frames} pictures of {self.title}", ("", *(one.name for one in models)), rows)]
        if self.lone:
            title, columns = "who is followed by one of them alone", ("person", "by", "seen", "where")
            parts.append(table(title, columns, [_row(one) for one in self.lone]))
        return "\n\n".join(parts)

    def advice(self) -> str:
        """What to do about it, in sentences."""
        running, new = self.models
        share = 1.0 if not self.lone and self.agreement == 1.0 else min(self.agreement, 0.99)
        said = f"they agree about {share:.0%} of boxes"
        if self.lone:
            said += (
                f"; look at {'this one' if len(self.lone) == 1 else f'these {len(self.lone)}'} before you switch over"
            )
        apart = [name for name in running.counts if running.counts[name] != new.counts[name]]
        if apart:
            return f"{said}; they count differently at {', '.join(apart)}"
        return f"{said}; they count the same" if running.counts else said

    def _called(self, name: str) -> str:
        return f"{name}: right, left" if name in self.lines else f"{name}: in, out"


def findings(rivals: Rivals, title: str, frames: int, at: Whereabouts) -> Findings:
    """Figures of both, when the clip is over and somebody was found.

    Args:
        rivals: after their last frame.
        title: what was looked at.
        frames: how many pictures.
        at: says where in the picture something is.
    """
    models = _finds(rivals.running, at), _finds(rivals.new, at)
    return Findings(title, frames, models, frozenset(rivals.running.totals.lines))


def _finds(side: Side, at: Whereabouts) -> Finds:
    name = side.contestant.name
    lone = tuple(
        Lone(name, one.track_id, one.first_s, one.last_s, one.at_s, one.box_n, at.words(one.footprint_n))
        for one in side.trails.values()
        if one.is_lone
    )
    counts = {line: (one.right, one.left) for line, one in side.totals.lines.items()}
    counts |= {zone: (one.enters, one.exits) for zone, one in side.totals.zones.items()}
    return Finds(name, side.boxes, side.shared, len(side.trails), lone, counts, side.contestant.ms)


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


def _spell(counts: tuple[int, int]) -> str:
    return f"{counts[0]}, {counts[1]}"


def _row(one: Lone) -> tuple[Cell, ...]:
    return one.track_id[-4:], one.model, f"{clock(one.first_s)} to {clock(one.last_s)}", one.where
