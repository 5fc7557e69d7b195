"""When somebody who trembles is firmly on the other side of a border."""

from __future__ import annotations

import random
from dataclasses import astuple

import pytest

from footfall.spatial.footing import Footing, Footings, Typical
from footfall.spatial.motion import Noise, blend, noise
from footfall.spatial.regions import Focus
from footfall.spatial.trace import Trace
from spatial.storyboard import WIDE_PICTURE, person

FPS = 15
HEIGHT_W = 0.2 * WIDE_PICTURE
"""Of everybody here."""


class Stand:
    """Somebody who stands and trembles; `seen` is what was seen, in image widths."""

    def __init__(self, sizes_w, fps=FPS, typical=None):
        chance = random.Random(5)
        self.seen, self.typical = [], typical or Typical()
        for k, size in enumerate(sizes_w):
            self.see(k / fps, 0.5 + chance.gauss(0, size), 0.3 + chance.gauss(0, size))

    def see(self, t_s, x, y):
        self.seen.append((t_s, x, y))
        if len(self.seen) == 1:
            self.trace = Trace(1, WIDE_PICTURE)
        self.trace.see(person("ann", (x, y / WIDE_PICTURE), t_s), t_s)
        if len(self.seen) == 1:
            self.footing = Footing(self.trace, Focus.FOOTPRINT, WIDE_PICTURE, self.typical)
        else:
            self.footing.stand()
        return self

    def is_firm(self, here=-1.0, elsewhere=-1.0, threshold_w=0.0, **more):
        """Whether being so deep at this sight, and at all means of several, is firm."""
        return self.footing.is_firm(here, threshold_w, lambda _: elsewhere, **more)

    def least(self, depth, **more):
        """The least depth, here or elsewhere, that is firm."""
        low, high = 0.0, 1.0
        for _ in range(40):
            middle = (low + high) / 2
            low, high = (low, middle) if self.is_firm(**{depth: middle}, **more) else (middle, high)
        return high


def test_a_single_sight_is_firm_two_and_a_half_standard_deviations_deep():
    stand = Stand([0.01] * 20)
    sigma = noise(stand.seen).sigma
    assert sigma > 0.005
    assert stand.least("here") == pytest.approx(2.5 * sigma)
    assert stand.least("here", threshold_w=0.03) == pytest.approx(0.03 + 2.5 * sigma)


def test_a_tenth_of_the_picture_is_firm_however_it_trembles():
    stand = Stand([0.1] * 20)
    assert stand.least("here") == pytest.approx(0.1)
    assert stand.least("here", threshold_w=0.03) == pytest.approx(0.13)


@pytest.mark.parametrize(("more", "certainty"), [({}, 1.5), ({"certainty_of_mean": 0.5}, 0.5)])
def test_the_mean_of_many_sights_is_firm_sooner(more, certainty):
    stand = Stand([0.01] * 20)
    found = noise(stand.seen)
    expected = certainty * found.sigma / found.independent(20) ** 0.5
    assert stand.least("elsewhere", **more) == pytest.approx(expected)
    assert stand.least("elsewhere", threshold_w=0.03, **more) == pytest.approx(0.03 + expected)


@pytest.mark.parametrize(("count", "parts"), [(20, (20, 10, 5)), (7, (7, 3, 1))])
def test_means_are_those_of_all_of_half_and_of_a_quarter_of_the_last_sights(count, parts):
    stand, asked = Stand([0.01] * count), []
    stand.footing.is_firm(-1.0, 0.0, lambda point: asked.append(point) or -1.0)
    means = [tuple(sum(axis) / n for axis in list(zip(*stand.seen[-n:], strict=True))[1:]) for n in parts]
    assert sorted(asked) == [pytest.approx(mean) for mean in sorted(means)]


@pytest.mark.parametrize(("sights", "is_firm"), [(5, True), (6, False)])
def test_too_few_sights_tell_no_jitter(sights, is_firm):
    assert Stand([0.05] * sights).is_firm(0.001) is is_firm


def test_who_does_not_tremble_is_judged_by_the_threshold_alone():
    assert Stand([0.0] * 20).is_firm(0.0)


