"""The empty place behind the people, learnt so slowly that nobody who stands in it becomes part of it. Pure.

What a privacy view may show of a picture, at most:

* The picture is a grid of at most 32 cells by its longer side. A cell has one colour, taken after nothing has stirred
  in it for ten seconds; before that it has none.
* A cell in which nothing stirred and nobody was found for half an hour shows what it looked like then: 5 x 5 points,
  so that the whole picture has never more than 160 by its longer side.
* What moves, and what the detector has found, is never in it: such cells show what was learnt before.

A person whom the detector does not find is seen as change when coming, swaying or going; all cells around a change wait
again from zero. Thus somebody who stands for 20 minutes without a stir leaves at most the colours of some cells.
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
SETTLED_S: Final = 10.0
"""After so long without a stir a cell gets its colour."""
LEARNT_S: Final = 1800.0
"""After so long it shows what is in it."""
STIR: Final = 12.0
"""A point has changed if any of its channels, 0..255, differs by more."""
DRIFT: Final = 0.02
"""Share by which what is waited for follows the light, at each look."""
SHEET: Final = 96
"""Grey of cells that have no colour yet."""
REACH: Final = 2
"""Cells around a change that wait again, too."""
ALL_CHANGED: Final = 0.5
"""If more of the picture changes at once, the camera was turned or the light switched: all is forgotten."""
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
        self._waiting: NDArray[np.float32] | None = None
        """(rows * POINTS, columns * POINTS, 3): what every cell must go on looking like."""
        self._quiet_s: NDArray[np.float64] = np.zeros(self._cells)
        self._drawn: Image = np.full((rows * POINTS, columns * POINTS, 3), SHEET, np.uint8)
        self._is_learnt: NDArray[np.bool_] = np.zeros(self._cells, np.bool_)
        self._has_colour: NDArray[np.bool_] = np.zeros(self._cells, np.bool_)
        self._looked_s: float | None = None

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
        self._looked_s = t_s
        if self._waiting is None:
            self._waiting = seen
        changed = peaks(np.abs(seen - self._waiting)) > STIR
        if changed.mean() > ALL_CHANGED:
            self._forget()
        busy = self._around(changed) | self._occupied(people_n)
        self._quiet_s += passed_s
        self._quiet_s[busy] = 0.0
        renewed = self._points(busy)
        self._waiting = np.where(renewed, seen, self._waiting + DRIFT * (seen - self._waiting)).astype(np.float32)
        self._draw()

    def drawn(self, width_px: int) -> Image:
        """The empty place as a picture `width_px` wide, smoothly enlarged."""
        height_px = max(2, 2 * round(width_px * self.size[1] / self.size[0] / 2))
        return np.asarray(cv2.resize(self._drawn, (width_px, height_px), interpolation=cv2.INTER_LINEAR), np.uint8)

    def _draw(self) -> None:
        assert self._waiting is not None
        before = self._drawn
        rows, columns = self._cells
        colours, shown = (
            cv2.resize(points.astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA)
            for points in (self._waiting, before)
        )
        differs = np.maximum.reduce(cv2.absdiff(colours, shown), axis=2) > VISIBLE
        settled = (self._quiet_s >= SETTLED_S) & ~self._is_learnt & (differs | ~self._has_colour)
        learnt = (self._quiet_s >= LEARNT_S) & (differs | ~self._is_learnt)
        if not (settled.any() or learnt.any()):
            return
        flat = np.repeat(np.repeat(colours, POINTS, axis=0), POINTS, axis=1)
        drawn = np.where(self._points(settled), flat, before)
        self._drawn = np.where(self._points(learnt), self._waiting, drawn).round().astype(np.uint8)
        self._has_colour |= settled
        self._is_learnt |= learnt
        self.version += 1

    def _forget(self) -> None:
        """The picture is another one."""
        self._drawn = np.full_like(self._drawn, SHEET)
        self._is_learnt[:] = self._has_colour[:] = False
        self._quiet_s[:] = 0.0
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

    def _points(self, cells: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """(rows, columns) -> (rows * POINTS, columns * POINTS, 1)."""
        return np.repeat(np.repeat(cells, POINTS, axis=0), POINTS, axis=1)[..., None]


def peaks(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """(rows * POINTS, columns * POINTS, 3) -> (rows, columns): the largest value in each cell."""
    blue, green, red = cv2.split(points)
    largest = cv2.dilate(cv2.max(cv2.max(blue, green), red), np.ones((POINTS, POINTS), np.uint8))
    return np.asarray(largest[POINTS // 2 :: POINTS, POINTS // 2 :: POINTS], np.float32)
