"""Media time over a camera's day: RTP differences, drift, and no way back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from footfall.core.media_time import TICKS_PER_S, ticks_of
from footfall.ingest.media_clock import AHEAD_S, MediaClock

START = datetime(2026, 1, 5, 10, tzinfo=UTC)
ORIGIN = ticks_of(START)


def at(clock: MediaClock, t_s: float, wall_s: float | None = None) -> float:
    """Media time in seconds after the start, at stream time `t_s` that was `wall_s` by the machine's clock."""
    utc = START + timedelta(seconds=t_s if wall_s is None else wall_s)
    return (clock.ticks(t_s, utc) - ORIGIN) / TICKS_PER_S


def test_starts_with_the_wall_clock_and_goes_on_with_the_stream() -> None:
    clock = MediaClock()
    assert at(clock, 0.0) == 0.0
    assert [at(clock, t_s, t_s + late_s) for t_s, late_s in ((0.04, 0.3), (0.08, 0.9), (0.12, -0.5))] == [
        0.04,
        0.08,
        0.12,
    ], "arrival jitters, media time does not"


def test_a_camera_that_runs_slow_is_set_forward_once_it_is_a_second_off() -> None:
    clock = MediaClock()
    times_s = [at(clock, float(t_s), t_s * 1.01) for t_s in range(140)]
    steps = [round(after - before, 2) for before, after in pairwise(times_s)]
    assert steps.count(1.0) == len(steps) - 1
    assert max(steps) > 2.0
    assert abs(times_s[-1] - 139 * 1.01) < 1.0


def test_a_camera_that_runs_fast_stands_still_for_a_while() -> None:
    clock = MediaClock()
    times_s = [at(clock, t_s / 10, t_s / 10 * 0.9) for t_s in range(300)]
    assert times_s == sorted(times_s)
    assert abs(times_s[-1] - 29.9 * 0.9) < 1.5


def test_a_packet_that_is_ahead_and_its_picture_have_the_same_time() -> None:
    clock = MediaClock()
    ahead_s, given = 0.48, dict[int, int]()
    for number in range(2000):
        t_s = number / 25
        utc = START + timedelta(seconds=t_s * 1.02)
        packet_s = t_s + ahead_s
        given[round(packet_s * 25)] = clock.ticks(packet_s, utc + timedelta(seconds=ahead_s))
        if number in given:
            assert clock.ticks(t_s, utc) == given[number], f"at {t_s} s"
    assert ahead_s < AHEAD_S


def test_a_session_is_later_than_the_one_before() -> None:
    clock = MediaClock(after=ORIGIN + 5 * TICKS_PER_S)
    assert clock.ticks(0.0, START) == ORIGIN + 5 * TICKS_PER_S + 1
    assert clock.ticks(1.0, START + timedelta(seconds=1)) == ORIGIN + 6 * TICKS_PER_S + 1


@given(st.lists(st.tuples(st.floats(0.001, 3.0), st.floats(-5.0, 5.0)), min_size=1, max_size=60))
def test_never_goes_back(steps: list[tuple[float, float]]) -> None:
    clock, t_s, before = MediaClock(), 0.0, 0
    for step_s, late_s in steps:
        t_s += step_s
        now = clock.ticks(t_s, START + timedelta(seconds=t_s + late_s))
        assert now >= before
        before = now
