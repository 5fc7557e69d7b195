"""Instances of media graphs on real cameras, with models made of field numbers."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from starlette.responses import JSONResponse

from footage import make_clip
from footfall.config.media import MediaGraph
from footfall.core.errors import ConfigError
from footfall.core.media_time import published, ticks_of, utc_of
from footfall.core.outside import PathMap
from footfall.core.types import Message
from footfall.recording.media import Store
from footfall.runtime.media import MediaRuntime, MediaServices
from footfall.runtime.media_reports import Outputs
from footfall.simulator.rtsp import RtspCamera
from servers.extension_model import Model, Visit, acknowledged, described, entity
from servers.http_model import HttpModel
from servers.media_graph import (
    PREFIX,
    Outbound,
    body,
    extension,
    graph,
    node,
    patient_with_cameras,
    rtsp_source,
    running,
    shared_memory,
)
from servers.rtsp import camera_clip, rtsp_ready

__all__ = ["camera_clip", "patient_with_cameras", "rtsp_ready"]
pytestmark = pytest.mark.usefixtures("rtsp_ready", "patient_with_cameras")

FILTER = node("FrameRateFilterProcessor", "filter", "rtspSource", maximumFps="5")
HUB = node("IoTHubMessageSink", "hubSink", "cvExtension", hubOutputName="inferenceOutput")
SUBJECT = "/graphInstances/Sample-Graph-1/processors/"


def asking(camera: RtspCamera, model: Model, **more: object) -> MediaGraph:
    """The seed's graph without its gate."""
    return graph([rtsp_source(camera.url)], [FILTER, extension("cvExtension", model.port, "filter", **more)], [HUB])


def asset_sink(*inputs: str, name: str = "asset", cache: str = "/var/cache") -> dict[str, object]:
    more = {"segmentLength": "PT30S", "localMediaCachePath": cache, "localMediaCacheMaximumSizeMiB": "20"}
    return node("AssetSink", "assetSink", *inputs, assetNamePattern=name, **more)


