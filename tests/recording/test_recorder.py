"""Packets and events in, files out: every clip plays, holds its events, and is no longer than asked."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import av
import pytest

from disk import files_at_most
from footage import make_clip
from footfall.core.types import Packet
from footfall.recording.event_clips import ClipRecorder
from footfall.recording.folder import ClipFolder
from footfall.recording.gate import GateSettings
from recording.camera import numbers, packets_of

SETTINGS = GateSettings(-1.0, 2.0, 4.0, 0.0)


def record(folder: Path, packets: list[Packet], *events_s: float, settings: GateSettings = SETTINGS) -> ClipRecorder:
    """Feed packets; the analysis follows half a second behind."""
    recorder = ClipRecorder("cam", ClipFolder(folder, "cam"), settings)
    feed(recorder, packets, *events_s)
    recorder.close()
    return recorder


def feed(recorder: ClipRecorder, packets: list[Packet], *events_s: float) -> None:
    told: set[float] = set()
    for packet in packets:
        recorder.take(packet)
        now_s = packet.decode_s - 0.5
        new = {t_s for t_s in events_s if t_s <= now_s} - told
        recorder.reach(now_s, sorted(new))
        recorder.settle()
        told |= new
    recorder.reach(packets[-1].t_s, [t_s for t_s in events_s if t_s not in told])
    recorder.settle()


def clips(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.mp4"))


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds, ten pictures a second, a key frame every second."""
    return make_clip(tmp_path_factory.mktemp("footage") / "a.mp4", count=100, bframes=2)


@pytest.fixture(scope="module")
def packets(footage: Path) -> list[Packet]:
    return packets_of(footage)


def test_a_clip_begins_with_a_key_frame_and_holds_its_event(tmp_path: Path, packets: list[Packet]) -> None:
    recorder = record(tmp_path, packets, 3.5)
    (clip,) = clips(tmp_path)
    assert clip.name == "cam-20260101T000002Z.mp4", "named by the wanted start, not by the key frame before"
    shown = numbers(clip)
    assert shown[0] == 20, "the key frame before 2.5 s"
    assert 35 in {number + off for number in shown for off in (0, 1)}
    assert 54 <= shown[-1] <= 59, "5.5 s, and what its reordered pictures need"
    assert recorder.tally.clips == 1
    assert recorder.tally.size_bytes == clip.stat().st_size


def test_players_see_its_time_and_length(tmp_path: Path, packets: list[Packet]) -> None:
    record(tmp_path, packets, 3.5)
    with av.open(str(clips(tmp_path)[0])) as container:
        assert container.metadata["creation_time"].startswith("2026-01-01T00:00:02")
        assert container.duration is not None
        assert 3.0 <= container.duration / av.time_base <= 3.0 + 1.0 + 0.3, "within one group and one frame"
    head = clips(tmp_path)[0].read_bytes()
    assert head.index(b"moov") < head.index(b"mdat"), "the index stands first"


def test_packets_are_the_cameras_own(tmp_path: Path, packets: list[Packet]) -> None:
    record(tmp_path, packets, 3.5)
    with av.open(str(clips(tmp_path)[0])) as container:
        written = [bytes(packet) for packet in container.demux(video=0) if packet.size]
    sent = [packet.data for packet in packets]
    at = sent.index(written[0])
    assert written == sent[at : at + len(written)]


@pytest.mark.parametrize(
    ("name", "codec", "bframes"),
    [
        pytest.param("a.ts", "libx264", 2, id="start codes"),
        pytest.param("a.mkv", "libx264", 3, id="decode times missing"),
        pytest.param("a.h264", "libx264", 0, id="no time stamps, taken for 25 a second"),
        pytest.param("a.mp4", "libx265", 2, id="h265"),
        pytest.param("a.avi", "mjpeg", 0, id="mjpeg"),
    ],
)
def test_any_usual_video(tmp_path: Path, name: str, codec: str, bframes: int) -> None:
    packets = packets_of(make_clip(tmp_path / name, codec, count=90, bframes=bframes))
    record(tmp_path / "clips", packets, packets[40].t_s)
    (clip,) = clips(tmp_path / "clips")
    shown = numbers(clip)
    assert {30, 40, 55} <= {number + off for number in shown for off in (-1, 0, 1)}
    if name != "a.h264":
        assert len(shown) <= 31 + 10 + 3


