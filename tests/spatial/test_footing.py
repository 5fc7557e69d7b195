"""When somebody who trembles is firmly on the other side of a border."""

from __future__ import annotations

import random

import pytest

from footfall.spatial.footing import Footing, Footings
from footfall.spatial.motion import blend, noise
from footfall.spatial.regions import Focus
from footfall.spatial.trace import Trace
from spatial.storyboard import WIDE_PICTURE, person

FPS = 15


class Stand:
    """Somebody who stands and trembles; `seen` is what was seen, in image widths."""

    def __init__(self, sizes_w, seed=5):
        chance = random.Random(seed)
        self.seen = []
        for k, size in enumerate(sizes_w):
            x, y = 0.5 + chance.gauss(0, size), 0.3 + chance.gauss(0, size)
            self.see(k / FPS, x, y)

    def see(self, t_s, x, y):
        self.seen.append((t_s, x, y))
        if len(self.seen) == 1:
            self.trace = Trace(1, WIDE_PICTURE)
        self.trace.see(person("ann", (x, y / WIDE_PICTURE), t_s), t_s)
        if len(self.seen) == 1:
            self.footing = Footing(self.trace, Focus.FOOTPRINT, WIDE_PICTURE)
        else:
            self.footing.stand()
        return self

    def is_firm(self, here, elsewhere=-1.0, threshold_w=0.0):
        """Whether being so deep at this sight, and at all means of several, is firm."""
        return self.footing.is_firm(lambda point: here if point == self.footing.point_w else elsewhere, threshold_w)

    def least(self, **depths):
        """The least depth that is firm, to a thousandth of it."""
        low, high = 0.0, 1.0
        for _ in range(40):
            middle = (low + high) / 2
            changed = {name: middle if depth is None else depth for name, depth in depths.items()}
            low, high = (low, middle) if self.is_firm(**changed) else (middle, high)
        return high


def test_a_single_sight_is_firm_two_and_a_half_standard_deviations_deep():
    stand = Stand([0.01] * 20)
    sigma = noise(stand.seen).sigma
    assert sigma > 0.005
    assert stand.least(here=None) == pytest.approx(2.5 * sigma)
    assert stand.least(here=None, threshold_w=0.03) == pytest.approx(0.03 + 2.5 * sigma)


def test_a_tenth_of_the_picture_is_firm_however_it_trembles():
    stand = Stand([0.1] * 20)
    assert stand.least(here=None) == pytest.approx(0.1)
    assert stand.least(here=None, threshold_w=0.03) == pytest.approx(0.13)


def test_the_mean_of_many_sights_is_firm_sooner():
    stand = Stand([0.01] * 20)
    found = noise(stand.seen)
    expected = 1.5 * found.sigma / found.independent(20) ** 0.5
    assert stand.least(here=0.0, elsewhere=None) == pytest.approx(expected)
    assert stand.least(here=0.0, elsewhere=None, threshold_w=0.03) == pytest.approx(0.03 + expected)


def test_means_are_those_of_all_of_half_and_of_a_quarter_of_the_last_sights():
    stand, asked = Stand([0.01] * 20), []
    stand.footing.is_firm(lambda point: asked.append(point) or -1.0, 0.0)
    means = [tuple(sum(axis) / n for axis in list(zip(*stand.seen[-n:], strict=True))[1:]) for n in (20, 10, 5)]
    assert asked[0] == stand.footing.point_w
    assert sorted(asked[1:]) == [pytest.approx(mean) for mean in sorted(means)]


def test_one_sight_is_no_mean():
    stand, asked = Stand([0.01] * 7), []
    stand.footing.is_firm(lambda point: asked.append(point) or -1.0, 0.0)
    assert len(asked) == 3


@pytest.mark.parametrize(("sights", "is_firm"), [(5, True), (6, False)])
def test_too_few_sights_tell_no_jitter(sights, is_firm):
    assert Stand([0.05] * sights).is_firm(0.001) is is_firm


