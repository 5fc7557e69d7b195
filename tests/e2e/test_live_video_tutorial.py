"""docs/tutorial/live-video.md, command by command: hub, simulator, media graph, spatial analysis, console, clips."""

from __future__ import annotations

import os
import shutil

import pytest

from servers.live_video import (
    Reader,
    commands,
    kind,
    length_s,
    messages,
    probed_s,
    reader,
    replies,
    says_running,
    until,
    zone_events,
)
from servers.rtsp import rtsp_ready

__all__ = ["reader", "rtsp_ready"]

CLIP_IS_THERE = {"Operational.RecordingStopped", "Operational.RecordingAvailable"}

pytestmark = [pytest.mark.usefixtures("rtsp_ready"), pytest.mark.slow]


def test_the_tutorial_holds_what_it_promises(reader: Reader) -> None:
    steps = iter(commands())
    reader.start(reader.prepare(steps))
    status = next(steps)
    until(lambda: says_running(reader, status), reader, "all modules run")
    monitor = reader.start(next(steps))
    reader.run(next(steps))
    console = reader.start(next(steps))
    until(lambda: len(replies(console)) == 1, reader, "the list of topologies")
    reader.press_enter()

    until(lambda: "GraphInstanceActivate" in dict(replies(console)), reader, "an active instance")
    until(lambda: "Diagnostics.MediaSessionEstablished" in map(kind, messages(monitor)), reader, "the camera's session")
    until(lambda: list(zone_events(messages(monitor))), reader, "an event of the zone")
    event, people = next(zone_events(messages(monitor)))
    assert event["event"]["name"] == "personZoneEvent"
    assert event["event"]["properties"]["status"] == "Enter"
    assert event["event"]["properties"]["zone"] == "lounge"
    assert set(event["relatedInferences"]) <= set(people)

    until(lambda: set(map(kind, messages(monitor))) >= CLIP_IS_THERE, reader, "a clip")
    reader.press_enter()
    until(lambda: len(replies(console)) >= 8, reader, "an instance that is gone")
    reader.press_enter()
    until(lambda: len(replies(console)) == 10, reader, "a topology that is gone")
    assert replies(console) == [
        ("GraphTopologyList", 200), ("GraphTopologySet", 201), ("GraphInstanceSet", 201),
        ("GraphInstanceActivate", 200), ("GraphInstanceList", 200),
        ("GraphInstanceDeactivate", 200), ("GraphInstanceDelete", 200), ("GraphInstanceList", 200),
        ("GraphTopologyDelete", 200), ("GraphTopologyList", 200),
    ]  # fmt: skip
    assert console.read_text().count('"value": []') == 3

    order = [name for name in map(kind, messages(monitor)) if name.startswith("Operational.Recording")][:3]
    assert order[0] == "Operational.RecordingStarted"
    assert set(order[1:]) == CLIP_IS_THERE
    [first, *_] = reader.run(next(steps)).split()
    clip = reader.folder / "live-video" / "appdata" / "assets" / first
    assert length_s(clip) == pytest.approx(30.0, abs=1.0)
    if shutil.which("ffprobe") or os.environ.get("CI"):
        assert probed_s(clip) == pytest.approx(30.0, abs=1.0)

    reader.interrupt()
    reader.run(next(steps))
    assert next(steps, None) is None
    assert not (reader.folder / "live-video").exists()