def test_a_rotated_camera_stays_rotated(tmp_path: Path) -> None:
    packets = packets_of(make_clip(tmp_path / "a.mp4", count=50, rotation=90))
    record(tmp_path / "clips", packets, 2.0)
    with av.open(str(clips(tmp_path / "clips")[0])) as container:
        assert next(container.decode(video=0)).rotation == 90


def test_a_hundred_events_in_ten_seconds_give_one_clip(tmp_path: Path, packets: list[Packet]) -> None:
    record(tmp_path, packets, *(k / 10 for k in range(100)), settings=GateSettings(-5.0, 10.0, 60.0))
    (clip,) = clips(tmp_path)
    assert numbers(clip) == pytest.approx(list(range(100)), abs=1)


def test_what_a_slow_disk_leaves_out_of_a_clip_parts_it(tmp_path: Path, packets: list[Packet]) -> None:
    recorder = ClipRecorder("cam", ClipFolder(tmp_path, "cam"), GateSettings(-1.0, 20.0, 30.0, 0.0))
    feed(recorder, packets[:50], 3.0)
    recorder.lose()
    feed(recorder, packets[75:])
    recorder.close()
    first, second = (numbers(clip) for clip in clips(tmp_path))
    assert (first[0], first[-1], second[0]) == (20, pytest.approx(49, abs=1), 80)


def test_two_clips_are_apart(tmp_path: Path, packets: list[Packet]) -> None:
    record(tmp_path, packets, 1.5, 7.5, settings=GateSettings(0.0, 1.0, 1.0, 0.0))
    assert [numbers(clip)[0] for clip in clips(tmp_path)] == [10, 70]


def test_the_end_of_the_stream_finishes_the_clip(tmp_path: Path, packets: list[Packet]) -> None:
    record(tmp_path, packets, 9.5)
    assert numbers(clips(tmp_path)[0])[-1] == pytest.approx(99, abs=1)


def test_an_event_told_late_still_gets_its_pictures(tmp_path: Path, packets: list[Packet]) -> None:
    recorder = ClipRecorder("cam", ClipFolder(tmp_path, "cam"), SETTINGS)
    feed(recorder, packets)
    recorder.reach(9.9, [3.5])
    recorder.close()
    assert numbers(clips(tmp_path)[0])[0] == 20


