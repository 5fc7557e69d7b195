"""Many heads on one sheet, so that a crowd costs a network no more than one picture.

A sheet is a grid of square tiles, large ones for a few heads, smaller ones for many. Each head fills its tile, so that
the network sees all faces at about the same size (50 to 70 pixels), near or far: of smaller ones networks take the mask
for bare skin. Nothing is enlarged more than `ENLARGED` times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from footfall.core.geometry import Box
from footfall.core.types import Image
from footfall.faces.heads import Cut, Size

LARGE_PX, SMALL_PX = 320, 200
"""About the side of a tile on a sheet for few and for many."""
ENLARGED = 2.0
"""At most; more pixels would show nothing more."""
GREY = 114
"""Between the heads; what networks are mostly padded with."""


@dataclass(frozen=True, slots=True)
class SheetSpec:
    """The sheet that fits a network's input pixel by pixel."""

    width_px: int
    height_px: int
    is_fixed: bool = False
    """Whether the network would stretch other shapes; else a sheet is no higher than its heads need."""

    def __post_init__(self) -> None:
        if min(self.width_px, self.height_px) < 1:
            raise ValueError(f"a sheet must be at least 1x1 pixel, not {self.width_px}x{self.height_px}")

    @property
    def places(self) -> int:
        """How many heads a sheet holds at most."""
        return self._places(max(1, self.width_px // SMALL_PX))

    def columns(self, heads: int) -> int:
        """Tiles side by side: as few, and so as large, as so many heads allow.

        Raises:
            ValueError: there are more heads than places.
        """
        for columns in range(max(1, self.width_px // LARGE_PX), max(1, self.width_px // SMALL_PX) + 1):
            if heads <= self._places(columns):
                return columns
        raise ValueError(f"{heads} heads for {self.places} places")

    def tile_px(self, columns: int) -> int:
        """Side of a tile."""
        return min(self.width_px // columns, self.height_px)

    def _places(self, columns: int) -> int:
        return columns * (self.height_px // self.tile_px(columns))


@dataclass(frozen=True, slots=True)
class Tile:
    """One head on the sheet."""

    cut: Cut
    """Where it is in the picture."""
    x: int
    y: int
    """Its top left corner on the sheet."""
    size_px: Size
    """Its size on the sheet."""


def lay_out(cuts: Sequence[Cut], spec: SheetSpec) -> list[Tile]:
    """A tile for each cut, row by row.

    Raises:
        ValueError: there are more cuts than places.
    """
    columns = spec.columns(len(cuts))
    side = spec.tile_px(columns)
    return [
        Tile(cut, index % columns * side, index // columns * side, _shown_size(cut, side))
        for index, cut in enumerate(cuts)
    ]


def _shown_size(cut: Cut, side: int) -> Size:
    width, height = cut.size_px
    scale = min(ENLARGED, side / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def draw_sheet(picture: Image, tiles: Sequence[Tile], spec: SheetSpec) -> Image:
    """The sheet: heads out of the (h, w, 3) uint8 BGR picture that their cuts were made for, on grey."""
    lowest = max((tile.y + tile.size_px[1] for tile in tiles), default=1)
    sheet = np.full((spec.height_px if spec.is_fixed else lowest, spec.width_px, 3), GREY, np.uint8)
    for tile in tiles:
        cut, (width, height) = tile.cut, tile.size_px
        how = cv2.INTER_AREA if width < cut.size_px[0] else cv2.INTER_LINEAR
        head = cv2.resize(picture[cut.y0 : cut.y1, cut.x0 : cut.x1], tile.size_px, interpolation=how)
        sheet[tile.y : tile.y + height, tile.x : tile.x + width] = head
    return sheet


def to_picture(xyxy_px: Box, tiles: Sequence[Tile]) -> Box | None:
    """A box on the sheet -> the same in the picture, clipped to the head's cut; None where its centre is on no head."""
    x, y = (xyxy_px[0] + xyxy_px[2]) / 2, (xyxy_px[1] + xyxy_px[3]) / 2
    for tile in tiles:
        left, top = x - tile.x, y - tile.y
        if 0.0 <= left < tile.size_px[0] and 0.0 <= top < tile.size_px[1]:
            return _back(xyxy_px, tile)
    return None


def _back(xyxy_px: Box, tile: Tile) -> Box:
    cut = tile.cut
    scale_x, scale_y = (shown / whole for shown, whole in zip(tile.size_px, cut.size_px, strict=True))
    x0, x1 = (min(cut.x1, max(cut.x0, cut.x0 + (x - tile.x) / scale_x)) for x in (xyxy_px[0], xyxy_px[2]))
    y0, y1 = (min(cut.y1, max(cut.y0, cut.y0 + (y - tile.y) / scale_y)) for y in (xyxy_px[1], xyxy_px[3]))
    return float(x0), float(y0), float(x1), float(y1)
