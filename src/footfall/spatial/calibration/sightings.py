"""What self-calibration learns from: people who walk and are seen whole, from the soles of their feet to their hair.

A sighting is a straight line through the boxes of one person over a second and a half, which takes the swing out of the
stride: where the box ended, below and above, in the middle of that time, and how fast it moved. Boxes that the border
of the picture cuts, that somebody nearer covers, or that are not upright break a sighting off; one whose boxes jump is
not taken. Whoever goes nowhere is not taken either: who sits or hangs on a wall says nothing about the floor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import hypot, isfinite
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from footfall.core.geometry import Box
from footfall.core.types import TrackObservation

Table: TypeAlias = NDArray[np.void]
Floats: TypeAlias = NDArray[np.float64]

SIGHTING = np.dtype(
    [
        ("person", "i8"),
        ("t_s", "f8"),
        ("x", "f8"),
        ("foot", "f8"),
        ("head", "f8"),
        ("dx", "f8"),
        ("dfoot", "f8"),
        ("noise", "f8"),
        ("dx_noise", "f8"),
        ("dfoot_noise", "f8"),
    ]
)
"""Number of the person, stream time; middle, lower and upper edge of the box in image widths from the picture's centre,
y down; speed of the middle and of the lower edge in image widths a second; standard errors of the height, as a share of
it, and of the two speeds."""

BORDER_N = 0.01
"""A box that ends this near to the border may go on beyond it."""
COVERED = 0.1
"""A box of which somebody nearer covers this share may lack its legs ..."""
HIDDEN = 0.6
"""... and so may one that ends where somebody nearer begins: for that it is drawn out by this share of its height."""
UPRIGHT = 1.3
"""Height by width of somebody who stands."""
SPAN_S = 1.4
"""Length of a sighting: three steps..."""
PATIENCE_S = 0.7
"""...of boxes that follow each other this closely at least, three or more therefore."""
JUMPY = 0.08
"""Boxes that stray from the line by this share of their height are not those of one whole person."""
LASTING = 1.5
"""Boxes err alike from frame to frame: their slope is this much more uncertain than their scatter shows."""
WENT = 0.5
"""Somebody who has gone this many box heights in the picture walks ..."""
GOES_ON = 0.2
"""... and is worth another look after so many more."""
FORGET_S = 10.0


@dataclass(slots=True)
class _Path:
    number: int
    left: tuple[float, float]
    """Where the first sight, or the last sighting, was: the box's middle, image widths."""
    seen_s: float
    has_walked: bool = False
    rows: list[tuple[float, float, float, float]] = field(default_factory=list)
    """(t, x, foot, head) since the sighting began."""


class Sightings:
    """Turns the people of one camera into sightings. Remembers the people of the last ten seconds alone.

    Args:
        aspect: height / width of the picture.
    """

    def __init__(self, aspect: float) -> None:
        self._aspect = aspect
        self._paths: dict[str, _Path] = {}
        self._people = 0

    def step(self, people: Sequence[TrackObservation], t_s: float) -> Table:
        """The sightings that are complete with this frame at stream time `t_s`: (n,) `SIGHTING`."""
        boxes = np.array([person.box_n for person in people], np.float64).reshape(-1, 4)
        whole = whole_boxes(boxes, self._aspect).tolist()
        found = [self._follow(person.track_id, person.box_n, t_s, w) for person, w in zip(people, whole, strict=True)]
        for track_id in [i for i, path in self._paths.items() if not 0.0 <= t_s - path.seen_s <= FORGET_S]:
            del self._paths[track_id]
        return np.array([row for row in found if row is not None], SIGHTING)

    def _follow(self, track_id: str, box_n: Box, t_s: float, is_whole: bool) -> tuple[float, ...] | None:
        if not all(map(isfinite, box_n)):
            return None
        x0, y0, x1, y1 = box_n
        x, foot, head = (x0 + x1) / 2 - 0.5, (y1 - 0.5) * self._aspect, (y0 - 0.5) * self._aspect
        path = self._paths.get(track_id)
        if path is None or t_s < path.seen_s:
            self._people += 1
            path = self._paths[track_id] = _Path(self._people, (x, (foot + head) / 2), t_s)
        gone = hypot(x - path.left[0], (foot + head) / 2 - path.left[1]) / max(foot - head, 1e-9)
        path.has_walked |= gone > WENT
        if not is_whole or t_s - path.seen_s > PATIENCE_S:
            path.rows.clear()
        path.seen_s = t_s
        if not is_whole:
            return None
        path.rows.append((t_s, x, foot, head))
        if t_s - path.rows[0][0] < SPAN_S:
            return None
        rows = np.array(path.rows)
        path.rows.clear()
        if not path.has_walked or gone < GOES_ON:
            return None
        path.left = x, (foot + head) / 2
        return _sighting(path.number, rows)


def whole_boxes(boxes_n: Floats, aspect: float) -> NDArray[np.bool_]:
    """(n,) bool: boxes within the picture, upright, with nobody before them. `boxes_n`: (n, 4) float64."""
    finite = np.asarray(np.isfinite(boxes_n).all(axis=1))
    x0, y0, x1, y1 = np.where(finite[:, None], np.clip(boxes_n, -1.0, 2.0), 0.0).T
    inside = (x0 > BORDER_N) & (y0 > BORDER_N) & (x1 < 1.0 - BORDER_N) & (y1 < 1.0 - BORDER_N)
    upright = (y1 - y0) * aspect >= UPRIGHT * (x1 - x0)
    wide = np.minimum(x1[:, None], x1) - np.maximum(x0[:, None], x0)
    below = y1 + HIDDEN * (y1 - y0)
    high = np.minimum(below[:, None], y1) - np.maximum(y0[:, None], y0)
    shared = np.clip(wide, 0.0, None) * np.clip(high, 0.0, None)
    nearer = y1[None, :] > y1[:, None]
    area = (x1 - x0) * (y1 - y0)
    covered = (shared * nearer > COVERED * area[:, np.newaxis]).any(axis=1)
    return np.asarray(inside & upright & ~covered)


def _sighting(number: int, rows: Floats) -> tuple[float, ...] | None:
    """Straight lines through (n, 4) rows of t, x, foot, head; None where they do not fit."""
    t = rows[:, 0] - rows[:, 0].mean()
    middle = rows[:, 1:].mean(axis=0)
    slopes = t @ rows[:, 1:] / (t @ t)
    astray = rows[:, 1:] - t[:, None] * slopes
    height = middle[1] - middle[2]
    strays = astray.std(axis=0)
    if not (strays < JUMPY * height).all():
        return None
    errors = strays / np.sqrt(len(rows) - 2)
    noise = float(np.hypot(errors[1], errors[2])) / height
    dx_noise, dfoot_noise = (LASTING * errors[:2] / t.std()).tolist()
    return (number, float(rows[:, 0].mean()), *middle.tolist(), *slopes[:2].tolist(), noise, dx_noise, dfoot_noise)
