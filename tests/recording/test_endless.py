"""A camera recorded without a break: what its clips hold."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from footage import make_clip
from footfall.core.types import Packet
from footfall.recording.endless import EndlessRecorder
from footfall.recording.folder import ClipFolder
from footfall.recording.schedule import Schedule
from footfall.recording.sink import Keeping
from recording.camera import numbers, packets_of

CLIPS = Schedule(4.0, 1.0)


@pytest.fixture(scope="module")
def packets(tmp_path_factory: pytest.TempPathFactory) -> list[Packet]:
    """Ten seconds, ten pictures a second, a key frame every second."""
    return packets_of(make_clip(tmp_path_factory.mktemp("footage") / "a.mp4", count=100))


def record(folder: Path, packets: list[Packet], schedule: Schedule = CLIPS, *, every: int = 7) -> EndlessRecorder:
    """Feed packets a few at a time, as the recorder's thread does."""
    recorder = recorder_of(folder, schedule)
    feed(recorder, packets, every)
    recorder.close()
    return recorder


def recorder_of(folder: Path, schedule: Schedule = CLIPS) -> EndlessRecorder:
    return EndlessRecorder("cam", ClipFolder(folder, "cam"), schedule, Keeping())


def feed(recorder: EndlessRecorder, packets: list[Packet], every: int = 7) -> None:
    for number, packet in enumerate(packets, 1):
        recorder.take(packet)
        if number % every == 0:
            recorder.settle()
    recorder.settle()


def shown(folder: Path) -> list[tuple[int, int]]:
    """First picture of each clip and how many it holds, in the order of their names; all of them decode."""
    clips = [numbers(clip) for clip in sorted(folder.glob("*.mp4"))]
    return [(pictures[0], len(pictures)) for pictures in clips]


@pytest.mark.parametrize("every", [1, 7, 35, 100])
def test_clips_overlap_and_hold_every_picture(tmp_path: Path, packets: list[Packet], every: int) -> None:
    recorder = record(tmp_path, packets, every=every)
    assert shown(tmp_path) == [(0, 41), (30, 41), (60, 40), (90, 10)]
    assert recorder.clips == 4


def test_a_clip_begins_with_the_key_frame_before_its_time(tmp_path: Path, packets: list[Packet]) -> None:
    record(tmp_path, packets, Schedule(4.0, 0.6))
    assert shown(tmp_path) == [(0, 41), (30, 45), (60, 40)]


def test_at_most_two_clips_grow_at_a_time(tmp_path: Path, packets: list[Packet]) -> None:
    recorder, most = recorder_of(tmp_path, Schedule(4.0, 2.0)), 0
    for packet in packets:
        feed(recorder, [packet], 1)
        most = max(most, len(list(tmp_path.glob(".*.part"))))
    recorder.close()
    assert most == 2
    assert shown(tmp_path) == [(0, 41), (20, 41), (40, 41), (60, 40), (80, 20)]


def test_a_camera_that_was_away(tmp_path: Path, packets: list[Packet]) -> None:
    recorder = recorder_of(tmp_path)
    feed(recorder, packets[:20])
    recorder.pause(10.0)
    assert shown(tmp_path) == [(0, 20)], "what there is, is whole at once"
    recorder.break_off()
    late = [replace(packet, t_s=packet.t_s + 3601.05, utc=packet.utc + timedelta(hours=1)) for packet in packets[:15]]
    feed(recorder, late)
    recorder.close()
    assert shown(tmp_path) == [(0, 20), (0, 15)]


def test_a_full_disk_is_told_once_and_the_next_clip_is_tried(
    tmp_path: Path, packets: list[Packet], caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "clips"
    recorder = recorder_of(folder)
    folder.rmdir()
    feed(recorder, packets[:50])
    folder.mkdir()
    feed(recorder, packets[50:])
    recorder.close()
    assert shown(folder) == [(60, 40), (90, 10)]
    assert caplog.text.count("a clip is missing: No such file or directory") == 1


def test_clips_are_told_in_the_log(tmp_path: Path, packets: list[Packet], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    record(tmp_path, packets)
    assert ".mp4, 4.1 s" in caplog.text
