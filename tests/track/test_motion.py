from __future__ import annotations

import numpy as np
import pytest

from footfall.track import motion
from footfall.track.settings import MotionSettings

SPEC = MotionSettings()


def moving(*cxcywh: float) -> np.ndarray:
    table = np.zeros(1, motion.MOTION)
    motion.start(table, np.array([cxcywh]), np.array([SPEC.noise]), SPEC)
    return table


def follow(fps: float, duration_s: float) -> np.ndarray:
    """A filter that watched somebody walk 0.1 image widths a second."""
    table = moving(0.0, 0.5, 0.1, 0.2)
    for k in range(1, round(fps * duration_s) + 1):
        motion.predict(table, 1 / fps, SPEC)
        motion.correct(table, np.array([0]), np.array([[0.1 * k / fps, 0.5, 0.1, 0.2]]), np.array([SPEC.noise]))
    return table


@pytest.mark.parametrize("fps", [5.0, 15.0, 30.0])
def test_learns_the_speed_of_a_walker_at_every_frame_rate(fps: float) -> None:
    assert follow(fps, 2.0)["rate"][0] == pytest.approx([0.1, 0, 0, 0], abs=0.01)


def test_prediction_in_one_step_or_in_many_is_the_same_place() -> None:
    one, many = follow(15.0, 2.0), follow(15.0, 2.0)
    motion.predict(one, 1.0, SPEC)
    for _ in range(20):
        motion.predict(many, 0.05, SPEC)
    assert one["cxcywh"] == pytest.approx(many["cxcywh"])
    for field in ("rate", "var", "cov", "rate_var"):
        assert one[field] == pytest.approx(many[field])


def test_uncertainty_grows_with_time_and_shrinks_with_sight() -> None:
    table = follow(15.0, 2.0)
    before = table["var"].copy()
    motion.predict(table, 0.5, SPEC)
    unseen = table["var"].copy()
    motion.correct(table, np.array([0]), table["cxcywh"].copy(), np.array([SPEC.noise]))
    assert (before < unseen).all()
    assert (table["var"] < unseen).all()


def test_distance_is_least_where_expected_and_in_body_heights() -> None:
    small, large = moving(0.5, 0.5, 0.05, 0.1), moving(0.5, 0.5, 0.1, 0.2)
    noise = np.array([SPEC.noise] * 2)
    near = motion.distance2(small, np.array([[0.5, 0.5, 0.05, 0.1], [0.55, 0.5, 0.05, 0.1]]), noise)
    far = motion.distance2(large, np.array([[0.5, 0.5, 0.1, 0.2], [0.6, 0.5, 0.1, 0.2]]), noise)
    assert near[0, 0] == pytest.approx(0.0)
    assert near == pytest.approx(far)
