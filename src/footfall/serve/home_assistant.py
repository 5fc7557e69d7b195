"""What Home Assistant shows: one device for each camera and place, with a sensor for each figure. Pure.

Discovery, states and availability as in https://www.home-assistant.io/integrations/mqtt/ (MQTT discovery).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any, Final

from footfall.config.home_assistant import HomeAssistant
from footfall.core.types import Message
from footfall.serve.figures import STATES
from footfall.spatial.regions import SpatialSpec
from footfall.web.desk import CameraState, PlaceState

ONLINE: Final = "online"
OFFLINE: Final = "offline"
UNKNOWN: Final = "None"
"""What Home Assistant takes for: not known at the moment."""
PEOPLE: Final = {"state_class": "measurement", "unit_of_measurement": "people", "icon": "mdi:account-group"}
TOTAL: Final = {"state_class": "total_increasing", "unit_of_measurement": "people"}
WAYS: Final = {"right": "to the right", "left": "to the left"}

Crossings = Mapping[tuple[str, str, str], int]
"""(camera, line, `right` or `left`) -> how many people crossed it since the service was started."""


@dataclass(frozen=True, slots=True)
class Entity:
    """One sensor."""

    key: str
    """Of letters, digits, - and _; unique in this service."""
    config: Mapping[str, Any]
    """What discovery says of it."""
    state: str
    """What it shows now."""


@dataclass(frozen=True, slots=True)
class Topics:
    """Where what is said."""

    settings: HomeAssistant

    @property
    def availability(self) -> str:
        """Whether the service is there."""
        return f"{self.settings.name}/status"

    @property
    def kept(self) -> tuple[str, str]:
        """Filters for everything that the broker keeps of this service, but for its availability."""
        return self.config("+"), self.state("+")

    def config(self, key: str) -> str:
        """Discovery of one sensor."""
        return f"{self.settings.prefix}/sensor/{self.settings.name}/{key}/config"

    def state(self, key: str) -> str:
        """Value of one sensor."""
        return f"{self.settings.name}/{key}/state"


@dataclass(slots=True)
class CrossingCounter:
    """Adds up the crossings of lines."""

    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def hear(self, message: Message) -> None:
        """One event."""
        if b"personLineEvent" not in message.body:
            return
        document = json.loads(message.body)
        for event in document["events"]:
            way = str(event["properties"].get("status", "")).removeprefix("Cross").lower()
            if event["type"] == "personLineEvent" and way in WAYS:
                self.counts[document["sourceInfo"]["id"], event["zone"], way] += 1


def messages(settings: HomeAssistant, entities: Iterable[Entity]) -> dict[str, str]:
    """Topic -> payload of everything that is to be kept by the broker."""
    topics = Topics(settings)
    told: dict[str, str] = {}
    for entity in entities:
        config = {
            **entity.config,
            "unique_id": f"{settings.name}_{entity.key}",
            "state_topic": topics.state(entity.key),
            "availability_topic": topics.availability,
            "origin": {"name": "footfall", "sw_version": version("footfall")},
        }
        told[topics.config(entity.key)] = json.dumps(config, ensure_ascii=False, sort_keys=True)
        told[topics.state(entity.key)] = entity.state
    return told


def entities(
    settings: HomeAssistant, cameras: Sequence[CameraState], places: Sequence[PlaceState], crossings: Crossings
) -> Iterator[Entity]:
    """All sensors, in the order of the configuration."""
    for camera in cameras:
        device = _device(settings, "camera", camera.name)
        yield from _of_camera(camera, device, crossings)
    for place in places:
        name = place.place.name
        inside = {"name": "People inside", "device": _device(settings, "place", name), **PEOPLE}
        yield Entity(_key("place", name), inside, str(place.occupancy.people))


def _of_camera(camera: CameraState, device: Mapping[str, Any], crossings: Crossings) -> Iterator[Entity]:
    name, runs = camera.name, camera.state == "running"
    state = {"name": "State", "device_class": "enum", "options": STATES, "entity_category": "diagnostic"}
    yield Entity(_key("camera", name, "state"), {**state, "device": device}, camera.state)
    people = {"name": "People in view", "device": device, **PEOPLE}
    yield Entity(_key("camera", name, "people"), people, str(camera.people) if runs else UNKNOWN)
    spatial = _spatial(camera)
    for zone in spatial.zones:
        config = {"name": f"People in {zone.name}", "device": device, **PEOPLE}
        yield Entity(_key("zone", name, zone.name), config, str(camera.zones.get(zone.name, 0)) if runs else UNKNOWN)
    for line in spatial.lines:
        for way, text in WAYS.items():
            config = {"name": f"{line.name} {text}", "device": device, "icon": f"mdi:arrow-{way}-bold", **TOTAL}
            yield Entity(_key("line", name, line.name, way), config, str(crossings.get((name, line.name, way), 0)))


def _spatial(camera: CameraState) -> SpatialSpec:
    specs = [node.spec for node in camera.plan.nodes if isinstance(node.spec, SpatialSpec)]
    return SpatialSpec(
        tuple(zone for spec in specs for zone in spec.zones), tuple(line for spec in specs for line in spec.lines)
    )


def _device(settings: HomeAssistant, kind: str, name: str) -> dict[str, Any]:
    return {
        "identifiers": [f"{settings.name}_{_key(kind, name)}"],
        "name": name,
        "manufacturer": "footfall",
        "model": kind,
        "sw_version": version("footfall"),
    }


def _key(*names: str) -> str:
    """Names of any script as one that Home Assistant takes; different names never meet in one key."""
    plain = re.sub(r"[^a-z0-9]+", "_", "_".join(names).lower()).strip("_")[:60]
    return f"{plain}_{hashlib.sha256(json.dumps(names).encode()).hexdigest()[:8]}"
