"""Better places for lines and zones: the nearest one at which the same checks, on the same tracks, find nothing.

A candidate must lie in the picture, must have no error or warning of its own, and must count everybody whom the
present place counts. The search goes from small changes to large ones and ends at the first success.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, product
from math import cos, radians, sin

import numpy as np

from footfall.core.geometry import Point, Polygon
from footfall.spatial.lint.at_lines import FEW, Passages, at_line
from footfall.spatial.lint.at_zones import Visits, at_zone
from footfall.spatial.lint.drawing import drawn
from footfall.spatial.lint.findings import Finding, Place, Severity
from footfall.spatial.lint.recording import Floats
from footfall.spatial.lint.shapes import in_widths, segment
from footfall.spatial.lint.walks import Walks
from footfall.spatial.regions import Line, SpatialSpec, Zone

SHIFTS = (0.0, 0.25, -0.25, 0.5, -0.5, 0.75, -0.75, 1.0, -1.0, 1.5, -1.5, 2.0, -2.0, 3.0, -3.0)
"""Body heights."""
TURNS_DEG = (0.0, 30.0, -30.0, 60.0, -60.0, 90.0)
STRETCHES = (1.0, 1.5, 2.0, 3.0)
PADS = (0.0, 0.25, 0.5, 1.0, 1.5)
"""Body heights by which a zone grows on every side."""
ALONG_FLOW = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8)
DIGITS = 3


def better_line(line: Line, walks: Walks) -> Polygon | None:
    """Start and end of a better line, or None where there is none."""
    present = Passages(line, walks)
    searches = [_moved_lines(line, walks), _across_flow(line, walks)]
    for ends_n in chain(*(searches if present.near.any() else searches[::-1])):
        candidate = Passages(replace(line, start_n=ends_n[0], end_n=ends_n[1]), walks)
        counted = int(candidate.counted.sum())
        is_enough = counted >= FEW and (candidate.counted | ~present.counted).all()
        if is_enough and not candidate.at_ends.sum() > 0.1 * counted and not _troubled(candidate.line, walks):
            return ends_n
    return None


def better_zone(zone: Zone, walks: Walks) -> Polygon | None:
    """Corners of a better zone, or None where there is none."""
    present = Visits(zone, walks)
    for polygon_n in _moved_zones(zone, walks):
        candidate = Visits(replace(zone, polygon_n=polygon_n), walks)
        is_enough = candidate.visitors.sum() >= FEW and (candidate.visitors | ~present.visitors).all()
        if is_enough and not _troubled(candidate.zone, walks):
            return polygon_n
    return None


def _troubled(region: Line | Zone, walks: Walks) -> bool:
    aspect, place = walks.recording.aspect, Place(region, 0)
    if isinstance(region, Line):
        spec, told = SpatialSpec(lines=(region,)), at_line(place, walks)
    else:
        spec, told = SpatialSpec(zones=(region,)), at_zone(place, walks)
    return any(_is_bad(finding) for findings in (drawn(spec, aspect), told) for finding in findings)


def _is_bad(finding: Finding) -> bool:
    return finding.severity is not Severity.HINT


def _moved_lines(line: Line, walks: Walks) -> Iterator[tuple[Point, Point]]:
    """The line shifted sideways, turned about its middle and made longer, little changes first."""
    aspect = walks.recording.aspect
    start, way, length = segment(line.start_n, line.end_n, aspect)
    middle, height_w = start + way * length / 2, float(np.median(walks.height_w))
    changes = sorted(
        product(SHIFTS, TURNS_DEG, STRETCHES), key=lambda c: abs(c[0]) + abs(c[1]) / 30.0 + 2.0 * (c[2] - 1.0)
    )
    for shift, turn_deg, stretch in changes:
        turn = radians(turn_deg)
        new_way = np.array([way[0] * cos(turn) - way[1] * sin(turn), way[0] * sin(turn) + way[1] * cos(turn)])
        centre = middle + shift * height_w * np.array([-way[1], way[0]])
        half = new_way * length * stretch / 2
        if (centre >= 0.0).all() and (centre <= (1.0, aspect)).all():
            yield _rounded(centre - half, aspect), _rounded(centre + half, aspect)


def _across_flow(line: Line, walks: Walks) -> Iterator[tuple[Point, Point]]:
    """Lines across the main way of all people, wherever the old one was; its direction is kept where it can be."""
    rows = walks.speed_heights >= 0.3
    if not rows.any():
        return
    aspect, point, velocity = walks.recording.aspect, walks.point_w()[rows], walks.velocity_w[rows]
    spread = velocity.T @ velocity
    flow = np.linalg.eigh(spread)[1][:, 1]
    across = np.array([-flow[1], flow[0]])
    _, way, _ = segment(line.start_n, line.end_n, aspect)
    across = across if across @ way >= 0.0 else -across
    sideways = np.quantile(point @ across, (0.02, 0.98)) + 0.5 * float(np.median(walks.height_w)) * np.array([-1, 1])
    for share in ALONG_FLOW:
        ahead = float(np.quantile(point @ flow, share)) * flow
        yield _rounded(ahead + sideways[0] * across, aspect), _rounded(ahead + sideways[1] * across, aspect)


def _moved_zones(zone: Zone, walks: Walks) -> Iterator[Polygon]:
    """The zone shifted and grown, little changes first."""
    aspect = walks.recording.aspect
    ring = in_widths(np.array(zone.polygon_n, float), aspect)
    low, high, height_w = ring.min(axis=0), ring.max(axis=0), float(np.median(walks.height_w))
    middle, half = (low + high) / 2, np.maximum((high - low) / 2, 1e-3)
    shifts = [shift for shift in SHIFTS if abs(shift) <= 1.5]
    changes = sorted(product(shifts, shifts, PADS), key=lambda c: abs(c[0]) + abs(c[1]) + 2.0 * c[2])
    for right, down, pad in changes:
        moved = middle + (half + pad * height_w) / half * (ring - middle) + height_w * np.array([right, down])
        yield tuple(_rounded(corner, aspect) for corner in moved)


def _rounded(point_w: Floats, aspect: float) -> Point:
    """Image widths -> normalised, kept in the picture, with no more digits than anybody wants to type."""
    x, y = float(np.clip(point_w[0], 0.0, 1.0)), float(np.clip(point_w[1] / aspect, 0.0, 1.0))
    return round(x, DIGITS), round(y, DIGITS)
