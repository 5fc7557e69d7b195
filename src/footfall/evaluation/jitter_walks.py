"""People who make counting hard, on a floor with two lines and two zones: pure paths, seeded, with their truth.

Each person plays one act: walks over a line or through a zone, stands on the line, stands beside it, turns back, passes
the end of the line, walks along the border. Only clear cases are kept: those whose truth is the same whether a border
is taken a little narrower or wider, so that nobody can argue about it. Pixels of a 640 x 360 picture.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import cos, dist, hypot, pi, sin
from random import Random
from typing import TypeAlias

from footfall.core.geometry import Point, crossing_fraction, distance_to_segment, side_of_line, signed_distance

WIDTH_PX, HEIGHT_PX = 640.0, 360.0
Segment: TypeAlias = tuple[Point, Point]

LINES_PX: dict[str, Segment] = {"door": ((150.0, 222.0), (410.0, 208.0)), "gate": ((520.0, 130.0), (502.0, 318.0))}
ZONES_PX: dict[str, tuple[Point, ...]] = {
    "till": ((45.0, 235.0), (190.0, 230.0), (205.0, 340.0), (40.0, 345.0)),
    "shelf": ((250.0, 250.0), (430.0, 245.0), (440.0, 345.0), (330.0, 350.0), (255.0, 330.0)),
}
TRUTH_STEP_S = 1.0 / 30.0
NARROW_PX, WIDE_PX = 12.0, 34.0
"""Thresholds under which the truth of a path has to be the same."""
PAUSE_S = 0.8
"""Everybody is there for so long before the first step and after the last: who is not seen cannot be counted."""
END_PX = 14.0
"""How far from the end of a line nobody passes it."""

Truth: TypeAlias = Counter[tuple[str, str]]
"""How often (region, what) happened; what is `CrossRight`, `CrossLeft` or `Enter`."""


@dataclass(frozen=True, slots=True)
class Walk:
    """A path over the floor: where, and when."""

    times_s: tuple[float, ...]
    points_px: tuple[Point, ...]
    sway_px: float
    phase: float

    @property
    def length_s(self) -> float:
        """How long the person is there."""
        return self.times_s[-1]

    def at(self, t_s: float) -> Point:
        """The foot `t_s` seconds after the start; who stands sways a little."""
        k = min(max(bisect_right(self.times_s, t_s) - 1, 0), len(self.times_s) - 2)
        (t0, t1), (a, b) = self.times_s[k : k + 2], self.points_px[k : k + 2]
        share = (t_s - t0) / (t1 - t0)
        sway = self.sway_px * sin(1.7 * t_s + self.phase), self.sway_px * cos(1.1 * t_s + self.phase)
        return a[0] + share * (b[0] - a[0]) + sway[0], a[1] + share * (b[1] - a[1]) + sway[1]


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody does, where, and what a perfect counter would say."""

    name: str
    region: str
    walk: Walk
    truth: Truth


def acts(chance: Random) -> Iterator[Act]:
    """An endless row of people, each kind of act as often as the others."""
    while True:
        for name, draw in (*LINE_ACTS.items(), *ZONE_ACTS.items()):
            region = chance.choice(sorted(LINES_PX if name in LINE_ACTS else ZONES_PX))
            yield _clear_case(chance, name, region, draw)


def truth_of(walk: Walk, threshold_px: float, lengthen_px: float = 0.0) -> Truth:
    """RULES 15 and 16 to the letter on the exact path; lines made longer at both ends by `lengthen_px`."""
    path = [walk.at(k * TRUTH_STEP_S) for k in range(int(walk.length_s / TRUTH_STEP_S) + 1)]
    truth: Truth = Counter()
    for name, line in LINES_PX.items():
        truth.update((name, what) for what in _crossings(path, _lengthened(line, lengthen_px), threshold_px))
    for name, polygon in ZONES_PX.items():
        truth.update({(name, "Enter"): _visits(path, polygon, threshold_px)})
    return +truth


def _crossings(path: list[Point], line: Segment, threshold_px: float) -> Iterator[str]:
    side = balance = 0
    for a, b in pairwise((path[0], *path)):
        right = side_of_line(*line, b) > 0.0
        if crossing_fraction(a, b, *line) is not None:
            balance += 1 if right else -1
        if distance_to_segment(b, *line) < threshold_px:
            continue
        now = 1 if right else -1
        if side == -now and balance == now:
            yield "CrossRight" if right else "CrossLeft"
        side, balance = now, 0


