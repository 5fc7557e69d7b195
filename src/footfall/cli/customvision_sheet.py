"""A contact sheet of people in a clip, for whoever asked for one: no other pixel is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np

from footfall.cli.watch import say
from footfall.core.geometry import Box
from footfall.core.types import Frame, Image
from footfall.evaluation.cases import Case
from footfall.evaluation.sheet import TILES, Tile, crop, lay_out

Shown: TypeAlias = tuple[float, Box, tuple[str, ...]]
"""(stream time, normalised box, what to write below)."""


def write_sheet(target: Path, title: str, shown: Sequence[Shown], frames: Iterable[Frame]) -> None:
    """Look the moments up in the clip, once more, and write one page of them.

    Raises:
        OSError: it cannot be written.
        SourceUnavailable: the clip cannot be played.
    """
    wanted = sorted(shown[:TILES])
    tiles: list[Tile] = []
    before: Frame | None = None
    for frame in frames:
        while len(tiles) < len(wanted) and wanted[len(tiles)][0] <= frame.t_s:
            tiles.append(_tile(_nearer(before, frame, wanted[len(tiles)][0]), wanted[len(tiles)]))
        if len(tiles) == len(wanted):
            break
        before = frame
    if before is not None:
        tiles += [_tile(before, one) for one in wanted[len(tiles) :]]
    words = title if len(shown) == len(wanted) else f"{title}, the first {len(wanted)}"
    target.write_bytes(cv2.imencode(".png", lay_out(words, tiles))[1].tobytes())
    say(f"{target}: pictures of people; delete it when you have looked at it")


def _nearer(before: Frame | None, after: Frame, t_s: float) -> Frame:
    gap_s = inf if before is None else t_s - before.t_s
    return after if before is None or after.t_s - t_s <= gap_s else before


def _tile(frame: Frame, one: Shown) -> Tile:
    _, box_n, lines = one
    return Tile(_cut(frame.image, box_n), lines)


def _cut(picture: Image, box_n: Box) -> Image:
    height, width = picture.shape[:2]
    x0, y0, x1, y1 = np.array(box_n) * [width, height, width, height]
    return crop(picture, Case("", None, np.array([x0, y0, x1 - x0, y1 - y0]), None, 0.0))
