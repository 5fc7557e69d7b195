"""What surfaces are covered with: colours, patterns in metres, folds; painted sample by sample."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from footfall.simulator.room import Colour
from footfall.simulator.view import Floats

FOLD_CELLS = 256
Bools: TypeAlias = NDArray[np.bool_]


class Pattern(Enum):
    """How a surface is patterned."""

    PLAIN = "plain"
    HOOPS = "hoops"
    BARS = "bars"
    CHECK = "check"
    PRINT = "print"
    OPEN = "open"
    HIVIS = "hi-vis"
    FACE = "face"
    HEM = "hem"
    GOODS = "goods"
    PANES = "panes"
    GRID = "grid"
    LEAVES = "leaves"


@dataclass(frozen=True, slots=True)
class Material:
    """A covering."""

    colour: Colour
    second: Colour = (128, 128, 128)
    pattern: Pattern = Pattern.PLAIN
    period_m: float = 0.06
    folds: float = 0.0
    """Depth of wrinkles: 0 is smooth, 0.3 is crumpled."""
    seed: int = 0


def paint(materials: Sequence[Material], which: NDArray[np.int32], along: Floats, turn: Floats, up: Floats) -> Floats:
    """(n, 3) colour of samples that show the materials `which`, at metres along, turn around and height above floor."""
    table = np.array([m.colour for m in materials], np.float32)
    colour = table[which]
    folds = np.array([m.folds for m in materials], np.float32)[which]
    if folds.any():
        seeds = np.array([m.seed for m in materials], np.float32)[which]
        colour *= (1.0 + folds * _wrinkles(along * 60.0 + seeds * 37.0, turn * 40.0 + seeds * 91.0))[:, None]
    for index, material in enumerate(materials):
        if material.pattern is Pattern.PLAIN:
            continue
        mine = np.flatnonzero(which == index)
        if len(mine):
            if material.pattern is Pattern.GOODS:
                colour[mine] *= _goods(along[mine], up[mine], material)
                continue
            marked, strength = _MARKS[material.pattern](along[mine], turn[mine], up[mine], material)
            chosen = mine[marked]
            colour[chosen] = colour[chosen] * (1.0 - strength) + np.array(material.second, np.float32) * strength
    return colour


def _wrinkles(down: Floats, across: Floats) -> Floats:
    """The field of folds between its cells."""
    above, before = np.floor(down), np.floor(across)
    low, left = down - above, across - before
    row, column = above.astype(np.int32) % (FOLD_CELLS - 1), before.astype(np.int32) % (FOLD_CELLS - 1)
    field = _folds()
    upper = field[row, column] * (1.0 - left) + field[row, column + 1] * left
    lower = field[row + 1, column] * (1.0 - left) + field[row + 1, column + 1] * left
    return np.asarray(upper * (1.0 - low) + lower * low, np.float32)


@lru_cache(maxsize=1)
def _folds() -> Floats:
    """(cells, cells) wrinkles around 0, longer than wide."""
    noise = np.random.default_rng(7).normal(0.0, 1.0, (FOLD_CELLS, FOLD_CELLS)).astype(np.float32)
    fine = cv2.GaussianBlur(noise, (0, 0), sigmaX=1.6, sigmaY=1.0, borderType=cv2.BORDER_REFLECT)
    broad = cv2.GaussianBlur(noise, (0, 0), sigmaX=5.0, sigmaY=3.0, borderType=cv2.BORDER_REFLECT)
    field = fine / fine.std() * 0.6 + broad / broad.std() * 0.8
    return np.asarray(np.clip(field, -2.0, 2.0), np.float32)


def _hoops(along: Floats, turn: Floats, up: Floats, m: Material) -> tuple[Bools, float]:
    return (along / m.period_m) % 1.0 < 0.4, 1.0


def _bars(along: Floats, turn: Floats, up: Floats, m: Material) -> tuple[Bools, float]:
    return (turn / m.period_m) % 1.0 < 0.35, 1.0


def _check(along: Floats, turn: Floats, up: Floats, m: Material) -> tuple[Bools, float]:
    return (((along / m.period_m) % 1.0 < 0.4) ^ ((turn / m.period_m) % 1.0 < 0.4)), 0.8


def _print(along: Floats, turn: Floats, up: Floats, m: Material) -> tuple[Bools, float]:
    """A picture on the breast, or on the back."""
    middle = 0.5 if m.seed % 3 else 0.0
    beside = np.abs((turn - middle + 0.5) % 1.0 - 0.5)
    return (beside < 0.07) & (along > 0.26) & (along < 0.42) & ((along * 40).astype(int) % 3 > 0), 0.9


def _open(along: Floats, turn: Floats, up: Floats, m: Material) -> tuple[Bools, float]:
    """A jacket's front: the shirt below shows in a strip, or a zip."""
    return np.abs(turn - 0.5) < (m.period_m * 0.5), 1.0