def test_an_event_older_than_memory_gets_what_there_is(
    tmp_path: Path, packets: list[Packet], caplog: pytest.LogCaptureFixture
) -> None:
    size = sum(len(packet.data) for packet in packets)
    recorder = ClipRecorder("cam", ClipFolder(tmp_path, "cam"), GateSettings(-1.0, 8.0, 8.0, 0.0), most_bytes=size // 2)
    feed(recorder, packets)
    recorder.reach(9.9, [2.0])
    recorder.close()
    assert numbers(clips(tmp_path)[0])[-1] == pytest.approx(99, abs=1)
    assert "begins" in caplog.text
    assert "late" in caplog.text


def test_a_camera_that_comes_back_gets_a_second_file(tmp_path: Path, packets: list[Packet]) -> None:
    recorder = ClipRecorder("cam", ClipFolder(tmp_path, "cam"), GateSettings(-1.0, 20.0, 30.0, 0.0))
    feed(recorder, packets[:50], 3.0)
    recorder.break_off()
    later = timedelta(seconds=8.0)
    feed(recorder, [replace(packet, t_s=packet.t_s + 8.0, utc=packet.utc + later) for packet in packets[:50]])
    recorder.close()
    first, second = (numbers(clip) for clip in clips(tmp_path))
    assert (first[0], second[0]) == (20, 0)
    assert first[-1] >= 47


def test_a_silent_camera_leaves_a_whole_clip(tmp_path: Path, packets: list[Packet]) -> None:
    recorder = ClipRecorder("cam", ClipFolder(tmp_path, "cam"), GateSettings(-1.0, 20.0, 30.0, 0.0))
    feed(recorder, packets[:50], 3.0)
    assert clips(tmp_path) == []
    recorder.pause(10.0)
    assert numbers(clips(tmp_path)[0])[0] == 20


def test_a_codec_that_mp4_does_not_hold_is_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    packets = packets_of(make_clip(tmp_path / "a.webm", "libvpx", count=60))
    recorder = record(tmp_path / "clips", packets, 1.0, 5.0, settings=GateSettings(0.0, 1.0, 1.0, 0.0))
    assert clips(tmp_path / "clips") == []
    assert recorder.tally.failures == 2
    assert caplog.text.count("vp8 video cannot be put into an MP4") == 1


@pytest.mark.parametrize("share", [0.1, 0.5, 0.97, 0.999], ids=["early", "midway", "in the index", "at the very end"])
def test_a_full_disk_costs_the_clip_and_nothing_else(
    tmp_path: Path, share: float, caplog: pytest.LogCaptureFixture
) -> None:
    noisy = packets_of(make_clip(tmp_path / "a.avi", "mjpeg", count=100, size=(640, 480)))
    record(tmp_path / "whole", noisy, 2.0)
    size = clips(tmp_path / "whole")[0].stat().st_size
    with files_at_most(round(size * share)):
        recorder = record(tmp_path / "full", noisy, 2.0, 7.5)
    assert list((tmp_path / "full").iterdir()) == []
    assert recorder.tally.failures == 2
    assert caplog.text.count("a clip is missing") == 1
    again = ClipRecorder("cam", ClipFolder(tmp_path / "full", "cam"), SETTINGS)
    feed(again, noisy, 2.0)
    again.close()
    assert again.tally.clips == 1


def test_a_folder_that_vanishes_is_told_once(
    tmp_path: Path, packets: list[Packet], caplog: pytest.LogCaptureFixture
) -> None:
    recorder = ClipRecorder("cam", ClipFolder(tmp_path / "clips", "cam"), GateSettings(0.0, 1.0, 1.0, 0.0))
    (tmp_path / "clips").rmdir()
    feed(recorder, packets, 1.0, 5.0)
    recorder.close()
    assert recorder.tally.failures == 2
    assert caplog.text.count("No such file or directory") == 1


def test_kill_leaves_no_half_file_under_a_final_name(tmp_path: Path, footage: Path) -> None:
    program = f"""
import os, signal
from pathlib import Path
from recording.camera import packets_of
from recording.test_recorder import SETTINGS, feed
from footfall.recording.folder import ClipFolder
from footfall.recording.event_clips import ClipRecorder
recorder = ClipRecorder("cam", ClipFolder(Path({str(tmp_path)!r}), "cam"), SETTINGS)
feed(recorder, packets_of(Path({str(footage)!r}))[:75], 1.0, 7.0)
os.kill(os.getpid(), signal.SIGKILL)
"""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run([sys.executable, "-c", program], env=environment, check=False)
    assert done.returncode == -signal.SIGKILL
    assert [path.name for path in tmp_path.glob(".*")] == [".cam-20260101T000006Z.mp4.part"]
    assert numbers(clips(tmp_path)[0])[0] == 0, "what was whole still is"
    ClipFolder(tmp_path, "cam")
    assert [path.name for path in tmp_path.iterdir()] == ["cam-20260101T000000Z.mp4"]


def test_clips_are_told_in_the_log(tmp_path: Path, packets: list[Packet], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    record(tmp_path, packets, 3.5)
    assert "cam-20260101T000002Z.mp4, 4.0 s" in caplog.text
