"""Frame-rate filter."""

from __future__ import annotations

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.ingest.rate import RateFilter


def passed(times_s: list[float], max_fps: float) -> list[int]:
    rate = RateFilter(max_fps)
    return [number for number, t_s in enumerate(times_s) if rate.passes(t_s)]


@pytest.mark.parametrize(
    ("fps", "max_fps", "expected"),
    [
        pytest.param(25, 15, 900, id="25 to 15 keeps 15 a second for a minute"),
        pytest.param(30, 15, 900, id="30 to 15 keeps every other frame"),
        pytest.param(10, 15, 600, id="a slower camera keeps all"),
        pytest.param(15, 15, 900, id="the same rate keeps all"),
        pytest.param(16, 15, 900, id="a little faster loses one a second"),
        pytest.param(25, 1, 60, id="once a second"),
        pytest.param(25, 0.5, 30, id="once in two seconds"),
        pytest.param(25, float("inf"), 1500, id="no limit"),
    ],
)
def test_average_over_a_minute(fps: int, max_fps: float, expected: int) -> None:
    assert abs(len(passed([n / fps for n in range(60 * fps)], max_fps)) - expected) <= 1


def test_jitter_of_a_camera_at_the_limit_loses_nothing() -> None:
    times_s = [n / 15 + (0.012 if n % 3 == 1 else 0.0) for n in range(150)]
    assert passed(times_s, 15) == list(range(150))


def test_first_frame_always_passes_wherever_time_starts() -> None:
    assert passed([123.4], 0.001) == [0]


def test_a_pause_earns_no_burst() -> None:
    times_s = [0.0, 60.0, 60.01, 60.02, 60.03, 60.04, 60.05]
    assert passed(times_s, 10) == [0, 1, 2]


@pytest.mark.parametrize("max_fps", [0.0, -1.0, float("nan")])
def test_nonsense_is_refused(max_fps: float) -> None:
    with pytest.raises(ValueError, match="greater than 0"):
        RateFilter(max_fps)


@given(st.lists(st.floats(0, 2), min_size=1, max_size=200), st.floats(0.1, 60))
def test_never_more_than_the_limit_in_any_window(steps_s: list[float], max_fps: float) -> None:
    times_s = list(accumulate(steps_s))
    kept_s = [times_s[n] for n in passed(times_s, max_fps)]
    assert kept_s[0] == times_s[0]
    for first, start_s in enumerate(kept_s):
        for last in range(first, len(kept_s)):
            assert last - first <= (kept_s[last] - start_s) * max_fps + 1.25 + 1e-6
