"""Cameras that tell the time: what is believed, what is corrected, and what comes of clocks that are set."""

from __future__ import annotations

import logging
import math
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.config.plan import SourceSpec
from footfall.core.types import Frame
from footfall.engine.clock import SystemClock
from footfall.engine.clock_alarm import ClockAlarm, in_words
from footfall.ingest import camera_clock
from footfall.ingest.camera_clock import SETTLE_S, CameraClock
from footfall.ingest.clock import StreamClock, StreamTime
from footfall.ingest.decode import VideoSource
from footfall.simulator.rtsp import RtspCamera
from footfall.simulator.rtsp_faults import Fault
from footfall.simulator.rtsp_reports import SenderReports

START = datetime(2026, 1, 1, tzinfo=UTC)
WAY_S = 0.2
"""From the camera to us."""


def played(
    seconds: int, *, offset_s: float = 0.0, set_to_s: float | None = None, ours_s: float = 0.0, late_s: float = 0.0
) -> Iterator[tuple[float, StreamTime, float | None]]:
    """Ten pictures a second: when each was taken, what the clock says, the offset.

    In the middle the camera's clock is set to `set_to_s`, ours ahead by `ours_s`, and pictures get late by `late_s`.
    """
    clock = StreamClock(live=True)
    clock.start(10.0)
    for n in range(seconds * 10):
        taken_s, is_after = n / 10, n >= seconds * 5
        ahead_s = set_to_s if is_after and set_to_s is not None else offset_s
        arrives_s = taken_s + WAY_S + (late_s if is_after else 0.0)
        now = START + timedelta(seconds=arrives_s + (ours_s if is_after else 0.0))
        clock.camera.tell(taken_s + 77.0, START + timedelta(seconds=taken_s + ahead_s), now, arrives_s)
        yield taken_s, clock.tick(taken_s + 77.0, now, arrives_s), clock.camera.offset_s


@pytest.mark.parametrize(
    ("offset_s", "error_s"),
    [
        pytest.param(0.0, 0.0, id="a right clock: exactly when the picture was taken"),
        pytest.param(-1.0, -1.0, id="a second behind may be delay: believed"),
        pytest.param(0.1, 0.1, id="a little ahead, still before arrival: believed"),
        pytest.param(1.0, WAY_S, id="ahead: nothing lies in the future"),
        pytest.param(3.5, WAY_S, id="far ahead: corrected"),
        pytest.param(-4.0, WAY_S, id="far behind: corrected"),
        pytest.param(-1.5e9, WAY_S, id="never set: corrected"),
    ],
)
def test_capture_time(offset_s: float, error_s: float) -> None:
    taken_s, time, measured_s = list(played(10, offset_s=offset_s))[-1]
    assert (time.utc - START).total_seconds() == pytest.approx(taken_s + error_s, abs=1e-3)
    assert measured_s == pytest.approx(offset_s - WAY_S, abs=1e-3)


def test_before_the_clocks_are_compared_arrival_counts() -> None:
    early = [step for step in played(10, offset_s=9.0) if step[0] < SETTLE_S]
    assert all(offset_s is None for *_, offset_s in early)
    assert all((time.utc - START).total_seconds() == pytest.approx(taken_s + WAY_S) for taken_s, time, _ in early)


@pytest.mark.parametrize("set_to_s", [60.0, 3.3, -60.0, -3.3])
def test_a_camera_that_is_set_is_corrected_and_never_dates_into_the_future(set_to_s: float) -> None:
    steps = list(played(40, set_to_s=set_to_s))
    assert steps[-1][2] == pytest.approx(set_to_s - WAY_S, abs=1e-3)
    for taken_s, time, _ in steps:
        assert -0.001 <= (time.utc - START).total_seconds() - taken_s <= WAY_S + 0.001


@pytest.mark.parametrize("offset_s", [0.0, -2.5, 2.0, -40.0])
def test_dates_never_go_back_when_the_camera_is_believed(offset_s: float) -> None:
    dates = [time.utc for _, time, _ in played(20, offset_s=offset_s)]
    assert dates == sorted(dates)


@pytest.mark.parametrize("ours_s", [30.0, -30.0])
def test_when_our_clock_is_set_stream_time_goes_on_and_events_follow(ours_s: float) -> None:
    steps = list(played(40, ours_s=ours_s))
    assert [time.t_s for _, time, _ in steps] == pytest.approx([n / 10 for n in range(400)])
    taken_s, time, offset_s = steps[-1]
    assert offset_s == pytest.approx(-ours_s - WAY_S, abs=1e-3)
    assert (time.utc - START).total_seconds() == pytest.approx(taken_s + ours_s + WAY_S, abs=1e-3)


