"""A camera is looked at before it is added."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from footage import make_clip
from footfall.ingest.probe import probe_camera, with_user
from footfall.ingest.probe_report import Arrival, CameraReport, advised, measured
from footfall.simulator.rtsp import Login, RtspCamera

pytestmark = pytest.mark.usefixtures("rtsp_ready")
PASSWORD = "p@ss:w/o#rd%"
PATIENT_S = 90.0
"""A third of it for each transport: a busy computer answers over the first."""


@pytest.fixture(scope="module")
def door(camera_clip: Path) -> Iterator[RtspCamera]:
    with RtspCamera(camera_clip, login=Login("viewer", PASSWORD, digest=True)) as camera:
        yield camera


def test_a_good_camera(door: RtspCamera) -> None:
    report = probe_camera(door.url, "viewer", PASSWORD, budget_s=PATIENT_S)
    assert (report.is_ok, report.reason, report.codec, report.transport) == (True, "", "h264", "tcp")
    assert report.size_px == (160, 90)
    assert report.fps == pytest.approx(25, abs=3)
    assert report.bitrate_kbps > 0
    assert not report.has_audio
    assert any("160x90 is small" in text for text in report.advice)


def test_a_wrong_password_is_tried_once_and_never_told(camera_clip: Path) -> None:
    with RtspCamera(camera_clip, login=Login("viewer", "right")) as camera:
        report = probe_camera(camera.url, "viewer", "wr0ng", budget_s=PATIENT_S)
    assert (report.reason, report.is_ok) == ("unauthorized", False)
    assert "tried once" in report.advice[0]
    assert "wr0ng" not in repr(report)


def test_a_camera_that_wants_the_login_for_everything_hears_a_wrong_one_once() -> None:
    said: list[bytes] = []

    def refuse(server: socket.socket) -> None:
        line, _ = server.accept()
        with line:
            while request := line.recv(65_536):
                said.append(request)
                number = request.partition(b"CSeq: ")[2].partition(b"\r\n")[0]
                challenge = b'WWW-Authenticate: Digest realm="cam", nonce="1"\r\n\r\n'
                line.sendall(b"RTSP/1.0 401 Unauthorized\r\nCSeq: " + number + b"\r\n" + challenge)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=refuse, args=(server,))
        thread.start()
        report = probe_camera(f"rtsp://127.0.0.1:{server.getsockname()[1]}/live", "viewer", "wr0ng", budget_s=PATIENT_S)
        thread.join()
    assert report.reason == "unauthorized"
    assert sum(b"Authorization: Digest" in request for request in said) == 1


def test_a_wrong_path(door: RtspCamera) -> None:
    report = probe_camera(door.url.replace("/live", "/nothing"), "viewer", PASSWORD, budget_s=PATIENT_S)
    assert report.reason == "not-found"


def test_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"rtsp://u:hush@127.0.0.1:{free.getsockname()[1]}/live"
    report = probe_camera(url, budget_s=PATIENT_S)
    assert report.reason == "refused"
    assert "hush" not in repr(report)


def test_a_machine_that_says_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        report = probe_camera(f"rtsp://127.0.0.1:{silent.getsockname()[1]}/live", budget_s=1.5)
    assert report.reason == "timeout"


def test_h265(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "c.mp4", "libx265", count=40, fps=25, gop=10)
    with RtspCamera(clip) as camera:
        report = probe_camera(camera.url, budget_s=PATIENT_S)
    assert report.codec == "hevc"
    assert any("H.265" in text for text in report.advice)


@pytest.mark.parametrize(
    ("url", "user", "expected"),
    [
        ("rtsp://10.0.0.7/x", "", "rtsp://10.0.0.7/x"),
        ("rtsp://10.0.0.7:554/x?a=b@c", "u", "rtsp://u:p%40%2F@10.0.0.7:554/x?a=b@c"),
        ("rtsp://old:one@10.0.0.7", "u", "rtsp://u:p%40%2F@10.0.0.7"),
    ],
)
def test_the_login_goes_into_the_address(url: str, user: str, expected: str) -> None:
    assert with_user(url, user, "p@/") == expected


def arrivals(count: int, fps: float, *, key_every: int = 25, reorder: bool = False) -> list[Arrival]:
    return [Arrival(n / fps, (n - 2 * reorder) / fps, 0.0, 1250, n % key_every == 0) for n in range(count)]


def test_what_packets_show() -> None:
    report = measured(CameraReport("u"), arrivals(51, 25.0, key_every=25))
    assert (report.fps, report.keyframe_s, report.watched_s, report.bitrate_kbps) == (25.0, 1.0, 2.0, 255)
    assert not report.has_b_frames
    assert measured(CameraReport("u"), arrivals(51, 25.0, reorder=True)).has_b_frames


def test_one_packet_has_no_rate() -> None:
    report = measured(CameraReport("u"), [Arrival(None, None, 5.0, 100, True)])
    assert (report.fps, report.bitrate_kbps, report.keyframe_s) == (0.0, 0, None)


GOOD = CameraReport("u", codec="h264", size_px=(1280, 720), fps=15.0, transport="tcp", keyframe_s=1.0, tells_time=True)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        pytest.param({"size_px": (3840, 2160)}, "sub stream", id="4K"),
        pytest.param({"size_px": (320, 240)}, "small", id="tiny"),
        pytest.param({"codec": "hevc"}, "H.265", id="H.265"),
        pytest.param({"codec": "mjpeg"}, "H.264 is the safe", id="MJPEG"),
        pytest.param({"fps": 5.0}, "few", id="slow"),
        pytest.param({"fps": 30.0}, "more than counting", id="fast"),
        pytest.param({"transport": "udp"}, "UDP", id="UDP"),
        pytest.param({"damaged": 3}, "3 packets", id="loss"),
        pytest.param({"has_b_frames": True}, "B-frames", id="reordered"),
        pytest.param({"keyframe_s": 10.0}, "Key frames", id="rare key frames"),
        pytest.param({"tells_time": False}, "clock", id="no clock"),
        pytest.param({"reason": "timeout"}, "Nobody answers", id="away"),
        pytest.param({"reason": "broken"}, "VLC", id="broken"),
    ],
)
def test_advice(changes: dict[str, object], word: str) -> None:
    assert advised(GOOD).advice == ()
    (text,) = advised(replace(GOOD, **changes)).advice  # type: ignore[arg-type]
    assert word in text
