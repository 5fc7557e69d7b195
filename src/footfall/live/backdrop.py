"""The empty place behind the people, learnt so slowly that nobody who stands in it becomes part of it. Pure.

What a privacy view may show of a picture, at most:

* The picture is a grid of at most 32 cells by its longer side. A cell has one colour: the median of what was seen in
  it, which follows by half a grey level every two seconds. Cells in which somebody is found keep their colour.
* A cell shows what is in it, by 5 x 5 points, once it has looked the same for half an hour more than it has looked
  otherwise. So the whole picture has never more than 160 points by its longer side. Time counts only while nobody is
  found in it and nothing has stirred in it or around it for ten seconds.

Somebody who passes is seen as change, found or not: that time does not count. Somebody whom the detector does not find
and who stands for 20 minutes without a stir tints some cells, and in a place that is known not even those. Whoever does
so as long as the place was seen empty, and half an hour more, is furniture.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from footfall.core.geometry import Box
from footfall.core.types import Image

MOST_CELLS: Final = 32
"""Cells along the picture's longer side."""
POINTS: Final = 5
"""Points of a learnt cell along its side."""
LOOK_EVERY_S: Final = 2.0
HOLD_S: Final = 10.0
"""After a stir time does not count for so long."""
LEARNT_S: Final = 1800.0
"""So much more must a cell have looked the same than otherwise; it counts no further."""
STIR: Final = 12.0
"""A point has changed if any of its channels, 0..255, differs by more."""
STEP: Final = 0.5
"""A cell's colour follows by at most so much, at each look."""
DRIFT: Final = 0.02
"""Share by which what is learnt follows the light, at each look."""
SHEET: Final = 96
"""Grey of cells that have no colour yet."""
REACH: Final = 2
"""Cells around a stir that wait, too."""
STRANGE: Final = 0.5
STRANGE_S: Final = 60.0
"""If more than half of the picture looks otherwise for so long, the camera was turned: all is forgotten."""
VISIBLE: Final = 3.0
"""Changes of colour that are worth a new picture."""


