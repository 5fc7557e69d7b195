"""Pictures to learn from, drawn by lot: a disc or a square on a speckled ground."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

SIZE_PX = 240
COLOURFUL = 100
"""Channels of a shape differ by more, those of the ground by less."""


def draw_shapes(folder: Path, kind: str, count: int, seed: int) -> list[Path]:
    """So many PNG files of one kind, `disc` or `square`."""
    folder.mkdir(parents=True, exist_ok=True)
    dice = np.random.default_rng(seed)
    return [_draw(folder / f"{kind}-{number}.png", kind, dice) for number in range(count)]


def box_of(path: Path) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of what was drawn, in shares of the picture."""
    picture = cv2.imread(str(path))
    rows, columns = np.nonzero(np.ptp(picture, axis=2) > COLOURFUL)
    return columns.min() / SIZE_PX, rows.min() / SIZE_PX, (columns.max() + 1) / SIZE_PX, (rows.max() + 1) / SIZE_PX


def _draw(path: Path, kind: str, dice: np.random.Generator) -> Path:
    picture = dice.integers(90, 150, (SIZE_PX, SIZE_PX, 3), dtype=np.uint8)
    x, y, radius = (int(dice.integers(*span)) for span in ((80, 160), (80, 160), (40, 65)))
    if kind == "disc":
        cv2.circle(picture, (x, y), radius, (40, 60, 220), -1, cv2.LINE_AA)
    else:
        cv2.rectangle(picture, (x - radius, y - radius), (x + radius, y + radius), (200, 110, 40), -1)
    assert cv2.imwrite(str(path), picture)
    return path
