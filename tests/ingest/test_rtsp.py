"""Cameras: a real RTSP server, several viewers, and everything that breaks."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from threading import Event

import pytest

from footage import make_clip
from footfall.config.plan import RtspTransport, SourceSpec
from footfall.core.errors import SourceUnavailable
from footfall.core.types import Frame
from footfall.ingest.container import Address, probe
from footfall.ingest.decode import VideoSource
from footfall.simulator.rtsp import Login, RtspCamera
from footfall.simulator.rtsp_faults import Fault

pytestmark = pytest.mark.usefixtures("rtsp_ready")
PATIENT_S = 60.0
SILENT_S = 4.0
"""Of a camera that falls silent; short, as it is waited for, but long enough for a busy computer to play."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.fromtimestamp(time.monotonic(), UTC)

    def monotonic_s(self) -> float:
        return time.monotonic()


def source(url: str, transport: RtspTransport = RtspTransport.TCP, timeout_s: float = PATIENT_S) -> VideoSource:
    spec = SourceSpec("cam", url, transport=transport, max_fps=1000.0, timeout_s=timeout_s)
    return VideoSource(spec, clock=SystemClock())


def watch(url: str, count: int, transport: RtspTransport = RtspTransport.TCP) -> list[Frame]:
    return [frame for frame, _ in zip(source(url, transport).frames(), range(count), strict=False)]


def watch_until_lost(url: str, after: int, then: Callable[[], None], timeout_s: float) -> str:
    """Play, do something after some frames, play on: why it ended."""
    try:
        for number, _ in enumerate(source(url, timeout_s=timeout_s).frames()):
            if number == after:
                then()
    except SourceUnavailable as error:
        return error.reason
    raise AssertionError("a live stream must not end normally")


@pytest.mark.parametrize("transport", list(RtspTransport))
def test_live_frames_come_in_time(camera_clip: Path, transport: RtspTransport) -> None:
    with RtspCamera(camera_clip) as camera:
        frames = watch(camera.url, 60, transport)
    assert frames[0].t_s == 0.0
    assert frames[-1].t_s == pytest.approx(59 / 25, abs=0.1)
    assert (frames[-1].utc - frames[0].utc).total_seconds() > frames[-1].t_s - 1.0
    assert frames[0].image.shape == (90, 160, 3)


def test_time_goes_on_where_the_clip_starts_again(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "short.mp4", count=15, fps=25, gop=5, bframes=2)
    with RtspCamera(clip) as camera:
        times_s = [frame.t_s for frame in watch(camera.url, 60)]
    gaps_s = [after - before for before, after in pairwise(times_s[2:])]
    assert gaps_s == pytest.approx([0.04] * len(gaps_s), abs=0.015)


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv", "raw"])
def test_every_kind_of_clip_is_sent(tmp_path: Path, codec: str, name: str) -> None:
    if name == "raw":
        name = {"libx264": "clip.h264", "libx265": "clip.hevc"}[codec]
    with RtspCamera(make_clip(tmp_path / name, codec, count=50, fps=25, bframes=2)) as camera:
        times_s = [frame.t_s for frame in watch(camera.url, 20)]
    assert times_s == sorted(times_s)
    assert times_s[-1] == pytest.approx(19 / 25, abs=0.1)


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_a_key_frame_of_several_slices_is_one_picture(tmp_path: Path, codec: str) -> None:
    clip = make_clip(tmp_path / "sliced.mp4", codec, count=50, fps=25, gop=10, size=(320, 180))
    with RtspCamera(clip) as camera:
        times_s = [frame.t_s for frame in watch(camera.url, 40)]
    gaps_s = [after - before for before, after in pairwise(times_s[2:])]
    assert sum(gap_s < 0.02 for gap_s in gaps_s) <= 1, "but for one step when the server tells the time of day"


