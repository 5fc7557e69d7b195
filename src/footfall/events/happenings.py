"""Insights in Azure's words: type, zone, trigger and properties (spec/events.md sections 3 to 6)."""

from __future__ import annotations

from dataclasses import dataclass
from math import isinf

from msgspec import UNSET, Raw, UnsetType

from footfall.core.types import TrackObservation
from footfall.events import wire
from footfall.events.figures import feet, figure
from footfall.events.ids import wire_id
from footfall.spatial.insights import (
    Counted,
    DistanceMeasured,
    Dwelled,
    Insight,
    LineCrossed,
    ZoneEntered,
    ZoneExited,
)


@dataclass(frozen=True, slots=True)
class Happening:
    """One event without its ids."""

    type: str
    zone: str
    properties: wire.Properties
    people: tuple[TrackObservation, ...]
    frame: int
    t_s: float
    trigger: str | UnsetType = UNSET
    tracked: bool = True
    """Whether its detections carry track id and speed; count and distance take each frame by itself (RULE E3)."""
    masked: bool = True
    """Whether its detections carry mask results (spec/events.md sections 6.2 and 10)."""


def happening(insight: Insight, *, intervals: bool = False) -> Happening:
    """Put one insight into Azure's words; with `intervals` and a word of our own about how sure it is."""
    match insight:
        case Counted():
            return _counted(insight, intervals)
        case LineCrossed():
            return _crossed(insight, intervals)
        case ZoneEntered():
            return _passed(insight, "Enter", intervals)
        case ZoneExited():
            return _passed(insight, "Exit", intervals)
        case Dwelled():
            return _dwelled(insight, intervals)
        case DistanceMeasured():
            return _measured(insight)


def _counted(counted: Counted, intervals: bool) -> Happening:
    interval = counted.interval if intervals else None
    return Happening(
        type="personCountEvent",
        zone=counted.zone,
        properties=wire.CountProperties(
            person_count=counted.count, interval=UNSET if interval is None else (interval.low, interval.high)
        ),
        people=counted.people,
        frame=counted.frame,
        t_s=counted.t_s,
        trigger=counted.trigger.value,
        tracked=False,
    )


def _crossed(crossed: LineCrossed, intervals: bool) -> Happening:
    properties = wire.LineProperties(
        tracking_id=wire_id(crossed.person.track_id),
        status=crossed.direction.value,
        orientation_direction=UNSET if crossed.facing is None else crossed.facing.value,
        certainty=_sureness(crossed.certainty, intervals),
    )
    return _of_one("personLineEvent", crossed.line, properties, crossed.person, crossed.t_s)


def _passed(passed: ZoneEntered | ZoneExited, status: str, intervals: bool) -> Happening:
    properties = wire.ZoneProperties(
        tracking_id=wire_id(passed.person.track_id),
        status=status,
        side=_side(passed.side),
        certainty=_sureness(passed.certainty, intervals),
    )
    return _of_one("personZoneEnterExitEvent", passed.zone, properties, passed.person, passed.t_s)


def _dwelled(dwelled: Dwelled, intervals: bool) -> Happening:
    properties = wire.DwellProperties(
        tracking_id=wire_id(dwelled.person.track_id),
        side=_side(dwelled.side),
        dwell_time=figure(dwelled.dwell_s * 1000.0),
        dwell_frames=dwelled.dwell_frames,
        dwell_time_for_target_side=_optional(dwelled.target_side_s, 1000.0),
        avg_speed=_optional(dwelled.average_speed_m_s, feet(1.0)),
        min_speed=_optional(dwelled.minimum_speed_m_s, feet(1.0)),
        certainty=_sureness(dwelled.certainty, intervals),
    )
    return _of_one("personZoneDwellTimeEvent", dwelled.zone, properties, dwelled.person, dwelled.t_s)


def _measured(measured: DistanceMeasured) -> Happening:
    maximum_m = measured.maximum_m
    return Happening(
        type="personDistanceEvent",
        zone=measured.zone,
        properties=wire.DistanceProperties(
            person_count=measured.person_count,
            average_distance=figure(feet(measured.average_m)),
            minimum_distance_threshold=figure(feet(measured.minimum_m)),
            maximum_distance_threshold="Infinity" if isinf(maximum_m) else figure(feet(maximum_m)),
            event_name=measured.proximity.value,
            distance_violation_person_count=len(measured.violators),
        ),
        people=measured.violators,
        frame=measured.frame,
        t_s=measured.t_s,
        trigger=measured.trigger.value,
        tracked=False,
        masked=False,
    )


def _of_one(type_: str, zone: str, properties: wire.Properties, person: TrackObservation, t_s: float) -> Happening:
    return Happening(type_, zone, properties, (person,), person.frame, t_s)


def _side(side: int | None) -> str:
    return "" if side is None else str(side)


def _sureness(certainty: float | None, intervals: bool) -> Raw | UnsetType:
    return _optional(certainty if intervals else None, 1.0)


def _optional(value: float | None, factor: float) -> Raw | UnsetType:
    return UNSET if value is None else figure(value * factor)
