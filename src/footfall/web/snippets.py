"""Recorded people around a moment, to explain what was told there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeVar

from footfall.config.plan import GraphPlan
from footfall.core.geometry import Box, Point
from footfall.core.types import Observed
from footfall.runtime import preview_snippet as recorded
from footfall.spatial.regions import SpatialSpec
from footfall.store import tracks
from footfall.store.records import EventRecord
from footfall.web.models_events import Snippet, SnippetFrame, SnippetPerson
from footfall.web.parts import Parts

T = TypeVar("T")
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
    found = recorded.snippet(event, tracks.frames(parts.store, event.camera, *recorded.around(event)))
    region = region_of(plan_of(parts, event.camera), event.region)
    return Snippet(
        camera=event.camera,
        region=event.region,
        at=event.utc,
        kind=region.kind,
        points=[list(point) for point in region.points_n],
        aspect=ASPECT if found is None else found.size_px[1] / found.size_px[0],
        frames=[] if found is None else list(_frames(event, found)),
    )


def _frames(event: EventRecord, found: recorded.Snippet) -> Iterator[SnippetFrame]:
    for moment in thinned(found.moments):
        people = [_person(one.number, one.box_n, one.footprint_n, found.subject) for one in moment.figures]
        yield SnippetFrame(at=event.utc + timedelta(seconds=moment.t_s), people=people)


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


def frames_of(found: Sequence[Observed]) -> list[SnippetFrame]:
    """Frames for an answer; people are numbered, which says nothing about anybody outside of it."""
    numbers: dict[str, int] = {}
    return [
        SnippetFrame(
            at=one.utc,
            people=[
                _person(numbers.setdefault(each.track_id, len(numbers) + 1), each.box_n, each.footprint_n)
                for each in one.people
            ],
        )
        for one in thinned(found)
    ]


def thinned(found: Sequence[T]) -> Sequence[T]:
    """At most `MOST` of them."""
    return found[:: 1 + len(found) // MOST]


def _person(number: int, box_n: Box, footprint_n: Point, subject: int = 0) -> SnippetPerson:
    return SnippetPerson(
        id=str(number),
        box=[round(value, 4) for value in box_n],
        footprint=[round(value, 4) for value in footprint_n],
        is_subject=number == subject,
    )
