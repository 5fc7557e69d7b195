"""People on the wire, in both schemas (spec/events.md sections 2.3, 9.1 and 10)."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from msgspec import UNSET, Raw, UnsetType

from footfall.core.options import EventSpec
from footfall.core.types import Attribute, MaskState, TrackObservation
from footfall.events import wire
from footfall.events.figures import FRACTION_DIGITS, feet, figure, plain
from footfall.events.ids import wire_id
from footfall.events.shapes import ground_point, on_axes, rectangle

ZERO, INFINITY = "0.0", "Infinity"
"""What unknown metadata say: positions and speed, angles (RULE E1)."""


@dataclass(frozen=True, slots=True)
class Appearance:
    """One person as one message lists them."""

    person: TrackObservation
    id: str
    tracked: bool
    """In a line, zone or dwell event: track id, speed and image orientation go out."""
    masked: bool
    """In an event that carries mask results."""

    @property
    def mask(self) -> MaskState | None:
        """The mask result, if it may be told here."""
        return self.person.mask if self.masked else None

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        """What a customer's model tells, where mask results may be told."""
        return self.person.attributes if self.masked else ()

    @property
    def speed_m_s(self) -> float | None:
        """Speed, if it may be told here."""
        return _finite(self.person.speed_m_s) if self.tracked else None

    @property
    def image_orientation_rad(self) -> float | None:
        """Direction in the picture, if it may be told here."""
        return _finite(self.person.image_orientation_rad) if self.tracked else None


def detection_2(seen: Appearance, spec: EventSpec) -> wire.Detection:
    """Schema 2.0: metadata are text; a mask is an attribute, and stands before those of a customer's model."""
    texts = _metadata_2(seen, spec)
    metadata: dict[str, str | Raw | dict[str, Raw]] = {
        key: unknown if text is None else text
        for key, (text, unknown) in texts.items()
        if text is not None or not spec.trim_metadata
    }
    if spec.mask_map_in_metadata:
        metadata["attributes"] = _mask_map(seen.mask)
    return wire.Detection(
        id=seen.id,
        region=rectangle(seen.person.box_n),
        confidence=_confidence(seen.person.score),
        metadata=metadata,
        attributes=_attributes(seen.mask, seen.attributes),
    )


def detection_1(seen: Appearance, spec: EventSpec) -> wire.Detection:
    """Schema 1.0 as of mid 2021: metadata are numbers, a mask is a map; unknown values are left out (RULE E4).

    Line and zone events have no ground point there. A customer's attributes came with 2.0; here they stand in the map
    of masks.
    """
    numbers = {
        "groundOrientationAngle": _finite(seen.person.ground_orientation_rad),
        "mappedImageOrientation": seen.image_orientation_rad,
        "speed": None if seen.speed_m_s is None else feet(seen.speed_m_s),
    }
    return wire.Detection(
        id=seen.id,
        region=rectangle(seen.person.box_n),
        confidence=_confidence(seen.person.score),
        center_ground_point=UNSET if seen.tracked else ground_point(_ground(seen) or (0.0, 0.0), spec.ground_axes),
        metadata_type="",
        metadata={
            **{key: figure(value) for key, value in numbers.items() if value is not None},
            "attributes": _mask_map(seen.mask) | _attribute_map(seen.attributes),
        },
    )


def _metadata_2(seen: Appearance, spec: EventSpec) -> dict[str, tuple[str | None, str]]:
    """The eight keys in wire order: (text or None, what stands for None)."""
    person, ground_m = seen.person, _ground(seen)
    x, y = (None, None) if ground_m is None else on_axes(ground_m, spec.ground_axes)
    return {
        "centerGroundPointX": (_text(x), ZERO),
        "centerGroundPointY": (_text(y), ZERO),
        "groundOrientationAngle": (_text(_finite(person.ground_orientation_rad)), INFINITY),
        "mappedImageOrientation": (_text(seen.image_orientation_rad), INFINITY),
        "trackingId": (wire_id(person.track_id) if seen.tracked else None, ""),
        "speed": (None if seen.speed_m_s is None else plain(feet(seen.speed_m_s)), ZERO),
        "footprintX": (plain(person.footprint_n[0], FRACTION_DIGITS), ZERO),
        "footprintY": (plain(person.footprint_n[1], FRACTION_DIGITS), ZERO),
    }


def _attributes(mask: MaskState | None, own: tuple[Attribute, ...]) -> tuple[wire.Attribute, ...] | UnsetType:
    told = [] if mask is None else [wire.Attribute(label=mask.label, confidence=_confidence(mask.confidence))]
    told += [wire.Attribute(label=one.label, confidence=_confidence(one.confidence), task=one.task) for one in own]
    return tuple(told) or UNSET


def _attribute_map(own: tuple[Attribute, ...]) -> dict[str, Raw]:
    return {one.label: _confidence(one.confidence) for one in reversed(own)}


def _mask_map(mask: MaskState | None) -> dict[str, Raw]:
    return {} if mask is None else {mask.label: _confidence(mask.confidence)}


def _ground(seen: Appearance) -> tuple[float, float] | None:
    ground_m = seen.person.ground_m
    return ground_m if ground_m is not None and all(isfinite(feet(along)) for along in ground_m) else None


def _confidence(score: float) -> Raw:
    return figure(min(1.0, max(0.0, score)))


def _finite(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None


def _text(value: float | None) -> str | None:
    return None if value is None else plain(value)
