"""Labels for pictures that nobody labelled: what several public detectors agree on.

Every teacher sees the picture and its mirror image; tiles let it see small people. Boxes that overlap are fused,
weighted by score (Solovyev et al. 2021, "Weighted boxes fusion"). Only outputs of the teachers are
used, never their weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from footfall.core.ports import Detector
from footfall.core.types import Frame, Image
from footfall.evaluation.boxes import iou

Floats = NDArray[np.float32]
SAME_PERSON_IOU = 0.55
TILE = 0.6
"""Side of a tile as a share of the picture's: four of them overlap in the middle."""
EDGE_PX = 3.0
NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Labels:
    """Parallel arrays."""

    xyxy_px: Floats
    """(n, 4) float32."""
    score: Floats
    """(n,) float32: mean over all views, so that a box which only half of them see has half the score."""
    label: NDArray[np.int16]
    """(n,) int16."""


def teach(teachers: Sequence[Detector], image: Image, *, closer: bool = True) -> Labels:
    """What all teachers together find in a picture; `closer`: the first of them looks at tiles, too."""
    whole = [view for teacher in teachers for view in (_look(teacher, image), _mirrored(teacher, image))]
    fused = fuse(whole, len(whole))
    if not closer:
        return fused
    tiles = _tiled(teachers[0], image)
    small = fuse(tiles, 1)
    overlap = iou(_xywh(small.xyxy_px), _xywh(fused.xyxy_px))
    new = overlap.max(axis=1, initial=0.0) < SAME_PERSON_IOU
    return Labels(
        np.concatenate([fused.xyxy_px, small.xyxy_px[new]]),
        np.concatenate([fused.score, small.score[new]]),
        np.concatenate([fused.label, small.label[new]]),
    )


def fuse(views: Sequence[Labels], opinions: int) -> Labels:
    """Weighted boxes fusion; a cluster's score is the sum of its scores over `opinions`, at most 1."""
    boxes = np.concatenate([view.xyxy_px for view in views]) if views else np.empty((0, 4), np.float32)
    score = np.concatenate([view.score for view in views]) if views else np.empty(0, np.float32)
    label = np.concatenate([view.label for view in views]) if views else np.empty(0, np.int16)
    overlap = iou(_xywh(boxes), _xywh(boxes))
    free = np.ones(len(boxes), np.bool_)
    rows: list[tuple[Floats, float, int]] = []
    for best in np.argsort(-score, kind="stable"):
        if free[best]:
            members = np.flatnonzero(free & (overlap[best] >= SAME_PERSON_IOU))
            members = np.union1d(members, [best])
            free[members] = False
            weight = score[members]
            fused = (boxes[members] * weight[:, None]).sum(axis=0) / weight.sum()
            rows.append((fused.astype(np.float32), min(1.0, float(weight.sum()) / opinions), int(label[best])))
    return Labels(
        np.array([row[0] for row in rows], np.float32).reshape(-1, 4),
        np.array([row[1] for row in rows], np.float32),
        np.array([row[2] for row in rows], np.int16),
    )


def _look(teacher: Detector, image: Image) -> Labels:
    (found,) = teacher.detect([Frame("teacher", 0, 0.0, NO_TIME, np.ascontiguousarray(image))])
    return Labels(found.xyxy_px, found.score, found.label)


def _mirrored(teacher: Detector, image: Image) -> Labels:
    seen, width = _look(teacher, image[:, ::-1]), image.shape[1]
    xyxy_px = seen.xyxy_px[:, [2, 1, 0, 3]].copy()
    xyxy_px[:, [0, 2]] = width - xyxy_px[:, [0, 2]]
    return Labels(xyxy_px, seen.score, seen.label)


def _tiled(teacher: Detector, image: Image) -> list[Labels]:
    """What is seen whole in each of four overlapping tiles."""
    height, width = image.shape[:2]
    side_y, side_x = round(height * TILE), round(width * TILE)
    views = []
    for top in (0, height - side_y):
        for left in (0, width - side_x):
            seen = _look(teacher, image[top : top + side_y, left : left + side_x])
            x0, y0, x1, y1 = seen.xyxy_px.T
            cut_x = ((left > 0) & (x0 < EDGE_PX)) | ((left == 0) & (x1 > side_x - EDGE_PX))
            cut_y = ((top > 0) & (y0 < EDGE_PX)) | ((top == 0) & (y1 > side_y - EDGE_PX))
            small = ~(cut_x | cut_y) & (y1 - y0 < side_y / 2)
            moved = seen.xyxy_px[small] + np.array([left, top, left, top], np.float32)
            views.append(Labels(moved, seen.score[small], seen.label[small]))
    return views


def _xywh(xyxy_px: Floats) -> NDArray[np.float64]:
    return np.concatenate([xyxy_px[:, :2], xyxy_px[:, 2:] - xyxy_px[:, :2]], axis=1).astype(np.float64)


Rows = list[list[float]]
"""x0 y0 x1 y1 score label of one picture."""


def to_rows(taught: Labels, least_score: float) -> Rows:
    """What is worth writing down, rounded: a tenth of a pixel and a thousandth of a score."""
    return [
        [*(round(float(v), 1) for v in box), round(float(score), 3), int(label)]
        for box, score, label in zip(taught.xyxy_px, taught.score, taught.label, strict=True)
        if score >= least_score
    ]


def renamed(taught: Labels, positions: Sequence[int]) -> Labels:
    """The same with the teacher's label i called `positions[i]`; negative: left out."""
    label = np.array(positions, np.int16)[taught.label]
    keep = label >= 0
    return Labels(taught.xyxy_px[keep], taught.score[keep], label[keep])
