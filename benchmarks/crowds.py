"""Endless streams in which everybody soon goes for good: what keeps anything about them grows."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from types import FunctionType, ModuleType

import numpy as np

from footfall.core.types import Detections, TrackObservation

SLOTS = 8
SIGHTS = 2
"""Frames in which each person is seen: one on either side of the line."""
STEP_S = 1.0
SIZE_PX = (960, 540)


def passers_by(seed: int = 1) -> Iterator[tuple[float, int, list[TrackObservation]]]:
    """(stream time, people who came so far, people seen) for the rules.

    Everybody steps over the middle of the picture and is never seen again; every fourth newcomer stands where somebody
    has just vanished, as after an id switch.
    """
    rng = np.random.default_rng(seed)
    born, frame = 0, 0
    x, y, names = np.zeros(SLOTS), np.zeros(SLOTS), [""] * SLOTS
    while True:
        for slot in range(frame % SIGHTS, SLOTS, SIGHTS):
            if rng.random() >= 0.25:
                x[slot], y[slot] = rng.uniform(0.05, 0.95), rng.choice([0.3, 0.8])
            names[slot], born = f"{born + 1:032x}", born + 1
        t_s = frame * STEP_S
        yield (
            t_s,
            born,
            [
                TrackObservation(name, t_s, frame, (left - 0.03, foot - 0.25, left + 0.03, foot), (left, foot), 0.9)
                for name, left, foot in zip(names, x.tolist(), y.tolist(), strict=True)
                if name
            ],
        )
        arrived = slice(frame % SIGHTS, SLOTS, SIGHTS)
        y[arrived] = 1.1 - y[arrived]
        frame += 1


def groups(people: int = 200, sights: int = 4, away_s: float = 4.0) -> Iterator[tuple[float, Detections]]:
    """Detections for the tracker: a crowd is seen a few times, then another one long after it."""
    columns = 20
    at = np.arange(people)
    left, top = 10.0 + 46.0 * (at % columns), 5.0 + 52.0 * (at // columns)
    boxes = np.stack([left, top, left + 20.0, top + 45.0], axis=1).astype(np.float32)
    score, label = np.full(people, 0.9, np.float32), np.zeros(people, np.int16)
    t_s = 0.0
    while True:
        for _ in range(sights):
            yield t_s, Detections(boxes, score, label, SIZE_PX)
            t_s += 0.1
        t_s += away_s


def reachable_bytes(root: object) -> int:
    """Bytes of everything that `root` keeps alive; code and types are not its own."""
    seen: set[int] = set()
    waiting, total = [root], 0
    while waiting:
        here = waiting.pop()
        if id(here) in seen or isinstance(here, (type, ModuleType, FunctionType)):
            continue
        seen.add(id(here))
        total += sys.getsizeof(here)
        waiting += gc.get_referents(here)
    return total
