"""Points and boxes for the wire."""

from __future__ import annotations

from footfall.core.geometry import Box, Point
from footfall.events import wire
from footfall.events.figures import FRACTION_DIGITS, feet, figure


def image_point(point_n: Point) -> wire.Point:
    """A normalised point."""
    return wire.Point(x=figure(point_n[0], FRACTION_DIGITS), y=figure(point_n[1], FRACTION_DIGITS))


def rectangle(box_n: Box) -> wire.Rectangle:
    """A normalised box, cut off at the frame's border."""
    x0, y0, x1, y1 = (min(1.0, max(0.0, value)) for value in box_n)
    return wire.Rectangle(points=(image_point((x0, y0)), image_point((x1, y1))))


def on_axes(ground_m: Point, ground_axes: str) -> Point:
    """(lateral, forward) in metres -> (X, Y) in feet: `data` as it is, `prose` the other way round (RULE 22)."""
    lateral_ft, forward_ft = feet(ground_m[0]), feet(ground_m[1])
    return (forward_ft, lateral_ft) if ground_axes == "prose" else (lateral_ft, forward_ft)


def ground_point(ground_m: Point, ground_axes: str) -> wire.Point:
    """A point on the floor, in feet."""
    x, y = on_axes(ground_m, ground_axes)
    return wire.Point(x=figure(x), y=figure(y))
