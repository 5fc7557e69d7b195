"""Where a person's head can be: what to cut out of the picture, and how well a face fits a person.

The width of a person's box is the measure of all: from head to foot, or head and shoulders behind a desk, a face is
about three tenths as wide as the box of somebody who faces the camera, and its centre lies that far below the top.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import TypeAlias

from footfall.core.geometry import Box, Point, box_center

Size: TypeAlias = tuple[int, int]
"""(width, height) in pixels."""

FACE_WIDTH = 0.3
"""Width of a face, in widths of the person's box."""
FACE_DEPTH = 0.3
"""How far below the top of the box a face has its centre."""
CUT_SIDE = 1.1
"""Side of the square that is cut out: the head with room for leaning, in widths of the box."""
CUT_ABOVE = 0.2
"""So much of it lies above the box: boxes often start at the forehead."""
LEAST_FACE_PX = 16.0
"""Smaller faces are too far away: even enlarged, networks take their masks for bare skin."""
DEEPEST = 0.9
"""Faces farther below the top are somebody else's."""
BESIDE = 0.1
"""So far outside the left and right edge a face may have its centre."""
FACE_WIDTHS = (0.08, 0.9)
"""Faces narrower or wider than this, in widths of the box, are somebody else's."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A part of the picture: whole pixels, right and bottom exclusive, never empty."""

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def size_px(self) -> Size:
        """(width, height)."""
        return self.x1 - self.x0, self.y1 - self.y0


def in_pixels(box_n: Box, size_px: Size) -> Box:
    """A normalised box in pixels of a picture of (width, height)."""
    width, height = size_px
    return box_n[0] * width, box_n[1] * height, box_n[2] * width, box_n[3] * height


def head_cut(box_n: Box, size_px: Size) -> Cut | None:
    """Head and shoulders of a person in a picture of (width, height) pixels; None if too small or out of sight.

    Args:
        box_n: the person's box, normalised; it may reach over the border.
        size_px: of the picture.
    """
    x0, y0, x1, y1 = in_pixels(box_n, size_px)
    width = x1 - x0
    if width * FACE_WIDTH < LEAST_FACE_PX:
        return None
    left, top = (x0 + x1 - CUT_SIDE * width) / 2, y0 - CUT_ABOVE * width
    bottom = min(top + CUT_SIDE * width, y1 + CUT_ABOVE * width)
    cut = Cut(
        max(0, round(left)),
        max(0, round(top)),
        min(size_px[0], round(left + CUT_SIDE * width)),
        min(size_px[1], round(bottom)),
    )
    return cut if min(cut.size_px) >= LEAST_FACE_PX else None


def misfit(face_px: Box, person_px: Box) -> float | None:
    """How far a face is from where this person's should be, in widths of the person; None: it cannot be theirs."""
    x0, y0, x1, y1 = person_px
    width = x1 - x0
    if width <= 0.0:
        return None
    x, y = box_center(face_px)
    is_in_head = x0 - BESIDE * width <= x <= x1 + BESIDE * width and y0 - CUT_ABOVE * width <= y <= y0 + DEEPEST * width
    is_of_size = FACE_WIDTHS[0] <= (face_px[2] - face_px[0]) / width <= FACE_WIDTHS[1]
    if not (is_in_head and is_of_size and y <= y1):
        return None
    expected: Point = ((x0 + x1) / 2, y0 + FACE_DEPTH * width)
    return hypot(x - expected[0], y - expected[1]) / width
