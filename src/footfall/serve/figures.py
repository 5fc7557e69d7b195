"""What the service says about itself to Prometheus: `docs/reference/metrics.md` lists the same names.

Labels come from the configuration alone (cameras, zones, places) or from short fixed lists, so that their number is
bounded by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from footfall.engine.runner import State
from footfall.runtime.module_metrics import HealthFigures
from footfall.web.desk import CameraState, Desk

DISABLED: Final = "disabled"
STATES: Final = (*(state.value for state in State), DISABLED)

COUNTERS: Final = {
    "frames_in": "Frames that came from the camera",
    "frames_analysed": "Frames in which people were looked for",
    "frames_dropped": "Frames that were left out because newer ones had come",
    "events": "Events told",
    "reconnects": "Times the camera was there again after it had been away",
    "source_errors": "Times the camera could not be reached, or broke off",
}
"""Keys of `CameraState.counts`."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What the desk does not tell."""

    health: HealthFigures | None = None
    """Health events under their old names."""
    store_lag_s: float | None = None
    """Age of the oldest event that the store has not got yet; 0: it has all."""


def render(desk: Desk, beside: Beside = Beside()) -> bytes:
    """All figures in Prometheus' text form, version 0.0.4: what `/metrics` answers."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(_Service(desk, beside))
    old_names = beside.health.render() if beside.health else ""
    return generate_latest(registry) + old_names.encode()


class _Service(Collector):
    def __init__(self, desk: Desk, beside: Beside) -> None:
        self._desk = desk
        self._beside = beside

    def collect(self) -> Iterator[Metric]:
        cameras = self._desk.cameras()
        yield _gauge("footfall_build_info", "Which footfall this is", ["version"], [([version("footfall")], 1)])
        yield from _of_cameras(cameras)
        yield from _people(cameras)
        yield from self._places()
        yield from self._health()

    def _places(self) -> Iterator[Metric]:
        places = [(place.place.name, place.occupancy) for place in self._desk.places()]
        people = [([name], occupancy.people) for name, occupancy in places]
        intervals = [(name, occupancy.interval()) for name, occupancy in places]
        yield _gauge("footfall_place_people", "People inside a place", ["place"], people)
        ends = [([name, end], getattr(ends, end)) for name, ends in intervals for end in ("low", "high")]
        text = "Ends of the interval that holds the true number of people 19 times out of 20"
        yield _gauge("footfall_place_people_interval", text, ["place", "end"], ends)

    def _health(self) -> Iterator[Metric]:
        health = self._desk.health()
        yield _gauge("footfall_ready", "1 while the service does its work", [], [([], health.is_ready)])
        reasons = [([code, of], 1) for code, _, of in sorted(reason.partition(":") for reason in health.reasons)]
        yield _gauge("footfall_health_reason", "What is wrong, and with what", ["reason", "of"], reasons)
        yield _gauge("footfall_outbox_messages", "Messages that wait to be taken", [], [([], health.waiting)])
        if self._beside.store_lag_s is not None:
            text = "Age of the oldest event that the store has not got yet"
            yield _gauge("footfall_store_lag_seconds", text, [], [([], self._beside.store_lag_s)])


def _of_cameras(cameras: Sequence[CameraState]) -> Iterator[Metric]:
    states = [([camera.name, state], camera.state == state) for camera in cameras for state in STATES]
    yield _gauge("footfall_camera_state", "1 for the state that the camera is in", ["camera", "state"], states)
    for key, text in COUNTERS.items():
        counter = CounterMetricFamily(f"footfall_camera_{key}", text, labels=["camera"])
        for camera in cameras:
            counter.add_metric([camera.name], camera.counts.get(key, 0))
        yield counter
    gauges = {
        "fps_in": ("Frames a second from the camera, over ten seconds", "fps_in"),
        "fps_analysed": ("Frames a second that are analysed, over ten seconds", "fps_analysed"),
        "lag_seconds": ("Age of the newest analysed frame when its analysis ended", "lag_s"),
        "detector_seconds": ("Mean time of one analysis", "detector_s"),
        "clock_offset_seconds": ("How far the camera's clock is ahead of ours", "clock_offset_s"),
    }
    for key, (text, attribute) in gauges.items():
        values = [(camera.name, getattr(camera, attribute)) for camera in cameras]
        told = [([name], value) for name, value in values if value is not None]
        yield _gauge(f"footfall_camera_{key}", text, ["camera"], told)


def _people(cameras: Sequence[CameraState]) -> Iterator[Metric]:
    in_view = [([camera.name], camera.people) for camera in cameras]
    yield _gauge("footfall_camera_people", "People in view now", ["camera"], in_view)
    in_zones = [([camera.name, zone], count) for camera in cameras for zone, count in camera.zones.items()]
    yield _gauge("footfall_zone_people", "People in a zone now", ["camera", "zone"], in_zones)


def _gauge(name: str, text: str, labels: list[str], values: Iterable[tuple[list[str], float]]) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(name, text, labels=labels)
    for label_values, value in values:
        gauge.add_metric(label_values, float(value))
    return gauge