def _visits(path: list[Point], polygon: tuple[Point, ...], threshold_px: float) -> int:
    visits, inside = 0, False
    for point in path:
        depth = signed_distance(polygon, point)
        visits += depth > threshold_px and not inside
        inside = depth > threshold_px or (inside and depth >= -threshold_px)
    return visits


def _lengthened(line: Segment, by_px: float) -> Segment:
    (sx, sy), (ex, ey) = line
    ux, uy = (ex - sx) / dist(*line) * by_px, (ey - sy) / dist(*line) * by_px
    return (sx - ux, sy - uy), (ex + ux, ey + uy)


def _clear_case(chance: Random, name: str, region: str, draw: Callable[[Random, str], list[Leg]]) -> Act:
    while True:
        walk = _walk(chance, draw(chance, region))
        if not all(5.0 < x < WIDTH_PX - 5.0 and 70.0 < y < HEIGHT_PX - 2.0 for x, y in walk.points_px):
            continue
        truth = truth_of(walk, NARROW_PX)
        others = ((WIDE_PX, 0.0), (NARROW_PX, END_PX), (NARROW_PX, -END_PX))
        if all(truth_of(walk, *other) == truth for other in others):
            return Act(name, region, walk, truth)


@dataclass(frozen=True, slots=True)
class Leg:
    """Go there, then stay."""

    to_px: Point
    stay_s: float = 0.0


def _walk(chance: Random, legs: list[Leg]) -> Walk:
    speed = chance.uniform(40.0, 140.0)
    sway_px = 1.5 if any(leg.stay_s for leg in legs) else 0.0
    legs = [*legs[:-1], Leg(legs[-1].to_px, PAUSE_S)]
    points, spans = [legs[0].to_px, legs[0].to_px], [0.0, PAUSE_S]
    for before, leg in pairwise(legs):
        points.append(leg.to_px)
        spans.append(max(dist(before.to_px, leg.to_px) / speed, 0.05))
        if leg.stay_s > 0.0:
            points.append(leg.to_px)
            spans.append(leg.stay_s)
    return Walk(tuple(accumulate(spans)), tuple(points), sway_px, chance.uniform(0.0, 2.0 * pi))


def _by_line(region: str, along: float, off_px: float) -> Point:
    """A point at this share of a line, so many pixels to its right."""
    (sx, sy), (ex, ey) = line = LINES_PX[region]
    nx, ny = -(ey - sy) / dist(*line), (ex - sx) / dist(*line)
    return sx + along * (ex - sx) + off_px * nx, sy + along * (ey - sy) + off_px * ny


def _cross(chance: Random, region: str) -> list[Leg]:
    way, along, slant = _side(chance), chance.uniform(0.12, 0.88), chance.uniform(-0.25, 0.25)
    far, near = chance.uniform(50.0, 130.0), chance.uniform(40.0, 110.0)
    return [Leg(_by_line(region, along - slant, -way * far)), Leg(_by_line(region, along + slant, way * near))]


def _stand_on(chance: Random, region: str) -> list[Leg]:
    """Comes to the line, stands on it, then goes on or back."""
    way, along, leave = _side(chance), chance.uniform(0.15, 0.85), _side(chance)
    place = _by_line(region, along, chance.uniform(-9.0, 9.0))
    first, last = chance.uniform(50.0, 110.0), chance.uniform(50.0, 110.0)
    stay = Leg(place, chance.uniform(8.0, 30.0))
    return [Leg(_by_line(region, along, -way * first)), stay, Leg(_by_line(region, along, leave * last))]


def _stand_near(chance: Random, region: str) -> list[Leg]:
    """Stands beside the line all the time, and goes away on the same side."""
    way, along = _side(chance), chance.uniform(0.1, 0.9)
    place = _by_line(region, along, way * chance.uniform(3.0, 30.0))
    away = Leg(_by_line(region, along, way * chance.uniform(50.0, 110.0)))
    return [away, Leg(place, chance.uniform(10.0, 40.0)), away]


