"""A media graph feeds a real clip to `footfall run` over gRPC and hears of the same visits as a camera would tell."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import av
import pytest

from servers.extension_peer import EPOCH_TICKS, Peer, Region, by_reference, descriptor, embedded
from servers.mosquitto import free_port

FPS, FRAMES = 10, 240
TABLE = "0.32,0.30;0.64,0.30;0.64,0.99;0.32,0.99"


def manifest(folder: Path, suffix: str, port: int, **parameters: object) -> Path:
    corners = [[float(part) for part in corner.split(",")] for corner in TABLE.split(";")]
    events = [{"type": "zonecrossing", "config": {"threshold": 16}}]
    space = {"zones": [{"name": "table", "polygon": corners, "events": events}]}
    graph = {
        "operationId": f"cognitiveservices.vision.spatialanalysis-personcrossingpolygon.{suffix}",
        "version": 2,
        "enabled": True,
        "parameters": {"BINDING_ADDRESS": f"127.0.0.1:{port}", "SPACEANALYTICS_CONFIG": json.dumps(space)} | parameters,
    }
    path = folder / "manifest.json"
    path.write_text(
        json.dumps({"modulesContent": {"spatialanalysis": {"properties.desired": {"graphs": {"g": graph}}}}})
    )
    return path


@contextmanager
def running(path: Path, events: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "footfall", "run", str(path), "--model", "motion", "--sink", f"jsonl:{events}"]
    with subprocess.Popen(command) as process:
        try:
            yield process
        finally:
            process.terminate()
        assert process.wait(60) == 0


def frames(shared: Path) -> Iterator[bytes]:
    with av.open(str(shared / "data/clips/intel_one_by_one/clip.mp4")) as clip:
        for number, frame in enumerate(clip.decode(video=0)):
            if number == FRAMES:
                return
            yield frame.reformat(640, 360, "bgr24").to_ndarray().tobytes()


def heard(peer: Peer, shared: Path, region: Region | None) -> list[tuple[str, dict[str, str]]]:
    """Everything the server says while the clip is shown to it."""
    found = []
    peer.ask(descriptor(640, 360, region=(region.name, region.length) if region else None))
    for number, content in enumerate(frames(shared)):
        ticks = EPOCH_TICKS + number * 90_000 // FPS
        if region is None:
            answer = peer.ask(embedded(number + 2, ticks, content))
        else:
            offset = number % 3 * len(content)
            region.write(offset, content)
            answer = peer.ask(by_reference(number + 2, ticks, offset, len(content)))
        assert answer.acknowledged == number + 2
        found += answer.events
    peer.end()
    return found


def told(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.slow
def test_live_video_analytics_over_shared_memory(shared: Path, tmp_path: Path) -> None:
    port, out = free_port(), tmp_path / "events.jsonl"
    with (
        running(manifest(tmp_path, "livevideoanalytics", port), out),
        Region(3 * 640 * 360 * 3) as region,
        Peer(f"127.0.0.1:{port}") as peer,
    ):
        events = heard(peer, shared, region)
    assert len(events) >= 2
    for number, (name, properties) in enumerate(events):
        assert name == "personZoneEvent"
        assert properties.keys() == {"trackingId", "status", "zone", "metadataVersion"}
        assert properties["status"] == ("Enter", "Exit")[number % 2]
        assert properties["zone"] == "table"
    bodies = told(out)
    assert sum(one["type"] == "event" for body in bodies for one in body["inferences"]) == len(events)
    assert all("valueCase" in one for body in bodies for one in body["inferences"])


@pytest.mark.slow
def test_video_analyzer_hears_the_same_with_embedded_pictures_and_two_streams(shared: Path, tmp_path: Path) -> None:
    port, out = free_port(), tmp_path / "events.jsonl"
    raw = {"SINK_CONFIG": {"raw_output": True}}
    with (
        running(manifest(tmp_path, "azurevideoanalyzer", port, **raw), out),
        Peer(f"127.0.0.1:{port}") as peer,
        Peer(f"127.0.0.1:{port}") as other,
    ):
        events, again = heard(peer, shared, None), heard(other, shared, None)
    assert [properties["status"] for _, properties in events][:2] == ["Enter", "Exit"]
    assert {name for name, _ in events} == {"personZoneEnterExitEvent"}
    assert [(name, p["status"]) for name, p in events] == [(name, p["status"]) for name, p in again]
    people = [one for body in told(out) for one in body["inferences"] if one["type"] == "entity"]
    assert len(people) > len(events)
    assert {"trackingId", "speed", "footprintX", "groundOrientationAngle"} <= people[0]["extensions"].keys()
    assert people[0]["extensions"]["groundOrientationAngle"] == "inf"
    assert people[0]["inferenceId"] != people[0]["extensions"]["trackingId"]
