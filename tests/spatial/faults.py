"""A crowd with every fault there is: misses, pauses, id switches, frames that do not come, and nonsense."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import hypot, inf, nan
from random import Random

from footfall.core.geometry import Point
from footfall.core.types import TrackObservation
from spatial.storyboard import WIDE_PICTURE

SECONDS, PEOPLE = 90, 26


class Guest:
    """Goes from place to place; faults are drawn by lot."""

    def __init__(self, name: str, lot: Random) -> None:
        self._lot = lot
        self.name = name
        self.born_s = lot.uniform(-5.0, SECONDS - 5.0)
        self.height = lot.uniform(0.12, 0.3)
        self.score = lot.uniform(0.35, 0.95)
        self.misses = lot.choice((0.0, 0.05, 0.3))
        self.pauses = [(lot.uniform(0.0, SECONDS), lot.uniform(0.3, 3.0)) for _ in range(lot.randrange(6))]
        self.switches = sorted(lot.uniform(0.0, SECONDS) for _ in range(lot.choice((0, 0, 1, 2))))
        self.ends_s = self.born_s + lot.uniform(3.0, 60.0)
        self._at = (lot.uniform(0.0, 1.0), lot.uniform(0.25, 0.99))
        self._goal = self._at

    def walk(self, longest: float) -> Point:
        (x, y), (goal_x, goal_y) = self._at, self._goal
        far = hypot(goal_x - x, goal_y - y)
        if far < 0.02:
            self._goal = (self._lot.uniform(-0.05, 1.05), self._lot.uniform(0.2, 1.0))
        else:
            step = min(far, longest)
            self._at = (x + (goal_x - x) / far * step, y + (goal_y - y) / far * step)
        return self._at

    def look(self, t_s: float, frame: int, fps: float) -> TrackObservation | None:
        x, y = self.walk(0.096 / fps)
        hidden = any(start_s <= t_s < start_s + length_s for start_s, length_s in self.pauses)
        if not self.born_s <= t_s < self.ends_s or hidden or self._lot.random() < self.misses:
            return None
        foot = (x + self._lot.gauss(0.0, 0.002), y + self._lot.gauss(0.0, 0.002))
        wide = 0.35 * self.height * WIDE_PICTURE
        box = (foot[0] - wide, foot[1] - self.height, foot[0] + wide, foot[1])
        part = sum(t_s >= switch_s for switch_s in self.switches)
        return TrackObservation(f"{self.name}{part}", t_s, frame, box, foot, self.score * self._lot.uniform(0.8, 1.0))


def frames(lot: Random, fps: float) -> Iterator[tuple[int, float, list[TrackObservation]]]:
    """Frame number, stream time, people; now and then frames do not come, and nonsense does."""
    guests = [Guest(chr(ord("a") + number), lot) for number in range(PEOPLE)]
    dark = [(lot.uniform(5.0, SECONDS), lot.choice((0.3, 0.6, 1.0, 1.3, 4.0))) for _ in range(14)]
    for frame in range(int(SECONDS * fps)):
        t_s = frame / fps + lot.uniform(0.0, 0.02)
        people = [seen for guest in guests if (seen := guest.look(t_s, frame, fps))]
        if people and frame % 7 == 0:
            people.append(replace(people[0], track_id="nowhere", footprint_n=(nan, 0.5)))
            people.append(replace(people[0], track_id="unsure", score=inf))
            people.append(replace(people[-1], track_id="", score=0.5))
        if not any(start_s <= t_s < start_s + length_s for start_s, length_s in dark):
            yield frame, t_s, people
