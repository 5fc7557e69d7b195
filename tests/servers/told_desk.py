"""A desk that tells what the test has put on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from footfall.config.native import plan_for_target
from footfall.config.plan import GraphPlan
from footfall.core.types import Message
from footfall.spatial.occupancy import Door, Occupancy, Place
from footfall.spatial.regions import SpatialSpec
from footfall.web.desk import CameraState, Health, PlaceState

START = datetime(2026, 1, 1, tzinfo=UTC)


def graph_of(name: str, spatial: SpatialSpec | None = None) -> GraphPlan:
    """A plan of one camera."""
    spatial = spatial or SpatialSpec(())
    return plan_for_target(f"rtsp://127.0.0.1/{len(name)}", spatial=spatial, source_id=name).graphs[0]


def camera_state(name: str, plan: GraphPlan | None = None, **others: object) -> CameraState:
    """A camera that runs."""
    values: dict[str, object] = {
        "name": name,
        "plan": plan or graph_of(name),
        "url": "rtsp://127.0.0.1/live",
        "state": "running",
        "reason": "",
        "reason_code": "",
        "since": START,
        "size_px": (640, 360),
        "counts": {"frames_in": 30, "frames_analysed": 28, "frames_dropped": 2, "events": 5, "reconnects": 1},
        "fps_in": 15.0,
        "fps_analysed": 14.5,
        "lag_s": 0.25,
        "people": 3,
        "zones": {"shop": 2},
        "detector_s": 0.03,
        "clock_offset_s": None,
    }
    return CameraState(**{**values, **others})  # type: ignore[arg-type]


@dataclass
class ToldDesk:
    """As much of a desk as figures and Home Assistant ask."""

    states: Sequence[CameraState] = ()
    occupancies: Mapping[str, Occupancy] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    waiting: int = 0
    hearers: list[Callable[[Message], None]] = field(default_factory=list)

    def cameras(self) -> Sequence[CameraState]:
        return self.states

    def places(self) -> Sequence[PlaceState]:
        return [PlaceState(Place(name, (Door.of("door"),)), inside) for name, inside in self.occupancies.items()]

    def health(self) -> Health:
        return Health(not self.reasons, self.reasons, self.waiting)

    def subscribe(self, hear: Callable[[Message], None]) -> Callable[[], None]:
        self.hearers.append(hear)
        return lambda: self.hearers.remove(hear)
