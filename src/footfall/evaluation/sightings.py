"""What a run said: Azure-shaped events, boiled down to name, word and frame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from footfall.evaluation.documents import convert, parse_json, refuse

CURE = "give JSON lines of events, as `footfall run --media-time` writes them"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_MEDIA_S = 366 * 86400.0


class EventSource(Struct, frozen=True):
    """Part of `sourceInfo`."""

    timestamp: Annotated[datetime, Meta(tz=True)]


class EventProperties(Struct, frozen=True, rename="camel"):
    """What is scored of any event's properties."""

    status: str = ""
    person_count: Annotated[int, Meta(ge=0, le=10**9)] | None = None
    dwell_time: float | None = None


class OneEvent(Struct, frozen=True):
    """One element of `events`."""

    type: str
    zone: str = ""
    properties: EventProperties = EventProperties()


class EventBody(Struct, frozen=True, rename="camel"):
    """A message; calibration events have no `events`."""

    source_info: EventSource
    events: tuple[OneEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class Sighting:
    """One event."""

    type: str
    region: str
    frame: int
    status: str
    person_count: int | None
    dwell_s: float | None


def read_lines(text: str, file: str = "RESULT") -> list[dict[str, Any]]:
    """JSON lines -> event bodies; empty lines do no harm.

    Raises:
        ConfigError: a line that is no JSON object, with its number.
    """
    lines = ((number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip())
    return [parse_json(line, dict[str, Any], f"{file}:{number}", CURE) for number, line in lines]


def sightings(bodies: Iterable[dict[str, Any]], fps: float, file: str = "RESULT") -> list[Sighting]:
    """Events in order of their frames; media time since the epoch times `fps` is the frame.

    Raises:
        ConfigError: a body that is no event message, or event times that are no media time.
    """
    return sorted(_sightings(bodies, fps, file), key=lambda sighting: sighting.frame)


def _sightings(bodies: Iterable[dict[str, Any]], fps: float, file: str) -> Iterator[Sighting]:
    for number, raw in enumerate(bodies, start=1):
        body = convert(raw, EventBody, f"{file}:{number}", CURE)
        media_s = (body.source_info.timestamp - EPOCH).total_seconds()
        if not 0.0 <= media_s < LONGEST_MEDIA_S:
            what = f"{body.source_info.timestamp.isoformat()} is no media time"
            refuse(f"{file}:{number}", "$.sourceInfo.timestamp", what, "run again with --media-time")
        for event in body.events:
            said = event.properties
            dwell_s = None if said.dwell_time is None else said.dwell_time / 1000.0
            frame = round(media_s * fps)
            yield Sighting(event.type, event.zone, frame, said.status, said.person_count, dwell_s)
