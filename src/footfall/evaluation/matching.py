"""Found boxes against true ones: who hits whom, precision over recall, average precision.

Average precision: Lin et al., "Microsoft COCO: Common Objects in Context", 2014, and the COCO detection challenge:
interpolated at 101 recall levels, boxes matched greedily by score, crowd regions neither right nor wrong; with a range
of heights, true boxes outside it and found boxes outside it that hit nothing do not count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from footfall.evaluation.boxes import Boxes, area, intersection, iou

IOU_THRESHOLDS = np.arange(10, 20) / 20
AT_HALF = IOU_THRESHOLDS[:1]
RECALL_LEVELS = np.arange(101) / 100
MOST_PER_IMAGE = 100
"""Only this many boxes of an image count, the best ones, as with COCO."""

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]
Heights: TypeAlias = tuple[float, float]
"""From, to (not included), in pixels of the picture."""
ANY_HEIGHT: Heights = (0.0, inf)


@dataclass(frozen=True, slots=True)
class Target:
    """What is true in one image, for one category; boxes (n, 4) float64, pixels, left top width height."""

    single: Boxes
    crowd: Boxes
    """Regions in which a found box is neither right nor wrong."""

    def count(self, heights: Heights = ANY_HEIGHT) -> int:
        """How many boxes are to be found."""
        return int(_within(self.single, heights).sum())


@dataclass(frozen=True, slots=True)
class Guesses:
    """What was found in one image, for one category, best first."""

    xywh: Boxes
    """(n, 4) float64, pixels, left top width height."""
    score: Floats
    """(n,)."""

    @classmethod
    def of(cls, xywh: Sequence[Sequence[float]], score: Sequence[float]) -> Guesses:
        """In any order; the best of them count."""
        scores = np.array(score, np.float64)
        order = np.argsort(-scores, kind="stable")[:MOST_PER_IMAGE]
        return cls(boxes_of(xywh)[order], scores[order])

    def at_least(self, score: float) -> Guesses:
        """Those of that score and more."""
        keep = self.score >= score
        return Guesses(self.xywh[keep], self.score[keep])

    def without(self, rows: NDArray[np.intp]) -> Guesses:
        """All but some."""
        return Guesses(np.delete(self.xywh, rows, axis=0), np.delete(self.score, rows))


@dataclass(frozen=True, slots=True)
class Outcome:
    """The guesses of one image, judged; best first."""

    score: Floats
    """(n,)."""
    hit: Bools
    """(thresholds, n)."""
    ignored: Bools
    """(thresholds, n): on a crowd region, or of a height that does not count."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Recall and precision after each guess that counts, best first, over all images; each (n,)."""

    recall: Floats
    precision: Floats

    def average_precision(self) -> float:
        """Mean over the recall levels of the best precision at that recall or more."""
        envelope = np.append(np.maximum.accumulate(self.precision[::-1])[::-1], 0.0)
        return float(envelope[np.searchsorted(self.recall, RECALL_LEVELS, side="left")].mean())


def judge(
    target: Target, found: Guesses, thresholds: Floats = IOU_THRESHOLDS, heights: Heights = ANY_HEIGHT
) -> Outcome:
    """Hit, ignored or (neither) wrong, at each IoU threshold."""
    wanted = _within(target.single, heights)
    overlap, unwanted = iou(found.xywh, target.single[wanted]), iou(found.xywh, target.single[~wanted])
    covered = intersection(found.xywh, target.crowd) / np.maximum(area(found.xywh), np.finfo(np.float64).tiny)[:, None]
    in_crowd = covered.max(axis=1, initial=0.0) >= thresholds[:, None]
    hit = np.array([pair(overlap, threshold) >= 0 for threshold in thresholds], np.bool_)
    beside = np.array(
        [_pair_rest(unwanted, threshold, ~taken) for threshold, taken in zip(thresholds, hit, strict=True)], np.bool_
    )
    return Outcome(found.score, hit, ~hit & (in_crowd | beside | ~_within(found.xywh, heights)))


def pair(overlap: Floats, threshold: float) -> NDArray[np.intp]:
    """Each row of (n, m), best first, takes the column it overlaps most among those that are free; -1 for none."""
    free, taken = overlap.copy(), np.full(len(overlap), -1, np.intp)
    for row in range(len(overlap) if overlap.shape[1] else 0):
        column = int(free[row].argmax())
        if free[row, column] >= threshold:
            taken[row] = column
            free[:, column] = -1.0
    return taken


def curve(outcomes: Sequence[Outcome], truths: int, threshold: int = 0) -> Curve:
    """Precision over recall of all images at one threshold, for `truths` > 0 boxes that are to be found."""
    score = np.concatenate([outcome.score for outcome in outcomes])
    hit = np.concatenate([outcome.hit[threshold] for outcome in outcomes])
    counts = ~np.concatenate([outcome.ignored[threshold] for outcome in outcomes])
    order = np.argsort(-score[counts], kind="stable")
    hits = np.cumsum(hit[counts][order])
    return Curve(hits / truths, hits / np.arange(1, len(hits) + 1))


def boxes_of(xywh: Sequence[Sequence[float]] | Sequence[Boxes]) -> Boxes:
    """(n, 4), also for none."""
    return np.array(xywh, np.float64).reshape(-1, 4)


def _within(xywh: Boxes, heights: Heights) -> Bools:
    low, high = heights
    inside: Bools = (xywh[:, 3] >= low) & (xywh[:, 3] < high)
    return inside


def _pair_rest(overlap: Floats, threshold: float, rows: Bools) -> Bools:
    """Which of the rows find a column of their own."""
    found = np.zeros(len(overlap), np.bool_)
    found[rows] = pair(overlap[rows], threshold) >= 0
    return found
