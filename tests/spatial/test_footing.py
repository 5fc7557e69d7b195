"""When somebody who trembles is firmly on the other side of a border."""

from __future__ import annotations

import random
from dataclasses import astuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from footfall.spatial.footing import Footing, Footings, Rest, Typical
from footfall.spatial.motion import Noise, blend, noise
from footfall.spatial.regions import Focus
from footfall.spatial.trace import Trace
from spatial.storyboard import WIDE_PICTURE, person

FPS = 15


class Stand:
    """Somebody who stands and trembles; `seen` is what was seen, in image widths."""

    def __init__(self, sizes_w, seed=5, typical=None):
        self.typical = typical or Typical()
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
            self.footing = Footing(self.trace, Focus.FOOTPRINT, WIDE_PICTURE, self.typical)
        else:
            self.footing.stand()
        return self

    def is_firm(self, here, elsewhere=-1.0, threshold_w=0.0):
        """Whether being so deep at this sight, and at all means of several, is firm."""
        return self.footing.is_firm(here, threshold_w, lambda _: elsewhere)

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
    spread = 1 / found.independent(20) ** 0.5
    expected = (1.0 + 1.5 * spread) * spread * found.sigma
    assert stand.least(here=0.0, elsewhere=None) == pytest.approx(expected)
    assert stand.least(here=0.0, elsewhere=None, threshold_w=0.03) == pytest.approx(0.03 + expected)


