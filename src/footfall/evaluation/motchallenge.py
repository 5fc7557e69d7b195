"""MOTChallenge text: `frame,id,x,y,w,h,score,...`, one box a line, frames from 1 (https://motchallenge.net)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footfall.core.errors import ConfigError, Problem

FEWEST_COLUMNS = 6
TRUTH_COLUMNS = 9
"""Truth of MOT16 and later: frame, id, x, y, w, h, considered, class, visibility. Others have 7 or 10 columns."""
CURE = "write frame,id,x,y,w,h,score on every line, all of them numbers"
MOST_PROBLEMS = 20
LARGEST = 2.0**53
"""Whole numbers up to here are exact."""


@dataclass(frozen=True, slots=True)
class MotTable:
    """All boxes of one sequence: parallel arrays in file order."""

    frame: NDArray[np.int64]
    """(n,) int64."""
    id: NDArray[np.int64]
    """(n,) int64; -1 in detection files."""
    xywh_px: NDArray[np.float64]
    """(n, 4) float64, pixels: left, top, width, height."""
    score: NDArray[np.float64]
    """(n,) float64; in truth files 0 means: do not consider."""
    label: NDArray[np.int64]
    """(n,) int64, the class column of MOT16 and later truth, 1 is a pedestrian; 1 throughout without that column."""

    def __len__(self) -> int:
        return len(self.frame)


def parse(text: str, file: str = "MOTChallenge text") -> MotTable:
    """Read a detection, result or truth file.

    Raises:
        ConfigError: lines that are no boxes, each with its number.
    """
    rows: list[tuple[float, ...]] = []
    problems: list[Problem] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            rows.append(_row(line))
        except ValueError as error:
            problems.append(Problem(file, f"line {number}", str(error), CURE))
            if len(problems) == MOST_PROBLEMS:
                break
    if problems:
        raise ConfigError(problems)
    table = np.array(rows, np.float64).reshape(-1, 8)
    whole = table[:, [0, 1, 7]].astype(np.int64)
    return MotTable(whole[:, 0], whole[:, 1], table[:, 2:6], table[:, 6], whole[:, 2])


def format_tracks(rows: Iterable[tuple[int, int, tuple[float, float, float, float], float]]) -> str:
    """(frame, id, x y w h in pixels, score) -> result text, `-1,-1,-1` at the end of each line."""
    return "".join(
        f"{frame},{track},{x:.2f},{y:.2f},{w:.2f},{h:.2f},{score:.4f},-1,-1,-1\n"
        for frame, track, (x, y, w, h), score in rows
    )


def _row(line: str) -> tuple[float, ...]:
    """Frame, id, x, y, w, h, score, label of one line.

    Raises:
        ValueError: says what is wrong with it.
    """
    cells = line.strip().rstrip(",").split(",")
    if len(cells) < FEWEST_COLUMNS:
        raise ValueError(f"{len(cells)} columns instead of at least {FEWEST_COLUMNS}")
    numbers = [float(cell) for cell in cells]
    if not all(abs(number) < LARGEST for number in numbers):
        raise ValueError("a value that is not a number, or beyond all bounds")
    frame, track, *_box = numbers[:FEWEST_COLUMNS]
    if frame != int(frame) or track != int(track):
        raise ValueError(f"frame {frame:g} and id {track:g} must be whole numbers")
    if frame < 0:
        raise ValueError(f"frame {frame:g} does not exist")
    if numbers[4] < 0 or numbers[5] < 0:
        raise ValueError(f"a box {numbers[4]:g} wide and {numbers[5]:g} high")
    score = numbers[6] if len(numbers) > FEWEST_COLUMNS else 1.0
    label = numbers[7] if len(numbers) == TRUTH_COLUMNS else 1.0
    return (*numbers[:FEWEST_COLUMNS], score, float(int(label)))
