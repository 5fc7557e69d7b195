"""Endless recordings: when each clip begins and ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.recording.schedule import Schedule


@pytest.mark.parametrize(
    ("schedule", "span", "clips"),
    [
        pytest.param(Schedule(1200, 60), (0, 0), [(1, 0, 1200)], id="the first clip begins with the camera"),
        pytest.param(Schedule(1200, 60), (0, 1139.9), [(1, 0, 1200)], id="it is alone for a long time"),
        pytest.param(
            Schedule(1200, 60), (1139.9, 1140), [(1, 0, 1200), (2, 1140, 2340)], id="the next begins before its end"
        ),
        pytest.param(Schedule(1200, 60), (1200.1, 1210), [(2, 1140, 2340)], id="then it goes on alone"),
        pytest.param(
            Schedule(10, 2), (7, 17), [(1, 0, 10), (2, 8, 18), (3, 16, 26)], id="much at once: three, one of them over"
        ),
        pytest.param(Schedule(10, 0), (9, 11), [(1, 0, 10), (2, 10, 20)], id="no overlap, no gap"),
        pytest.param(Schedule(10, 5), (9, 9.5), [(1, 0, 10), (2, 5, 15)], id="half and half"),
        pytest.param(Schedule(10, 2, 100.0), (100, 109), [(1, 100, 110), (2, 108, 118)], id="a camera that came late"),
        pytest.param(Schedule(10, 2), (805, 806), [(101, 800, 810)], id="after a long outage the clock goes on"),
    ],
)
def test_spans(schedule: Schedule, span: tuple[float, float], clips: list[tuple[int, float, float]]) -> None:
    assert [(clip.number, clip.start_s, clip.end_s) for clip in schedule.clips(*span)] == clips


@given(st.integers(2, 100), st.data(), st.floats(0.0, 1e5))
def test_every_moment_is_in_one_clip_or_two_and_taken_in_turns(
    duration_s: int, data: st.DataObject, t_s: float
) -> None:
    schedule = Schedule(duration_s, data.draw(st.integers(0, duration_s // 2)))
    clips = [clip for clip in schedule.clips(t_s, t_s) if clip.end_s > t_s]
    assert 1 <= len(clips) <= 2
    assert all(clip.start_s <= t_s for clip in clips)
    assert len({clip.number % 2 for clip in clips}) == len(clips)


@pytest.mark.parametrize(("duration_s", "overlap_s"), [(10, 5.1), (10, -1), (0, 0)])
def test_no_such_schedule(duration_s: float, overlap_s: float) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        Schedule(duration_s, overlap_s)
