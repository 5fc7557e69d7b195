"""What a page draws over a picture: people, regions, counts. Pure.

    {"t": "2025-11-21T15:04:05.123Z", "view": "privacy", "size": [640, 360], "learnt": 0.93,
     "people": [{"box": [x0, y0, x1, y1], "footprint": [x, y], "zone_names": ["till"], "label": "3f9a"}],
     "zones": {"till": 1}, "totals": {"lines": {"door": {"right": 4, "left": 2}}, "zones": {"till": {...}}},
     "regions": {"lines": [{"name", "points"}], "zones": [{"name", "points"}], "masks": [{"name", "points"}]}}

Coordinates are shares of the picture, origin top left. A label is the end of a random id, which says nothing about who
it is and ends with the track.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC

from footfall.config.plan import GraphPlan, SourceSpec
from footfall.core.geometry import Point, contains
from footfall.core.types import Observed, TrackObservation
from footfall.live.view import Head, View
from footfall.spatial.regions import SpatialSpec, Zone
from footfall.spatial.totals import Totals

LABEL_LENGTH = 4
"""As in annotated clips."""


def regions_of(plan: GraphPlan) -> Head:
    """Lines, zones and masks of a camera."""
    spatial, source = plan.spec(SpatialSpec), plan.spec(SourceSpec)
    return {
        "lines": [region(line.name, (line.start_n, line.end_n)) for line in spatial.lines],
        "zones": [region(zone.name, zone.polygon_n) for zone in spatial.zones],
        "masks": [region(mask.name, mask.polygon_n) for mask in source.masks],
    }


def region(name: str, points_n: Sequence[Point]) -> Head:
    """One of them."""
    return {"name": name, "points": [[round(x, 5), round(y, 5)] for x, y in points_n]}


def head_of(observed: Observed, zones: Sequence[Zone], totals: Totals, view: View) -> Head:
    """All but `regions` and `learnt`."""
    return {
        "t": observed.utc.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "view": view.value,
        "size": list(observed.size_px),
        "people": [person_of(person, zones) for person in observed.people],
        "zones": {name: zone.now for name, zone in totals.zones.items()},
        "totals": {
            "lines": {name: {"right": line.right, "left": line.left} for name, line in totals.lines.items()},
            "zones": {
                name: {"enters": zone.enters, "exits": zone.exits, "mean_dwell_s": rounded(zone.mean_dwell_s)}
                for name, zone in totals.zones.items()
            },
        },
    }


def person_of(person: TrackObservation, zones: Sequence[Zone]) -> Head:
    """One person: where, and in which zones."""
    told = {"mask": person.mask.label} if person.mask else {}
    return {
        "box": [round(value, 4) for value in person.box_n],
        "footprint": [round(value, 4) for value in person.footprint_n],
        "zone_names": [zone.name for zone in zones if contains(zone.polygon_n, person.footprint_n)],
        "label": person.track_id[-LABEL_LENGTH:],
        **told,
    }


def rounded(value: float | None) -> float | None:
    """Tenths."""
    return None if value is None else round(value, 1)
