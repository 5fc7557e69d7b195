from __future__ import annotations

import numpy as np
import pytest

from footfall.track.scores import FULL, LOWEST_LEVEL, ScoreLevel


def taught(score: float, duration_s: float, fps: float = 10.0) -> ScoreLevel:
    level = ScoreLevel(0.65, 10.0)
    for _ in range(round(duration_s * fps)):
        level.learn(np.full(5, score), 1 / fps)
    return level


@pytest.mark.parametrize("score", [0.5, 0.7, 0.9])
def test_good_scores_count_fully_whatever_the_detector(score: float) -> None:
    level = taught(score, 60.0)
    assert level.relative(np.array([score]))[0] == pytest.approx(FULL, abs=0.01)
    assert level.relative(np.array([score / 2]))[0] == pytest.approx(FULL / 2, abs=0.01)


def test_learns_as_fast_at_every_frame_rate() -> None:
    assert taught(0.9, 5.0, 5.0).level == pytest.approx(taught(0.9, 5.0, 25.0).level, abs=0.02)


def test_false_detections_alone_never_count_as_people() -> None:
    assert taught(0.1, 600.0).level == LOWEST_LEVEL


def test_an_empty_frame_teaches_nothing() -> None:
    level = ScoreLevel(0.65, 10.0)
    level.learn(np.empty(0), 100.0)
    assert level.level == 0.65


def test_a_perfect_detector_is_no_better_than_perfect() -> None:
    level = taught(1.0, 60.0)
    assert level.level == 1.0
    assert level.relative(np.array([-0.5, 0.5, 1.5])).tolist() == [0.0, 0.5, 1.0]


@pytest.mark.parametrize(
    ("people", "dt_s", "seconds"),
    [
        pytest.param(5, 0.4, 0.4, id="a crowd teaches as long as it is there"),
        pytest.param(10, 0.4, 0.4, id="a larger one no more"),
        pytest.param(1, 0.4, 0.08, id="one person a fifth of it"),
        pytest.param(5, 30.0, 1.0, id="after a gap one second at most"),
    ],
)
def test_the_first_frame_teaches_with_the_warm_up_of_a_second(people: int, dt_s: float, seconds: float) -> None:
    level = ScoreLevel(0.65, 10.0)
    level.learn(np.full(people, 0.76), dt_s)
    assert level.level == pytest.approx(0.8 - 0.15 * np.exp(-seconds))


def test_learning_slows_down_as_it_goes_on() -> None:
    """The share of a second is 1 - e^-1 at first, then 1 - e^-1/2, ... and at last that of the memory."""
    level, expected = ScoreLevel(0.65, 3.0), 0.65
    for constant_s in (1.0, 2.0, 3.0, 3.0, 3.0):
        level.learn(np.full(5, 0.76), 1.0)
        expected += (0.8 - expected) * (1.0 - np.exp(-1.0 / constant_s))
        assert level.level == pytest.approx(expected)
