"""Sights of people to the digit: in a picture twice as wide as high, at places that floats hold exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from footfall.spatial.lint.findings import Finding
from footfall.spatial.lint.recording import Recording

SIZE = (1024, 512)
ASPECT = 0.5
Sight: TypeAlias = tuple[float, float, float]
"""(seconds, x, y) of the feet, normalised."""


@dataclass(frozen=True)
class Track:
    """One person, an eighth of the picture's width high; size as shares of the picture's."""

    sights: tuple[Sight, ...]
    tall: float = 0.25
    wide: float = 0.125
    score: float = 0.875


def track(*sights: Sight, **looks: float) -> Track:
    return Track(sights, **looks)


def stay(x: float, y: float, at_s: float, seconds: float, **looks: float) -> Track:
    """On one spot, seen twice a second; all but the first and last second of it are known to be standing."""
    return Track(tuple((at_s + k / 2, x, y) for k in range(round(2 * seconds) + 1)), **looks)


def recorded(*tracks: Track, frame_s: Iterable[float] = (), **more: Any) -> Recording:
    rows = [(t, number, one, x, y) for number, one in enumerate(tracks) for t, x, y in one.sights]
    return Recording(
        np.array([t for t, *_ in rows], float),
        np.array([number for _, number, *_ in rows], np.intp),
        np.array([(x - o.wide / 2, y - o.tall, x + o.wide / 2, y) for _, _, o, x, y in rows], float).reshape(-1, 4),
        np.array([(x, y) for *_, x, y in rows], float).reshape(-1, 2),
        np.array([one.score for _, _, one, *_ in rows], float),
        np.array([*frame_s], float),
        **{"size_px": SIZE, **more},
    )


def codes(found: Iterable[Finding]) -> list[str]:
    return [finding.code for finding in found]


def words(found: Iterator[Finding]) -> list[tuple[str, str]]:
    return [(finding.code, finding.what) for finding in found]
