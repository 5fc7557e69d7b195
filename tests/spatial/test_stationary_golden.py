"""Dolls that tremble and people who walk past them or stand still for a while, written down."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from footfall.core.types import TrackObservation
from footfall.spatial.stationary import StationaryFilter
from spatial.storyboard import person
from written import assert_as_written, in_json

SIZE_PX = (640, 360)
FPS = 4


class Doll:
    """Stands at one place, is hidden at times, and is carried a little now and then."""

    def __init__(self, name: str, lot: Random) -> None:
        self._lot, self._name = lot, name
        self._foot = (lot.uniform(0.05, 0.95), lot.uniform(0.3, 0.95))
        self._tremble = lot.choice((0.0, 0.001, 0.004))
        self._found = lot.choice((1.0, 0.9, 0.5))
        self._drift = lot.choice((0.0, 0.0, 0.0002))
        self._away = [(start := lot.uniform(0.0, 300.0), start + lot.uniform(5.0, 60.0)) for _ in range(3)]

    def look(self, t_s: float) -> TrackObservation | None:
        x, y = self._foot
        x += self._drift
        if self._lot.random() < 0.002:
            x, y = x + self._lot.uniform(-0.03, 0.03), y + self._lot.uniform(-0.03, 0.03)
        self._foot = x, y
        if self._lot.random() > self._found or any(start <= t_s < end for start, end in self._away):
            return None
        foot = (x + self._lot.gauss(0.0, self._tremble), y + self._lot.gauss(0.0, self._tremble))
        return person(self._name, foot, t_s)


def told(seed: int, *settings: float) -> Iterator[str]:
    """Who is left of everybody, whenever that changes."""
    lot = Random(seed)
    keep = StationaryFilter(*settings)
    dolls = [Doll(str(number), lot) for number in range(14)]
    before: list[str] = []
    for number in range(300 * FPS):
        t_s = number / FPS + lot.uniform(0.0, 0.1)
        people = [seen for doll in dolls if (seen := doll.look(t_s)) is not None]
        people.append(person("walker", (number % 97 / 97, number % 53 / 53), t_s))
        if lot.random() < 0.02:
            continue
        kept = {one.track_id for one in keep.step(people, t_s, SIZE_PX)}
        dropped = sorted(one.track_id for one in people if one.track_id not in kept)
        if dropped != before:
            yield in_json(t_s, dropped)
        before = dropped


def test_dolls_are_dropped_as_they_were() -> None:
    assert_as_written("spatial/stationary", told(51, 5.0, 100.0, 0.1))


def test_dolls_are_dropped_as_they_were_with_a_wide_place_and_a_short_memory() -> None:
    assert_as_written("spatial/stationary-wide", told(52, 20.0, 30.0, 0.3))