class Backdrop:
    """What is known of one camera's empty place.

    Args:
        size: (width, height) of its pictures in pixels.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size
        self.version = 0
        """Grows whenever `drawn` would give something else."""
        scale = MOST_CELLS / max(size)
        columns, rows = (max(1, int(side * scale)) for side in size)
        self._cells = rows, columns
        self._looked_s: float | None = None
        self._strange_s = 0.0
        self._before: NDArray[np.float32] = np.zeros((rows * POINTS, columns * POINTS, 3), np.float32)
        self._forget(self._before)

    @property
    def learnt(self) -> float:
        """Share of the cells that show what is in them."""
        return float(self._is_learnt.mean())

    def is_due(self, t_s: float) -> bool:
        """Whether it is time for another look."""
        return self._looked_s is None or not 0.0 <= t_s - self._looked_s < LOOK_EVERY_S

    def look(self, image: Image, people_n: Iterable[Box], t_s: float) -> None:
        """Learn from one picture.

        Args:
            image: (h, w, 3) uint8 BGR, at any size.
            people_n: normalised boxes of everybody who was found in it.
            t_s: stream time; only what was looked at counts, not how long the camera was away.
        """
        rows, columns = self._cells
        seen = cv2.resize(image, (columns * POINTS, rows * POINTS), interpolation=cv2.INTER_AREA).astype(np.float32)
        passed_s = 0.0 if self._looked_s is None else min(max(0.0, t_s - self._looked_s), 2 * LOOK_EVERY_S)
        if self._looked_s is None or self._strange_s >= STRANGE_S:
            self._forget(seen)
        stirred = peaks(np.abs(seen - self._before)) > STIR
        self._looked_s, self._before = t_s, seen
        occupied = self._occupied(people_n)
        self._held_s += passed_s
        self._held_s[occupied | self._around(stirred)] = 0.0
        self._weigh(seen, passed_s)
        self._tint(seen, occupied)
        self._draw()

    def drawn(self, width_px: int) -> Image:
        """The empty place as a picture `width_px` wide, smoothly enlarged."""
        height_px = max(2, 2 * round(width_px * self.size[1] / self.size[0] / 2))
        return np.asarray(cv2.resize(self._drawn, (width_px, height_px), interpolation=cv2.INTER_LINEAR), np.uint8)

    def _forget(self, seen: NDArray[np.float32]) -> None:
        """The picture is another one."""
        self._before, self._strange_s = seen, 0.0
        self._kept: NDArray[np.float32] = seen
        self._drawn: Image = np.full(seen.shape, SHEET, np.uint8)
        self._colours: NDArray[np.float32] = np.full((*self._cells, 3), SHEET, np.float32)
        self._has_colour: NDArray[np.bool_] = np.zeros(self._cells, np.bool_)
        self._is_learnt: NDArray[np.bool_] = np.zeros(self._cells, np.bool_)
        self._held_s: NDArray[np.float64] = np.zeros(self._cells)
        self._lead_s: NDArray[np.float64] = np.zeros(self._cells)
        """How much longer a cell has looked like `_kept` than otherwise."""
        self.version += 1

    def _weigh(self, seen: NDArray[np.float32], passed_s: float) -> None:
        """A vote of the majority (Boyer and Moore, 1981) over the looks that count."""
        counts = self._held_s >= HOLD_S
        is_same = peaks(np.abs(seen - self._kept)) <= STIR
        self._strange_s = self._strange_s + passed_s if is_same.mean() < 1.0 - STRANGE else 0.0
        self._lead_s += np.where(counts, np.where(is_same, passed_s, -passed_s), 0.0)
        others = self._points(self._lead_s < 0.0)
        follows = self._points(counts & is_same)
        drifted = np.where(follows, self._kept + DRIFT * (seen - self._kept), self._kept)
        self._kept = np.where(others, seen, drifted).astype(np.float32)
        np.clip(self._lead_s, 0.0, LEARNT_S, out=self._lead_s)

    def _tint(self, seen: NDArray[np.float32], occupied: NDArray[np.bool_]) -> None:
        """Let the colours follow; the first look at a free cell gives it one."""
        now = self._means(seen)
        followed = self._colours + np.clip(now - self._colours, -STEP, STEP)
        colours = np.where(self._has_colour[..., None], followed, now)
        self._colours = np.where(occupied[..., None], self._colours, colours).astype(np.float32)
        self._has_colour |= ~occupied

    def _draw(self) -> None:
        shown = self._means(self._drawn)
        is_ripe = self._lead_s >= LEARNT_S
        news = np.where(is_ripe[..., None], self._means(self._kept), self._colours)
        is_new = np.maximum.reduce(np.abs(news - shown), axis=2) > VISIBLE
        learnt = is_ripe & (is_new | ~self._is_learnt)
        tinted = ~is_ripe & ~self._is_learnt & is_new
        if not (learnt.any() or tinted.any()):
            return
        flat = np.repeat(np.repeat(self._colours, POINTS, axis=0), POINTS, axis=1)
        drawn = np.where(self._points(tinted), flat, self._drawn)
        self._drawn = np.where(self._points(learnt), self._kept, drawn).round().astype(np.uint8)
        self._is_learnt |= learnt
        self.version += 1

    def _occupied(self, people_n: Iterable[Box]) -> NDArray[np.bool_]:
        """Cells that a person's box touches, and those beside them."""
        rows, columns = self._cells
        occupied = np.zeros(self._cells, np.bool_)
        for x0, y0, x1, y1 in people_n:
            left, top = max(0, int(x0 * columns) - 1), max(0, int(y0 * rows) - 1)
            occupied[top : max(0, int(y1 * rows) + 2), left : max(0, int(x1 * columns) + 2)] = True
        return occupied

    def _around(self, cells: NDArray[np.bool_]) -> NDArray[np.bool_]:
        side = 2 * REACH + 1
        return cv2.dilate(cells.astype(np.uint8), np.ones((side, side), np.uint8)).astype(np.bool_)

    def _means(self, points: NDArray[np.float32] | Image) -> NDArray[np.float32]:
        """(rows * POINTS, columns * POINTS, 3) -> (rows, columns, 3)."""
        rows, columns = self._cells
        means = cv2.resize(points.astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA)
        return np.asarray(means, np.float32)

    def _points(self, cells: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """(rows, columns) -> (rows * POINTS, columns * POINTS, 1)."""
        return np.repeat(np.repeat(cells, POINTS, axis=0), POINTS, axis=1)[..., None]


def peaks(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """(rows * POINTS, columns * POINTS, 3) -> (rows, columns): the largest value in each cell."""
    blue, green, red = cv2.split(points)
    largest = cv2.dilate(cv2.max(cv2.max(blue, green), red), np.ones((POINTS, POINTS), np.uint8))
    return np.asarray(largest[POINTS // 2 :: POINTS, POINTS // 2 :: POINTS], np.float32)
