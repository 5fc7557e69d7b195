"""Arithmetic of intervals: laws, sums, differences, limits."""

from __future__ import annotations

from math import isclose

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from footfall.spatial.interval import UNSURE, Estimate, Interval, Mistakes, mean_interval

amounts = st.floats(0.0, 60.0)
estimates = st.builds(
    lambda told, extra, missed: Estimate(told, min(extra, told), min(extra, told) * 0.7, missed, missed),
    st.integers(0, 300),
    amounts,
    amounts,
)


@pytest.mark.parametrize(
    ("estimate", "interval"),
    [
        pytest.param(Estimate(), (0, 0), id="nothing told, nothing doubted"),
        pytest.param(Estimate(7), (7, 7), id="no doubt, no width"),
        pytest.param(Estimate.of(extra=0.01, told=1), (1, 1), id="a sure event"),
        pytest.param(Estimate.of(extra=0.5, told=1), (0, 1), id="an even chance"),
        pytest.param(Estimate.of(missed=0.01, told=0), (0, 0), id="hardly anything missed"),
        pytest.param(Estimate.of(missed=3.0, told=0), (0, 8), id="something missed, nobody knows what"),
        pytest.param(Estimate(2, extra=40.0, extra_variance=40.0), (0, 2), id="never more false than were told"),
        pytest.param(Estimate(5, extra=3.0, extra_variance=0.1), (0, 5), id="what was told is always held"),
    ],
)
def test_an_interval(estimate: Estimate, interval: tuple[int, int]) -> None:
    assert estimate.interval() == interval


def test_it_reads_like_a_range() -> None:
    assert str(Interval(11, 14)) == "11-14"


@given(estimates)
@settings(deadline=None)
def test_it_holds_what_was_told_and_never_goes_below_nothing(estimate: Estimate) -> None:
    low, high = estimate.interval()
    assert 0 <= low <= estimate.told <= high


@given(estimates, st.floats(0.5, 0.9), st.floats(0.905, 0.99))
@settings(deadline=None)
def test_the_surer_the_wider(estimate: Estimate, less: float, more: float) -> None:
    narrow, wide = estimate.interval(less), estimate.interval(more)
    assert wide.low <= narrow.low
    assert narrow.high <= wide.high


@given(estimates, estimates, estimates)
def test_sums_do_not_depend_on_the_order(a: Estimate, b: Estimate, c: Estimate) -> None:
    left, right = (a + b) + c, a + (b + c)
    assert left.told == right.told
    assert isclose(left.expected, right.expected, abs_tol=1e-9)
    assert isclose(left.missed_variance, right.missed_variance, abs_tol=1e-9)


@given(estimates, estimates)
def test_a_difference_exchanges_extra_and_missed(a: Estimate, b: Estimate) -> None:
    difference = a - b
    assert difference.told == a.told - b.told
    assert isclose(difference.expected, a.expected - b.expected, abs_tol=1e-9)
    assert isclose(
        difference.extra_variance + difference.missed_variance,
        sum((a.extra_variance, a.missed_variance, b.extra_variance, b.missed_variance)),
        abs_tol=1e-9,
    )


def test_a_difference_may_be_negative_where_that_is_allowed() -> None:
    left = Estimate(2) - Estimate(5, missed=1.0, missed_variance=1.0)
    assert left.interval(least=None).low < -3
    assert left.interval(least=None).high >= -3


@pytest.mark.parametrize(
    ("mean", "variance", "law"),
    [
        pytest.param(3.0, 3.0 + 1e-9, stats.poisson(3.0), id="Poisson"),
        pytest.param(4.0, 6.0, stats.nbinom(8.0, 2 / 3), id="more scattered: negative binomial"),
        pytest.param(3.0, 1.5, stats.binom(6, 0.5), id="less scattered: binomial"),
        pytest.param(1500.0, 1500.0 + 1e-6, stats.poisson(1500.0), id="many, without underflow"),
    ],
)  # fmt: skip
def test_the_laws_of_mistakes(mean: float, variance: float, law: object) -> None:
    p = Mistakes(mean, variance).law()
    assert np.allclose(p, law.pmf(np.arange(len(p))), atol=1e-6)  # type: ignore[attr-defined]
    assert isclose(p.sum(), 1.0)


def test_many_mistakes_are_normal() -> None:
    """The exact way and the normal one meet."""
    few, many = (Estimate(50_000, n * 0.5, n * 0.5, n * 0.5, n * 0.5) for n in (1990.0, 2010.0))
    width, wider = (interval.high - interval.low for interval in (few.interval(), many.interval()))
    assert 0.95 < width / wider < 1.03
    assert wider == pytest.approx(2 * 1.96 * (2010 + 2 * (UNSURE * 1005) ** 2) ** 0.5, rel=0.01)


@pytest.mark.parametrize("level", [0.0, 1.0, -1.0, 95.0])
def test_a_level_is_a_share(level: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Estimate(3).interval(level)


def test_the_narrowest_interval_is_the_likeliest_count() -> None:
    assert Estimate(9, missed=0.9, missed_variance=0.9).interval(0.001) == (9, 9)
    assert Estimate(9, missed=30.0, missed_variance=1e-6).interval(0.001, least=None).low == 9


def test_coverage_of_the_arithmetic_itself() -> None:
    """Counts drawn from the very model: the truth lies within as often as promised."""
    rng, held = np.random.default_rng(7), 0
    for _ in range(1500):
        told, extra, missed = int(rng.integers(5, 60)), rng.uniform(0.3, 4.0), rng.uniform(0.3, 6.0)
        shape = 1 / UNSURE**2
        false = min(told, rng.poisson(extra * rng.gamma(shape, 1 / shape)))
        unseen = rng.poisson(missed * rng.gamma(shape, 1 / shape))
        low, high = Estimate(told, extra, extra, missed, missed).interval()
        held += low <= told - false + unseen <= high
    assert 0.935 < held / 1500 < 0.985


@pytest.mark.parametrize(
    ("told_s", "visits", "holds"),
    [
        pytest.param([10.0] * 40, Estimate(40), 10.0, id="forty like each other"),
        pytest.param([10.0] * 20, Estimate(20, 10.0, 5.0), 20.0, id="half of them are cut in two"),
        pytest.param([12.0], Estimate(1), 13.0, id="a single one"),
    ],
)
def test_a_mean(told_s: list[float], visits: Estimate, holds: float) -> None:
    interval = mean_interval(sum(told_s), sum(s * s for s in told_s), visits)
    assert interval is not None
    assert interval[0] <= sum(told_s) / len(told_s) <= interval[1]
    assert interval[0] <= holds <= interval[1]


def test_more_visits_narrow_the_mean_and_none_leaves_it_unknown() -> None:
    few, many = (
        mean_interval(8.0 * n, 80.0 * n, Estimate(n, missed=0.1 * n, missed_variance=0.1 * n)) for n in (4, 40)
    )
    assert few is not None
    assert many is not None
    assert many[1] - many[0] < few[1] - few[0]
    assert mean_interval(0.0, 0.0, Estimate()) is None