def _hivis(along: Floats, turn: Floats, up: Floats, m: Material) -> tuple[Bools, float]:
    """Two reflecting bands around, two braces over the shoulders."""
    around = (np.abs(along - 0.14) < 0.025) | (np.abs(along - 0.27) < 0.025)
    beside = np.abs((turn + 0.25) % 0.5 - 0.25)
    return around | ((np.abs(beside - 0.09) < 0.018) & (along > 0.27)), 1.0


def _face(along: Floats, turn: Floats, up: Floats, m: Material) -> tuple[Bools, float]:
    """Eyes, brows, nostrils and mouth, by the head's own length; `period_m` is that length."""
    height, side = along / m.period_m, np.abs(turn - 0.5)
    eyes = (np.abs(height - 0.50) < 0.035) & (np.abs(side - 0.085) < 0.035)
    brows = (np.abs(height - 0.59) < 0.018) & (np.abs(side - 0.085) < 0.05)
    mouth = (np.abs(height - 0.235) < 0.02) & (side < 0.06)
    nose = (np.abs(height - 0.36) < 0.018) & (side < 0.03)
    beard = (height < 0.24) & (side < 0.24) if m.seed % 4 == 0 else np.zeros_like(mouth)
    return eyes | brows | mouth | nose | beard, 0.62


def _hem(along: Floats, turn: Floats, up: Floats, m: Material) -> tuple[Bools, float]:
    """Covered by the second colour up to `period_m` along."""
    return along < m.period_m, 1.0


def _goods(along: Floats, up: Floats, m: Material) -> Floats:
    """(n, 3) factors: things of many colours on shelves `period_m` apart, with dark gaps."""
    row = (up / m.period_m).astype(np.int64)
    cell = (along / 0.035).astype(np.int64) // (2 + (row * 7 + m.seed) % 4)
    dice = (cell * 2654435761 + row * 40503 + m.seed * 97) % 4093
    tint = 0.35 + 1.3 * np.stack([(dice % 61) / 61, (dice % 53) / 53, (dice % 59) / 59], axis=1)
    high = (up / m.period_m) % 1.0
    tint[high > 0.5 + 0.4 * ((dice % 31) / 31)] = 0.25
    tint[high < 0.08] = 0.9
    return np.asarray(tint, np.float32)


def _panes(along: Floats, turn: Floats, up: Floats, m: Material) -> tuple[Bools, float]:
    """Panes between thin frames."""
    return ((along / m.period_m) % 1.0 > 0.12) & ((turn * 3.0) % 1.0 > 0.1), 1.0


def _grid(along: Floats, turn: Floats, up: Floats, m: Material) -> tuple[Bools, float]:
    """Bars of a fence or a basket."""
    return ((along / m.period_m) % 1.0 > 0.25) & ((up / m.period_m) % 1.0 > 0.25), 1.0


def _leaves(along: Floats, turn: Floats, up: Floats, m: Material) -> tuple[Bools, float]:
    """Gaps between leaves."""
    return _wrinkles(along * 60.0 + m.seed * 17.0, turn * 90.0 + m.seed * 5.0) > m.period_m, 0.8


_MARKS: dict[Pattern, Callable[[Floats, Floats, Floats, Material], tuple[Bools, float]]] = {
    Pattern.HOOPS: _hoops,
    Pattern.BARS: _bars,
    Pattern.CHECK: _check,
    Pattern.PRINT: _print,
    Pattern.OPEN: _open,
    Pattern.HIVIS: _hivis,
    Pattern.FACE: _face,
    Pattern.HEM: _hem,
    Pattern.PANES: _panes,
    Pattern.GRID: _grid,
    Pattern.LEAVES: _leaves,
}
