"""People on their way through a picture of 640 x 360, written in a line or two each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import numpy as np

from footfall.core.geometry import Point, bottom_center
from footfall.core.types import Observed, TrackObservation

SIZE = (640, 360)
Stop: TypeAlias = tuple[float, float, float]
"""(seconds, x, y) of the feet, normalised."""


@dataclass(frozen=True)
class Way:
    """One track: the feet go straight from stop to stop; `height` is that of the body as a share of the picture's."""

    stops: tuple[Stop, ...]
    height: float = 0.3
    score: float = 0.9
    tremble: float = 0.01
    """Standard deviation of the boxes' jitter in body heights."""


def walk(start: Point, end: Point, at_s: float = 0.0, seconds: float = 7.0, **more: float) -> Way:
    """From one point to another."""
    return Way(((at_s, *start), (at_s + seconds, *end)), **more)


def stand(where: Point, at_s: float, seconds: float, **more: float) -> Way:
    """On the spot."""
    return walk(where, where, at_s, seconds, **more)


def passers(start: Point, end: Point, count: int = 6, every_s: float = 5.0, **more: float) -> list[Way]:
    """One after another on ways side by side, to and fro in turn."""
    ways = []
    for number in range(count):
        aside = 0.02 * (number % 3)
        one, other = (start[0] + aside, start[1] + aside), (end[0] + aside, end[1] + aside)
        ways.append(walk(*((one, other) if number % 2 == 0 else (other, one)), number * every_s, **more))
    return ways


def film(
    ways: Iterable[Way],
    seconds: float = 40.0,
    fps: float = 10.0,
    seed: int = 1,
    knock: tuple[float, Point] | None = None,
    blank_s: tuple[float, float] = (0.0, 0.0),
) -> list[Observed]:
    """What a tracker gives: boxes cut off at the picture's border, nobody of whom less than a third can be seen.

    `knock` moves everything in the picture from a moment on; nothing was analysed in `blank_s`.
    """
    rng, ways = np.random.default_rng(seed), list(ways)
    frames = []
    for number in range(round(seconds * fps)):
        t_s = number / fps
        people = [_seen(str(i), way, t_s, number, rng, knock) for i, way in enumerate(ways, 1)]
        if not blank_s[0] < t_s < blank_s[1]:
            utc = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=t_s)
            frames.append(Observed("cam", number, t_s, utc, SIZE, tuple(p for p in people if p is not None)))
    return frames


def _seen(
    name: str, way: Way, t_s: float, frame: int, rng: np.random.Generator, knock: tuple[float, Point] | None
) -> TrackObservation | None:
    times, xs, ys = zip(*way.stops, strict=True)
    noise = [float(value) for value in rng.normal(0.0, way.tremble * way.height, 2)]
    if not times[0] <= t_s <= times[-1]:
        return None
    moved = knock[1] if knock is not None and t_s >= knock[0] else (0.0, 0.0)
    x = float(np.interp(t_s, times, xs)) + moved[0] + noise[0] * SIZE[1] / SIZE[0]
    y = float(np.interp(t_s, times, ys)) + moved[1] + noise[1]
    half = 0.17 * way.height * SIZE[1] / SIZE[0]
    box = max(0.0, x - half), max(0.0, y - way.height), min(1.0, x + half), min(1.0, y)
    area = max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])
    if area < 0.3 * 2 * half * way.height:
        return None
    return TrackObservation(name, t_s, frame, box, bottom_center(box), way.score)


def square(x0: float, y0: float, x1: float, y1: float) -> tuple[Point, ...]:
    """A rectangle's corners."""
    return ((x0, y0), (x1, y0), (x1, y1), (x0, y1))


def chain(*parts: Sequence[Way]) -> list[Way]:
    """All ways of several groups."""
    return [way for part in parts for way in part]
