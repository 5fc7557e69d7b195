"""A media graph records a real camera, opened by messages: loops, losses and ends of the camera do not spoil a film."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import av
import pytest

from footage import make_clip
from footfall.config.media import MediaGraph
from footfall.core.outside import PathMap
from footfall.engine.clock import SystemClock
from footfall.recording.asset import segments_of
from footfall.recording.media import Store
from footfall.runtime.media import MediaInstance, MediaServices
from footfall.runtime.media_reports import Outputs
from footfall.runtime.media_signals import Arrival, Signals
from footfall.simulator.rtsp import RtspCamera
from footfall.simulator.rtsp_faults import Fault
from servers.media_graph import Outbound, body, graph, node, patient_with_cameras, rtsp_source
from servers.rtsp import rtsp_ready

__all__ = ["patient_with_cameras", "rtsp_ready"]

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("rtsp_ready", "patient_with_cameras")]

GOP_S = 0.5


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds at 10 pictures a second, a key frame every half second: the camera plays them again and again."""
    return make_clip(tmp_path_factory.mktemp("camera") / "a.mp4", count=40, gop=5)


def times_s(film: Path) -> list[float]:
    """When its pictures are shown; all of them decode."""
    with av.open(str(film)) as container:
        frames = list(container.decode(video=0))
    assert frames[0].key_frame
    assert not any(frame.is_corrupt for frame in frames)
    return [frame.time for frame in frames if frame.time is not None]


def recording(url: str, seconds: int) -> MediaGraph:
    """The camera behind a gate that messages open, a file and an asset behind it."""
    gate = {
        "activationEvaluationWindow": "PT0S",
        "activationSignalOffset": "-PT1S",
        "minimumActivationTime": f"PT{seconds}S",
        "maximumActivationTime": f"PT{seconds}S",
    }
    cache = {"localMediaCachePath": "/var/cache", "localMediaCacheMaximumSizeMiB": "20"}
    return graph(
        [rtsp_source(url), node("IoTHubMessageSource", "hubSource", hubInputName="trigger")],
        [node("SignalGateProcessor", "gate", "hubSource", "rtspSource", **gate)],
        [
            node(
                "FileSink",
                "fileSink",
                "gate",
                baseDirectoryPath="/var/media",
                fileNamePattern="clip-${System.DateTime}",
                maximumSizeMiB="100",
            ),
            node("AssetSink", "assetSink", "gate", assetNamePattern="asset-${System.DateTime}", **cache),
        ],
    )


def soon(check: Callable[[], bool], timeout_s: float = 60.0) -> None:
    deadline_s = time.monotonic() + timeout_s
    while not check():
        assert time.monotonic() < deadline_s
        time.sleep(0.1)


def more_arrives(instance: MediaInstance, clip: Path) -> None:
    """Three seconds of the clip, which lasts four."""
    with av.open(str(clip)) as container:
        wanted = instance.received_bytes + sum(packet.size for packet in container.demux()) * 3 // 4
    soon(lambda: instance.received_bytes > wanted)


@contextmanager
def at_work(asked: MediaGraph, folder: Path, clip: Path) -> Iterator[tuple[MediaInstance, Signals, Outbound]]:
    """The instance with a camera that has sent some seconds of this clip."""
    out, signals = Outbound(), Signals()
    store = Store(folder / "assets", PathMap((("/var", folder),)))
    instance = MediaInstance(asked, MediaServices(out, lambda: Outputs("a", "told", "told"), store, signals))
    try:
        more_arrives(instance, clip)
        yield instance, signals, out
    finally:
        assert instance.stop(60.0)


def door_opens(signals: Signals) -> None:
    signals.arrive(Arrival("trigger", SystemClock().now(), {"correlationId": "door"}, "m-1"))


def test_a_film_goes_on_where_the_camera_begins_again(clip: Path, tmp_path: Path) -> None:
    with RtspCamera(clip) as camera, at_work(recording(camera.url, 10), tmp_path, clip) as (_, signals, out):
        door_opens(signals)
        out.wait("RecordingAvailable", 2)
    (film,) = (tmp_path / "media").glob("*.mp4")
    shown_s = times_s(film)
    assert shown_s[-1] - shown_s[0] == pytest.approx(11.0, abs=GOP_S + 0.15)
    assert max(after - before for before, after in pairwise(shown_s)) < 0.5, "nothing is missing"
    (asset,) = (tmp_path / "assets").glob("asset-*")
    (segment,) = segments_of(asset)
    assert (segment.end_ticks - segment.start_ticks) / 90_000 == pytest.approx(11.0, abs=GOP_S + 0.25)
    told = [body(message)["outputLocation"] for message in out.of("RecordingStarted")]
    assert told == [f"/var/media/{film.name}", asset.name]


def test_a_camera_lost_in_a_film_gives_two(clip: Path, tmp_path: Path) -> None:
    with RtspCamera(clip) as camera, at_work(recording(camera.url, 60), tmp_path, clip) as (instance, signals, out):
        door_opens(signals)
        out.wait("RecordingStarted", 2)
        more_arrives(instance, clip)
        camera.fault(Fault.CUT)
        camera.fault(Fault.OK)
        out.wait("RecordingStarted", 3)
        more_arrives(instance, clip)
    films = sorted((tmp_path / "media").glob("*.mp4"))
    assert len(films) == 2
    assert all(times_s(film)[-1] >= 1.0 for film in films)
    (asset,) = (tmp_path / "assets").glob("asset-*")
    assert len(segments_of(asset)) == 2
    for event in ("RecordingStarted", "RecordingStopped", "RecordingAvailable"):
        places = [body(message)["outputLocation"] for message in out.of(event)]
        assert sorted(places) == sorted([asset.name, *(f"/var/media/{film.name}" for film in films)])
