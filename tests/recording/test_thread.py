"""The recorder's thread: nobody waits for it, whatever it does."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path
from threading import Event

import pytest

from footfall.core.types import Packet
from footfall.recording.event_clips import ClipRecorder
from footfall.recording.folder import ClipFolder
from footfall.recording.gate import GateSettings
from footfall.recording.thread import RecordingThread
from recording.camera import packet, stream


class SlowRecorder(ClipRecorder):
    """Stands still until it is let go, like a disk that hangs; notes what it was told."""

    def __init__(self, folder: Path, *, fails: bool = False) -> None:
        super().__init__("cam", ClipFolder(folder, "cam"), GateSettings(-1.0, 2.0, 4.0))
        self.go = Event()
        self.told: list[object] = []
        self._fails = fails

    def take(self, packet: Packet) -> None:
        assert self.go.wait(60.0)
        self.told.append(round(packet.t_s, 3))
        if self._fails:
            raise ZeroDivisionError

    def break_off(self) -> None:
        self.told.append("break")

    def lose(self) -> None:
        self.told.append("loss")


def test_a_hanging_disk_holds_nobody_up(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    recorder = SlowRecorder(tmp_path)
    thread = RecordingThread("cam", recorder, most_bytes=100).start()
    thread.packet(packet(0.0, is_key=True))
    for one in stream(0.1, 10.0):
        thread.packet(one)
        thread.do(partial(recorder.reach, one.t_s), can_wait=True)
    assert recorder.told == [], "all were given while the disk hung"
    recorder.go.set()
    assert thread.close(60.0)
    assert recorder.told[:3] == [0.0, 0.1, 0.2]
    assert recorder.told[-1] == "loss"
    taken = [one for one in recorder.told if one != "loss"]
    assert len(taken) <= 12
    assert thread.left_out == 100 - len(taken), "a packet is taken or counted as left out"
    assert caplog.text.count("does not keep up") == 1


def test_another_connection_goes_on_in_the_cameras_time(tmp_path: Path) -> None:
    recorder = SlowRecorder(tmp_path)
    recorder.go.set()
    thread = RecordingThread("cam", recorder).start()
    thread.packet(packet(0.0, is_key=True))
    thread.life(7.5)
    thread.packet(packet(0.0, is_key=True))
    thread.packet(packet(0.1))
    assert thread.close(60.0)
    assert recorder.told == [0.0, "break", 7.5, 7.6]


def test_a_mistake_ends_recording_and_nothing_else(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    recorder = SlowRecorder(tmp_path, fails=True)
    recorder.go.set()
    thread = RecordingThread("cam", recorder).start()
    for one in stream(0.0, 1.0):
        thread.packet(one)
        thread.do(partial(recorder.reach, one.t_s, [one.t_s]))
    assert not thread.close(60.0)
    assert isinstance(thread.failure, ZeroDivisionError)
    assert "recording has stopped" in caplog.text


def test_closing_twice_and_packets_afterwards_do_no_harm(tmp_path: Path) -> None:
    thread = RecordingThread("cam", ClipRecorder("cam", ClipFolder(tmp_path, "cam"), GateSettings())).start()
    assert thread.close(60.0)
    thread.packet(packet(0.0, is_key=True))
    thread.do(lambda: pytest.fail("it is closed"))
    assert thread.close(60.0)
    assert thread.left_out == 0
