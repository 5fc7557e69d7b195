"""Playing files: every codec and container, every kind of damage."""

from __future__ import annotations

import logging
import re
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import av
import numpy as np
import pytest

from footage import make_clip
from footfall.config.plan import OnEnd, Pace, SourceSpec
from footfall.core.errors import SourceUnavailable
from footfall.core.ports import Source
from footfall.core.types import Frame, Packet
from footfall.ingest.container import Address, probe
from footfall.ingest.decode import VideoSource
from footfall.ingest.packets import PacketSource

START = datetime(2026, 1, 1, tzinfo=UTC)


class FakeClock:
    """Time that only `wait` moves."""

    def __init__(self) -> None:
        self.passed_s = 0.0

    def now(self) -> datetime:
        return START + timedelta(seconds=self.passed_s)

    def monotonic_s(self) -> float:
        return self.passed_s

    def wait(self, seconds: float) -> None:
        self.passed_s += seconds


def source(
    url: str | Path,
    *,
    on_end: OnEnd = OnEnd.STOP,
    pace: Pace = Pace.FAST,
    max_fps: float = 1000.0,
    image_width_px: int | None = None,
    clock: FakeClock | None = None,
    on_packet: Callable[[Packet], None] | None = None,
) -> VideoSource:
    clock = clock or FakeClock()
    spec = SourceSpec("cam", str(url), on_end, pace, max_fps=max_fps)
    return VideoSource(spec, image_width_px=image_width_px, clock=clock, wait=clock.wait, on_packet=on_packet)


def play(url: str | Path, **options: object) -> list[Frame]:
    return list(source(url, **options).frames())  # type: ignore[arg-type]


def reason(url: str | Path, **options: object) -> str:
    with pytest.raises(SourceUnavailable) as caught:
        play(url, **options)
    assert caught.value.detail
    return caught.value.reason


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.mp4", "libx264"),
        ("a.mkv", "libx264"),
        ("a.avi", "libx264"),
        ("a.ts", "libx264"),
        ("a.h264", "libx264"),
        ("a.mov", "libx264"),
        ("a.flv", "libx264"),
        ("a.mp4", "libx265"),
        ("a.hevc", "libx265"),
        ("a.mkv", "libx265"),
        ("a.webm", "libvpx-vp9"),
        ("a.mp4", "mpeg4"),
        ("a.avi", "mpeg4"),
        ("a.avi", "mjpeg"),
        ("a.mjpeg", "mjpeg"),
        ("a.gif", "gif"),
    ],
)
def test_every_codec_gives_every_frame(tmp_path: Path, name: str, codec: str) -> None:
    frames = play(make_clip(tmp_path / name, codec))
    assert [frame.index for frame in frames] == list(range(30))
    fps = 25 if name in {"a.h264", "a.hevc", "a.mjpeg"} else 10
    assert [frame.t_s for frame in frames] == pytest.approx([n / fps for n in range(30)], abs=0.011)
    assert [frame.utc for frame in frames] == [START + timedelta(seconds=frame.t_s) for frame in frames]
    assert all(frame.image.shape == (90, 160, 3) and frame.image.dtype == np.uint8 for frame in frames)
    darks = [int(frame.image[70, 120].mean()) for frame in frames]
    assert np.abs(np.array(darks) - 2 * np.arange(30)).max() < (40 if codec == "gif" else 20)
    assert frames[-1].image[20, 30].min() > 215


def test_b_frames_come_in_presentation_order(tmp_path: Path) -> None:
    frames = play(make_clip(tmp_path / "b.mp4", bframes=3))
    darks = [int(frame.image[70, 120].mean()) for frame in frames]
    assert darks == sorted(darks)
    assert len(frames) == 30


def test_variable_frame_rate_keeps_its_times(tmp_path: Path) -> None:
    pts_ms = [0, 40, 80, 500, 520, 3000, 3040]
    frames = play(make_clip(tmp_path / "vfr.mkv", count=len(pts_ms), pts_ms=pts_ms))
    assert [frame.t_s for frame in frames] == pytest.approx([pts / 1000 for pts in pts_ms], abs=0.002)


