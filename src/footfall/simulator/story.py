"""The stories that can be simulated: a room, what is watched in it, and who does what there.

Every story fits a camera a little over 3 m high that looks down by some 25 degrees; other cameras see a part of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from footfall.core.geometry import Point, Polygon
from footfall.simulator.room import Block, Doorway, Floor, Pillar, Poster, Room, Wall
from footfall.simulator.walk import Journey, Queue, Stand, Step, Walk

T = TypeVar("T")
LEAD_S = 9.0
"""How long before the clip the first people set off, so that it does not start empty."""


@dataclass(frozen=True, slots=True)
class Portal:
    """Where people come from and go to: a point out of sight, then a point on the way in."""

    outside_m: Point
    inside_m: Point


@dataclass(frozen=True, slots=True)
class Story:
    """Everything but looks and pictures. Lines and zones lie on the floor, in metres."""

    room: Room
    lines_m: dict[str, tuple[Point, Point]]
    zones_m: dict[str, Polygon]
    journeys: tuple[Journey, ...]
    queue_m: tuple[Point, ...] = ()


BACK = Portal((1.5, 16.2), (1.5, 13.2))
LEFT = Portal((-8.4, 10.5), (-5.2, 10.4))
RIGHT = Portal((8.4, 9.8), (5.2, 9.7))
NEAR_LEFT = Portal((-1.6, 0.6), (-1.5, 3.6))
NEAR_RIGHT = Portal((1.6, 0.6), (1.5, 3.6))
PORTALS = (BACK, LEFT, RIGHT, NEAR_LEFT, NEAR_RIGHT)
DOORWAYS = (Doorway(Wall.BACK, 1.5, 2.0), Doorway(Wall.LEFT, 10.5, 2.4), Doorway(Wall.RIGHT, 9.8, 2.4))


def tell(name: str, people: int, duration_s: float, rng: np.random.Generator) -> Story:
    """The story of this name for so many people.

    Raises:
        KeyError: no such story; `STORIES` has the names.
    """
    starts = np.sort(rng.uniform(-LEAD_S, max(0.0, duration_s - 6.0), people))
    return STORIES[name]([float(start) for start in starts], rng)


def _lobby(starts: Sequence[float], rng: np.random.Generator) -> Story:
    """Through traffic, visitors at a desk, people who stop to talk, somebody who turns back, a pillar."""
    desk = Block((-3.4, 11.4), (2.8, 0.8), 1.1, (62, 92, 132))
    bench = Block((4.6, 6.9), (0.7, 2.2), 0.45, (120, 84, 60))
    room = Room(
        doorways=DOORWAYS,
        posters=(
            Poster(Wall.BACK, -3.4, 1.3, 1.8, 1.1, (150, 112, 62)),
            Poster(Wall.RIGHT, 12.4, 1.2, 1.0, 1.4, (84, 120, 180)),
        ),
        blocks=(desk, bench),
        pillars=(Pillar((-0.6, 8.6), 0.26),),
    )
    kinds: tuple[Callable[[float, np.random.Generator], Journey], ...] = (
        _pass,
        _visit_desk,
        _pass,
        _linger,
        _turn_back,
    )
    journeys = [kinds[i % len(kinds)](start, rng) for i, start in enumerate(starts)]
    lines = {"entrance": ((0.0, 12.0), (3.0, 12.0)), "hall": ((-4.2, 7.0), (3.8, 7.0))}
    zones = {"desk": _rectangle(-4.9, 9.3, -1.9, 10.95), "lounge": _rectangle(1.2, 4.6, 3.4, 6.6)}
    return Story(room, lines, zones, tuple(journeys))


def _pass(start_s: float, rng: np.random.Generator) -> Journey:
    first, last = _two(PORTALS, rng)
    middle = (float(rng.uniform(-2.8, 2.8)), float(rng.uniform(5.2, 9.5)))
    return _journey(start_s, first, (Walk(middle),), last, rng)


def _visit_desk(start_s: float, rng: np.random.Generator) -> Journey:
    first, last = _two((BACK, RIGHT, NEAR_LEFT, NEAR_RIGHT), rng)
    place = (float(rng.uniform(-4.2, -2.6)), 10.3)
    steps = (Walk((-1.4, 9.4)), Walk(place, stop=True), Stand(float(rng.uniform(3, 7)), (place[0], 12.0)))
    return _journey(start_s, first, (*steps, Walk((-1.5, 9.6))), last, rng)


def _linger(start_s: float, rng: np.random.Generator) -> Journey:
    first, last = _two(PORTALS, rng)
    place = (float(rng.uniform(1.6, 3.0)), float(rng.uniform(5.0, 6.2)))
    stay = Stand(float(rng.uniform(4, 9)), (2.3 + float(rng.normal(0, 0.6)), 5.6 + float(rng.normal(0, 0.6))))
    return _journey(start_s, first, (Walk(place, stop=True), stay), last, rng)


def _turn_back(start_s: float, rng: np.random.Generator) -> Journey:
    """Comes to within a metre of the line `hall`, looks, and goes back."""
    edge = (float(rng.uniform(-2.0, 2.0)), 7.9)
    return _journey(start_s, BACK, (Walk((edge[0], 9.4)), Walk(edge, stop=True), Stand(1.2, (edge[0], 4.0))), BACK, rng)


def _door(starts: Sequence[float], rng: np.random.Generator) -> Story:
    """One door with traffic both ways; every fifth person turns round before it."""
    room = Room(
        floor=Floor.WOOD,
        doorways=(Doorway(Wall.BACK, 0.0, 2.6),),
        depth_m=11.0,
        posters=(
            Poster(Wall.BACK, 3.6, 1.2, 1.3, 1.5, (92, 138, 72)),
            Poster(Wall.BACK, -3.6, 1.2, 1.3, 1.5, (72, 92, 168)),
        ),
        blocks=(Block((-3.9, 10.3), (1.2, 0.6), 0.9, (70, 96, 128)),),
    )
    journeys = []
    for number, start in enumerate(starts):
        lane = float(rng.uniform(-0.75, 0.75))
        inside = Portal((lane * 3.0, 0.6), (lane * 2.0, 4.4))
        beyond = Portal((lane, 13.4), (lane, 10.6))
        back = Portal((-lane * 3.0 + 0.8, 0.6), (-lane * 2.0 + 0.8, 4.6))
        if number % 5 == 4:
            turn = Walk((lane, 8.2), stop=True)
            journeys.append(_journey(start, inside, (turn, Stand(0.8, (lane, 12.0))), back, rng))
        elif number % 2:
            journeys.append(_journey(start, beyond, (Walk((lane + 0.5, 8.4)),), back, rng))
        else:
            journeys.append(_journey(start, inside, (Walk((lane - 0.5, 8.4)),), beyond, rng))
    lines = {"door": ((-2.2, 9.6), (2.2, 9.6))}
    return Story(room, lines, {"doormat": _rectangle(-2.0, 7.2, 2.0, 9.4)}, tuple(journeys))


def _queue(starts: Sequence[float], rng: np.random.Generator) -> Story:
    """A counter with a waiting line; half of the people stand in it when the clip begins."""
    counter = Block((-2.6, 10.6), (3.4, 0.8), 1.1, (70, 104, 150))
    screen = Block((-3.5, 10.8), (0.5, 0.1), 1.6, (52, 52, 52), 1.2)
    room = Room(
        floor=Floor.CARPET, doorways=DOORWAYS, blocks=(counter, screen),
        posters=(Poster(Wall.BACK, -2.6, 1.7, 3.0, 0.7, (58, 128, 176)),),
    )  # fmt: skip
    slots = tuple((-2.5 + 0.85 * k, 9.5 - 0.3 * k) for k in range(8))
    journeys = []
    for number, start in enumerate(starts):
        serve = Queue(float(rng.uniform(2.5, 6.0)))
        last = _one((LEFT, BACK, RIGHT), rng)
        steps: tuple[Step, ...] = (serve, Walk((-0.8, 10.0)) if last is not LEFT else Walk((-3.6, 8.8)))
        if number < min(len(starts) // 2, len(slots)):
            out = (Walk(last.inside_m), Walk(last.outside_m))
            journeys.append(Journey(-1.0 + number * 0.01, slots[number], (*steps, *out), _speed(rng)))
        elif number % 4 == 3:
            journeys.append(_pass(start, rng))
        else:
            journeys.append(
                _journey(start, _one((NEAR_LEFT, NEAR_RIGHT, RIGHT), rng), (Walk((3.6, 5.8)), *steps), last, rng)
            )
    lines = {"exit": ((0.6, 9.4), (0.6, 13.4))}
    zones = {
        "service": _rectangle(-3.4, 8.7, -2.05, 10.15),
        "queue": ((-2.0, 10.0), (4.2, 7.8), (4.2, 6.4), (-2.0, 8.6)),
    }
    return Story(room, lines, zones, tuple(journeys), slots)


def _crowd(starts: Sequence[float], rng: np.random.Generator) -> Story:
    """A concourse: everybody crosses everybody's way, behind and before two pillars."""
    room = Room(
        width_m=15.0, height_m=4.6,
        doorways=(
            Doorway(Wall.BACK, -3.0, 2.6), Doorway(Wall.BACK, 3.0, 2.6),
            Doorway(Wall.LEFT, 10.0, 2.8), Doorway(Wall.RIGHT, 10.0, 2.8),
        ),
        pillars=(Pillar((-2.2, 8.4), 0.3), Pillar((2.2, 8.4), 0.3)),
        posters=(Poster(Wall.BACK, 0.0, 1.0, 2.4, 1.4, (140, 96, 52)),),
    )  # fmt: skip
    around = (
        Portal((-3.0, 16.4), (-3.0, 13.2)), Portal((3.0, 16.4), (3.0, 13.2)), Portal((9.6, 10.0), (6.0, 9.6)),
        Portal((7.0, 5.6), (3.4, 5.8)), NEAR_RIGHT, NEAR_LEFT, Portal((-7.0, 5.6), (-3.4, 5.8)),
        Portal((-9.6, 10.0), (-6.0, 9.6)),
    )  # fmt: skip
    journeys = []
    for start in starts:
        here = int(rng.integers(len(around)))
        there = (here + int(rng.integers(2, len(around) - 1))) % len(around)
        middle = (float(rng.uniform(-2.0, 2.0)), float(rng.uniform(5.5, 9.5)))
        journeys.append(_journey(start, around[here], (Walk(middle),), around[there], rng))
    lines = {"across": ((-4.0, 6.8), (4.0, 6.8)), "along": ((0.0, 4.6), (0.0, 11.5))}
    return Story(room, lines, {"centre": _rectangle(-1.7, 5.4, 1.7, 8.2)}, tuple(journeys))


def _journey(start_s: float, first: Portal, steps: tuple[Step, ...], last: Portal, rng: np.random.Generator) -> Journey:
    way_out = (Walk(last.inside_m), Walk(last.outside_m))
    return Journey(start_s, first.outside_m, (Walk(first.inside_m), *steps, *way_out), _speed(rng))


def _speed(rng: np.random.Generator) -> float:
    return float(np.clip(rng.normal(1.25, 0.16), 0.8, 1.6))


def _one(choices: Sequence[T], rng: np.random.Generator) -> T:
    return choices[int(rng.integers(len(choices)))]


def _two(choices: Sequence[T], rng: np.random.Generator) -> tuple[T, T]:
    first, second = rng.choice(len(choices), 2, replace=False)
    return choices[int(first)], choices[int(second)]


def _rectangle(x0: float, y0: float, x1: float, y1: float) -> Polygon:
    """Corners clockwise as the camera sees them, the far left one first."""
    return (x0, y1), (x1, y1), (x1, y0), (x0, y0)


STORIES: dict[str, Callable[[Sequence[float], np.random.Generator], Story]] = {
    "lobby": _lobby,
    "door": _door,
    "queue": _queue,
    "crowd": _crowd,
}
