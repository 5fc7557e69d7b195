"""Contact sheets: crops of what a detector missed, invented and found, to be looked at one to one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import cv2
import numpy as np

from footfall.core.types import Image
from footfall.evaluation.boxes import Boxes
from footfall.evaluation.cases import Case

Colour: TypeAlias = tuple[int, int, int]

COLUMNS: Final = 6
TILES: Final = 24
"""Of a page."""
TILE_PX: Final = 240
GAP_PX: Final = 8
LINE_PX: Final = 18
TITLE_PX: Final = 56
CONTEXT: Final = 1.7
"""Side of a crop over the longer side of its box."""
LEAST_CROP_PX: Final = 48.0
TRUTH: Final[Colour] = (90, 230, 90)
GUESS: Final[Colour] = (60, 170, 255)
INK: Final[Colour] = (235, 235, 235)
PAPER: Final[Colour] = (32, 30, 28)
VOID: Final[Colour] = (70, 70, 70)
FONT: Final = cv2.FONT_HERSHEY_SIMPLEX


@dataclass(frozen=True, slots=True)
class Tile:
    """One crop of a page, and what is written below it."""

    image: Image
    """(TILE_PX, TILE_PX, 3) uint8 BGR."""
    lines: tuple[str, ...]


def draw_page(title: str, cases: Sequence[Case], picture: Callable[[str], Image]) -> Image:
    """One page of at most `TILES` cases, (h, w, 3) uint8 BGR.

    Args:
        title: what is shown.
        cases: drawn row by row.
        picture: the pixels of an image by its name.
    """
    tiles = [Tile(crop(picture(case.image), case), (_words(case), case.image)) for case in cases[:TILES]]
    page = lay_out(f"{title}: {len(tiles)} of {len(cases)}", tiles)
    _write(page, "true box", (GAP_PX, 46), TRUTH)
    _write(page, "found box", (GAP_PX + 90, 46), GUESS)
    return page


def lay_out(title: str, tiles: Sequence[Tile]) -> Image:
    """Tiles row by row under a title, (h, w, 3) uint8 BGR."""
    rows = max(1, -(-len(tiles) // COLUMNS))
    step = TILE_PX + LINE_PX * max((len(one.lines) for one in tiles), default=2) + GAP_PX
    page = np.full((TITLE_PX + rows * step + GAP_PX, COLUMNS * (TILE_PX + GAP_PX) + GAP_PX, 3), PAPER, np.uint8)
    _write(page, _plain(title), (GAP_PX, 24), INK, 0.6)
    for number, one in enumerate(tiles):
        x = GAP_PX + number % COLUMNS * (TILE_PX + GAP_PX)
        y = TITLE_PX + number // COLUMNS * step
        page[y : y + TILE_PX, x : x + TILE_PX] = one.image
        for line, text in enumerate(one.lines):
            at = x, y + TILE_PX + (line + 1) * LINE_PX - 4
            _write(page, _fitting(text) if line else _plain(text), at, INK, 0.38 if line else 0.44)
    return page


def crop(image: Image, case: Case) -> Image:
    """A square around the case's box with both boxes drawn, `TILE_PX` a side; grey where the picture ends."""
    box = case.truth if case.truth is not None else case.guess
    if box is None:
        raise ValueError("a case without a box")
    side = max(LEAST_CROP_PX, CONTEXT * float(max(box[2], box[3])))
    left, top = float(box[0] + box[2] / 2 - side / 2), float(box[1] + box[3] / 2 - side / 2)
    scale = TILE_PX / side
    move = np.array([[scale, 0.0, -left * scale], [0.0, scale, -top * scale]])
    shrinks = scale < 1
    source = cv2.GaussianBlur(image, (0, 0), 0.5 / scale) if shrinks else image
    warped = cv2.warpAffine(
        source, move, (TILE_PX, TILE_PX), flags=cv2.INTER_LINEAR if shrinks else cv2.INTER_CUBIC, borderValue=VOID
    )
    tile = np.asarray(warped, np.uint8)
    for one, colour in ((case.truth, TRUTH), (case.guess, GUESS)):
        if one is not None:
            _frame(tile, (one - [left, top, 0, 0]) * scale, colour)
    return tile


def _frame(tile: Image, xywh: Boxes, colour: Colour) -> None:
    x, y, w, h = (round(float(v)) for v in np.clip(xywh, -10_000, 10_000))
    cv2.rectangle(tile, (x, y), (x + w, y + h), (0, 0, 0), 3)
    cv2.rectangle(tile, (x, y), (x + w, y + h), colour, 1)


def _words(case: Case) -> str:
    """What to say about a case in one line of a tile."""
    box = case.truth if case.truth is not None else case.guess
    size = "" if box is None else f"{box[2]:.0f}x{box[3]:.0f} px"
    if case.score is None:
        return f"{size}  nothing near"
    return f"{size}  score {case.score:.2f}  IoU {case.iou:.2f}"


def _fitting(text: str) -> str:
    """The end of a name, as much as a tile is wide."""
    plain = _plain(text)
    return plain if len(plain) <= 34 else "..." + plain[-31:]


def _plain(text: str) -> str:
    """What OpenCV's letters can spell."""
    return text.encode("ascii", "replace").decode()


def _write(page: Image, text: str, at: tuple[int, int], colour: Colour, size: float = 0.44) -> None:
    cv2.putText(page, text, at, FONT, size, colour, 1, cv2.LINE_AA)