@pytest.mark.parametrize("digest", [False, True], ids=["basic", "digest"])
class TestLogin:
    login = ("ad min", "p@ss:w/o#rd%")

    def test_right(self, camera_clip: Path, digest: bool) -> None:
        with RtspCamera(camera_clip, login=Login(*self.login, digest)) as camera:
            assert len(watch(camera.login_url, 3)) == 3
            assert len(watch(camera.url.replace("//", "//{}:{}@".format(*self.login)), 3)) == 3, "as typed"

    def test_wrong_or_none(self, camera_clip: Path, digest: bool, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        with RtspCamera(camera_clip, login=Login(*self.login, digest)) as camera:
            for url in (camera.url, camera.url.replace("//", "//ad%20min:wr0ng@")):
                with pytest.raises(SourceUnavailable, match="unauthorized") as caught:
                    watch(url, 1)
                assert "wr0ng" not in str(caught.value) + repr(caught.value) + caplog.text


def test_several_viewers_at_once(camera_clip: Path) -> None:
    with RtspCamera(camera_clip) as camera, ThreadPoolExecutor(4) as pool:
        for frames in pool.map(watch, [camera.url] * 4, [40] * 4):
            assert len(frames) == 40


@pytest.mark.parametrize(
    ("fault", "timeout_s", "reason"),
    [
        pytest.param(Fault.FREEZE, SILENT_S, "timeout", id="silence"),
        pytest.param(Fault.CUT, PATIENT_S, "ended", id="connection cut"),
        pytest.param(Fault.REFUSE, PATIENT_S, "ended", id="switched off"),
    ],
)
def test_a_loss_is_noticed_and_the_camera_comes_back(
    camera_clip: Path, fault: Fault, timeout_s: float, reason: str
) -> None:
    with RtspCamera(camera_clip, login=Login("u", "hush-hush")) as camera:
        assert watch_until_lost(camera.login_url, 20, lambda: camera.fault(fault), timeout_s) == reason
        camera.fault(Fault.OK)
        assert len(watch(camera.login_url, 10)) == 10


def test_a_trickle_is_noticed(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "big.mp4", "libx264", count=50, fps=25, size=(2560, 1440), gop=2)
    with RtspCamera(clip) as camera:
        assert watch_until_lost(camera.url, 20, lambda: camera.fault(Fault.DRIP), SILENT_S) == "timeout"


def test_freeze_before_the_first_picture(camera_clip: Path) -> None:
    with RtspCamera(camera_clip) as camera:
        camera.fault(Fault.FREEZE)
        with pytest.raises(SourceUnavailable, match="timeout"):
            list(source(camera.url, timeout_s=0.5).frames())


def test_power_loss_and_return_on_the_same_port(camera_clip: Path) -> None:
    with RtspCamera(camera_clip) as camera:
        port = camera.port
        assert watch_until_lost(camera.url, 20, camera.kill, PATIENT_S) == "ended"
        with pytest.raises(SourceUnavailable, match="refused"):
            watch(camera.url, 1)
        camera.restart()
        assert camera.port == port
        assert len(watch(camera.url, 10)) == 10


def test_resolution_changes_in_mid_stream(tmp_path: Path) -> None:
    clips = [
        make_clip(tmp_path / "wide.mp4", count=25, fps=25),
        make_clip(tmp_path / "square.mp4", count=25, fps=25, size=(240, 240)),
    ]
    with RtspCamera(*clips) as camera:
        frames = watch(camera.url, 70)
    sizes = [frame.size_px for frame in frames]
    assert {(640, 360), (640, 640)} == set(sizes)
    assert sizes[0] == sizes[-1] == (640, 360)


def test_close_from_another_thread(camera_clip: Path) -> None:
    with RtspCamera(camera_clip) as camera, ThreadPoolExecutor(1) as pool:
        live, playing = source(camera.url), Event()
        played = pool.submit(lambda: [playing.set() for _ in live.frames()])
        assert playing.wait(timeout=60.0)
        live.close()
        assert played.result(timeout=60.0)


def test_an_unknown_path_is_not_found(camera_clip: Path) -> None:
    with RtspCamera(camera_clip) as camera, pytest.raises(SourceUnavailable, match="not-found"):
        watch(camera.url + "-none", 1)


def test_probe_of_a_camera(camera_clip: Path) -> None:
    with RtspCamera(camera_clip) as camera:
        info = probe(Address(camera.url, timeout_s=PATIENT_S))
    assert (info.codec, info.size_px, info.frames, info.duration_s) == ("h264", (160, 90), None, None)


def test_real_clip(shared: Path) -> None:
    with RtspCamera(shared / "data/clips/intel_people_detection/clip.h264") as camera:
        times_s = [frame.t_s for frame in watch(camera.url, 50)]
    assert times_s[-1] == pytest.approx(49 / 25, abs=0.15)
