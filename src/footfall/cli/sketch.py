"""A sketch of a set-up: lines, zones, the ways people's feet took, better places in green. No pixels of the clip."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np

from footfall.core.errors import ConfigError, Problem
from footfall.core.geometry import Point, Polygon
from footfall.core.types import Image
from footfall.spatial.lint.findings import Finding
from footfall.spatial.lint.recording import Recording
from footfall.spatial.lint.walks import Walks
from footfall.spatial.regions import SpatialSpec

Colour: TypeAlias = tuple[int, int, int]

WIDTH_PX = 960
PAPER: Colour = (242, 242, 242)
RULING: Colour = (224, 224, 224)
WAY: Colour = (170, 150, 140)
BEGIN: Colour = (140, 110, 90)
FINE: Colour = (150, 100, 40)
BAD: Colour = (50, 60, 220)
BETTER: Colour = (70, 160, 40)
FONT = cv2.FONT_HERSHEY_SIMPLEX
SHIFT = 4
"""Coordinates are drawn in sixteenths of a pixel."""


def sketch(
    spec: SpatialSpec,
    findings: Iterable[Finding],
    recording: Recording | None,
    aspect: float,
    background: Image | None = None,
) -> Image:
    """A (h, 960, 3) uint8 BGR picture; what has a finding is red, what has none blue, a better place green.

    `background` is drawn palely below, where the user asked for pixels; `aspect` is height / width of the picture.
    """
    page = _page(round(WIDTH_PX * aspect), background)
    if recording is not None and len(recording):
        _draw_ways(page, Walks(recording))
    findings = list(findings)
    bad = {(finding.kind, finding.number) for finding in findings}
    for number, zone in enumerate(spec.zones):
        _draw(page, zone.polygon_n, zone.name, BAD if ("zone", number) in bad else FINE)
    for number, line in enumerate(spec.lines):
        _draw(page, (line.start_n, line.end_n), line.name, BAD if ("line", number) in bad else FINE)
    better = {(finding.kind, finding.name): finding.better_n for finding in findings if finding.better_n}
    for (_, name), place_n in better.items():
        _draw(page, place_n, f"{name}: better", BETTER)
    return page


def write_sketch(picture: Image, path: Path) -> None:
    """Write a picture; the name's ending says in which format.

    Raises:
        ConfigError: no such format, or the file cannot be written.
    """
    try:
        is_good, data = cv2.imencode(path.suffix or ".png", picture)
    except cv2.error:
        is_good = False
    if not is_good:
        cure = "name a file that ends in .png or .jpg"
        raise ConfigError([Problem(str(path), "--picture", "is no picture's name", cure)])
    path.write_bytes(data.tobytes())


def _page(height_px: int, background: Image | None) -> Image:
    page = np.full((height_px, WIDTH_PX, 3), PAPER, np.uint8)
    if background is not None:
        pixels = cv2.resize(background, (WIDTH_PX, height_px), interpolation=cv2.INTER_AREA)
        return np.asarray(cv2.addWeighted(page, 0.4, pixels, 0.6, 0.0), np.uint8)
    for tenth in range(1, 10):
        cv2.line(page, (tenth * WIDTH_PX // 10, 0), (tenth * WIDTH_PX // 10, height_px), RULING, 1)
        cv2.line(page, (0, tenth * height_px // 10), (WIDTH_PX, tenth * height_px // 10), RULING, 1)
    return page


def _draw_ways(page: Image, walks: Walks) -> None:
    """Each person's foot points, joined; a dot where it begins."""
    foot_n = walks.recording.foot_n
    for first, last in zip(walks.first, walks.last, strict=True):
        way = np.array([_fine(page, (x, y)) for x, y in foot_n[first : last + 1]], np.int32)
        cv2.polylines(page, [way], False, WAY, 1, cv2.LINE_AA, SHIFT)
        cv2.circle(page, _fine(page, (foot_n[first, 0], foot_n[first, 1])), 3 << SHIFT, BEGIN, -1, cv2.LINE_AA, SHIFT)


def _draw(page: Image, points_n: Polygon, name: str, colour: Colour) -> None:
    """A line or the border of a zone with its name beside the first point."""
    ring = np.array([_fine(page, point) for point in points_n], np.int32)
    cv2.polylines(page, [ring], len(points_n) > 2, colour, 2, cv2.LINE_AA, SHIFT)
    (wide, high), _ = cv2.getTextSize(name, FONT, 0.5, 1)
    x, y = (int(value) >> SHIFT for value in ring[0])
    at = max(2, min(x + 6, page.shape[1] - wide - 2)), max(high + 2, min(y - 6, page.shape[0] - 4))
    cv2.putText(page, name, at, FONT, 0.5, PAPER, 4, cv2.LINE_AA)
    cv2.putText(page, name, at, FONT, 0.5, colour, 1, cv2.LINE_AA)


def _fine(page: Image, point_n: Point | Sequence[float]) -> tuple[int, int]:
    height, width = page.shape[:2]
    x, y = (min(2.0, max(-1.0, float(value))) for value in point_n)
    return round(x * width * (1 << SHIFT)), round(y * height * (1 << SHIFT))