def test_who_does_not_tremble_is_judged_by_the_threshold_alone():
    assert Stand([0.0] * 20).is_firm(0.0)


def test_jitter_of_more_than_three_seconds_ago_is_forgotten():
    assert Stand([0.05] * 10 + [0.0] * 46).is_firm(0.001)
    assert not Stand([0.05] * 10 + [0.0] * 6).is_firm(0.001)


def test_jitter_is_measured_anew_four_times_a_second_and_blended_by_time():
    stand = Stand([0.01] * 20)
    first = noise(stand.seen)
    stand.least(here=None)
    began_s = stand.seen[-1][0]
    for k, size in enumerate((0.03, -0.03, 0.03)):
        stand.see(began_s + (k + 1) / FPS, 0.5 + size, 0.3)
    assert stand.least(here=None) == pytest.approx(2.5 * first.sigma)
    stand.see(began_s + 0.25, 0.503, 0.301)
    expected = blend(first, noise(stand.seen), 0.25 / (began_s + 0.25))
    assert stand.least(here=None) == pytest.approx(2.5 * expected.sigma)


def test_after_ten_seconds_the_old_jitter_counts_no_more_than_ten_seconds():
    stand = Stand([0.01] * 20)
    first = noise(stand.seen)
    stand.least(here=None)
    began_s = stand.seen[-1][0]
    for k in range(20):
        stand.see(20.0 + k / FPS, 0.5 + 0.02 * (-1) ** k, 0.3)
    now_s = stand.seen[-1][0]
    expected = blend(first, noise(stand.seen[-20:]), (now_s - began_s) / 10.0)
    assert stand.least(here=None) == pytest.approx(2.5 * expected.sigma)
    for k in range(20, 24):
        stand.see(20.0 + k / FPS, 0.503, 0.301)
    expected = blend(expected, noise(stand.seen[-24:]), 4 / FPS / 10.0)
    assert stand.least(here=None) == pytest.approx(2.5 * expected.sigma)


@pytest.mark.parametrize(
    ("focus", "point_w"),
    [
        pytest.param(Focus.FOOTPRINT, (0.5, 0.4), id="the feet"),
        pytest.param(Focus.BOTTOM_CENTER, (0.3, 0.35), id="the middle of the box's lower edge"),
        pytest.param(Focus.CENTER, (0.3, 0.25), id="the middle of the box"),
    ],
)
def test_points_are_measured_in_widths(focus, point_w):
    trace = Trace(7, 0.5)
    trace.see(person("ann", (0.5, 0.8), 2.0, box_n=(0.2, 0.3, 0.4, 0.7)), 2.0)
    footing = Footing(trace, focus, 0.5)
    assert footing.point_w == footing.before_w == pytest.approx(point_w)
    assert (footing.key, footing.t_s, footing.before_s, footing.is_new) == (7, 2.0, 2.0, True)


def test_a_footing_knows_where_it_was_before():
    stand = Stand([0.0]).see(1.0, 0.6, 0.3)
    footing = stand.footing
    assert (footing.before_w, footing.before_s) == (pytest.approx((0.5, 0.3)), 0.0)
    assert (footing.point_w, footing.t_s, footing.is_new) == (pytest.approx((0.6, 0.3)), 1.0, False)
    assert footing.person.t_s == 1.0


def test_footings_are_kept_until_they_are_forgotten():
    footings, traces = Footings(Focus.FOOTPRINT, 1.0), [Trace(1, 1.0), Trace(2, 1.0)]
    for trace in traces:
        trace.see(person("ann", (0.5, 0.5)), 0.0)
    first = footings.step(traces)
    assert [footing.key for footing in first] == [1, 2]
    assert footings.step(traces[1:]) == first[1:]
    assert footings.forget([1]) == first[:1]
    assert footings.step(traces)[0] is not first[0]
