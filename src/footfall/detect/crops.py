"""Rectangles of a picture as a network is shown them, and what they cost; pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

from footfall.core.geometry import Box
from footfall.detect.imaging import SNUG_PX, InputSpec, fed_at, place

LONGEST_PX, SHORTEST_PX, NARROWEST_PX = 640, 256, 128
"""A snug input's longer side lies between the first two, its shorter one is not below the third: context helps."""


@dataclass(frozen=True, slots=True)
class Look:
    """One rectangle of the picture, and the size at which the network is fed it."""

    xyxy_px: tuple[int, int, int, int]
    """Whole pixels of the picture; never empty, never outside."""
    side_px: int
    """Longer side of a snug input; the network's own width where that is fixed."""
    cost_px: int
    """Pixels that the network is fed."""

    @property
    def size_px(self) -> tuple[int, int]:
        """(width, height) of the rectangle."""
        x0, y0, x1, y1 = self.xyxy_px
        return x1 - x0, y1 - y0

    def holds(self, xyxy_px: Box) -> bool:
        """Whether all of a box lies inside."""
        x0, y0, x1, y1 = self.xyxy_px
        return x0 <= xyxy_px[0] and y0 <= xyxy_px[1] and xyxy_px[2] <= x1 and xyxy_px[3] <= y1


@dataclass(frozen=True, slots=True)
class Lens:
    """A picture before a network: gives the looks that this network can take at it."""

    picture_px: tuple[int, int]
    """(width, height)."""
    spec: InputSpec

    @property
    def whole(self) -> Look:
        """All of the picture, as without regions of interest."""
        return self._look((0, 0, *self.picture_px), self.spec.width_px)

    @property
    def whole_scale(self) -> float:
        """Input pixels per picture pixel of the whole look."""
        return self.scale_of(self.whole)

    def reach(self, box_px: Box) -> float:
        """The greatest scale at which the network can be shown a box."""
        width, height = max(box_px[2] - box_px[0], 1.0), max(box_px[3] - box_px[1], 1.0)
        if self.spec.fit == "snug":
            return LONGEST_PX / max(width, height)
        return min(self.spec.width_px / width, self.spec.height_px / height)

    def at(self, box_px: Box, scale: float) -> Look:
        """The least look that holds a box (inside of the picture) at this scale, or at the greatest that is possible.

        What the network takes in any case is filled with the surroundings.
        """
        scale = min(scale, self.reach(box_px))
        if self.spec.fit != "snug":
            input_px = self.spec.width_px, self.spec.height_px
            return self._look(self._around(box_px, (input_px[0] / scale, input_px[1] / scale)), self.whole.side_px)
        width, height = box_px[2] - box_px[0], box_px[3] - box_px[1]
        input_px = _snug(width * scale), _snug(height * scale)
        longer = max(*input_px, SHORTEST_PX)
        input_px = (longer, input_px[1]) if width >= height else (input_px[0], longer)
        x0, y0, x1, y1 = self._around(box_px, (input_px[0] / scale, input_px[1] / scale))
        side_px = _snug((max(x1 - x0, y1 - y0) - 1) * scale)
        return self._look((x0, y0, x1, y1), min(max(side_px, SHORTEST_PX), LONGEST_PX))

    def scale_of(self, look: Look) -> float:
        """Input pixels per picture pixel, of the coarser axis."""
        placement = place(look.size_px, self._fed(look.side_px))
        return min(placement.scale_x, placement.scale_y)

    def _around(self, box_px: Box, size_px: tuple[float, float]) -> tuple[int, int, int, int]:
        x0, x1 = _stretch(box_px[0], box_px[2], size_px[0], self.picture_px[0])
        y0, y1 = _stretch(box_px[1], box_px[3], size_px[1], self.picture_px[1])
        return x0, y0, x1, y1

    def _look(self, xyxy_px: tuple[int, int, int, int], side_px: int) -> Look:
        x0, y0, x1, y1 = xyxy_px
        width, height = place((x1 - x0, y1 - y0), self._fed(side_px)).input_size
        return Look(xyxy_px, side_px, width * height)

    def _fed(self, side_px: int) -> InputSpec:
        return fed_at(self.spec, side_px)


def _snug(side_px: float) -> int:
    return max(NARROWEST_PX, ceil(side_px / SNUG_PX - 1e-6) * SNUG_PX)


def _stretch(low: float, high: float, length: float, limit: int) -> tuple[int, int]:
    """Whole pixels of [0, limit] around [low, high], about `length` long, and no shorter than that range."""
    low, high = max(0.0, min(low, limit - 1.0)), min(float(limit), max(high, 1.0))
    first, last = floor(low), max(ceil(high), floor(low) + 1)
    length_px = min(limit, max(last - first, floor(length)))
    start = round((low + high - length_px) / 2)
    start = max(0, last - length_px, min(start, first, limit - length_px))
    return start, start + length_px
