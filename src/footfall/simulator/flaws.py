"""A detector with faults, and a tracker's: what a network would make of a story, drawn by lot from a seed.

Misses come in streaks, and some people are harder to see than others; boxes tremble with a memory; things that are
nobody are found for a while; who stands close together may change names; the camera has gaps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import erf, exp, log, sqrt

import numpy as np

from footfall.core.geometry import Box
from footfall.core.types import Detections, TrackObservation
from footfall.simulator.truth import FrameTruth

HIDDEN, HIDDEN_WIDTH = 0.4, 0.1
"""Of whom less than this share can be seen is mostly missed; how soft that is."""
STREAK_S = 0.4
TREMBLE_S = 0.15
GHOST_S = 0.7
GHOST_HEIGHT = (0.15, 0.5)
GHOST_SPEED = 0.1
"""Standard deviation of the speed of what is nobody, in picture sizes a second."""
SCORE, SCORE_SPREAD = 0.88, 0.05
LEAST_SCORE, LEAST_GHOST, MOST_GHOST = 0.3, 0.45, 0.85
CLOSE = 0.25
"""Boxes that overlap by more are close together."""


@dataclass(frozen=True, slots=True)
class Flaws:
    """How bad it is. The defaults are no faults at all."""

    miss: float = 0.0
    """Share of sights that are missed for no reason."""
    hardness: float = 0.0
    """How much people differ in that: standard deviation of the log odds."""
    tremble: float = 0.0
    """Standard deviation of each edge of a box, in box heights."""
    ghosts_per_s: float = 0.0
    """How often something is found that is nobody."""
    swap: float = 0.0
    """Chance that two people who come close exchange their ids."""
    cut_per_s: float = 0.0
    """How often a person in view gets a new id for no reason."""
    gaps_per_s: float = 0.0
    """How often the picture stops, for `gap_s` on average."""
    gap_s: float = 1.5
    fps: float = 15.0

    @classmethod
    def draw(cls, rng: np.random.Generator) -> Flaws:
        """A camera by lot: every fault is absent from some and heavy in others."""

        def some(largest: float) -> float:
            return float(largest * rng.beta(0.7, 1.6))

        return cls(
            miss=some(0.35),
            hardness=some(2.0),
            tremble=some(0.06),
            ghosts_per_s=some(0.3),
            swap=some(0.5),
            cut_per_s=some(0.08),
            gaps_per_s=some(0.03),
            fps=float(rng.choice([4.0, 6.0, 10.0, 15.0])),
        )


@dataclass(slots=True)
class _Look:
    """How one person fares with the detector."""

    odds: float
    luck: float
    tremble: np.ndarray
    t_s: float


@dataclass(slots=True)
class _Ghost:
    box_n: Box
    velocity: tuple[float, float]
    since_s: float
    until_s: float
    score: float


@dataclass
class FlawedDetector:
    """Truth in, detections out; the same seed and truth give the same."""

    flaws: Flaws
    size_px: tuple[int, int]
    rng: np.random.Generator
    _looks: dict[str, _Look] = field(default_factory=dict)
    _ghosts: list[_Ghost] = field(default_factory=list)
    _t_s: float = 0.0

    def detect(self, truth: FrameTruth) -> Detections:
        """What is found in one frame."""
        found = [*self._people(truth), *self._nobody(truth.t_s)]
        self._t_s = truth.t_s
        if not found:
            return Detections.empty(self.size_px)
        boxes = np.array([box for box, _ in found], np.float64) * np.tile(self.size_px, 2)
        scores = np.array([score for _, score in found], np.float32)
        return Detections(boxes.astype(np.float32), scores, np.zeros(len(found), np.int16), self.size_px)

    def _people(self, truth: FrameTruth) -> Iterator[tuple[Box, float]]:
        for person in truth.people:
            if person.visible_box_n is None:
                continue
            look = self._look(person.id, truth.t_s)
            odds = self.flaws.miss / (1.0 - self.flaws.miss) * exp(self.flaws.hardness * look.odds)
            seen = (1.0 / (1.0 + odds)) / (1.0 + exp((HIDDEN - person.visibility) / HIDDEN_WIDTH))
            if 0.5 * (1.0 + erf(look.luck / sqrt(2.0))) > seen:
                continue
            score = SCORE - 0.3 * (1.0 - seen) + SCORE_SPREAD * self.rng.standard_normal()
            x0, y0, x1, y1 = person.visible_box_n
            high = y1 - y0
            high_x = high * self.size_px[1] / self.size_px[0]
            dx0, dy0, dx1, dy1 = self.flaws.tremble * look.tremble
            box = x0 + dx0 * high_x, y0 + dy0 * high, x1 + dx1 * high_x, y1 + dy1 * high
            if box[0] < box[2] and box[1] < box[3]:
                yield box, float(np.clip(score, LEAST_SCORE, 0.99))

    def _look(self, name: str, t_s: float) -> _Look:
        look = self._looks.get(name)
        if look is None:
            normal = self.rng.standard_normal
            look = self._looks[name] = _Look(normal(), normal(), normal(4), t_s)
            return look
        look.luck = self._drift(look.luck, t_s - look.t_s, STREAK_S)
        look.tremble = self._drift(look.tremble, t_s - look.t_s, TREMBLE_S)
        look.t_s = t_s
        return look

    def _drift(self, value, passed_s: float, memory_s: float):  # type: ignore[no-untyped-def]
        kept = exp(-passed_s / memory_s)
        return kept * value + sqrt(1.0 - kept * kept) * self.rng.standard_normal(np.shape(value))

    def _nobody(self, t_s: float) -> Iterator[tuple[Box, float]]:
        for _ in range(self.rng.poisson(self.flaws.ghosts_per_s * (t_s - self._t_s))):
            x, y, high = self.rng.uniform(), self.rng.uniform(0.3, 1.0), self.rng.uniform(*GHOST_HEIGHT)
            wide = 0.35 * high * self.size_px[1] / self.size_px[0]
            until_s = t_s + self.rng.exponential(GHOST_S)
            speed = tuple(self.rng.normal(0.0, GHOST_SPEED, 2))
            score = float(self.rng.uniform(LEAST_GHOST, MOST_GHOST))
            self._ghosts.append(_Ghost((x - wide / 2, y - high, x + wide / 2, y), speed, t_s, until_s, score))
        self._ghosts = [ghost for ghost in self._ghosts if ghost.until_s >= t_s]
        for ghost in self._ghosts:
            dx, dy = (speed * (t_s - ghost.since_s) for speed in ghost.velocity)
            x0, y0, x1, y1 = ghost.box_n
            yield (x0 + dx, y0 + dy, x1 + dx, y1 + dy), ghost.score


@dataclass
class IdFaults:
    """Ids that change for no reason or between people who come close."""

    flaws: Flaws
    rng: np.random.Generator
    _names: dict[str, str] = field(default_factory=dict)
    """Id of the tracker -> the one told."""
    _close: set[frozenset[str]] = field(default_factory=set)
    _fresh: int = 0
    _t_s: float = 0.0

    def spoil(self, people: Sequence[TrackObservation], t_s: float) -> list[TrackObservation]:
        """The same people under the names they have by now."""
        passed_s, self._t_s = t_s - self._t_s, t_s
        close = {frozenset((a.track_id, b.track_id)) for a, b in _pairs(people) if _iou(a.box_n, b.box_n) > CLOSE}
        for pair in sorted(map(sorted, close - self._close)):
            if self.rng.uniform() < self.flaws.swap:
                a, b = pair
                self._names[a], self._names[b] = self._name(b), self._name(a)
        self._close = close
        for person in people:
            if self.rng.uniform() < self.flaws.cut_per_s * passed_s:
                self._fresh += 1
                self._names[person.track_id] = f"{person.track_id}-{self._fresh}"
        return [replace(person, track_id=self._name(person.track_id)) for person in people]

    def _name(self, track_id: str) -> str:
        return self._names.get(track_id, track_id)


@dataclass
class Gaps:
    """Which frames of a camera are seen at all."""

    flaws: Flaws
    rng: np.random.Generator

    def kept(self, frames: Iterable[FrameTruth]) -> Iterator[FrameTruth]:
        """All frames but those of the gaps; the first one always."""
        until_s, before_s = 0.0, 0.0
        for frame in frames:
            if self.rng.uniform() < self.flaws.gaps_per_s * (frame.t_s - before_s):
                until_s = frame.t_s - self.flaws.gap_s * log(1.0 - self.rng.uniform())
            before_s = frame.t_s
            if frame.t_s >= until_s:
                yield frame


def _pairs(people: Sequence[TrackObservation]) -> Iterator[tuple[TrackObservation, TrackObservation]]:
    return ((a, b) for i, a in enumerate(people) for b in people[:i])


def _iou(a: Box, b: Box) -> float:
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if wide <= 0.0 or high <= 0.0:
        return 0.0
    shared = wide * high
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)