def test_jitter_of_more_than_three_seconds_ago_is_forgotten():
    assert Stand([0.05] * 10 + [0.0] * 46).is_firm(0.001)
    assert not Stand([0.05] * 10 + [0.0] * 6).is_firm(0.001)


def weighed(own, typical, known_s):
    """What counts of somebody known for so long: the own jitter, and what is typical of the camera."""
    return blend(typical, own, known_s / (known_s + 1.0))


def test_jitter_is_measured_anew_twice_a_second_and_blended_by_time():
    stand = Stand([0.01] * 20)
    first = noise(stand.seen)
    stand.least("here")
    began_s = stand.seen[-1][0]
    for k in range(7):
        stand.see(began_s + (k + 1) / FPS, 0.5 + 0.03 * (-1) ** k, 0.3)
    assert stand.least("here") == pytest.approx(2.5 * first.sigma)
    now_s = began_s + 0.5
    stand.see(now_s, 0.503, 0.301)
    second = blend(first, noise(stand.seen), 0.5 / now_s)
    expected = weighed(second, blend(first, second, 0.5), now_s)
    assert stand.least("here") == pytest.approx(2.5 * expected.sigma)


def test_after_ten_seconds_the_old_jitter_counts_no_more_than_ten_seconds():
    stand = Stand([0.01] * 20)
    first = noise(stand.seen)
    stand.least("here")
    for k in range(20):
        stand.see(20.0 + k / FPS, 0.5 + 0.02 * (-1) ** k, 0.3)
    second = noise(stand.seen[-20:])
    typical, now_s = blend(first, second, 0.5), stand.seen[-1][0]
    assert stand.least("here") == pytest.approx(2.5 * weighed(second, typical, now_s).sigma)
    for k in range(20, 29):
        stand.see(20.0 + k / FPS, 0.503, 0.301)
    third = blend(second, noise(stand.seen[-29:]), 9 / FPS / 10.0)
    typical, now_s = blend(typical, third, 1 / 3), stand.seen[-1][0]
    assert stand.least("here") == pytest.approx(2.5 * weighed(third, typical, now_s).sigma)


def known_camera(sigma_w=0.01, memory=0.3):
    typical = Typical()
    typical.learn(Noise(sigma_w, memory), HEIGHT_W)
    return typical


def test_who_is_seen_for_the_first_time_trembles_as_others_do():
    assert Stand([0.0], typical=known_camera()).least("here") == pytest.approx(0.025)


def test_after_a_second_the_own_jitter_counts_as_much_as_what_is_typical():
    stand = Stand([0.0] * 3, fps=2, typical=known_camera())
    assert stand.least("here") == pytest.approx(2.5 * blend(Noise(0.01, 0.3), Noise(), 0.5).sigma)


def test_what_is_typical_is_kept_in_body_heights():
    typical = Typical()
    assert typical.of(0.2) is None
    typical.learn(Noise(0.5, 0.5), 0.0)
    assert typical.of(0.2) is None
    typical.learn(Noise(0.01, 0.5), 0.1)
    assert astuple(typical.of(0.2)) == pytest.approx((0.02, 0.5))
    typical.learn(Noise(0.03, 0.1), 0.1)
    assert astuple(typical.of(0.1)) == pytest.approx(astuple(blend(Noise(0.01, 0.5), Noise(0.03, 0.1), 0.5)))


def test_what_is_typical_is_a_mean_over_the_last_hundred():
    typical = Typical()
    for _ in range(250):
        typical.learn(Noise(0.1, 0.5), 1.0)
    typical.learn(Noise(0.3, 0.1), 1.0)
    assert astuple(typical.of(1.0)) == pytest.approx(astuple(blend(Noise(0.1, 0.5), Noise(0.3, 0.1), 0.01)))


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
    footing = Footing(trace, focus, 0.5, Typical())
    assert footing.point_w == footing.before_w == pytest.approx(point_w)
    assert (footing.key, footing.t_s, footing.before_s, footing.is_new) == (7, 2.0, 2.0, True)
    trace.see(person("ann", (0.6, 0.8), 3.0, box_n=(0.3, 0.3, 0.5, 0.7)), 3.0)
    footing.stand()
    assert footing.point_w == pytest.approx((point_w[0] + 0.1, point_w[1]))


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
