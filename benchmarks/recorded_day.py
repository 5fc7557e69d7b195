"""A recorded day of one camera, as `footfall run --tracks` would have written it: seeded, streamed, never video.

A shop's day: nobody at night, peaks at noon and after work. Most people walk through in some ten seconds, one in eight
stays for a while, two of the staff are around in opening hours. Boxes tremble, some are missed, and five of a
hundred people change their id.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from footfall.events.tracks import FrameLine, PersonLine

FPS = 15.0
ARRIVALS = (1, 0, 0, 0, 0, 1, 6, 30, 70, 90, 110, 150, 210, 190, 150, 150, 180, 240, 250, 150, 60, 20, 5, 2)
"""People in each hour of the day; a camera sees some multiple of it."""
STAFF_HOURS = 8.0, 20.0
LINGER = 0.125
MISSED = 0.03
SWITCHES = 0.05
TREMBLE = 0.004
"""Standard deviation of a box's corners, fractions of the picture."""
REGIONS = (
    "--line=door=0.15,0.55,0.85,0.55",
    "--line=gate=0.5,0.25,0.5,0.95",
    "--zone=till=0.55,0.55;0.9,0.55;0.9,0.95;0.55,0.95",
    "--zone=shelf=0.05,0.35;0.4,0.35;0.4,0.8;0.05,0.8",
)

Path = NDArray[np.float64]
"""(frames, 2) foot points, normalised."""


@dataclass(frozen=True, slots=True)
class _Visit:
    first: int
    people: list[PersonLine | None]
    """One per frame; None where the detector missed."""


def recorded_day(seed: int, hours: float = 24.0) -> Iterator[bytes]:
    """The lines of a tracks file: `hours` out of the day's middle, one line a frame, empty frames included."""
    rng = np.random.default_rng(seed)
    start_h = 12.0 - hours / 2
    frames = round(hours * 3600 * FPS)
    starts = defaultdict(list)
    for first, seconds in _schedule(rng, start_h, start_h + hours):
        starts[first].append(seconds)
    active: list[_Visit] = []
    for frame in range(frames):
        active += [_visit(rng, frame, seconds) for seconds in starts.pop(frame, ())]
        active = [visit for visit in active if frame - visit.first < len(visit.people)]
        seen = tuple(one for visit in active if (one := visit.people[frame - visit.first]) is not None)
        head = (f"camera-{seed}", (960, 540)) if frame == 0 else ("", None)
        yield msgspec.json.encode(FrameLine(frame, frame / FPS, seen, *head)) + b"\n"


def _schedule(rng: np.random.Generator, start_h: float, end_h: float) -> Iterator[tuple[int, float]]:
    """(first frame, seconds in view) of everybody who comes."""
    busy = rng.uniform(0.5, 1.5)
    for hour, people in enumerate(ARRIVALS):
        for at_h in hour + rng.random(rng.poisson(people * busy)):
            stays = rng.exponential(90.0) if rng.random() < LINGER else 0.0
            if start_h <= at_h < end_h:
                yield int((at_h - start_h) * 3600 * FPS), rng.uniform(5.0, 12.0) + stays
    for _ in range(2):
        at_h = max(start_h, STAFF_HOURS[0])
        while at_h < min(end_h, STAFF_HOURS[1]):
            seconds = rng.exponential(300.0)
            yield int((at_h - start_h) * 3600 * FPS), seconds
            at_h += (seconds + rng.exponential(900.0)) / 3600


def _visit(rng: np.random.Generator, first: int, seconds: float) -> _Visit:
    path = _path(rng, max(2, int(seconds * FPS)))
    height = 0.12 + 0.35 * path[:, 1]
    half = 0.2 * height * 540 / 960
    boxes = np.stack([path[:, 0] - half, path[:, 1] - height, path[:, 0] + half, path[:, 1]], axis=1)
    boxes = np.clip(boxes + rng.normal(0.0, TREMBLE, boxes.shape), 0.0, 1.0)
    boxes[:, 2:] = np.maximum(boxes[:, :2], boxes[:, 2:])
    names = [rng.bytes(16).hex() for _ in range(2)]
    switch = rng.integers(len(path)) if rng.random() < SWITCHES else len(path)
    scores, missed = rng.uniform(0.5, 0.95, len(path)), rng.random(len(path)) < MISSED
    people = [
        None if gone else PersonLine(names[int(row >= switch)], tuple(box), score, ((box[0] + box[2]) / 2, box[3]))
        for row, (box, score, gone) in enumerate(zip(boxes.tolist(), scores.tolist(), missed.tolist(), strict=True))
    ]
    return _Visit(first, people)


def _path(rng: np.random.Generator, frames: int) -> Path:
    """In at one side, through some places, out at another; who stays longer stands about in between."""
    sides = np.array([[0.02, 0.6], [0.98, 0.7], [0.5, 0.32], [0.4, 0.98]])
    way_in, way_out = rng.choice(4, 2, replace=False)
    between = rng.uniform([0.1, 0.4], [0.9, 0.95], (1 + frames // round(20 * FPS), 2))
    points = np.concatenate([sides[[way_in]], np.repeat(between, 2, axis=0), sides[[way_out]]])
    legs = np.hypot(*np.diff(points, axis=0).T) * 6.0
    legs[1:-1:2] = rng.exponential(1.0, len(between)) * max(0.0, frames / FPS - legs.sum()) / len(between)
    times = np.concatenate([[0.0], np.cumsum(legs)])
    at = np.linspace(0.0, times[-1], frames)
    return np.stack([np.interp(at, times, points[:, axis]) for axis in (0, 1)], axis=1)
