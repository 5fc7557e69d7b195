"""Where in a picture somebody stands, in words: the zones, else the part of the picture."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from footfall.core.geometry import Point, contains
from footfall.spatial.regions import SpatialSpec

ROWS: Final = ("top", "", "bottom")
COLUMNS: Final = ("left", "", "right")
MIDDLE: Final = "middle"
INSIDE: Final = 1.0 - 1e-6


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Of one camera."""

    spatial: SpatialSpec = field(default_factory=SpatialSpec)

    def words(self, point_n: Point) -> str:
        """`till`, or `bottom left` where no zone is; of the picture, not of the room. Feet may be outside of it."""
        x, y = (min(INSIDE, max(1.0 - INSIDE, value)) for value in point_n)
        zones = [zone.name for zone in self.spatial.zones if contains(zone.polygon_n, (x, y))]
        return ", ".join(zones) or _third((x, y))


def _third(point_n: Point) -> str:
    column, row = (int(3 * value) for value in point_n)
    return f"{ROWS[row]} {COLUMNS[column]}".strip() or MIDDLE
