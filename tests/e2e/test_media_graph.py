"""A media graph from a real camera to the messages of a hub, without a hub: the instance is started by hand."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import av
import pytest

from footfall.core.media_time import published, ticks_of, utc_of
from footfall.core.outside import PathMap
from footfall.core.types import Message
from footfall.engine.clock import SystemClock
from footfall.simulator.rtsp import Login, RtspCamera
from recording.players import shown
from servers.media_graph import (
    ACCOUNT,
    body,
    extension,
    graph,
    node,
    patient_with_cameras,
    rtsp_source,
    running,
    shared_memory,
)
from servers.mosquitto import free_port
from servers.rtsp import rtsp_ready

__all__ = ["patient_with_cameras", "rtsp_ready"]
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("rtsp_ready")]

TABLE = [[0.32, 0.30], [0.64, 0.30], [0.64, 0.99], [0.32, 0.99]]


@pytest.fixture(scope="module")
def visits(shared: Path) -> Path:
    """Six people who walk past a table, one after the other."""
    return shared / "data/clips/intel_one_by_one/clip.mp4"


@contextmanager
def people_counter(folder: Path) -> Iterator[int]:
    """`footfall run` as the model of a media graph: who comes to the table; its port."""
    port = free_port()
    events = [{"type": "zonecrossing", "config": {"threshold": 16}}]
    space = {"zones": [{"name": "table", "polygon": TABLE, "events": events}]}
    parameters = {"BINDING_ADDRESS": f"127.0.0.1:{port}", "SPACEANALYTICS_CONFIG": json.dumps(space)}
    operation = "cognitiveservices.vision.spatialanalysis-personcrossingpolygon.livevideoanalytics"
    counter = {"operationId": operation, "version": 2, "enabled": True, "parameters": parameters}
    manifest = folder / "manifest.json"
    manifest.write_text(
        json.dumps({"modulesContent": {"spatialanalysis": {"properties.desired": {"graphs": {"g": counter}}}}})
    )
    sink = f"jsonl:{folder / 'events.jsonl'}"
    command = [sys.executable, "-m", "footfall", "run", str(manifest), "--model", "motion", "--sink", sink]
    with subprocess.Popen(command) as process:
        try:
            yield port
        finally:
            process.terminate()
        assert process.wait(60) == 0


@pytest.mark.usefixtures("patient_with_cameras")
def test_motion_is_told_with_its_media_time(visits: Path, tmp_path: Path) -> None:
    begun = SystemClock().now()
    with RtspCamera(visits, login=Login("viewer", "hush hush", digest=True)) as camera:
        asked = graph(
            [rtsp_source(camera.url, "viewer", "hush hush")],
            [node("MotionDetectionProcessor", "motion", "rtspSource", sensitivity="High")],
            [node("IoTHubMessageSink", "hubSink", "motion", hubOutputName="motionOutput")],
        )
        with running(asked, tmp_path) as (instance, out):
            (established,) = out.wait("MediaSessionEstablished")
            told = out.wait("Inference", 5)
            assert instance.received_bytes > 10_000
    assert established.topic == "diagnostics"
    assert body(established)["sdp"].startswith("SDP:\nv=0\r\n")
    for message in told:
        said = body(message)
        assert [one["type"] for one in said["inferences"]] == ["motion"] * len(said["inferences"])
        assert message.topic == "motionOutput"
        assert message.properties == {
            "topic": ACCOUNT,
            "subject": "/graphInstances/Sample-Graph-1/processors/motion",
            "eventType": "Microsoft.Media.Graph.Analytics.Inference",
            "eventTime": published(utc_of(said["timestamp"])),
            "dataVersion": "1.0",
        }
    assert all(b.utc - a.utc >= timedelta(seconds=0.9) for a, b in pairwise(told))
    assert begun < told[0].utc < told[-1].utc < SystemClock().now() + timedelta(seconds=3.0), "FFmpeg looks ahead first"
    assert len({message.key for message in told}) == len(told)


@pytest.mark.usefixtures("patient_with_cameras")
def test_another_partys_model_counts_people(visits: Path, tmp_path: Path) -> None:
    with RtspCamera(visits) as camera, people_counter(tmp_path) as port:
        asked = graph(
            [rtsp_source(camera.url)],
            [
                node("FrameRateFilterProcessor", "frameRateFilter", "rtspSource", maximumFps="5"),
                extension("cvExtension", port, "frameRateFilter"),
            ],
            [node("IoTHubMessageSink", "hubSink", "cvExtension", hubOutputName="inferenceOutput")],
        )
        with running(asked, tmp_path) as (_, out):
            told = out.wait("Inference", 2)
    events = [one for message in told for one in body(message)["inferences"] if one["type"] == "event"]
    people = [one for message in told for one in body(message)["inferences"] if one["type"] == "entity"]
    assert [one["event"]["properties"]["status"] for one in events][:2] == ["Enter", "Exit"]
    assert {one["event"]["properties"]["zone"] for one in events} == {"table"}
    assert {related for one in events for related in one["relatedInferences"]} <= {one["inferenceId"] for one in people}
    assert {message.properties["subject"] for message in told} == {
        "/graphInstances/Sample-Graph-1/processors/cvExtension"
    }
    assert all(ticks_of(message.utc) == body(message)["timestamp"] for message in told)
    assert not shared_memory()


@pytest.mark.parametrize(
    ("user", "path", "code"),
    [
        pytest.param("stranger", "", "401", id="a wrong login"),
        pytest.param("viewer", "/none", "404", id="a wrong path"),
    ],
)
def test_the_camera_refuses_and_the_instance_goes_on_trying(
    visits: Path, tmp_path: Path, user: str, path: str, code: str
) -> None:
    with RtspCamera(visits, login=Login("viewer", "hush hush")) as camera:
        asked = graph(
            [rtsp_source(camera.url + path, user, "hush hush")],
            [node("MotionDetectionProcessor", "motion", "rtspSource")],
            [node("IoTHubMessageSink", "hubSink", "motion", hubOutputName="out")],
        )
        with running(asked, tmp_path) as (instance, out):
            (told,) = out.wait("ProtocolError")
            assert body(told) == {"code": code, "target": camera.url + path, "protocol": "rtsp"}
            assert told.properties["subject"] == "/graphInstances/Sample-Graph-1/sources/rtspSource"
            deadline_s = time.monotonic() + 60.0
            while instance.runner.metrics.counts["source_errors"] < 3 and time.monotonic() < deadline_s:
                time.sleep(0.1)
            assert instance.runner.metrics.counts["source_errors"] >= 3
    assert len(out.of("ProtocolError")) == 1, "told once"


def test_stopping_does_not_wait_for_a_camera_that_is_not_there(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        asked = graph(
            [rtsp_source(f"rtsp://127.0.0.1:{silent.getsockname()[1]}/x")],
            [node("MotionDetectionProcessor", "motion", "rtspSource")],
            [node("IoTHubMessageSink", "hubSink", "motion", hubOutputName="out")],
        )
        with running(asked, tmp_path):
            line, _ = silent.accept()
        with line:
            line.settimeout(60.0)
            assert line.recv(4), "it had asked"
            while line.recv(65_536):
                pass  # until it has hung up, with no answer


@pytest.mark.usefixtures("patient_with_cameras")
def test_motion_opens_the_gate_of_both_sinks(visits: Path, tmp_path: Path) -> None:
    gate = {
        "activationEvaluationWindow": "PT1S",
        "activationSignalOffset": "-PT2S",
        "minimumActivationTime": "PT5S",
        "maximumActivationTime": "PT5S",
    }
    with RtspCamera(visits) as camera:
        asked = graph(
            [rtsp_source(camera.url)],
            [
                node("MotionDetectionProcessor", "motion", "rtspSource"),
                node("SignalGateProcessor", "gate", "motion", "rtspSource", **gate),
            ],
            [
                node("IoTHubMessageSink", "hubSink", "motion", hubOutputName="out"),
                node(
                    "FileSink",
                    "fileSink",
                    "gate",
                    baseDirectoryPath="/var/media",
                    fileNamePattern="clip-${System.GraphInstanceName}-${System.DateTime}",
                    maximumSizeMiB="512",
                ),
                node(
                    "AssetSink",
                    "assetSink",
                    "gate",
                    assetNamePattern="asset-${System.DateTime}",
                    segmentLength="PT30S",
                    localMediaCachePath="/var/lib/cache",
                    localMediaCacheMaximumSizeMiB="200",
                ),
            ],
        )
        paths = PathMap((("/var", tmp_path),))
        with running(asked, tmp_path, paths) as (_, out):
            first = out.wait("Inference")[0]
            out.wait("RecordingAvailable", 2)
            out.wait("RecordingStopped", 2)
    told = [
        [message.properties["eventType"].rpartition(".")[2] for message in out.of("") if body(message) == about]
        for about in (
            {"outputType": "filePath", "outputLocation": f"/var/media/clip-Sample-Graph-1-{stamp(first, 2)}.mp4"},
            {"outputType": "assetName", "outputLocation": f"asset-{stamp(first, 2)}"},
        )
    ]
    assert told == [["RecordingStarted", "RecordingStopped", "RecordingAvailable"]] * 2
    (clip,) = (tmp_path / "media").glob(f"*{stamp(first, 2)}.mp4")
    with av.open(str(clip)) as container:
        shown = [frame.time for frame in container.decode(video=0) if frame.time is not None]
    assert shown[-1] - shown[0] == pytest.approx(7.0, abs=2.2), "one GOP more at the most"


def stamp(message: Message, before_s: float) -> str:
    return f"{message.utc - timedelta(seconds=before_s):%Y%m%dT%H%M%SZ}"


@pytest.mark.usefixtures("patient_with_cameras")
def test_without_pixels_nothing_is_decoded(visits: Path, tmp_path: Path) -> None:
    with RtspCamera(visits) as camera:
        asked = graph(
            [rtsp_source(camera.url)],
            [],
            [
                node(
                    "AssetSink",
                    "assetSink",
                    "rtspSource",
                    assetNamePattern="camera",
                    segmentLength="PT30S",
                    localMediaCachePath="/var/lib/cache",
                    localMediaCacheMaximumSizeMiB="200",
                )
            ],
        )
        with running(asked, tmp_path, PathMap((("/var", tmp_path),))) as (instance, out):
            out.wait("RecordingStarted")
            time.sleep(4.0)
    out.wait("RecordingStopped")
    assert [body(message) for message in out.of("RecordingAvailable")] == [
        {"outputType": "assetName", "outputLocation": "camera"}
    ]
    recorded = len(shown(tmp_path / "assets" / "camera"))
    assert recorded > 10
    assert instance.runner.metrics.counts["frames_in"] < recorded / 2, "key frames only"
