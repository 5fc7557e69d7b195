"""Recorded people around a moment, to explain what was told there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from footfall.config.plan import GraphPlan
from footfall.core.geometry import Point
from footfall.core.types import Observed
from footfall.spatial.regions import SpatialSpec
from footfall.store import tracks
from footfall.store.records import EventRecord
from footfall.web.models_events import Snippet, SnippetFrame, SnippetPerson
from footfall.web.parts import Parts

BEFORE: Final = timedelta(seconds=8)
AFTER: Final = timedelta(seconds=4)
MOST: Final = 1200
"""Frames in an answer; of more, every second, third ... is left out."""
ASPECT: Final = 9 / 16
"""Height / width of pictures that nothing is known of."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Where a region lies now."""

    kind: str
    """`line`, `zone`, or empty: there is none of this name any more."""
    points_n: tuple[Point, ...]


NOWHERE: Final = Drawn("", ())


def snippet(parts: Parts, event: EventRecord) -> Snippet:
    """The people around an event."""
    found = list(tracks.frames(parts.store, event.camera, event.utc - BEFORE, event.utc + AFTER))
    region = region_of(plan_of(parts, event.camera), event.region)
    return Snippet(
        camera=event.camera,
        region=event.region,
        at=event.utc,
        kind=region.kind,
        points=[list(point) for point in region.points_n],
        aspect=aspect_of(found),
        frames=frames_of(found, event.track_id),
    )


def plan_of(parts: Parts, camera: str) -> GraphPlan | None:
    """What a camera runs; None: it is not there any more."""
    return next((state.plan for state in parts.desk.cameras() if state.name == camera), None)


def region_of(plan: GraphPlan | None, name: str) -> Drawn:
    """A line or zone by its name."""
    if plan is None:
        return NOWHERE
    spatial = plan.spec(SpatialSpec)
    lines = [Drawn("line", (line.start_n, line.end_n)) for line in spatial.lines if line.name == name]
    zones = [Drawn("zone", zone.polygon_n) for zone in spatial.zones if zone.name == name]
    return next(iter([*lines, *zones]), NOWHERE)


def aspect_of(found: list[Observed]) -> float:
    """Height / width."""
    return found[-1].size_px[1] / found[-1].size_px[0] if found else ASPECT


def frames_of(found: list[Observed], subject: str = "") -> list[SnippetFrame]:
    """Frames for an answer."""
    step = 1 + len(found) // MOST
    return [SnippetFrame(at=one.utc, people=list(_people(one, subject))) for one in found[::step]]


def _people(observed: Observed, subject: str) -> Iterable[SnippetPerson]:
    for person in observed.people:
        yield SnippetPerson(
            id=person.track_id,
            box=[round(value, 4) for value in person.box_n],
            footprint=[round(value, 4) for value in person.footprint_n],
            is_subject=bool(subject) and person.track_id == subject,
        )
