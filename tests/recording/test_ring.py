"""The ring: what it keeps, where a clip begins, and that it is bounded."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.core.types import Packet, VideoFormat
from footfall.recording.ring import Ring
from recording.camera import START, packet, stream


def filled(*packets: Packet, most_bytes: int = 10**9) -> Ring:
    ring = Ring(most_bytes)
    for one in packets:
        ring.push(one)
    return ring


def times(ring: Ring, start_s: float) -> list[float]:
    """Where a clip from `start_s` on begins and ends now."""
    held = [entry.packet.t_s for entry in ring.since(ring.begin(start_s))]
    return [round(held[0], 3), round(held[-1], 3)] if held else []


@pytest.mark.parametrize(
    ("start_s", "expected"),
    [
        pytest.param(5.0, [5.0, 9.9], id="on a key frame"),
        pytest.param(5.95, [5.0, 9.9], id="within a group"),
        pytest.param(-3.0, [0.0, 9.9], id="before all that is held"),
        pytest.param(9.95, [9.0, 9.9], id="newer than all"),
    ],
)
def test_a_clip_begins_with_the_key_frame_before(start_s: float, expected: list[float]) -> None:
    assert times(filled(*stream(0.0, 10.0)), start_s) == expected


def test_what_comes_before_the_first_key_frame_is_of_no_use() -> None:
    ring = filled(*(packet(k / 10) for k in range(5)), packet(0.5, is_key=True), packet(0.6))
    assert [entry.packet.t_s for entry in ring.since(0)] == [0.5, 0.6]
    assert ring.begin(0.0) == 5


def test_an_empty_ring_waits_for_what_comes() -> None:
    ring = Ring()
    number = ring.begin(3.0)
    ring.push(packet(3.0, is_key=True))
    assert [entry.number for entry in ring.since(number)] == [0]


def test_it_forgets_whole_groups() -> None:
    ring = filled(*stream(0.0, 10.0))
    ring.forget_before(4.5)
    assert times(ring, 0.0) == [4.0, 9.9]
    assert ring.has_forgotten
    ring.forget_before(100.0)
    assert times(ring, 0.0) == [9.0, 9.9], "always from one key frame"


def test_it_is_bounded_in_bytes() -> None:
    ring = filled(*stream(0.0, 10.0), most_bytes=350)
    assert ring.size_bytes <= 350
    assert times(ring, 0.0) == [7.0, 9.9]


def test_a_group_that_does_not_fit_goes_whole() -> None:
    ring = filled(packet(0.0, is_key=True), *(packet(k / 10) for k in range(1, 20)), most_bytes=100)
    assert len(ring) == ring.size_bytes == 0
    ring.push(packet(2.0, is_key=True))
    assert len(ring) == 1


def test_a_camera_that_was_away_begins_where_it_came_back() -> None:
    ring = filled(*stream(0.0, 3.0), *stream(10.0, 15.0))
    assert times(ring, 2.0) == [2.0, 14.9], "before the gap"
    ring = filled(*stream(0.0, 3.0))
    ring.break_off()
    for one in stream(10.0, 15.0, pts_s=50.0):
        ring.push(one)
    assert times(ring, 7.0) == [10.0, 14.9], "nothing of the time before would be wanted"
    assert [entry.run for entry in ring.since(0)] == [0] * 30 + [1] * 50


@pytest.mark.parametrize(
    ("after", "runs"),
    [
        pytest.param(packet(1.0, is_key=True), 1, id="goes on"),
        pytest.param(packet(4000.0, is_key=True), 1, id="a recording that paused"),
        pytest.param(packet(1.0, is_key=True, pts_s=0.0), 2, id="starts again"),
        pytest.param(packet(1.0, is_key=True, pts_s=5000.0), 2, id="leaps"),
        pytest.param(packet(1.0, is_key=True, video=VideoFormat("h264", Fraction(1, 1000), b"b")), 2, id="format"),
    ],
)
def test_runs(after: Packet, runs: int) -> None:
    ring = filled(*stream(0.0, 1.0), after)
    assert len({entry.run for entry in ring.since(0)}) == runs


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 50)), max_size=200), st.integers(50, 500))
def test_whatever_comes_it_stays_within_its_bounds(packets: list[tuple[bool, int]], most_bytes: int) -> None:
    ring = Ring(most_bytes)
    for number, (is_key, size) in enumerate(packets):
        ring.push(packet(number / 10, is_key=is_key, size=size))
        held = list(ring.since(0))
        assert ring.size_bytes == sum(len(entry.packet.data) for entry in held) <= most_bytes
        assert not held or held[0].packet.is_key
        assert [entry.number for entry in held] == list(range(number + 1 - len(held), number + 1))


@pytest.mark.parametrize(
    ("utc_s", "t_s"),
    [
        pytest.param(0.5, 0.5, id="between two pictures"),
        pytest.param(-2.0, -2.0, id="before all"),
        pytest.param(3.0, 3.0, id="after all"),
        pytest.param(1.55, 1.05, id="the clock runs half a second ahead by now"),
    ],
)
def test_stream_time_of_a_time_of_day(utc_s: float, t_s: float) -> None:
    ring = Ring()
    assert ring.when(START) is None
    for one in stream(0.0, 2.0):
        ahead = timedelta(seconds=0.5 if 1.0 <= one.t_s < 1.9 else 0.0)
        ring.push(replace(one, utc=one.utc + ahead))
    assert ring.when(START + timedelta(seconds=utc_s)) == pytest.approx(t_s)
