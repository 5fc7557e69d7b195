"""What is wrong with lines and zones as they are drawn, whoever walks there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from math import degrees, dist

import numpy as np

from footfall.core.geometry import (
    Point,
    crossing_fraction,
    distance_to_segment,
    is_self_intersecting,
    polygon_area,
    to_widths,
)
from footfall.spatial.lint.findings import Finding, Place, percent
from footfall.spatial.lint.shapes import deepest_w, shared_part
from footfall.spatial.regions import Line, SpatialSpec, Zone

SHORT_W = 0.02
ALIKE = 0.85
OVERLAP = 0.25
SLIVER_W = 0.004
"""A zone nowhere wider than two of these, some five pixels of a 640 wide picture, is a slip of the hand."""
PARALLEL_DEG = 15.0


def drawn(spec: SpatialSpec, aspect: float, jitter_w: float = 0.0) -> Iterator[Finding]:
    """Every finding that needs no people.

    Args:
        spec: What one camera watches.
        aspect: Height / width of the picture.
        jitter_w: How far a foot point strays by chance, in image widths, where people were recorded.
    """
    lines = [Place(line, number) for number, line in enumerate(spec.lines)]
    zones = [Place(zone, number) for number, zone in enumerate(spec.zones)]
    yield from _names([*zones, *lines])
    for place in lines:
        yield from _line(place, aspect)
    for place in zones:
        yield from _zone(place, aspect)
    for one, other in combinations(lines, 2):
        yield from _two_lines(one, other, aspect, jitter_w)
    for one, other in combinations(zones, 2):
        yield from _two_zones(one, other)


def _names(places: Iterable[Place]) -> Iterator[Finding]:
    seen = set()
    for place in places:
        if place.region.name in seen:
            what = f"another line or zone is called {place.region.name} too, so that their events cannot be told apart"
            yield place.found("name-taken", what, "give every line and zone its own name")
        seen.add(place.region.name)


def _outside(points_n: Sequence[Point]) -> bool:
    return any(not -1e-3 <= value <= 1.001 for point in points_n for value in point)


def _line(place: Place, aspect: float) -> Iterator[Finding]:
    line = place.region
    assert isinstance(line, Line)
    start, end = to_widths(line.start_n, aspect), to_widths(line.end_n, aspect)
    threshold_w = max((rule.threshold_w for rule in line.rules), default=0.0)
    if dist(start, end) <= 1e-6:
        yield place.found("line-without-length", "both ends are the same point", "move one of them")
        return
    if dist(start, end) < max(SHORT_W, 2.0 * threshold_w):
        what = f"it is {dist(start, end):.3f} picture widths long, no more than its threshold on both sides"
        yield place.found("line-too-short", what, "draw it across the whole way, from wall to wall")
    if _outside(place.points_n):
        what = "it reaches beyond the picture, where nobody is ever seen"
        yield place.found("line-outside-picture", what, "keep both ends between 0 and 1")
    if room_w(line, aspect) < max(threshold_w, 1e-3):
        what = f"less than the threshold of {threshold_w:.3f} picture widths lies between it and the picture's border"
        cure = "move it into the picture by at least a body height: people must be seen on both sides"
        yield place.found("line-without-room", what, cure)


def room_w(line: Line, aspect: float) -> float:
    """How far people can get away from a line within the picture, on the side that has less room; in widths."""
    start, end = to_widths(line.start_n, aspect), to_widths(line.end_n, aspect)
    corners = [(0.0, 0.0), (1.0, 0.0), (1.0, aspect), (0.0, aspect)]
    length = dist(start, end)
    sides = [((end[0] - start[0]) * (y - start[1]) - (end[1] - start[1]) * (x - start[0])) / length for x, y in corners]
    return min(max(0.0, *sides), max(0.0, -min(sides)))


def _zone(place: Place, aspect: float) -> Iterator[Finding]:
    zone = place.region
    assert isinstance(zone, Zone)
    ring = tuple(to_widths(point, aspect) for point in zone.polygon_n)
    if zone.target_side is not None and not 1 <= zone.target_side <= len(ring):
        what = f"target_side is {zone.target_side}, and the zone has {len(ring)} sides"
        yield place.found("target-side-missing", what, "number the sides from 1, side 1 starts at the first corner")
    if _outside(zone.polygon_n):
        what = "it reaches beyond the picture, where nobody is ever seen"
        yield place.found("zone-outside-picture", what, "keep all corners between 0 and 1")
    is_crossed = is_self_intersecting(ring)
    if is_crossed:
        what = "its sides cross each other, so that parts of it are not inside"
        yield place.found("zone-crosses-itself", what, "list the corners in the order in which one walks round it")
    if not is_crossed and polygon_area(ring) < 1e-6:
        yield place.found("zone-without-inside", "its corners lie on one line", "move a corner away from the others")
        return
    deepest = deepest_w(zone.polygon_n, aspect, is_open=zone.is_open)
    thresholds = [rule.threshold_w for rule in zone.rules]
    if deepest < SLIVER_W:
        what = f"it is nowhere wider than {2 * deepest:.4f} picture widths, a few pixels"
        yield place.found("zone-a-sliver", what, "draw it at least as wide as a person's step")
    elif thresholds and max(thresholds) >= 1.02 * deepest:
        what = f"no point of it lies deeper inside than the threshold of {max(thresholds):.3f} picture widths"
        yield place.found("threshold-too-large", what, f"use a threshold below {0.5 * deepest:.3f}, or a larger zone")


def _two_lines(one: Place, other: Place, aspect: float, jitter_w: float) -> Iterator[Finding]:
    first, second = (tuple(to_widths(point, aspect) for point in place.points_n) for place in (one, other))
    shorter = min(dist(*first), dist(*second))
    if shorter <= 1e-6:
        return
    apart = min(_far(first, second), _far(first, second[::-1]))
    reach_w = max((jitter_w, *(rule.threshold_w for place in (one, other) for rule in place.region.rules)))
    name = other.region.name
    if apart <= max(0.01, 0.05 * shorter):
        what = f"it lies where the line {name} lies, so that everybody is told twice"
        yield one.found("lines-alike", what, "remove one of the two")
    elif crossing_fraction(*first, *second) is not None:
        what = f"it crosses the line {name}, so that who walks by their meeting point may be told by either or both"
        yield one.found("lines-crossed", what, "let them end before they meet, or draw a zone instead")
    elif _angle_deg(first, second) <= PARALLEL_DEG and _near(first, second) < max(2.0 * reach_w, 0.01):
        what = f"it runs beside the line {name}, so near that who stands there flickers on both"
        yield one.found("lines-too-close", what, "move them apart by a body height, or keep one")


def _far(first: Sequence[Point], second: Sequence[Point]) -> float:
    return max(dist(a, b) for a, b in zip(first, second, strict=True))


def _near(first: Sequence[Point], second: Sequence[Point]) -> float:
    """Distance between two lines that run side by side for at least half of the shorter one."""
    return min(float(np.median(_apart(first, second))), float(np.median(_apart(second, first))))


def _apart(line: Sequence[Point], other: Sequence[Point]) -> list[float]:
    """Distances of nine points of a line to the other one."""
    (x0, y0), (x1, y1) = line
    shares = [k / 8 for k in range(9)]
    return [distance_to_segment((x0 + k * (x1 - x0), y0 + k * (y1 - y0)), other[0], other[1]) for k in shares]


def _angle_deg(first: Sequence[Point], second: Sequence[Point]) -> float:
    ways = [np.subtract(ends[1], ends[0]) for ends in (first, second)]
    cosine = abs(float(ways[0] @ ways[1])) / float(np.hypot(*ways[0]) * np.hypot(*ways[1]))
    return degrees(float(np.arccos(min(1.0, cosine))))


def _two_zones(one: Place, other: Place) -> Iterator[Finding]:
    kinds = [{type(rule) for rule in place.region.rules} for place in (one, other)]
    if not kinds[0] & kinds[1]:
        return
    of_both, of_smaller = shared_part(one.points_n, other.points_n)
    name = other.region.name
    if of_both >= ALIKE:
        what = f"it covers what the zone {name} covers ({percent(of_both)} of both) and has the same rules"
        yield one.found("zones-alike", what, "remove one of the two")
    elif OVERLAP <= of_smaller <= 1.0 - OVERLAP:
        what = f"it shares {percent(of_smaller)} of its floor, or the other's, with the zone {name}: people there count"
        yield one.found(
            "zones-overlap", f"{what} in both", "let the zones touch, or put one wholly inside of the other"
        )