def test_our_clock_is_no_time_where_stamps_are_missing() -> None:
    clock = StreamClock(live=True)
    clock.start(10.0)
    times_s = [clock.tick(None, START + timedelta(seconds=n / 10 + 3600 * (n > 5)), n / 10).t_s for n in range(10)]
    assert times_s == pytest.approx([n / 10 for n in range(10)])


def test_delay_is_not_taken_for_a_wrong_clock() -> None:
    steps = list(played(120, late_s=20.0))
    assert [offset_s for *_, offset_s in steps[-100:]] == pytest.approx([-WAY_S] * 100, abs=1e-3)
    assert (steps[-1][1].utc - START).total_seconds() == pytest.approx(steps[-1][0], abs=1e-3)


def test_trust_comes_back_well_inside_of_the_limit() -> None:
    clock = CameraClock()
    believed = []
    for number, offset_s in enumerate((-2.9, -3.3, -2.9, -2.0)):
        for n in range(40):
            steady_s = 1000.0 * number + n / 10
            clock.tell(
                steady_s, START + timedelta(seconds=steady_s + offset_s), START + timedelta(seconds=steady_s), steady_s
            )
        taken = clock.taken(steady_s)
        assert taken is not None
        believed.append((taken - START).total_seconds() < steady_s - 1.0)
    assert believed == [True, False, False, True]


@given(
    offset_s=st.floats(-1e6, 1e6),
    ways_s=st.lists(st.floats(0.0, 30.0), min_size=60, max_size=60),
    fps=st.sampled_from([1, 5, 15]),
)
def test_the_quickest_way_counts(offset_s: float, ways_s: list[float], fps: int) -> None:
    clock = CameraClock()
    for n, way_s in enumerate(ways_s):
        taken_s = 31.0 + n / fps
        clock.tell(
            taken_s,
            START + timedelta(seconds=taken_s + offset_s),
            START + timedelta(seconds=taken_s + way_s),
            taken_s + way_s,
        )
    if clock.offset_s is not None:
        assert clock.offset_s <= offset_s + 1e-3
        assert clock.offset_s >= offset_s - max(ways_s) - 1e-3


def test_told_once_and_once_more_when_it_is_over(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    alarm = ClockAlarm("front")
    for offset_s in (None, 0.1, 3.2, 3.3, None, 3.2, -0.1, 0.0, -7.0):
        alarm.see(offset_s)
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO", "WARNING"]
    assert "front: its clock is 3.2 s ahead of ours" in caplog.text
    assert "7.0 s behind ours" in caplog.text


@pytest.mark.parametrize(("seconds", "words"), [(3.24, "3.2 s"), (7200.0, "120 min"), (1.8e9, "20833 days")])
def test_how_far_off_in_words(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


def test_reports_are_changed_wherever_the_bytes_are_cut() -> None:
    report = struct.pack(">cBHBBHIQI", b"$", 1, 20, 0x80, 200, 4, 7, 1000 << 32, 90)
    video = b"$\x00\x00\x04" + b"$\x01\xc8\xc8"
    answer = b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 4\r\n\r\n$\x01\x00\x08"
    stream = answer + video + report + video
    for size in (1, 3, 7, len(stream)):
        reports = SenderReports()
        sent = b"".join(reports.feed(stream[at : at + size], 3.5) for at in range(0, len(stream), size))
        assert sent == stream.replace(struct.pack(">Q", 1000 << 32), struct.pack(">Q", (1003 << 32) + (1 << 31)))


def watched(camera: RtspCamera, seconds: float) -> list[Frame]:
    spec = SourceSpec("cam", camera.url, max_fps=1000.0, timeout_s=60.0)
    return list(islice(VideoSource(spec, clock=SystemClock()).frames(), int(seconds * 25)))


@pytest.mark.usefixtures("rtsp_ready")
def test_a_camera_tells_its_time_over_rtcp_and_again_after_a_reconnect(
    camera_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(camera_clock, "SETTLE_S", 0.5)
    with RtspCamera(camera_clip) as camera:
        for offset_s in (0.0, 3600.0):
            camera.set_clock(offset_s)
            last = watched(camera, 5.0)[-1]
            assert last.clock_offset_s is not None
            assert math.isclose(last.clock_offset_s, offset_s, abs_tol=60.0)
            late_s = (SystemClock().now() - last.utc).total_seconds()
            assert -0.1 < late_s < 600.0, "a wrong clock is corrected"
            camera.fault(Fault.CUT)
