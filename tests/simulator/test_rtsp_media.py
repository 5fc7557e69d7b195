"""The media server: any file of a folder at `/media/<file>`, as the live555 simulator did it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import av
import pytest

from footage import make_clip
from footfall.core.errors import ConfigError, SourceUnavailable
from footfall.ingest.container import Address, open_video
from footfall.simulator.rtsp import Login, RtspCamera, RtspOptions, started
from footfall.simulator.rtsp_programme import MediaFolder

pytestmark = pytest.mark.usefixtures("rtsp_ready")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Clips of one second in every form that is served, and what is not."""
    root = tmp_path_factory.mktemp("server") / "media"
    (root / "sub").mkdir(parents=True)
    for name in ("a.mkv", "a.ts", "a.264", "a.mp4", "sub/a b.mkv"):
        make_clip(root / name, count=25, fps=25, gop=5)
    make_clip(root / "motion.avi", "mjpeg")
    (root / "broken.mkv").write_bytes(b"no video")
    make_clip(root.parent / "secret.mp4", count=5)
    return root


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[RtspCamera]:
    with RtspCamera(programmes=MediaFolder(folder)) as camera:
        yield camera


def pictures(url: str, most: int) -> list[float]:
    """Presentation times in seconds of the first pictures, as many as there are."""
    times: list[float] = []
    with open_video(Address(url, timeout_s=60.0)) as video:
        try:
            for picture in video.container.decode(video.stream):
                times.append(picture.time or 0.0)
                if len(times) == most:
                    break
        except av.FFmpegError:
            pass
    return times


@pytest.mark.parametrize("name", ["a.mkv", "a.ts", "a.264", "a.mp4", "sub/a%20b.mkv"])
def test_every_form_plays(server: RtspCamera, name: str) -> None:
    assert len(pictures(server.url + name, 5)) == 5


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("none.mkv", id="no such file"),
        pytest.param("broken.mkv", id="no video"),
        pytest.param("motion.avi", id="a form that is not served"),
        pytest.param("sub", id="a folder"),
        pytest.param("../secret.mp4", id="outside"),
        pytest.param("%2e%2e/secret.mp4", id="outside, encoded"),
        pytest.param("/etc/passwd.mkv", id="absolute"),
        pytest.param("a%00.mkv", id="a zero byte"),
    ],
)
def test_what_is_not_there_is_not_found(server: RtspCamera, name: str) -> None:
    with pytest.raises(SourceUnavailable) as caught:
        pictures(server.url + name, 1)
    assert caught.value.reason == "not-found"


def test_another_path_is_not_found(server: RtspCamera) -> None:
    with pytest.raises(SourceUnavailable, match="not-found"):
        pictures(server.url.replace("/media/", "/live"), 1)


def test_time_goes_on_from_round_to_round(server: RtspCamera) -> None:
    times = pictures(server.url + "a.mkv", 40)
    steps = [later - earlier for earlier, later in pairwise(times)]
    assert len(times) == 40
    assert max(steps) == pytest.approx(1 / 25, abs=0.01)
    assert min(steps) == pytest.approx(1 / 25, abs=0.01)


def test_without_loop_a_stream_ends_with_its_file(folder: Path) -> None:
    with RtspCamera(programmes=MediaFolder(folder, loops=False)) as camera:
        assert len(pictures(camera.url + "a.mkv", 100)) == pytest.approx(25, abs=1)


def test_a_file_that_arrives_later_or_changes_is_played(tmp_path: Path) -> None:
    with RtspCamera(programmes=MediaFolder(tmp_path)) as camera:
        with pytest.raises(SourceUnavailable, match="not-found"):
            pictures(camera.url + "late.mkv", 1)
        make_clip(tmp_path / "late.mkv", size=(64, 64), count=25)
        assert len(pictures(camera.url + "late.mkv", 2)) == 2
        make_clip(tmp_path / "late.mkv", size=(96, 64), count=25)
        with open_video(Address(camera.url + "late.mkv", timeout_s=60.0)) as video:
            assert video.stream.codec_context.width == 96


def test_a_digest_login_is_asked_for(folder: Path) -> None:
    with RtspCamera(programmes=MediaFolder(folder), login=Login("me", "s3cret", digest=True)) as camera:
        with pytest.raises(SourceUnavailable, match="unauthorized"):
            pictures(camera.url + "a.mkv", 1)
        assert len(pictures(camera.login_url + "a.mkv", 2)) == 2


def test_a_taken_port_gives_way_to_the_next(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.create_server(("127.0.0.1", 0)) as probe:
        ports = (taken.getsockname()[1], probe.getsockname()[1])
        probe.close()
        with started(RtspOptions(media=folder, ports=ports)) as camera:
            assert camera.port == ports[1]


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is no folder"), RtspCamera(programmes=MediaFolder(tmp_path / "none")):
        pass
