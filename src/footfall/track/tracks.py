"""The table of tracks: one row a track, a whole crowd in one array."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from footfall.core.types import Detections
from footfall.track.footprint import BODY
from footfall.track.motion import MOTION
from footfall.track.table import Flags, Floats, Layout, Rows, Table, scalar

TRACK = np.dtype(
    [
        *MOTION.descr,
        *BODY.descr,
        ("id", "O"),
        ("seen_s", "f8"),
        ("last_cxcywh", "f8", 4),
        ("score", "f8"),
        ("evidence", "f8"),
        ("doubled_s", "f8"),
    ]
)
"""Motion, body, id (None: tentative), time of last sight, box then measured, relative score, evidence, time
spent on top of an older track. Oldest first."""
LAYOUT = Layout(TRACK)
AnyTable = TypeVar("AnyTable", Table, NDArray[Any])

NOBODY = np.array(None)
PERSON = 0
"""Which makes every label but 0 somebody, or something, else."""
MARGIN = 1.0
"""Boxes are cut off this many picture sizes outside of the picture."""
ZERO, HALF, ONE, NEAREST, FARTHEST = (scalar(value) for value in (0.0, 0.5, 1.0, -MARGIN, 1.0 + MARGIN))
EDGE = 0.01
"""A box that comes this near to an edge of the picture, in image widths, may go on behind it."""
MOST = 1000
"""People of one frame that are looked at, those of the best scores, and half of the tracks that are remembered."""


@dataclass(frozen=True, slots=True)
class Sight:
    """The usable detections of one frame: parallel arrays."""

    row: Rows
    """(n,) row in the `Detections`."""
    cxcywh: Floats
    """(n, 4) float64, image widths."""
    score: Floats
    """(n,) float64, relative to the camera's level."""
    noise: Floats
    """(n,) float64, standard deviation of the box in body heights."""

    def __len__(self) -> int:
        return len(self.row)

    def only(self, rows: Rows) -> Sight:
        """Those detections alone."""
        return Sight(self.row[rows], self.cxcywh.T.take(rows, axis=1).T, self.score[rows], self.noise[rows])


def people_boxes(detections: Detections) -> tuple[Rows, Floats]:
    """Rows that are people with a finite box that covers a pixel, and their (n, 4) cx cy w h in image widths.

    Of more than `MOST` those with the best scores.
    """
    row, (sides, in_widths) = _people(detections), _sides(detections.frame_size)
    xyxy = detections.xyxy_px.take(row, axis=0).T.astype(np.float64, order="C")
    xyxy /= sides
    reaches = (np.minimum(xyxy[2:], ONE) - np.maximum(xyxy[:2], ZERO)) * sides[2:] >= ONE
    if np.count_nonzero(reaches) < reaches.size or len(row) > MOST:
        shown = (reaches[0] & reaches[1]).nonzero()[0]
        if len(shown) > MOST:
            shown = np.sort(shown[np.argsort(-detections.score[row[shown]], kind="stable")[:MOST]])
        row, xyxy = row[shown], xyxy.take(shown, axis=1)
    np.maximum(xyxy, NEAREST, out=xyxy)
    np.minimum(xyxy, FARTHEST, out=xyxy)
    xyxy *= in_widths
    return row, _centred(xyxy).T


def _people(detections: Detections) -> Rows:
    """Rows that are people with finite numbers; mostly all of them."""
    finite, scored = np.isfinite(detections.xyxy_px), np.isfinite(detections.score)
    others = np.count_nonzero(detections.label)
    if np.count_nonzero(finite) == finite.size and np.count_nonzero(scored) == scored.size and not others:
        return np.arange(len(scored))
    usable: Flags = scored & np.logical_and.reduce(finite, axis=1) & (detections.label == PERSON)
    return usable.nonzero()[0]


@lru_cache(maxsize=64)
def _sides(frame_size: tuple[int, int]) -> tuple[Floats, Floats]:
    """(4, 1) width, height, width, height, in pixels and in image widths."""
    sides = np.array([*frame_size, *frame_size], np.float64)[:, None]
    return sides, sides / frame_size[0]


def _centred(xyxy: Floats) -> Floats:
    """Corners (4, n) -> cx cy w h, in place."""
    low, high = xyxy[:2], xyxy[2:]
    size = high - low
    low += high
    low *= HALF
    high[...] = size
    return xyxy


def latest(tracks: AnyTable) -> AnyTable:
    """The tracks, without those unseen for longest where there are more than can be remembered."""
    if len(tracks) <= 2 * MOST:
        return tracks
    kept: AnyTable = tracks[np.sort(np.argsort(-tracks["seen_s"], kind="stable")[: 2 * MOST])]
    return kept


def is_confirmed(tracks: Table | NDArray[np.void]) -> Flags:
    """(n,) bool: tracks that have an id."""
    named: Flags = tracks["id"] != NOBODY
    return named


def at_edge(cxcywh: Floats, floor_y: float) -> Flags:
    """(n,) bool: boxes that touch the left, right or lower edge of the picture, `floor_y` image widths high."""
    half, bottom = cxcywh[:, 2] / 2, cxcywh[:, 1] + cxcywh[:, 3] / 2
    sides = (cxcywh[:, 0] - half < EDGE) | (cxcywh[:, 0] + half > 1.0 - EDGE)
    return np.asarray(sides | (bottom > floor_y - EDGE))


def share_inside(cxcywh: Sequence[float], floor_y: float) -> float:
    """Share of a box that lies in the picture, 1 image width wide and `floor_y` high."""
    x, y, width, height = cxcywh
    wide = min(x + width / 2, 1.0) - max(x - width / 2, 0.0)
    high = min(y + height / 2, floor_y) - max(y - height / 2, 0.0)
    return max(wide, 0.0) * max(high, 0.0) / (width * height)
