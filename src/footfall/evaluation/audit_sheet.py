"""One moment as a picture: its frames side by side, with the line or zone on each."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Final

import cv2
import numpy as np

from footfall.annotate import mark
from footfall.core.types import Image
from footfall.spatial.regions import SpatialSpec

COLUMNS: Final = 4
TILE_PX: Final = 420
TITLE_PX: Final = 34
CLOCK_PX: Final = (82, 24)
INK: Final = (235, 235, 235)
PAPER: Final = (32, 30, 28)
FONT: Final = cv2.FONT_HERSHEY_SIMPLEX


def tile(image: Image, region: SpatialSpec, t_s: float) -> Image:
    """A small copy of the (h, w, 3) BGR picture with the region and the media time on it."""
    height = round(TILE_PX * image.shape[0] / image.shape[1])
    small = np.asarray(cv2.resize(image, (TILE_PX, height), interpolation=cv2.INTER_AREA), np.uint8)
    marked = mark(small, region)
    cv2.rectangle(marked, (0, height - CLOCK_PX[1]), (CLOCK_PX[0], height), PAPER, -1)
    cv2.putText(marked, clock(t_s), (8, height - 8), FONT, 0.45, INK, 1, cv2.LINE_AA)
    return marked


def strip(title: str, tiles: Sequence[Image]) -> Image:
    """The tiles row by row under a title, (h, w, 3) uint8 BGR."""
    height = max((each.shape[0] for each in tiles), default=0)
    page = np.full((TITLE_PX + ceil(len(tiles) / COLUMNS) * height, COLUMNS * TILE_PX, 3), PAPER, np.uint8)
    cv2.putText(page, title.encode("ascii", "replace").decode(), (8, 23), FONT, 0.55, INK, 1, cv2.LINE_AA)
    for number, each in enumerate(tiles):
        y, x = TITLE_PX + number // COLUMNS * height, number % COLUMNS * TILE_PX
        page[y : y + each.shape[0], x : x + TILE_PX] = each
    return page


def clock(t_s: float) -> str:
    """Media time: `1:02:03.4`, or `02:03.4` within the first hour."""
    tenths = round(t_s * 10)
    minutes, seconds = divmod(tenths / 10, 60.0)
    hours, minutes = divmod(int(minutes), 60)
    return (f"{hours}:" if hours else "") + f"{minutes:02d}:{seconds:04.1f}"