def brightness(picture: Any) -> int:
    """What `make_clip` says about its number, near the lower right corner."""
    height, width = picture.shape[:2]
    return round(float(picture[height * 3 // 4 :, width * 3 // 4 : width * 9 // 10].mean()))


def pictures(asset: Path) -> dict[int, int]:
    """Media time of each picture in an asset, in ticks, and its brightness."""
    shown: dict[int, int] = {}
    for segment in sorted(asset.glob("*.m4s")):
        header = asset / f"init-{segment.stem.rpartition('-')[2]}.mp4"
        with av.open(BytesIO(header.read_bytes() + segment.read_bytes())) as container:
            for frame in container.decode(video=0):
                assert frame.pts is not None
                shown[frame.pts] = brightness(frame.to_ndarray(format="bgr24"))
    return shown


def test_every_frame_is_asked_about_and_every_answer_is_told(camera_clip: Path, tmp_path: Path) -> None:
    with RtspCamera(camera_clip) as camera, Model() as model, running(asking(camera, model), tmp_path) as (_, out):
        told = out.wait("Inference", 10)
    (visit,) = model.visits
    assert visit.asked[0].graph == ["/local/test", "Sample-Graph-1", "cvExtension"]
    assert visit.asked[0].pictures == (3, 61, 1408, 786, 4224)
    ticks = [one.ticks for one in visit.asked[1:]]
    assert [body(message)["timestamp"] for message in told] == ticks[: len(told)]
    steps_s = np.diff(ticks) / 90_000
    assert float(np.median(steps_s)) == pytest.approx(0.2, abs=0.05)
    for message in told:
        assert message.properties["subject"] == SUBJECT + "cvExtension"
        assert message.properties["eventTime"] == published(utc_of(body(message)["timestamp"]))
        assert message.topic == "inferenceOutput"
        assert ticks_of(message.utc) == body(message)["timestamp"]
        assert [one["entity"]["tag"]["value"] for one in body(message)["inferences"]] == ["car"]


def test_an_inference_leads_to_its_picture_in_the_recording(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "numbered.mp4", count=100, fps=25, gop=25, bframes=2)
    seen: dict[int, int] = {}

    def remembering(visit: Visit) -> Iterator[bytes]:
        visit.next()
        yield described()
        while one := visit.next():
            picture = np.frombuffer(one.content, np.uint8).reshape(786, 1408, 3)
            seen[one.ticks] = brightness(picture)
            yield acknowledged(one.sequence, one.sequence, entity("car"))

    with RtspCamera(clip) as camera, Model(remembering) as model:
        asked = graph(
            [rtsp_source(camera.url)],
            [FILTER, extension("cvExtension", model.port, "filter")],
            [HUB, asset_sink("rtspSource")],
        )
        with running(asked, tmp_path, PathMap((("/var", tmp_path),))) as (_, out):
            told = [body(message)["timestamp"] for message in out.wait("Inference", 12)]
    shown = pictures(tmp_path / "assets" / "asset")
    found = [ticks for ticks in told if ticks in shown]
    assert len(found) >= 8, (told[:3], sorted(shown)[:3])
    assert [shown[ticks] for ticks in found] == pytest.approx([seen[ticks] for ticks in found], abs=1)


def test_a_chain_of_models_passes_on_what_was_said(camera_clip: Path, tmp_path: Path) -> None:
    second = extension("second", 0, "cvExtension")
    with RtspCamera(camera_clip) as camera, Model() as first_model, Model() as second_model:
        second["endpoint"] = {"@type": f"{PREFIX}UnsecuredEndpoint", "url": second_model.url}
        asked = graph(
            [rtsp_source(camera.url)],
            [FILTER, extension("cvExtension", first_model.port, "filter"), second],
            [node("IoTHubMessageSink", "hubSink", "cvExtension", "second", hubOutputName="out")],
        )
        with running(asked, tmp_path) as (_, out):
            told = out.wait("Inference", 12)
    assert {message.properties["subject"] for message in told} == {SUBJECT + "cvExtension", SUBJECT + "second"}
    assert all(len(body(message)["inferences"]) == 1 for message in told), "each tells its own only"
    assert all(one.inferences for one in second_model.samples), "the second knows what the first said"
    assert {one.ticks for one in second_model.samples} <= {one.ticks for one in first_model.samples}


def test_an_answer_opens_the_gate(camera_clip: Path, tmp_path: Path) -> None:
    said = iter([True])

    def once(visit: Visit) -> Iterator[bytes]:
        visit.next()
        yield described()
        while one := visit.next():
            is_first = len(visit.asked) > 10 and next(said, False)
            yield acknowledged(one.sequence, one.sequence, *([entity("car")] if is_first else []))

    gate = {"minimumActivationTime": "PT2S", "maximumActivationTime": "PT2S", "activationSignalOffset": "-PT1S"}
    with RtspCamera(camera_clip) as camera, Model(once) as model:
        asked = graph(
            [rtsp_source(camera.url)],
            [
                FILTER,
                extension("cvExtension", model.port, "filter"),
                node("SignalGateProcessor", "gate", "rtspSource", "cvExtension", **gate),
            ],
            [HUB, asset_sink("gate")],
        )
        with running(asked, tmp_path, PathMap((("/var", tmp_path),))) as (_, out):
            out.wait("RecordingStarted")
            out.wait("RecordingStopped")
    recorded = sorted(pictures(tmp_path / "assets" / "asset"))
    assert (recorded[-1] - recorded[0]) / 90_000 < 6.0, "the gate closes by the camera's time"
    assert len(out.of("Inference")) == len(out.of("RecordingStarted")) == len(out.of("RecordingAvailable")) == 1


def test_a_model_that_is_away_is_told_once_and_found_when_it_comes(camera_clip: Path, tmp_path: Path) -> None:
    with Model() as gone:
        port = gone.port
    with RtspCamera(camera_clip) as camera:
        asked = graph([rtsp_source(camera.url)], [FILTER, extension("cvExtension", port, "filter")], [HUB])
        with running(asked, tmp_path) as (_, out):
            (told,) = out.wait("NetworkError")
            assert told.properties["subject"] == SUBJECT + "cvExtension"
            with Model(port=port):
                out.wait("Inference", 3)
    assert len(out.of("NetworkError")) <= 2, "once, and perhaps once more when the model goes"


def http_extension(model: HttpModel, *inputs: str) -> dict[str, object]:
    endpoint = {"@type": f"{PREFIX}UnsecuredEndpoint", "url": model.url}
    scale = {"mode": "PreserveAspectRatio", "width": "80", "height": "80"}
    image = {"scale": scale, "format": {"@type": f"{PREFIX}ImageFormatJpeg", "quality": "90"}}
    return node("HttpExtension", "cvExtension", *inputs, endpoint=endpoint, image=image)


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        pytest.param({"inferences": [{"type": "other", "mine": 1}]}, "inferences", id="inferences keep what is extra"),
        pytest.param({"cats": 2}, "cats", id="a body without a schema goes on as it came"),
    ],
)
def test_a_model_behind_http(camera_clip: Path, tmp_path: Path, reply: dict[str, object], said: str) -> None:
    with RtspCamera(camera_clip) as camera, HttpModel(lambda _posted: JSONResponse(reply)) as model:
        asked = graph([rtsp_source(camera.url)], [FILTER, http_extension(model, "filter")], [HUB])
        with running(asked, tmp_path) as (_, out):
            told = out.wait("Inference", 3)
    assert model.posted[0].headers["content-type"] == "image/jpeg"
    for message in told:
        assert body(message)[said] == reply[said]
        assert message.properties["subject"] == SUBJECT + "cvExtension"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("outage_s", "sessions"),
    [pytest.param(3600.0, 1, id="a blink"), pytest.param(0.5, 2, id="a long while begins a new session")],
)
def test_the_camera_was_away(
    camera_clip: Path, tmp_path: Path, outage_s: float, sessions: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("footfall.runtime.media.OUTAGE_S", outage_s)
    with RtspCamera(camera_clip) as camera, Model() as model, running(asking(camera, model), tmp_path) as (_, out):
        out.wait("Inference", 3)
        camera.kill()
        time.sleep(1.0)
        camera.restart()
        out.wait("MediaSessionEstablished", 2)
        out.wait("Inference", len(out.of("Inference")) + 5)
        times = [message.utc for message in out.of("Inference")]
    assert len(model.visits) == sessions
    assert times == sorted(times), "media time never goes back"


def test_a_mistake_in_the_program_is_told_and_the_instance_goes_on(camera_clip: Path, tmp_path: Path) -> None:
    out, mistakes = Outbound(), iter([RuntimeError("on purpose")])

    def deliver(messages: Sequence[Message]) -> None:
        is_inference = messages[0].topic == "out"
        if is_inference and (mistake := next(mistakes, None)):
            raise mistake
        out(messages)

    with RtspCamera(camera_clip) as camera:
        asked = graph(
            [rtsp_source(camera.url)],
            [node("MotionDetectionProcessor", "motion", "rtspSource", sensitivity="High")],
            [node("IoTHubMessageSink", "hubSink", "motion", hubOutputName="out")],
        )
        services = MediaServices(deliver, lambda: Outputs("/a", "diagnostics"), Store(tmp_path / "assets"))
        instance = MediaRuntime(services).start(asked)
        try:
            deadline_s = time.monotonic() + 60.0
            while instance.runner.failure is None:
                assert time.monotonic() < deadline_s
                time.sleep(0.05)
            instance.revive()
            (told,) = out.wait("RuntimeError")
            assert told.properties["eventType"] == "Microsoft.Media.Edge.Diagnostics.RuntimeError"
            assert body(told) == {"code": "RuntimeError"}
            out.wait("Inference", 1)
            instance.revive()
            assert len(out.of("RuntimeError")) == 1
        finally:
            assert instance.stop(60.0)


GRPC = {"dataTransfer": {"mode": "SharedMemory", "sharedMemorySizeMiB": "1"}}


def test_what_cannot_run_is_refused_and_leaves_nothing(camera_clip: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    paths = PathMap((("/var", tmp_path),))
    small = extension("cvExtension", 50051, "rtspSource") | {"@type": f"{PREFIX}GrpcExtension"} | GRPC
    sink = {"baseDirectoryPath": "/var/file/x", "fileNamePattern": "c-${System.DateTime}", "maximumSizeMiB": "1"}
    gate = [
        node("MotionDetectionProcessor", "motion", "rtspSource"),
        node("SignalGateProcessor", "gate", "rtspSource", "motion"),
    ]
    source = rtsp_source("rtsp://127.0.0.1:1/x")
    too_small = graph([source], [small], [HUB, asset_sink("rtspSource")])
    no_folder = graph([source], gate, [node("FileSink", "fileSink", "gate", **sink)])
    for asked, what in ((too_small, "shared"), (no_folder, "file")):
        with pytest.raises(ConfigError, match=what), running(asked, tmp_path, paths):
            pass
    assert not shared_memory()
