"""Stream clock: storyboards of (pts, arrival) -> stream time, and what never breaks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.ingest.clock import LATE_S, LIVE_GAP_S, PATIENCE_S, StreamClock

START = datetime(2026, 1, 1, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def play(steps: list[tuple[float | None, float]], *, live: bool, fps: float = 10.0) -> list[float]:
    """Stream times of frames given as (pts, arrival after START)."""
    clock = StreamClock(live=live)
    clock.start(fps)
    return [round(clock.tick(pts_s, after(arrival_s)).t_s, 6) for pts_s, arrival_s in steps]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param([(5.0, 0), (5.1, 9), (5.3, 9)], [0, 0.1, 0.3], id="pts count, wherever they start"),
        pytest.param([(None, 0), (None, 0), (None, 0)], [0, 0.1, 0.2], id="without pts: frame number by rate"),
        pytest.param([(0.0, 0), (None, 0), (0.2, 0)], [0, 0.1, 0.2], id="one pts missing: filled in, then caught up"),
        pytest.param([(None, 0), (0.1, 0), (0.2, 0)], [0, 0.1, 0.2], id="the first pts missing"),
        pytest.param([(0.0, 0), (0.1, 0), (0.1, 0), (0.2, 0)], [0, 0.1, 0.1, 0.2], id="a double pts stands still"),
        pytest.param([(0.0, 0), (0.2, 0), (0.1, 0), (0.3, 0)], [0, 0.2, 0.2, 0.3], id="a little disorder stands still"),
        pytest.param([(50.0, 0), (50.1, 0), (0.0, 0), (0.1, 0)], [0, 0.1, 0.2, 0.3], id="pts start again"),
        pytest.param([(0.0, 0), (60.0, 0)], [0, 60], id="a pause in a motion recording is kept"),
        pytest.param([(0.0, 0), (95443.7, 0), (95443.8, 0)], [0, 0.1, 0.2], id="a leap of a day is not"),
    ],
)
def test_recording(steps: list[tuple[float | None, float]], expected: list[float]) -> None:
    assert play(steps, live=False) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param([(5.0, 0), (5.1, 3), (5.2, 3)], [0, 0.1, 0.2], id="pts count, however bursty the arrival"),
        pytest.param([(None, 0), (None, 0.2), (None, 0.5)], [0, 0.2, 0.5], id="without pts: as they arrive"),
        pytest.param([(70.0, 0), (70.1, 0.1), (0.0, 2.1), (0.1, 2.2)], [0, 0.1, 2.1, 2.2], id="camera restarts"),
        pytest.param([(9.9, 0), (99999.0, 0.1), (99999.1, 0.2)], [0, 0.1, 0.2], id="pts leap ahead"),
        pytest.param([(95443.7, 0), (0.0, 0.04), (0.04, 0.08)], [0, 0.04, 0.08], id="pts wrap"),
        pytest.param([(0.0, 0), (5.0, 0), (-20.0, -60)], [0, 5, 5], id="the computer's clock steps back too"),
    ],
)
def test_live(steps: list[tuple[float | None, float]], expected: list[float]) -> None:
    assert play(steps, live=True) == pytest.approx(expected)


@pytest.mark.parametrize("live", [True, False])
def test_pts_that_never_move_are_given_up_after_a_second(live: bool) -> None:
    times_s = play([(7.0, n / 10) for n in range(101)], live=live)
    assert times_s[5] == 0.0
    assert times_s[-1] > 8.5


def test_a_looped_file_goes_on_one_frame_later() -> None:
    clock = StreamClock(live=False)
    times = []
    for _ in range(3):
        clock.start(10.0)
        times += [clock.tick(pts_s, START) for pts_s in (0.0, 0.1, 0.2)]
    assert [time.t_s for time in times] == pytest.approx([n / 10 for n in range(9)])
    assert times[-1].utc == after(0.8)


def test_a_looped_file_without_pts_keeps_exact_times() -> None:
    clock = StreamClock(live=False)
    times_s = []
    for _ in range(2):
        clock.start(25.0)
        times_s += [clock.tick(None, START).t_s for _ in range(500)]
    assert times_s[499] == 499 / 25
    assert times_s[999] == pytest.approx(999 / 25, abs=1e-12)


def test_utc_of_a_recording_ignores_arrival_but_not_a_standstill() -> None:
    clock = StreamClock(live=False)
    clock.start(10.0)
    assert clock.tick(0.0, START).utc == START
    assert clock.tick(4.0, after(0.001)).utc == after(4.0)
    clock.postpone(30.0)
    assert clock.tick(5.0, after(0.002)).utc == after(35.0)


def test_utc_never_lies_after_arrival() -> None:
    clock = StreamClock(live=True)
    clock.start(10.0)
    clock.tick(0.0, START)
    assert clock.tick(0.1, after(0.1)).utc == after(0.1)
    assert clock.tick(1.1, after(0.2)).utc == after(0.2), "the first frame had come late"
    assert clock.tick(1.2, after(0.3)).utc == after(0.3)


def test_utc_follows_pts_through_a_burst() -> None:
    clock = StreamClock(live=True)
    clock.start(10.0)
    utcs = [clock.tick(n / 10, after(n / 10)).utc for n in range(10)]
    utcs += [clock.tick(n / 10, after(4.0)).utc for n in range(10, 40)]
    for number, utc in enumerate(utcs):
        assert abs((utc - after(number / 10)).total_seconds()) < 0.05


def test_utc_follows_a_slow_camera_clock() -> None:
    clock = StreamClock(live=True)
    clock.start(10.0)
    for n in range(36000):
        utc = clock.tick(n / 10, after(n / 10 * 1.001)).utc
        assert abs((utc - after(n / 10 * 1.001)).total_seconds()) < 0.01


def test_utc_is_set_anew_when_frames_stay_late() -> None:
    clock = StreamClock(live=True)
    clock.start(10.0)
    late_s = LATE_S + 28.0
    clock.tick(0.0, START)
    lags = [late_s + n / 10 - (clock.tick(n / 10, after(late_s + n / 10)).utc - START).total_seconds()
            for n in range(1, 100)]  # fmt: skip
    assert lags[0] > 29.0
    assert lags[int(10 * PATIENCE_S) - 2] > 29.0
    assert lags[-1] == pytest.approx(0.0, abs=1e-3)


def test_packets_are_timed_between_the_frames() -> None:
    clock = StreamClock(live=False)
    clock.start(10.0)
    assert clock.at(3.0, START) == (0.0, START)
    clock.tick(3.0, START)
    assert clock.at(3.4, after(9)) == (pytest.approx(0.4), after(0.4))
    assert clock.at(2.0, after(9)).t_s == 0.0
    assert clock.at(None, after(9)).t_s == 0.0
    assert clock.at(99999.0, after(9)).t_s == 0.0
    assert clock.tick(3.1, START).t_s == pytest.approx(0.1), "asking changes nothing"


PTS = st.one_of(st.none(), st.floats(-1e6, 1e6), st.floats(0, 3))


@given(st.lists(st.tuples(PTS, st.floats(0, 5)), min_size=1, max_size=100), st.booleans())
def test_times_start_at_0_never_go_back_and_never_lie_ahead(
    steps: list[tuple[float | None, float]], live: bool
) -> None:
    clock = StreamClock(live=live)
    clock.start(25.0)
    now, last = START, None
    for pts_s, wait_s in steps:
        now += timedelta(seconds=wait_s)
        time = clock.tick(pts_s, now)
        if last is None:
            assert time == (0.0, now)
        else:
            assert time.t_s >= last.t_s
            assert time.utc >= last.utc - timedelta(microseconds=2)
            assert not live or time.t_s - last.t_s <= LIVE_GAP_S + 1.0
        assert not live or time.utc <= now + timedelta(microseconds=2)
        last = time