def _turn(chance: Random, region: str) -> list[Leg]:
    """Turns back just before the line, or well behind it."""
    way, along = _side(chance), chance.uniform(0.15, 0.85)
    reach = chance.choice((chance.uniform(-40.0, -5.0), chance.uniform(45.0, 100.0)))
    start = Leg(_by_line(region, along, -way * chance.uniform(60.0, 120.0)))
    return [start, Leg(_by_line(region, along, way * reach), chance.uniform(0.0, 0.6)), start]


def _pass_end(chance: Random, region: str) -> list[Leg]:
    """Passes beside the end of the line, or just within it; some come round it."""
    way, end = _side(chance), chance.choice((0, 1))
    off = chance.uniform(16.0, 60.0) * _side(chance) / hypot(260.0, 14.0)
    along = end + off
    turn = Leg(_by_line(region, 0.5, way * chance.uniform(45.0, 90.0)))
    legs = [Leg(_by_line(region, along, -way * 70.0)), Leg(_by_line(region, along, way * 60.0))]
    return [*legs, turn] if chance.random() < 0.4 else legs


def _along(chance: Random, region: str) -> list[Leg]:
    """Walks beside the line from end to end."""
    way, off = _side(chance), chance.uniform(10.0, 40.0)
    start, stop = (-0.1, 1.1) if chance.random() < 0.5 else (1.1, -0.1)
    return [Leg(_by_line(region, start, way * off)), Leg(_by_line(region, stop, way * off))]


def _in_zone(chance: Random, region: str, depth_px: tuple[float, float]) -> Point:
    polygon = ZONES_PX[region]
    while True:
        point = chance.uniform(10.0, WIDTH_PX - 10.0), chance.uniform(80.0, HEIGHT_PX - 4.0)
        if depth_px[0] < signed_distance(polygon, point) < depth_px[1]:
            return point


def _through(chance: Random, region: str) -> list[Leg]:
    outside = (-120.0, -40.0)
    middle = Leg(_in_zone(chance, region, (36.0, 99.0)))
    return [Leg(_in_zone(chance, region, outside)), middle, Leg(_in_zone(chance, region, outside))]


def _visit(chance: Random, region: str) -> list[Leg]:
    """Comes in, stays for a while, perhaps at another place, leaves."""
    outside, inside = (-120.0, -40.0), (30.0, 99.0)
    stays = [Leg(_in_zone(chance, region, inside), chance.uniform(3.0, 15.0)) for _ in range(chance.choice((1, 2)))]
    return [Leg(_in_zone(chance, region, outside)), *stays, Leg(_in_zone(chance, region, outside))]


def _stand_at_border(chance: Random, region: str) -> list[Leg]:
    """Stands on the border of the zone, without really being in it."""
    place = _in_zone(chance, region, (-9.0, 9.0))
    outside = Leg(_in_zone(chance, region, (-110.0, -40.0)))
    return [outside, Leg(place, chance.uniform(10.0, 30.0)), outside]


def _lean_out(chance: Random, region: str) -> list[Leg]:
    """Is in the zone, goes to its border, comes back: one visit."""
    outside, inside = (-120.0, -40.0), (36.0, 99.0)
    border = Leg(_in_zone(chance, region, (-9.0, 9.0)), chance.uniform(1.0, 8.0))
    back = Leg(_in_zone(chance, region, inside), chance.uniform(1.0, 5.0))
    ways = [Leg(_in_zone(chance, region, outside)), Leg(_in_zone(chance, region, inside), 1.0), border, back]
    return [*ways, Leg(_in_zone(chance, region, outside))]


def _appear(chance: Random, region: str) -> list[Leg]:
    """Is first seen deep in the zone, and leaves; or comes in and is seen no more."""
    legs = [Leg(_in_zone(chance, region, (36.0, 99.0)), 1.0), Leg(_in_zone(chance, region, (-120.0, -40.0)))]
    return legs if chance.random() < 0.5 else legs[::-1]


def _side(chance: Random) -> int:
    return chance.choice((1, -1))


LINE_ACTS: dict[str, Callable[[Random, str], list[Leg]]] = {
    "crosses": _cross,
    "crosses again": _cross,
    "stands on the line": _stand_on,
    "stands beside the line": _stand_near,
    "turns back": _turn,
    "passes the end": _pass_end,
    "walks along": _along,
}
ZONE_ACTS: dict[str, Callable[[Random, str], list[Leg]]] = {
    "walks through": _through,
    "visits": _visit,
    "stands on the border": _stand_at_border,
    "leans out": _lean_out,
    "appears or vanishes": _appear,
}
