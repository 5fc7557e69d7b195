"""Insights -> inferences, the words of the gRPC extension (spec/events.md sections 11 and 12).

Live Video Analytics: a person's entity has the track id as its id, events have the names of August 2020.
Azure Video Analyzer: entities have ids of their own and tell floor, speed and direction; events have today's names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import msgspec
from msgspec import UNSET

from footfall.core.geometry import Box
from footfall.core.options import EventSpec, InferenceForm
from footfall.core.types import Attribute, MaskState, TrackObservation
from footfall.events.detections import Appearance, detection_2
from footfall.events.happenings import Happening, happening
from footfall.events.ids import wire_id
from footfall.spatial.insights import Insight

OLD_NAMES = {"personZoneEnterExitEvent": "personZoneEvent"}
NOT_YET = frozenset({"side", "dwellFrames", "avgSpeed", "minSpeed", "dwellTimeForTargetSide", "orientationDirection"})
"""Properties that the events of Live Video Analytics did not have."""


@dataclass(frozen=True, slots=True)
class PersonEntity:
    """A person in a picture."""

    id: str
    confidence: float
    box_n: Box
    """Normalised x0 y0 x1 y1, of the picture that was sent."""
    mask: MaskState | None = None
    extensions: dict[str, str] = field(default_factory=dict)
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedEvent:
    """Something that happened; `related` are the ids of the entities of the same answer."""

    id: str
    name: str
    properties: dict[str, str]
    related: tuple[str, ...]


Inference = PersonEntity | NamedEvent


class InferenceWriter:
    """Words the insights of one stream.

    Args:
        form: whose words.
        raw: whether everybody of every frame is told, too.
        new_id: gives 32 lower-case hex digits, another one at each call.
    """

    def __init__(self, form: InferenceForm, *, raw: bool, new_id: Callable[[], str]) -> None:
        self._form = form
        self._raw = raw
        self._new_id = new_id

    def write(self, insights: Sequence[Insight], people: Sequence[TrackObservation]) -> list[Inference]:
        """Entities first, each person once, then the events; nothing where nothing happened.

        Args:
            insights: what the frame made known.
            people: everybody in the frame.
        """
        happenings = [happening(insight) for insight in insights]
        tracked = {person.track_id for one in happenings if one.tracked for person in one.people}
        seen = {person.track_id: person for one in happenings for person in one.people}
        if self._raw:
            seen |= {person.track_id: person for person in people}
            tracked |= {person.track_id for person in people}
        ids: defaultdict[str, str] = defaultdict(self._new_id)
        if self._form is InferenceForm.LVA:
            ids.update({name: wire_id(name) for name in tracked})
        entities = [self._entity(person, ids[name], name in tracked) for name, person in seen.items()]
        events = [self._event(one, [ids[person.track_id] for person in one.people]) for one in happenings]
        return [*entities, *events]

    def _entity(self, person: TrackObservation, entity_id: str, is_tracked: bool) -> PersonEntity:
        extensions: dict[str, str] = {}
        if self._form is InferenceForm.AVA:
            told = detection_2(Appearance(person, entity_id, is_tracked, masked=True), EventSpec()).metadata
            extensions = {key: "inf" if text == "Infinity" else str(text) for key, text in told.items()}
        return PersonEntity(entity_id, person.score, person.box_n, person.mask, extensions, person.attributes)

    def _event(self, one: Happening, related: Iterable[str]) -> NamedEvent:
        told: dict[str, object] = msgspec.json.decode(msgspec.json.encode(one.properties))
        properties = {key: _text(value) for key, value in told.items()}
        properties["zone"] = one.zone
        if one.trigger is not UNSET:
            properties["trigger"] = one.trigger
        name = one.type
        if self._form is InferenceForm.LVA:
            properties = _as_of_2020(properties)
            name = OLD_NAMES.get(name, name)
        return NamedEvent(self._new_id(), name, properties, tuple(related))


def _as_of_2020(properties: dict[str, str]) -> dict[str, str]:
    kept = {key: text for key, text in properties.items() if key not in NOT_YET}
    if "dwellTime" in kept:
        kept["durationMs"] = kept.pop("dwellTime")
    return kept | {"metadataVersion": "1.0"}


def _text(value: object) -> str:
    """All properties are text, and numbers have decimals: `1.0`; what is without limit is `inf`."""
    if value == "Infinity":
        return "inf"
    return f"{value}.0" if isinstance(value, int) else str(value)