@pytest.mark.parametrize("sights", [20, 7])
def test_means_are_those_of_all_of_half_and_of_a_quarter_of_the_last_sights(sights):
    stand, asked = Stand([0.01] * sights), []
    assert not stand.footing.is_firm(0.0, 0.0, lambda point: asked.append(point) or -1.0)
    numbers = (sights, sights // 2, sights // 4)
    means = [tuple(sum(axis) / n for axis in list(zip(*stand.seen[-n:], strict=True))[1:]) for n in numbers]
    assert sorted(asked) == [pytest.approx(mean) for mean in sorted(means)]


@pytest.mark.parametrize(("sights", "is_firm"), [(5, True), (6, False)])
def test_too_few_sights_tell_no_jitter(sights, is_firm):
    assert Stand([0.05] * sights).is_firm(0.001) is is_firm


def test_who_does_not_tremble_is_judged_by_the_threshold_alone():
    assert Stand([0.0] * 20).is_firm(0.0)


def test_jitter_of_more_than_three_seconds_ago_is_forgotten():
    """Even where most of what is remembered is older."""
    stand, chance = Stand([]), random.Random(5)
    for k in range(40):
        stand.see(k / 10, 0.5 + chance.gauss(0, 0.05), 0.3)
    for k in range(40, 71):
        stand.see(k / 10, 0.5, 0.3)
    assert stand.is_firm(0.001)
    assert not Stand([0.05] * 10 + [0.0] * 6).is_firm(0.001)


def settled(typical, own, known_s):
    """What is thought of somebody known for so long."""
    return blend(typical, own, known_s / (known_s + 1.0))


def test_jitter_is_measured_anew_twice_a_second_and_blended_by_time():
    stand = Stand([0.01] * 20)
    first = noise(stand.seen)
    stand.least(here=None)
    began_s = stand.seen[-1][0]
    for k, size in enumerate((0.03, -0.03, 0.03, -0.03, 0.03, -0.03, 0.03)):
        stand.see(began_s + (k + 1) / FPS, 0.5 + size, 0.3)
    assert stand.least(here=None) == pytest.approx(2.5 * first.sigma)
    stand.see(began_s + 0.5, 0.503, 0.301)
    now_s = stand.seen[-1][0]
    own = blend(first, noise(stand.seen), 0.5 / now_s)
    assert own.sigma > first.sigma
    assert stand.least(here=None) == pytest.approx(2.5 * settled(blend(first, own, 0.5), own, now_s).sigma)


def test_after_ten_seconds_the_old_jitter_counts_no_more_than_ten_seconds():
    stand = Stand([0.01] * 20)
    first = noise(stand.seen)
    stand.least(here=None)
    began_s = stand.seen[-1][0]
    for k in range(20):
        stand.see(20.0 + k / FPS, 0.5 + 0.02 * (-1) ** k, 0.3)
    now_s = stand.seen[-1][0]
    own = blend(first, noise(stand.seen[-20:]), (now_s - began_s) / 10.0)
    assert stand.least(here=None) == pytest.approx(2.5 * settled(blend(first, own, 0.5), own, now_s).sigma)


def test_who_is_new_is_taken_to_tremble_like_the_others():
    typical = Typical()
    old, new = Stand([0.01] * 20, typical=typical), Stand([0.0], typical=typical)
    assert new.is_firm(0.0)
    old.least(here=None)
    assert new.least(here=None) == pytest.approx(2.5 * noise(old.seen).sigma)
    assert not Stand([0.0] * 5, typical=typical).is_firm(0.0)


def test_who_is_taller_is_taken_to_tremble_more():
    typical = Typical()
    assert typical.of(0.1) is None
    typical.learn(Noise(0.01, 0.5), 0.1)
    assert typical.of(0.2) == Noise(pytest.approx(0.02), 0.5)
    typical.learn(Noise(0.03, 0.5), 0.1)
    assert typical.of(0.1) == Noise(pytest.approx(((0.01**2 + 0.03**2) / 2) ** 0.5), 0.5)
    typical.learn(Noise(9.0), 0.0)
    assert typical.of(0.1).sigma < 0.03


def test_where_somebody_turns_up_the_mean_is_enough():
    stand = Stand([0.05] * 20)
    mean = tuple(sum(axis) / 20 for axis in list(zip(*stand.seen, strict=True))[1:])
    assert stand.footing.is_likely(0.02, lambda point: 0.02 if point == pytest.approx(mean) else 0.0)
    assert not stand.footing.is_likely(0.02, lambda point: 0.019 if point == pytest.approx(mean) else 1.0)


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


def test_after_a_second_the_own_jitter_counts_as_much_as_what_is_typical():
    typical = Typical()
    typical.learn(Noise(0.01, 0.3), 0.2 * WIDE_PICTURE)
    stand = Stand([0.0], typical=typical).see(0.5, 0.5, 0.3).see(1.0, 0.5, 0.3)
    assert stand.least(here=None) == pytest.approx(2.5 * blend(Noise(0.01, 0.3), Noise(), 0.5).sigma)


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


@pytest.mark.parametrize("focus", Focus)
def test_the_point_moves_with_the_person(focus):
    trace = Trace(7, 0.5)
    for x in (0.3, 0.4):
        trace.see(person("ann", (x, 0.7), 2.0, box_n=(x - 0.1, 0.3, x + 0.1, 0.7)), 2.0)
        if x == 0.3:
            footing = Footing(trace, focus, 0.5, Typical())
            before = footing.point_w
    footing.stand()
    assert footing.point_w == pytest.approx((before[0] + 0.1, before[1]))


def test_what_was_measured_before_weighs_no_more_than_ten_seconds():
    stand, share = Stand([0.01] * 20), 25 / FPS / 10.0
    first = noise(stand.seen)
    stand.least(here=None)
    for k in range(20):
        stand.see(20.0 + k / FPS, 0.5 + 0.02 * (-1) ** k, 0.3)
    second = noise(stand.seen[-20:])
    stand.least(here=None)
    for k in range(20, 45):
        stand.see(20.0 + k / FPS, 0.5 + 0.003 * (-1) ** k, 0.3)
    third, now_s = blend(second, noise(stand.seen[-45:]), share), stand.seen[-1][0]
    typical = blend(blend(first, second, 0.5), third, 1 / 3)
    assert third.sigma < 0.95 * second.sigma
    assert stand.least(here=None) == pytest.approx(2.5 * blend(typical, third, now_s / (now_s + 1.0)).sigma)


def test_what_was_measured_before_weighs_as_long_as_the_person_was_known_then():
    """Seen from 5 s on; ever calmer."""
    stand, chance = Stand([]), random.Random(5)
    for k in range(20):
        stand.see(5.0 + k / FPS, 0.5 + chance.gauss(0, 0.01), 0.3)
    first = noise(stand.seen)
    stand.least(here=None)
    for k in range(20, 45):
        stand.see(5.0 + k / FPS, 0.5 + 0.003 * (-1) ** k, 0.3)
    own, known_s = blend(first, noise(stand.seen), 25 / 44), 44 / FPS
    assert own.sigma < 0.95 * first.sigma
    assert stand.least(here=None) == pytest.approx(2.5 * settled(blend(first, own, 0.5), own, known_s).sigma)


def test_who_begins_to_tremble_is_measured_afresh():
    """Nothing trembled for a second: what is measured then counts in full, and as much as what is typical of all."""
    stand = Stand([])
    for k in range(20):
        stand.see(5.0 + k / FPS, 0.5, 0.3)
    assert stand.is_firm(0.0)
    for k in range(20, 45):
        stand.see(5.0 + k / FPS, 0.5 + 0.02 * (-1) ** k, 0.3)
    found, known_s = noise(stand.seen), stand.seen[-1][0] - 5.0
    least = stand.least(here=None)
    typical = stand.typical.of(0.2 * WIDE_PICTURE)
    assert least == pytest.approx(2.5 * blend(typical, found, known_s / (known_s + 1.0)).sigma)


@pytest.mark.parametrize(("focus", "is_firm"), [(Focus.FOOTPRINT, True), (Focus.CENTER, False)])
def test_jitter_is_that_of_the_point_that_decides(focus, is_firm):
    """The box trembles, the feet do not."""
    trace = Trace(1, 1.0)
    for k in range(12):
        x = 0.5 + 0.02 * (-1) ** k
        trace.see(person("ann", (0.5, 0.7), k / FPS, box_n=(x - 0.1, 0.3, x + 0.1, 0.7)), k / FPS)
        if k == 0:
            footing = Footing(trace, focus, 1.0, Typical())
        else:
            footing.stand()
    assert footing.is_firm(0.01, 0.0, lambda _: -1.0) is is_firm


@given(st.lists(st.tuples(st.floats(0.0, 1.0), st.booleans()), min_size=1, max_size=150), st.sampled_from([5.0, 30.0]))
@example([(0.5, True)] * 16, 5.0).via("three seconds ago counts")
def test_samples_are_those_of_the_sights_however_often_somebody_asks(steps, fps):
    trace = Trace(1, 0.5)
    standing = None
    for k, (x, asks) in enumerate(steps):
        trace.see(person("ann", (x, 0.4), k / fps), k / fps)
        if standing is None:
            standing = Footing(trace, Focus.FOOTPRINT, 0.5, Typical())
        standing.stand()
        if asks:
            recent = [sight for sight in trace.sights if sight[0] >= k / fps - 3.0]
            assert standing._samples() == [(t_s, x, y * 0.5) for t_s, _, (x, y) in recent]


def test_a_rest_holds_within_its_circle_alone():
    rest = Rest((0.5, 0.3), 0.01)
    assert rest.holds((0.5, 0.3))
    assert rest.holds((0.507, 0.307))
    assert not rest.holds((0.508, 0.308))
    assert not rest.holds((0.51, 0.3))
    assert not Rest((0.5, 0.3), 0.0).holds((0.5, 0.3))
    assert not Rest((0.5, 0.3), -1.0).holds((0.5, 0.3))


def test_a_clock_that_goes_back_and_comes_again_does_no_harm():
    chance = random.Random(5)
    stand = Stand([0.01])
    for k in range(10):
        stand.see(k / FPS - 2.0, 0.5 + chance.gauss(0, 0.01), 0.3)
    assert not stand.is_firm(0.001)
    assert not stand.see(0.0, 0.5, 0.3).is_firm(0.001)