@pytest.mark.parametrize("name", ["one.mp4", "one.h264", "one.gif"])
def test_one_frame(tmp_path: Path, name: str) -> None:
    (frame,) = play(make_clip(tmp_path / name, "gif" if name.endswith("gif") else "libx264", count=1))
    assert (frame.index, frame.t_s, frame.utc) == (0, 0.0, START)


def test_only_frames_that_pass_the_filter_come_and_keep_their_numbers(tmp_path: Path) -> None:
    frames = play(make_clip(tmp_path / "a.mp4", count=50, fps=25), max_fps=5)
    assert [frame.index for frame in frames] == list(range(0, 50, 5))


@pytest.mark.parametrize(
    ("size", "image_width_px", "image_size", "size_px"),
    [
        pytest.param((160, 90), None, (160, 90), (640, 360), id="as wide as the source"),
        pytest.param((160, 90), 80, (80, 46), (640, 360), id="scaled, sides even"),
        pytest.param((160, 90), 416, (160, 90), (640, 360), id="never enlarged"),
        pytest.param((160, 120), 64, (64, 48), (640, 480), id="4:3"),
    ],
)
def test_sizes(
    tmp_path: Path, size: tuple[int, int], image_width_px: int, image_size: tuple[int, int], size_px: tuple[int, int]
) -> None:
    frame = play(make_clip(tmp_path / "a.mp4", count=2, size=size), image_width_px=image_width_px)[0]
    assert frame.image.shape == (image_size[1], image_size[0], 3)
    assert frame.size_px == size_px


@pytest.mark.parametrize(
    ("rotation", "corner"),
    [
        pytest.param(0, (0, 0), id="upright"),
        pytest.param(90, (1, 0), id="counter-clockwise: top left goes bottom left"),
        pytest.param(180, (1, 1), id="upside down"),
        pytest.param(-90, (0, 1), id="clockwise: top left goes top right"),
    ],
)
def test_rotated_phone_video_comes_upright(tmp_path: Path, rotation: int, corner: tuple[int, int]) -> None:
    frame = play(make_clip(tmp_path / "a.mp4", count=3, rotation=rotation), image_width_px=80)[0]
    height, width = frame.image.shape[:2]
    assert (width, height) == ((80, 46) if rotation % 180 == 0 else (80, 142))
    assert frame.size_px == ((640, 360) if rotation % 180 == 0 else (640, 1138))
    bright = [
        (row, column)
        for row in (0, 1)
        for column in (0, 1)
        if frame.image[height // 4 + row * height // 2, width // 4 + column * width // 2].min() > 200
    ]
    assert bright == [corner]
    assert frame.image.flags.c_contiguous


def test_pixels_that_are_not_square_are_stretched(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "anamorphic.mp4", size=(120, 120), pixel_aspect=Fraction(4, 3))
    frame = play(clip)[0]
    assert frame.image.shape == (120, 160, 3)
    assert frame.size_px == (640, 480)


def test_resolution_changes_in_mid_stream(tmp_path: Path) -> None:
    small = make_clip(tmp_path / "small.h264", count=5).read_bytes()
    large = make_clip(tmp_path / "large.h264", count=5, size=(320, 240)).read_bytes()
    (tmp_path / "both.h264").write_bytes(small + large + small)
    frames = play(tmp_path / "both.h264")
    assert [frame.image.shape[:2] for frame in frames] == [(90, 160)] * 5 + [(240, 320)] * 5 + [(90, 160)] * 5
    assert [frame.size_px for frame in frames[::5]] == [(640, 360), (640, 480), (640, 360)]


@pytest.mark.parametrize("name", ["cut.mkv", "cut.ts", "cut.avi", "cut.mp4"])
def test_a_file_cut_in_the_middle_gives_all_it_has(tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture) -> None:
    options = {"movflags": "faststart"} if name.endswith("mp4") else {}
    clip = make_clip(tmp_path / name, count=100, options=options)
    clip.write_bytes(clip.read_bytes()[: clip.stat().st_size * 6 // 10])
    with caplog.at_level(logging.WARNING, "footfall"):
        frames = play(clip)
    assert 30 < len(frames) < 95
    if not name.endswith("ts"):  # a transport stream states no length
        assert "cut?" in caplog.text or "the rest cannot be read" in caplog.text


def test_damaged_packets_are_skipped_and_counted(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "a.avi", "mpeg4", count=60, gop=5)
    with av.open(str(clip)) as container:
        places = [(packet.pos, packet.size) for packet in container.demux(video=0) if packet.size]
    data = bytearray(clip.read_bytes())
    for position, size in places[10:12]:
        assert position is not None
        data[position + 8 : position + 8 + size] = b"\xff" * size
    clip.write_bytes(data)
    damaged = source(clip)
    frames = list(damaged.frames())
    assert damaged.errors >= 1
    assert 50 <= len(frames) < 60


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.mp4", "libx264"), ("a.mkv", "libx264"), ("a.flv", "libx264"), ("a.ts", "libx264"), ("a.webm", "libvpx-vp9")],
)
def test_whatever_the_damage_it_plays_or_says_why(tmp_path: Path, name: str, codec: str) -> None:
    whole = make_clip(tmp_path / name, codec, count=15).read_bytes()
    rng = np.random.default_rng(3)
    reasons: set[str] = set()
    for number in range(40):
        data = np.frombuffer(whole, np.uint8).copy()
        spots = rng.integers(0, len(data), (1, 5, 50)[number % 3])
        data[spots] = rng.integers(0, 256, len(spots))
        (tmp_path / name).write_bytes(data.tobytes()[: len(data) if number % 4 else rng.integers(len(data))])
        try:
            times_s = [frame.t_s for frame in play(tmp_path / name, image_width_px=32)]
        except SourceUnavailable as error:
            reasons.add(error.reason)
        else:
            assert times_s == sorted(times_s)
    assert reasons <= {"not-video", "no-frames", "broken"}


def not_video(folder: Path) -> dict[str, Path]:
    rng = np.random.default_rng(1)
    files = {
        "garbage": rng.bytes(50_000),
        "text": b"A film with words only.\n" * 1000,
        "empty": b"",
        "moovless": make_clip(folder / "whole.mp4").read_bytes()[:2000],
    }
    for name, data in files.items():
        (folder / f"{name}.mp4").write_bytes(data)
    (folder / "folder.mp4").mkdir()
    with av.open(str(folder / "sound.mp4"), "w") as container:
        stream = container.add_stream("aac", rate=16000)
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 16000), np.float32), "fltp", "mono")
        sound.sample_rate = 16000
        container.mux(stream.encode(sound))
        container.mux(stream.encode(None))
    return {name: folder / f"{name}.mp4" for name in (*files, "folder", "sound")}


