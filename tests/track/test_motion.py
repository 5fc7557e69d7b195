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


def test_first_sight_stands_still_with_a_walkers_uncertainty() -> None:
    spec = MotionSettings(start_speed=1.5, start_growth=0.5)
    table = np.ones(2, motion.MOTION)
    boxes = np.array([[0.1, 0.2, 0.3, 0.4], [0.5, 0.6, 0.7, 0.8]])
    motion.start(table, boxes, np.array([0.1, 0.2]), spec)
    assert table["cxcywh"].tolist() == boxes.tolist()
    assert (table["rate"] == 0.0).all()
    assert (table["cov"] == 0.0).all()
    assert table["var"] == pytest.approx(np.array([[0.01] * 4, [0.04] * 4]))
    assert table["rate_var"] == pytest.approx(np.array([[2.25, 2.25, 0.25, 0.25]] * 2))


def test_prediction_follows_the_equations_of_motion() -> None:
    """dx = v dt, dv = -v/fade dt + shake dw, and their covariance, in ten thousand small steps."""
    spec = MotionSettings(acceleration=0.8, size_acceleration=0.4, wander=0.3, fade_s=2.0, size_fade_s=0.7)
    table = np.zeros(1, motion.MOTION)
    table["cxcywh"], table["rate"] = [0.1, 0.2, 0.3, 0.4], [0.2, -0.1, 0.05, 0.1]
    table["var"], table["cov"], table["rate_var"] = 0.01, 0.02, 0.5
    x, v = table["cxcywh"][0].copy(), table["rate"][0].copy()
    var, cov, rate_var = (table[name][0].copy() for name in ("var", "cov", "rate_var"))
    fade, shake, step = np.array([2.0, 2.0, 0.7, 0.7]), np.array([0.8, 0.8, 0.4, 0.4]), 1e-4
    for _ in range(10_000):
        x, v = x + v * step, v - v / fade * step
        var, cov, rate_var = (
            var + (2 * cov + 0.3**2) * step,
            cov + (rate_var - cov / fade) * step,
            rate_var + (shake**2 - 2 * rate_var / fade) * step,
        )
    motion.predict(table, 1.0, spec)
    for name, expected in (("cxcywh", x), ("rate", v), ("var", var), ("cov", cov), ("rate_var", rate_var)):
        assert table[name][0] == pytest.approx(expected, rel=1e-3)


def test_a_box_never_shrinks_to_nothing() -> None:
    table = np.zeros(1, motion.MOTION)
    table["cxcywh"], table["rate"] = [0.5, 0.5, 0.1, 0.2], [-9.0, -9.0, -9.0, -9.0]
    motion.predict(table, 5.0, SPEC)
    assert (table["cxcywh"][0, 2:] > 0.0).all()
    assert (table["cxcywh"][0, 2:] < 1e-3).all()
    assert (table["cxcywh"][0, :2] < 0.0).all()


def test_correction_is_a_kalman_filters() -> None:
    """Against the textbook's matrices, coordinate by coordinate; rows not measured stay as they are."""
    table = np.zeros(2, motion.MOTION)
    table["cxcywh"], table["rate"] = [0.1, 0.2, 0.3, 0.4], [0.5, 0.6, 0.7, 0.8]
    table["var"], table["cov"], table["rate_var"] = [0.04, 0.05, 0.06, 0.07], [0.01, 0.02, 0.03, 0.01], 0.5
    before, seen, noise = table.copy(), np.array([[0.2, 0.1, 0.35, 0.5]]), 0.3
    motion.correct(table, np.array([1]), seen, np.array([noise]))
    assert table[0] == before[0]
    for k in range(4):
        row = before[1]
        covariance = np.array([[row["var"][k], row["cov"][k]], [row["cov"][k], row["rate_var"][k]]])
        gain = covariance[:, 0] / (covariance[0, 0] + noise**2)
        state = np.array([row["cxcywh"][k], row["rate"][k]]) + gain * (seen[0, k] - row["cxcywh"][k])
        left = covariance - np.outer(gain, covariance[0])
        assert [table["cxcywh"][1, k], table["rate"][1, k]] == pytest.approx(state)
        assert [table[name][1, k] for name in ("var", "cov", "rate_var")] == pytest.approx(
            [left[0, 0], left[0, 1], left[1, 1]]
        )


def test_distance_counts_centre_and_height_but_not_width() -> None:
    table = np.zeros(2, motion.MOTION)
    boxes = np.array([[0.5, 0.5, 0.05, 0.2], [0.1, 0.5, 0.05, 0.1]])
    motion.start(table, boxes, np.array([0.05, 0.1]), SPEC)
    seen = np.array([[0.52, 0.54, 0.55, 0.26], [0.1, 0.5, 0.05, 0.1], [0.5, 0.5, 0.05, 0.2]])
    apart = motion.distance2(table, seen, np.array([0.1, 0.1, 0.2]))
    assert apart[0].tolist() == pytest.approx([0.14 / 0.0125, (4.0 + 0.25) / 0.0125, 0.0])
    assert apart[1].tolist() == pytest.approx([(4.2**2 + 0.4**2 + 1.6**2) / 0.02, 0.0, 17.0 / 0.05])


def test_who_walks_would_be_far_away_by_now() -> None:
    """0.3 and 0.4 image widths a second are 2.5 bodies of 0.2; before they faded for 1.5 s they were e^0.5 as much."""
    table = np.zeros(2, motion.MOTION)
    table["cxcywh"], table["rate"][0] = [0.5, 0.5, 0.1, 0.2], [0.3, 0.4, 9.0, 9.0]
    walked = motion.distance_walked(table, np.array([1.5, 1.5]), MotionSettings(fade_s=3.0))
    assert walked.tolist() == pytest.approx([2.5 * np.exp(0.5) * 1.5, 0.0])
