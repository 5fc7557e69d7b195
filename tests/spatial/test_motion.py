from __future__ import annotations

import random
from dataclasses import astuple
from math import cos, log, sin, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.spatial.motion import Motion, Noise, blend, fit, jitter, noise


@given(st.floats(-5, 5), st.floats(-5, 5), st.lists(st.floats(0.01, 0.5), min_size=2, max_size=12))
def test_straight_walks_are_read_exactly_at_any_times(vx, vy, pauses):
    times = [sum(pauses[:k]) for k in range(len(pauses))]
    samples = [(t, 1.0 + vx * t, 2.0 + vy * t) for t in times]
    motion = fit(samples)
    assert (motion.x, motion.y) == (pytest.approx(vx, abs=1e-6), pytest.approx(vy, abs=1e-6))
    assert motion.error == pytest.approx(0.0, abs=1e-5)
    assert jitter(samples, 1) == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize(
    "samples",
    [
        pytest.param([], id="nobody"),
        pytest.param([(0.0, 1.0, 1.0)], id="one sight"),
        pytest.param([(1.0, 1.0, 1.0), (1.0, 2.0, 2.0)], id="no time between"),
    ],
)
def test_too_little_to_tell(samples):
    assert fit(samples) == Motion(0.0, 0.0, 0.0)
    assert jitter(samples, 1) == 0.0


def test_motion_is_nothing_until_told():
    assert astuple(Motion()) == (0.0, 0.0, 0.0)


def test_two_sights_give_a_velocity_without_any_error():
    motion = fit([(1.0, 5.0, 5.0), (2.0, 8.0, 9.0)])
    assert astuple(motion) == (3.0, 4.0, 0.0)
    assert motion.speed == 5.0


def test_error_of_the_velocity_to_the_digit():
    """Three sights that lie 2/3 and 8/3 squared units off their line, over a spread of 2 squared seconds."""
    assert fit([(0.0, 0.0, 0.0), (1.0, 1.0, 2.0), (2.0, 0.0, 0.0)]).error == pytest.approx(sqrt((2 + 8) / 3 / 2 / 2))


@pytest.mark.parametrize("lag", [1, 2, 3])
def test_jitter_needs_six_sights_a_lag(lag):
    trembling = [(0.1 * k, float(k % 5), float(k % 3)) for k in range(6 * lag)]
    assert jitter(trembling[1:], lag) == 0.0
    assert jitter(trembling, lag) > 0.0


def test_samples_at_one_time_have_jitter_nevertheless():
    """Each lies 1 off the middle of its neighbours, which adds one half to its own variance."""
    there_and_back = [(0.0, float(k % 2), 0.0) for k in range(6)]
    assert jitter(there_and_back, 1) == pytest.approx(sqrt(1.0 / 1.5 / (2.0 * log(2.0))))


@pytest.mark.parametrize("lag", [1, 2, 3])
def test_jitter_reads_the_spread_of_white_noise(lag):
    chance = random.Random(lag)
    samples = [(k / 15, 3.0 * k + chance.gauss(0, 2.0), chance.gauss(0, 2.0)) for k in range(4000)]
    assert jitter(samples, lag) == pytest.approx(2.0, rel=0.05)


def test_a_turn_is_hardly_jitter():
    samples = [(k / 15, 100 * cos(k / 15), 100 * sin(k / 15)) for k in range(18)]
    assert all(jitter(samples, lag) < 2.0 for lag in (1, 2, 3))


@pytest.mark.parametrize("turn", range(18))
@pytest.mark.parametrize("lag", [1, 2, 3])
def test_one_sharp_turn_is_none_at_all(turn, lag):
    samples = [(k / 15, 10.0 * min(k, 2 * (turn + 0.5) - k), 0.0) for k in range(18)]
    assert jitter(samples, lag) == pytest.approx(0.0, abs=1e-9)


def test_error_of_the_velocity_shrinks_with_time():
    chance = random.Random(2)
    noisy = [(k / 15, chance.gauss(0, 1.0), chance.gauss(0, 1.0)) for k in range(60)]
    assert fit(noisy).error < fit(noisy[:15]).error / 4
    assert fit(noisy).speed < 5 * fit(noisy).error


def forgetful(memory, sigma=2.0, count=4000, fps=15.0):
    """Jitter of which this share stays from sight to sight, on a straight walk."""
    chance = random.Random(3)
    x, y, samples = 0.0, 0.0, []
    for k in range(count):
        x, y = (memory * now + chance.gauss(0, sigma * sqrt(1 - memory**2)) for now in (x, y))
        samples.append((k / fps, 3.0 * k + x, y))
    return samples


@pytest.mark.parametrize("memory", [0.0, 0.3, 0.6, 0.8])
def test_noise_reads_spread_and_memory(memory):
    found = noise(forgetful(memory))
    assert found.sigma == pytest.approx(2.0, rel=0.12)
    assert found.memory == pytest.approx(memory, abs=0.06)


@pytest.mark.parametrize(
    ("noise_of", "count", "expected"),
    [
        pytest.param(Noise(1.0, 0.0), 10, 10.0, id="white noise: all of them"),
        pytest.param(Noise(1.0, 0.5), 9, 3.0, id="half is kept from sight to sight: a third"),
        pytest.param(Noise(1.0, 0.9), 10, 1.0, id="never less than one"),
    ],
)
def test_how_many_independent_sights_there_are(noise_of, count, expected):
    assert noise_of.independent(count) == pytest.approx(expected)


def test_nothing_is_known_without_noise():
    assert astuple(Noise()) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        pytest.param(0.0, (3.0, 0.2), id="the old"),
        pytest.param(1.0, (4.0, 0.6), id="the new"),
        pytest.param(7.0, (4.0, 0.6), id="no more than the new"),
        pytest.param(0.25, (sqrt(0.75 * 9 + 0.25 * 16), 0.3), id="a quarter of the new: variances are averaged"),
    ],
)
def test_blends_of_noise(share, expected):
    assert astuple(blend(Noise(3.0, 0.2), Noise(4.0, 0.6), share)) == pytest.approx(expected)