@pytest.mark.parametrize("kind", ["garbage", "text", "empty", "moovless", "folder", "sound"])
def test_what_is_no_video_says_so(tmp_path: Path, kind: str) -> None:
    assert reason(not_video(tmp_path)[kind]) == "not-video"


def test_a_header_without_pictures(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "a.mkv")
    with av.open(str(clip)) as container:
        first = next(packet.pos for packet in container.demux(video=0) if packet.pos is not None)
    clip.write_bytes(clip.read_bytes()[: first - 4])
    assert reason(clip) in {"no-frames", "not-video"}


def test_missing_file(tmp_path: Path) -> None:
    assert reason(tmp_path / "none.mp4") == "not-found"
    assert reason(f"file://{tmp_path}/none.mp4") == "not-found"


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert reason(f"rtsp://127.0.0.1:{port}/live") == "refused"
    assert reason(f"http://127.0.0.1:{port}/a.mp4") == "refused"


@pytest.mark.parametrize("protocol", ["rtsp", "http"])
def test_a_server_that_accepts_and_says_nothing_is_a_timeout(protocol: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        spec = SourceSpec("cam", f"{protocol}://u:hush@127.0.0.1:{server.getsockname()[1]}/a.mp4", timeout_s=0.5)
        with pytest.raises(SourceUnavailable, match="timeout") as caught:
            list(VideoSource(spec, clock=FakeClock()).frames())
    assert "hush" not in str(caught.value)


def test_an_unknown_protocol_is_not_tried() -> None:
    assert reason("concat://a|b") == "broken"
    assert reason("concat:/etc/passwd|/etc/hosts") == "not-found"


def test_a_play_list_cannot_reach_the_network(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        play_list = tmp_path / "a.m3u8"
        url = f"http://127.0.0.1:{server.getsockname()[1]}/a.ts"
        play_list.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{url}\n#EXT-X-ENDLIST\n")
        with pytest.raises(SourceUnavailable):
            play(play_list)
        with pytest.raises(TimeoutError):
            server.accept()


class TestLoop:
    def test_time_number_and_loop_go_on(self, tmp_path: Path) -> None:
        clip = make_clip(tmp_path / "a.mp4", count=5)
        looped = source(clip, on_end=OnEnd.LOOP)
        frames = [frame for frame, _ in zip(looped.frames(), range(13), strict=False)]
        assert [frame.loop for frame in frames] == [0] * 5 + [1] * 5 + [2] * 3
        assert [frame.index for frame in frames] == list(range(13))
        assert [frame.t_s for frame in frames] == pytest.approx([n / 10 for n in range(13)])
        assert frames[-1].utc == START + timedelta(seconds=1.2)

    def test_close_ends_it(self, tmp_path: Path) -> None:
        looped = source(make_clip(tmp_path / "a.mp4", count=5), on_end=OnEnd.LOOP)
        seen = 0
        for _ in looped.frames():
            seen += 1
            if seen == 7:
                looped.close()
                looped.close()
        assert seen == 7

    def test_the_file_disappears(self, tmp_path: Path) -> None:
        clip = make_clip(tmp_path / "a.mp4", count=5)
        frames = source(clip, on_end=OnEnd.LOOP).frames()
        next(frames)
        clip.unlink()
        with pytest.raises(SourceUnavailable, match="not-found"):
            list(frames)


class TestPace:
    def test_real_time_waits_for_each_frame(self, tmp_path: Path) -> None:
        clock = FakeClock()
        clip = make_clip(tmp_path / "a.mp4", count=20)
        for frame in source(clip, pace=Pace.REALTIME, clock=clock).frames():
            assert clock.passed_s == pytest.approx(frame.t_s)
            assert frame.utc == pytest.approx(clock.now(), abs=timedelta(milliseconds=1))

    def test_after_a_standstill_it_does_not_hurry_and_utc_is_later(self, tmp_path: Path) -> None:
        clock = FakeClock()
        frames = source(make_clip(tmp_path / "a.mp4", count=20), pace=Pace.REALTIME, clock=clock).frames()
        next(frames)
        clock.passed_s += 60.0
        for frame in frames:
            assert abs((frame.utc - clock.now()).total_seconds()) < 0.01
        assert clock.passed_s == pytest.approx(60.0 + 1.8)

    def test_fast_never_waits(self, tmp_path: Path) -> None:
        clock = FakeClock()
        play(make_clip(tmp_path / "a.mp4", count=20), clock=clock)
        assert clock.passed_s == 0.0


def test_a_file_as_camera_ends_as_a_fault(tmp_path: Path) -> None:
    assert reason(make_clip(tmp_path / "a.mp4", count=3), on_end=OnEnd.RECONNECT) == "ended"


def test_packets_are_tapped_before_decoding_and_play_again(tmp_path: Path) -> None:
    packets: list[Packet] = []
    frames = play(make_clip(tmp_path / "a.ts", count=30), on_packet=packets.append)
    assert len(packets) == 30
    assert [n for n, packet in enumerate(packets) if packet.is_key] == [0, 10, 20]
    assert packets[-1].t_s == pytest.approx(frames[-1].t_s, abs=0.11)
    (tmp_path / "tapped.h264").write_bytes(b"".join(packet.data for packet in packets))
    assert len(play(tmp_path / "tapped.h264")) == 30


@pytest.mark.parametrize(
    ("name", "codec", "key_slices"),
    [
        pytest.param("a.h264", "libx264", {5}, id="h264"),
        pytest.param("a.hevc", "libx265", {19 << 1, 20 << 1, 21 << 1}, id="h265"),
    ],
)
def test_a_stream_cut_before_a_key_frame_gives_no_packet_without_a_picture(
    tmp_path: Path, name: str, codec: str, key_slices: set[int]
) -> None:
    """Its parameter sets came: FFmpeg gives them out when the camera is lost, and no player decodes them."""
    whole = make_clip(tmp_path / name, codec, count=25).read_bytes()
    types = 0x1F if codec == "libx264" else 0x7E
    keys = [
        unit.start() for unit in re.finditer(rb"\x00\x00\x01(.)", whole, re.DOTALL) if unit[1][0] & types in key_slices
    ]
    cut = tmp_path / f"cut-{name}"
    cut.write_bytes(whole[: keys[-1]])
    with av.open(str(cut)) as container:
        given = [bytes(packet) for packet in container.demux(video=0) if packet.size]
    assert len(given) > 10
    seen: list[Packet] = []
    unseen: list[Packet] = []
    assert len(play(cut, on_packet=seen.append)) == len(given) - 1
    with pytest.raises(SourceUnavailable):
        list(PacketSource(SourceSpec("cam", str(cut)), clock=FakeClock(), on_packet=unseen.append).frames())
    assert [packet.data for packet in seen] == [packet.data for packet in unseen] == given[:-1]


def test_calling_frames_again_starts_anew(tmp_path: Path) -> None:
    again = source(make_clip(tmp_path / "a.mp4", count=5))
    assert [frame.t_s for frame in again.frames()] == [frame.t_s for frame in again.frames()]


def test_it_is_a_source() -> None:
    assert isinstance(source("a.mp4"), Source)


def test_probe_knows_the_file(tmp_path: Path) -> None:
    info = probe(Address(str(make_clip(tmp_path / "a.mp4"))))
    assert (info.codec, info.size_px, info.fps, info.frames) == ("h264", (160, 90), 10.0, 30)
    assert info.duration_s == pytest.approx(3.0)
    assert probe(Address(str(make_clip(tmp_path / "a.h264")))).frames is None


@pytest.fixture
def web(tmp_path: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/locked"):
                self.send_error(401)
            else:
                super().do_GET()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_http(tmp_path: Path, web: str) -> None:
    make_clip(tmp_path / "a.mp4")
    assert len(play(f"{web}/a.mp4")) == 30
    assert reason(f"{web}/none.mp4") == "not-found"
    assert reason(f"{web.replace('//', '//u:hush@')}/locked.mp4") == "unauthorized"


class TickingClock(FakeClock):
    """A second passes whenever somebody looks."""

    def monotonic_s(self) -> float:
        self.passed_s += 1.0
        return self.passed_s


def test_a_camera_that_never_sends_a_key_frame(tmp_path: Path, web: str) -> None:
    clip = make_clip(tmp_path / "whole.h264", count=60, gop=100)
    with av.open(str(clip)) as container:
        packets = [bytes(packet) for packet in container.demux(video=0) if packet.size]
    parameters = packets[0][: packets[0].index(b"\x00\x00\x01\x65")]
    (tmp_path / "keyless.h264").write_bytes(parameters + b"".join(packets[1:]))
    assert reason(f"{web}/keyless.h264", on_end=OnEnd.RECONNECT, clock=TickingClock()) == "no-frames"


def test_ffmpeg_keeps_quiet(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for path in not_video(tmp_path).values():
        with pytest.raises(SourceUnavailable):
            play(path)
    out, err = capfd.readouterr()
    assert out == ""
    assert [line for line in err.splitlines() if not line.startswith("x26")] == []


@pytest.mark.parametrize(
    ("clip", "frames", "last_s"),
    [
        ("intel_people_detection/clip.h264", 596, 595 / 25),
        ("intel_one_by_one/clip.mp4", 1394, 139.3),
        ("intel_store_aisle_gif/clip.gif", 67, 4.4),
        ("intel_worker_zone_gif/clip.gif", 71, 4.67),
    ],
)
def test_real_clips_give_every_frame(shared: Path, clip: str, frames: int, last_s: float) -> None:
    played = play(shared / "data/clips" / clip, image_width_px=64)
    assert [frame.index for frame in played] == list(range(frames))
    assert played[-1].t_s == pytest.approx(last_s)
    assert played[-1].size_px == (640, 360)
