"""The camera's own surface; how it plays is tested with the source that watches it."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from footage import make_clip
from footfall.core.errors import ConfigError
from footfall.simulator import rtsp
from footfall.simulator.rtsp import Login, RtspCamera, RtspOptions, run_rtsp, system_python

READY = pytest.mark.usefixtures("rtsp_ready")


def problem(*clips: Path, port: int = 0) -> str:
    with pytest.raises(ConfigError) as caught, RtspCamera(*clips, port=port):
        pass
    return str(caught.value)


@READY
def test_clips_that_cannot_be_sent_are_named(tmp_path: Path) -> None:
    assert "none.mp4: $: not-found" in problem(tmp_path / "none.mp4")
    assert "H.264 and H.265 only" in problem(make_clip(tmp_path / "a.avi", "mjpeg"))
    mixed = (make_clip(tmp_path / "a.mp4"), make_clip(tmp_path / "b.mp4", "libx265"))
    assert "b.mp4: $: is hevc, the clip before it h264" in problem(*mixed)


@READY
def test_a_taken_port_is_said(camera_clip: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"cannot listen on port {port}" in problem(camera_clip, port=port)


@READY
def test_stop_twice_and_start_again(camera_clip: Path) -> None:
    camera = RtspCamera(camera_clip)
    camera.stop()
    camera.start()
    camera.stop()
    camera.stop()
    with camera, socket.create_connection(("127.0.0.1", camera.port), 60):
        pass
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", camera.port), 60)


def test_the_login_is_in_one_address_only(tmp_path: Path) -> None:
    camera = RtspCamera(tmp_path, port=8554, login=Login("a d", "p@s"))
    assert camera.url == "rtsp://127.0.0.1:8554/live"
    assert camera.login_url == "rtsp://a%20d:p%40s@127.0.0.1:8554/live"


@READY
def test_run_follows_the_plan_and_ends(camera_clip: Path) -> None:
    said: list[str] = []
    run_rtsp(RtspOptions((camera_clip,), ports=(0,), faults="0.1s:freeze:0.1s,9s:cut", duration_s=0.4), said.append)
    assert said[0].startswith("camera at rtsp://127.0.0.1:")
    assert said[1:] == ["after 0.1 s: freeze", "after 0.2 s: ok"]


@READY
def test_interrupt_ends_it_cleanly(camera_clip: Path) -> None:
    def interrupt(_seconds: float) -> None:
        raise KeyboardInterrupt

    said: list[str] = []
    run_rtsp(RtspOptions((camera_clip,), ports=(0,), login=Login("u", "hush")), said.append, wait=interrupt)
    assert said[-1] == "camera off"
    assert "hush" not in "".join(said)


def test_a_wrong_plan_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="for example"):
        run_rtsp(RtspOptions((tmp_path,), faults="soon:cut"), lambda _line: None)


def test_missing_gstreamer_names_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FOOTFALL_GST_PYTHON", raising=False)
    monkeypatch.setattr(rtsp, "_PYTHONS", ("/nowhere/python3", "/bin/false"))
    with pytest.raises(ConfigError, match=r"apt-get install python3-gi gir1\.2-gst-rtsp-server-1\.0"):
        system_python()
