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
