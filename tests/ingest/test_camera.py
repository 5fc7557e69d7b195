"""A camera of a media graph: its description, its troubles, media time in frames and packets."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path

import pytest

from footage import make_clip
from footfall.config.media import Endpoint, RtspSource
from footfall.config.plan import SourceSpec
from footfall.core.errors import SourceUnavailable
from footfall.core.ports import Source
from footfall.core.types import Frame, Packet
from footfall.ingest.camera import (
    Established,
    Lost,
    MediaCamera,
    News,
    PacketTaker,
    Refused,
    Unsuitable,
    spec_of,
    video_codec,
)
from footfall.ingest.decode import VideoSource
from footfall.ingest.packets import PacketSource
from footfall.simulator.rtsp import Login, RtspCamera
from footfall.simulator.rtsp_faults import Fault
from servers.certificates import make_certificates
from servers.tls_line import tls_line

pytestmark = pytest.mark.usefixtures("rtsp_ready")


class SystemClock:
    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=time.monotonic())

    def monotonic_s(self) -> float:
        return time.monotonic()


def decoded(spec: SourceSpec, on_packet: PacketTaker) -> Source:
    return VideoSource(spec, clock=SystemClock(), on_packet=on_packet)


def undecoded(spec: SourceSpec, on_packet: PacketTaker) -> Source:
    return PacketSource(spec, clock=SystemClock(), on_packet=on_packet)


class Watched:
    """A camera, and all that was heard of it."""

    def __init__(self, endpoint: Endpoint, *, decodes: bool = True, ca_file: str = "") -> None:
        self.news: list[News] = []
        self.packets: list[Packet] = []
        source = RtspSource(endpoint)
        self.camera = MediaCamera(
            source,
            replace(spec_of("rtspSource", source, 100.0, ca_file), timeout_s=60.0),
            decoded if decodes else undecoded,
            on_packet=self.packets.append,
            tell=self.news.append,
        )

    def frames(self, count: int) -> list[Frame]:
        source = self.camera.open()
        frames = list(islice(source.frames(), count))
        source.close()
        return frames


def test_frames_and_packets_share_media_time(camera_clip: Path) -> None:
    with RtspCamera(camera_clip) as camera:
        watched = Watched(Endpoint(camera.url))
        before = SystemClock().now()
        frames = watched.frames(40)
        after = SystemClock().now()
    assert [type(one) for one in watched.news] == [Established]
    assert before - timedelta(seconds=1) < frames[0].utc < after
    by_time = {round(packet.t_s, 3): packet.utc for packet in watched.packets}
    assert {by_time[round(frame.t_s, 3)] for frame in frames if round(frame.t_s, 3) in by_time} <= {
        frame.utc for frame in frames
    }
    assert (frames[-1].utc - frames[0].utc).total_seconds() == pytest.approx(frames[-1].t_s, abs=1e-4)


def test_packets_alone_begin_with_a_key_frame_and_show_signs_of_life(camera_clip: Path) -> None:
    with RtspCamera(camera_clip) as camera:
        watched = Watched(Endpoint(camera.url), decodes=False)
        frames = watched.frames(4)
    assert all(frame.image.size == 0 for frame in frames)
    gaps_s = [b.t_s - a.t_s for a, b in pairwise(frames)]
    assert gaps_s == pytest.approx([0.48] * 3, abs=0.15), "FFmpeg does not tell the time of the very first packet"
    assert gaps_s[1:] == pytest.approx([0.48] * 2, abs=0.01)
    assert watched.packets[0].is_key
    assert len(watched.packets) >= 30
    decoded_in_order = [packet.dts for packet in watched.packets if packet.dts is not None]
    assert decoded_in_order == sorted(decoded_in_order)
    steps_s = [(b.utc - a.utc).total_seconds() for a, b in pairwise(watched.packets)]
    assert max(map(abs, steps_s)) < 0.3


@pytest.mark.parametrize(
    ("user", "path", "news", "reason"),
    [
        pytest.param("viewer", "", [], "", id="the right login"),
        pytest.param("stranger", "", [Refused(401)], "unauthorized", id="a wrong login"),
        pytest.param("viewer", "/none", [Refused(404)], "not-found", id="a wrong path"),
    ],
)
def test_the_camera_refuses(camera_clip: Path, user: str, path: str, news: list[News], reason: str) -> None:
    with RtspCamera(camera_clip, login=Login("viewer", "p@ss word", digest=True)) as camera:
        watched = Watched(Endpoint(camera.url + path, user, "p@ss word"))
        if not reason:
            assert len(watched.frames(3)) == 3
            return
        for _ in range(2):
            with pytest.raises(SourceUnavailable, match=reason):
                watched.frames(1)
    assert watched.news == news, "told once"


def test_the_camera_goes_and_comes_back(camera_clip: Path) -> None:
    with RtspCamera(camera_clip) as camera:
        watched = Watched(Endpoint(camera.url))
        first = watched.frames(5)
        camera.fault(Fault.REFUSE)
        for _ in range(2):
            with pytest.raises(SourceUnavailable, match="refused"):
                watched.frames(1)
        camera.fault(Fault.OK)
        second = watched.frames(5)
    assert [type(one) for one in watched.news] == [Established, Lost, Established]
    assert watched.news[1] == Lost("refused")
    assert second[0].utc > first[-1].utc


def test_other_video_than_h264_is_not_taken(tmp_path: Path) -> None:
    with RtspCamera(make_clip(tmp_path / "x.mp4", "libx265", count=30)) as camera:
        watched = Watched(Endpoint(camera.url))
        with pytest.raises(SourceUnavailable, match="not-video"):
            watched.frames(1)
    assert watched.news[1:] == [Unsuitable("H265")]


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


class TestTls:
    def test_a_camera_with_a_certificate(self, camera_clip: Path, certificates: Path) -> None:
        trusted = ((certificates / "ca.pem").read_text(),)
        with RtspCamera(camera_clip) as camera, tls_line(camera.port, certificates) as port:
            url = f"rtsps://localhost:{port}/live"
            for endpoint in (
                Endpoint(url, is_tls=True, trusted_pem=trusted),
                Endpoint(url.replace("localhost", "127.0.0.1"), is_tls=True, ignores_signature=True),
            ):
                ca_file = "" if endpoint.ignores_signature else str(certificates / "ca.pem")
                watched = Watched(endpoint, ca_file=ca_file)
                assert len(watched.frames(3)) == 3
                assert [type(one) for one in watched.news] == [Established]

    def test_a_certificate_that_nobody_vouches_for(self, camera_clip: Path, certificates: Path) -> None:
        with RtspCamera(camera_clip) as camera, tls_line(camera.port, certificates) as port:
            url = f"rtsps://localhost:{port}/live"
            watched = Watched(Endpoint(url, is_tls=True))
            with pytest.raises(SourceUnavailable, match="certificate verify failed"):
                watched.frames(1)
            source = VideoSource(
                SourceSpec("cam", url, ca_file=str(certificates / "client.pem"), timeout_s=60.0), clock=SystemClock()
            )
            with pytest.raises(SourceUnavailable, match="broken"):
                next(source.frames())


@pytest.mark.parametrize(
    ("sdp", "codec"),
    [
        pytest.param("v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n", "H264", id="plain"),
        pytest.param(
            "m=audio 0 RTP/AVP 97\r\na=rtpmap:97 MPEG4-GENERIC/48000\r\n"
            "m=video 0 RTP/AVP 96\r\na=rtpmap:96 h264/90000\r\n",
            "H264",
            id="sound first",
        ),
        pytest.param("m=video 0 RTP/AVP 26\r\n", "", id="a payload type that needs no name"),
        pytest.param("v=0\r\nm=audio 0 RTP/AVP 0\r\n", "", id="no video"),
        pytest.param(
            "m=video 0 RTP/AVP 96\r\nm=audio 0 RTP/AVP 96\r\na=rtpmap:96 L16/8000\r\n", "", id="another stream's name"
        ),
    ],
)
def test_which_video(sdp: str, codec: str) -> None:
    assert video_codec(sdp) == codec
