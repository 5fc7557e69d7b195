"""What /metrics tells, as Prometheus' own parser reads it, and as the documentation lists it."""

from __future__ import annotations

import re
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from footfall.runtime.module_health import HealthEvent
from footfall.runtime.module_metrics import HealthFigures
from footfall.serve.figures import STATES, Beside, render
from footfall.spatial.occupancy import Occupancy
from servers.told_desk import ToldDesk, camera_state

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]
DOCS = Path(__file__).parents[2] / "docs" / "reference" / "metrics.md"

DESK = ToldDesk(
    states=(
        camera_state("front", clock_offset_s=-3.5),
        camera_state('bäck "door"\n\\', state="reconnecting", zones={}),
    ),
    occupancies={"shop": Occupancy(base=7)},
    reasons={"camera-timeout:front": "silent for 3 s", "disk-full": "no room"},
    waiting=12,
)


def samples(text: bytes) -> Samples:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def told(name: str, **labels: str) -> float:
    return samples(render(DESK, Beside(HealthFigures(), 1.5)))[name, tuple(sorted(labels.items()))]


def test_figures_of_a_camera() -> None:
    assert told("footfall_camera_frames_in_total", camera="front") == 30
    assert told("footfall_camera_frames_dropped_total", camera="front") == 2
    assert told("footfall_camera_source_errors_total", camera="front") == 0
    assert told("footfall_camera_fps_in", camera="front") == 15.0
    assert told("footfall_camera_lag_seconds", camera="front") == 0.25
    assert told("footfall_camera_detector_seconds", camera="front") == 0.03
    assert told("footfall_camera_people", camera="front") == 3
    assert told("footfall_zone_people", camera="front", zone="shop") == 2
    assert told("footfall_camera_clock_offset_seconds", camera="front") == -3.5


def test_one_state_at_a_time() -> None:
    name = 'bäck "door"\n\\'
    assert {state: told("footfall_camera_state", camera=name, state=state) for state in STATES} == {
        **dict.fromkeys(STATES, 0),
        "reconnecting": 1,
    }


def test_a_camera_without_a_clock_has_no_offset() -> None:
    names = {labels for name, labels in samples(render(DESK)) if name == "footfall_camera_clock_offset_seconds"}
    assert names == {(("camera", "front"),)}


def test_the_service_itself() -> None:
    assert told("footfall_ready") == 0
    assert told("footfall_health_reason", reason="camera-timeout", of="front") == 1
    assert told("footfall_health_reason", reason="disk-full", of="") == 1
    assert told("footfall_outbox_messages") == 12
    assert told("footfall_store_lag_seconds") == 1.5
    assert told("footfall_place_people", place="shop") == 7
    assert told("footfall_place_people_interval", place="shop", end="low") == 7
    assert told("process_resident_memory_bytes") > 1e6


def test_health_events_keep_their_old_names() -> None:
    health = HealthFigures()
    health.count(HealthEvent("archon_graphHeartbeat", "front/front"))
    text = render(DESK, Beside(health))
    assert b'\narchon_graph_heartbeat{graph="front",instance="front"} 1\n' in text
    assert samples(text), "a parser still reads all of it"


def test_without_cameras_every_figure_is_still_declared() -> None:
    names = {family.name for family in text_string_to_metric_families(render(ToldDesk()).decode())}
    assert {"footfall_camera_frames_in", "footfall_camera_state", "footfall_zone_people"} <= names


def test_what_changes_every_second_makes_no_new_series() -> None:
    series = set()
    for n in range(100):
        camera = camera_state("front", people=n, reason=f"silent for {n} s", reason_code=f"r{n}", lag_s=n / 7)
        series |= set(samples(render(ToldDesk((camera,), reasons={"camera-timeout:front": f"{n} s"}))))
    assert len([name for name, _ in series if name.startswith("footfall")]) == len(
        [
            name
            for name, _ in samples(render(ToldDesk((camera,), reasons={"camera-timeout:front": ""})))
            if name.startswith("footfall")
        ]
    )


def test_the_reference_lists_exactly_what_is_told() -> None:
    text = render(DESK, Beside(HealthFigures(), 0.0)).decode()
    told_here = {name for name in re.findall(r"^# TYPE (\S+)", text, re.M) if name.startswith("footfall")}
    listed = set(re.findall(r"^\| `(footfall_\w+)", DOCS.read_text("utf-8"), re.M))
    assert listed == told_here
