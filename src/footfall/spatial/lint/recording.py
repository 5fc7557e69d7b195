"""Recorded people as arrays: what the finder of bad set-ups looks at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from footfall.core.geometry import Point
from footfall.core.types import Observed, TrackObservation
from footfall.spatial.identity import Identity

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]
Rows: TypeAlias = NDArray[np.intp]
FARTHEST_N = 8.0
"""Coordinates are pulled in to this many pictures beyond the border: nothing real is farther out."""


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """n sights of people, sorted by person and time; m frames. Rows with a number that is not finite are dropped.

    Raises:
        ValueError: arrays differ in length, or the size is not positive.
    """

    t_s: Floats
    """(n,) stream time in seconds."""
    person: Rows
    """(n,) whose sight it is; any whole numbers, one a person."""
    box_n: Floats
    """(n, 4) normalised x0 y0 x1 y1."""
    foot_n: Floats
    """(n, 2) normalised x y of the feet."""
    score: Floats
    """(n,) the detector's confidence."""
    frame_s: Floats
    """(m,) times of all frames that were looked at, also of empty ones."""
    size_px: tuple[int, int]
    """(width, height) of the frames."""

    def __post_init__(self) -> None:
        count = len(self.t_s)
        shapes = {"person": (count,), "box_n": (count, 4), "foot_n": (count, 2), "score": (count,)}
        if crooked := [name for name, shape in shapes.items() if getattr(self, name).shape != shape]:
            raise ValueError(f"{count} times, but other lengths of {', '.join(crooked)}")
        if min(self.size_px) <= 0:
            raise ValueError(f"the frame's size must be positive, got {self.size_px}")
        finite = np.isfinite(self.t_s) & np.isfinite(self.box_n).all(axis=1) & np.isfinite(self.foot_n).all(axis=1)
        order = np.flatnonzero(finite)
        order = order[np.lexsort((self.t_s[order], self.person[order]))]
        for name in ("t_s", "person", "box_n", "foot_n", "score"):
            rows = getattr(self, name)[order]
            object.__setattr__(self, name, np.clip(rows, -FARTHEST_N, FARTHEST_N) if name.endswith("_n") else rows)
        times = np.unique(self.frame_s[np.isfinite(self.frame_s)])
        object.__setattr__(self, "frame_s", np.union1d(times, self.t_s))

    def __len__(self) -> int:
        return len(self.t_s)

    @property
    def aspect(self) -> float:
        """Height / width of the frame."""
        return self.size_px[1] / self.size_px[0]

    @property
    def duration_s(self) -> float:
        """From the first frame to the last."""
        return float(self.frame_s[-1] - self.frame_s[0]) if len(self.frame_s) else 0.0

    @classmethod
    def of(cls, frames: Iterable[Observed], forget_after_s: float = 3.0) -> Recording:
        """Recorded frames -> arrays; tracks that go on under a new id within `forget_after_s` are one person.

        Raises:
            ValueError: there are no frames.
        """
        frames = list(frames)
        if not frames:
            raise ValueError("no recorded frames")
        sights = list(_sights(frames, forget_after_s))
        people = [person for _, person, _ in sights]
        return cls(
            np.array([person.t_s for person in people], float),
            np.array([key for key, _, _ in sights], np.intp),
            np.array([person.box_n for person in people], float).reshape(-1, 4),
            np.array([foot_n for _, _, foot_n in sights], float).reshape(-1, 2),
            np.array([person.score for person in people], float),
            np.array([observed.t_s for observed in frames], float),
            frames[-1].size_px,
        )


def _sights(frames: list[Observed], forget_after_s: float) -> Iterator[tuple[int, TrackObservation, Point]]:
    """(person, sight, feet as the rules see them); people of different loops of a replayed file are not the same."""
    identity, loop, before, highest = Identity(forget_after_s, 1.0), None, 0, 0
    for observed in frames:
        if observed.loop != loop:
            width, height = observed.size_px
            identity, loop, before = Identity(forget_after_s, height / width), observed.loop, highest
        for sighting in identity.step(observed.people, observed.t_s):
            key = before + sighting.key
            highest = max(highest, key)
            yield key, sighting.person, sighting.foot_n
