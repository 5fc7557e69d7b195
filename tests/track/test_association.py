from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from footfall.track import association
from footfall.track.association import (
    NEVER,
    assign,
    coincident,
    covered,
    gate,
    head_overlap,
    hidden_share,
    meeting,
    mutual,
    overlap,
)

NO_GROWTH = np.zeros(1)


def one(*cxcywh: float) -> np.ndarray:
    return np.array([cxcywh], np.float64)


@pytest.mark.parametrize(
    ("a", "b", "modulated", "expected"),
    [
        pytest.param(one(0, 0, 2, 4), one(0, 0, 2, 4), True, 1.0, id="the same"),
        pytest.param(one(0, 0, 2, 4), one(1, 0, 2, 4), False, 1 / 3, id="half a width aside"),
        pytest.param(one(0, 0, 2, 4), one(1, 0, 2, 4), True, 1 / 3, id="half a width aside, same height"),
        pytest.param(one(0, 0, 2, 4), one(0, 0, 2, 2), True, 1 / 4, id="half as tall"),
        pytest.param(one(0, 0, 2, 4), one(2, 0, 2, 4), True, 0.0, id="side by side"),
        pytest.param(one(0, 0, 2, 4), one(9, 9, 2, 4), True, 0.0, id="apart"),
    ],
)
def test_overlap(a: np.ndarray, b: np.ndarray, modulated: bool, expected: float) -> None:
    assert overlap(a, b, NO_GROWTH, modulated=modulated)[0, 0] == pytest.approx(expected)
    assert overlap(b, a, NO_GROWTH, modulated=modulated)[0, 0] == pytest.approx(expected)


def test_expanded_boxes_meet() -> None:
    assert overlap(one(0, 0, 2, 4), one(2.2, 0, 2, 4), np.array([0.1]))[0, 0] > 0


def test_covered_is_the_share_of_the_first() -> None:
    assert covered(one(0, 1, 2, 2), one(0, 0, 2, 4))[0, 0] == pytest.approx(1.0)
    assert covered(one(0, 0, 2, 4), one(0, 1, 2, 2))[0, 0] == pytest.approx(0.5)


def test_covered_share_of_a_slender_box() -> None:
    assert covered(one(0, 0, 1, 4), one(0, 0, 2, 2))[0, 0] == pytest.approx(0.5)


@given(st.integers(0, 6), st.integers(0, 6), st.integers(0, 2**32 - 1))
@settings(max_examples=100, deadline=None)
def test_assignment_is_one_to_one_and_never_below_the_least(n: int, m: int, seed: int) -> None:
    gain = np.random.default_rng(seed).uniform(-1, 1, (n, m))
    rows, columns = assign(gain, 0.2)
    assert len(set(rows.tolist())) == len(rows) == len(set(columns.tolist())) == len(columns)
    assert (gain[rows, columns] >= 0.2).all()
    left = np.delete(np.delete(gain, rows, axis=0), columns, axis=1)
    assert not (left >= 0.2).any()


def test_assignment_takes_the_best_total() -> None:
    rows, columns = assign(np.array([[0.9, 0.8], [0.8, 0.1]]), 0.2)
    assert sorted(zip(rows.tolist(), columns.tolist(), strict=True)) == [(0, 1), (1, 0)]


def test_gate_wants_long_lost_tracks_alone() -> None:
    near = np.array([[1.0], [2.0]])
    everywhere = np.ones((2, 1), np.bool_)
    assert gate(near, everywhere, np.array([True, False]), np.full(2, 4.0)).tolist() == [[3.0], [NEVER]]
    assert gate(near[:1], everywhere[:1], np.array([False]), np.full(1, 4.0)).tolist() == [[3.0]]
    assert gate(near[:1], ~everywhere[:1], np.array([True]), np.full(1, 4.0)).tolist() == [[NEVER]]


@pytest.mark.parametrize(
    ("b", "expand", "modulated", "expected"),
    [
        pytest.param(one(0, 1, 2, 4), 0.0, False, 6 / 10, id="a quarter lower"),
        pytest.param(one(0, 1, 2, 4), 0.0, True, 6 / 10 * 3 / 5, id="a quarter lower, heights modulated"),
        pytest.param(one(2.2, 0, 2, 4), 0.1, False, 0.96 / 22.08, id="beside, both a tenth larger on each side"),
        pytest.param(one(0, 4.4, 2, 4), 0.1, False, 0.96 / 22.08, id="below, both a tenth larger on each side"),
        pytest.param(one(0, 4.4, 2, 4), 0.1, True, 0.96 / 22.08 * 0.4 / 9.2, id="below, modulated"),
    ],
)
def test_overlap_to_the_digit(b: np.ndarray, expand: float, modulated: bool, expected: float) -> None:
    assert overlap(one(0, 0, 2, 4), b, np.array([expand]), modulated=modulated)[0, 0] == pytest.approx(expected)


def test_each_row_is_expanded_by_its_own_share() -> None:
    a, b = np.array([[0.0, 0, 2, 4]] * 2), np.array([[2.2, 0.0, 2, 4], [0, 4.4, 2, 4], [0, 0, 2, 4]])
    assert (overlap(a, b, np.array([0.0, 0.1])) > 0).tolist() == [[False, False, True], [True, True, True]]


BODY, UPPER_HALF = (0.0, 2.0, 2.0, 4.0), (0.0, 1.0, 2.0, 2.0)
"""Somebody from y = 0 to 4, and what a counter leaves of that."""


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        pytest.param(BODY, UPPER_HALF, 1.0, id="the upper half of the same person"),
        pytest.param(BODY, (1.0, 1.0, 2.0, 2.0), 1 / 3, id="half a width aside"),
        pytest.param(BODY, (0.0, 2.0, 2.0, 2.0), 1 / 3 * 1 / 3, id="half of it lower"),
    ],
)
def test_overlap_of_heads(a: tuple[float, ...], b: tuple[float, ...], expected: float) -> None:
    assert head_overlap(one(*a), one(*b), NO_GROWTH)[0, 0] == pytest.approx(expected)


def test_heads_are_compared_track_by_track() -> None:
    child = (0.0, 0.5, 2.0, 1.0)
    found = head_overlap(np.array([BODY, child]), np.array([BODY, UPPER_HALF, child]), np.zeros(2))
    assert found == pytest.approx(np.array([[1.0, 1.0, 1.0], [1 / 16, 1 / 4, 1.0]]))
    assert head_overlap(np.empty((0, 4)), one(*BODY), np.empty(0)).shape == (0, 1)


def test_heads_meet_when_expanded() -> None:
    aside = (2.2, 1.0, 2.0, 2.0)
    assert head_overlap(one(*BODY), one(*aside), NO_GROWTH)[0, 0] == 0.0
    assert head_overlap(one(*BODY), one(*aside), np.array([0.1]))[0, 0] == pytest.approx(0.48 / 11.04)


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        pytest.param([], 0.0, id="nobody else"),
        pytest.param([(0.0, 3.5, 2.0, 3.0)], 1.0, id="somebody in front covers all below"),
        pytest.param([(1.0, 3.5, 2.0, 3.0)], 0.5, id="half of the width"),
        pytest.param([(0.0, 4.5, 2.0, 3.0)], 0.5, id="half of the height"),
        pytest.param([(1.5, 3.5, 2.0, 3.0), (1.0, 3.5, 2.0, 3.0)], 0.5, id="the one who covers most"),
        pytest.param([(0.0, 1.0, 2.0, 2.0)], 0.0, id="somebody beside who reaches no lower"),
    ],
)
def test_share_hidden_by_somebody_in_front(others: list[tuple[float, ...]], expected: float) -> None:
    seen = np.array([UPPER_HALF, *others])
    assert hidden_share(one(*BODY), seen, np.array([0]))[0] == pytest.approx(expected)


def test_share_hidden_lower_in_the_picture() -> None:
    seen = np.array([(1.0, 5.0, 2.0, 2.0), (1.0, 7.5, 2.0, 3.0), (9.0, 9.9, 3.0, 3.0)])
    assert hidden_share(one(1.0, 6.0, 2.0, 4.0), seen, np.array([0]))[0] == pytest.approx(1.0)
    assert hidden_share(one(1.5, 6.0, 1.0, 4.0), seen, np.array([0]))[0] == pytest.approx(1.0)


def test_overlap_is_modulated_unless_told_otherwise() -> None:
    assert overlap(one(0, 0, 2, 4), one(0, 0, 2, 2), NO_GROWTH)[0, 0] == pytest.approx(1 / 4)


def test_shares_hidden_of_several() -> None:
    seen = np.array([(9.0, 9.0, 2.0, 2.0), (0.0, 3.5, 2.0, 3.0), UPPER_HALF])
    found = hidden_share(np.array([BODY, BODY, (9.0, 9.5, 2.0, 3.0)]), seen, np.array([2, 1, 0]))
    assert found.tolist() == [pytest.approx(1.0), 0.0, 0.0]


def test_one_good_pair_is_better_than_two_that_hardly_fit() -> None:
    rows, columns = assign(np.array([[0.5, 0.3], [0.3, NEVER]]), 0.2)
    assert (rows.tolist(), columns.tolist()) == ([0], [0])


def test_contested_pairs_that_gain_just_the_least_are_matched() -> None:
    rows, columns = assign(np.array([[0.2, 0.2, NEVER], [0.2, NEVER, NEVER], [NEVER, NEVER, 0.9]]), 0.2)
    assert set(zip(rows.tolist(), columns.tolist(), strict=True)) == {(0, 1), (1, 0), (2, 2)}


@pytest.mark.parametrize("least", [0.2, 0.0])
def test_pairs_that_gain_just_the_least_are_matched(least: float) -> None:
    rows, columns = assign(np.array([[least, NEVER], [NEVER, least]]), least)
    assert (rows.tolist(), columns.tolist()) == ([0, 1], [0, 1])


@pytest.mark.parametrize(
    ("rival", "expected"),
    [
        pytest.param(7.9, NEVER, id="a rival within twice the limit: nobody comes back"),
        pytest.param(8.0, 3.0, id="a rival at twice the limit is none"),
    ],
)
@pytest.mark.parametrize("side", ["track", "detection"])
def test_who_is_a_rival(rival: float, expected: float, side: str) -> None:
    near = np.array([[1.0, rival]]) if side == "detection" else np.array([[1.0], [rival]])
    everywhere, nobody = np.ones(near.shape, np.bool_), np.zeros(len(near), np.bool_)
    assert gate(near, everywhere, nobody, np.full(len(near), 4.0))[0, 0] == expected


def test_at_the_limit_nobody_comes_back() -> None:
    assert gate(np.array([[4.0]]), np.ones((1, 1), np.bool_), np.ones(1, np.bool_), np.full(1, 4.0)).tolist() == [
        [NEVER]
    ]


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 2**32 - 1))
@settings(max_examples=50, deadline=None)
def test_mutual_pairs_are_each_others_best(n: int, m: int, seed: int) -> None:
    gain = np.random.default_rng(seed).uniform(-1, 1, (n, m))
    rows, columns = mutual(gain, 0.2)
    pairs = {(i, j) for i in range(n) for j in range(m) if gain[i, j] == max(*gain[i], *gain[:, j], 0.2)}
    assert set(zip(rows.tolist(), columns.tolist(), strict=True)) == pairs


def test_an_upper_body_fits_the_upper_part_of_a_whole_one() -> None:
    whole, upper, lower = one(0, 0, 2, 4), one(0, -1, 2, 2), one(0, 1, 2, 2)
    assert head_overlap(whole, upper, NO_GROWTH)[0, 0] == pytest.approx(1.0)
    assert head_overlap(whole, lower, NO_GROWTH)[0, 0] == pytest.approx(0.0)
    assert head_overlap(upper, whole, NO_GROWTH)[0, 0] == pytest.approx(overlap(upper, whole, NO_GROWTH)[0, 0])


def test_what_is_hidden_is_covered_by_somebody_who_reaches_lower() -> None:
    upper, cover, aside = one(0, -1, 2, 2), one(1, 2, 2, 4), one(9, 2, 2, 4)
    first = np.zeros(1, np.intp)
    assert hidden_share(one(0, 0, 2, 4), np.concatenate([upper, cover]), first)[0] == pytest.approx(0.5)
    assert hidden_share(one(0, 0, 2, 4), np.concatenate([upper, aside]), first)[0] == 0.0
    assert hidden_share(one(0, 0, 2, 4), upper, first)[0] == 0.0


def crowd(count: int, seed: int, spread: float) -> np.ndarray:
    """Boxes of which many overlap, some are twice there, and some only touch; on a grid, so that they touch exactly."""
    rng = np.random.default_rng(seed)
    boxes = np.concatenate([rng.uniform(0, spread, (count, 2)), rng.uniform(0.1, 0.5, (count, 2))], axis=1)
    boxes = np.concatenate([boxes, boxes[: count // 3], boxes[: count // 4] + 0.004])
    boxes[::2] = np.round(boxes[::2] * 8) / 8 + [0.0, 0.0, 0.125, 0.125]
    return boxes


@given(st.integers(0, 12), st.integers(0, 12), st.sampled_from([0.5, 2.0, 9.0]), st.integers(0, 2**32 - 1))
@settings(max_examples=150, deadline=None)
def test_who_meets_is_who_overlaps_at_all(n: int, m: int, spread: float, seed: int) -> None:
    a, b = crowd(n, seed, spread), crowd(m, seed + 1, spread)
    expand = np.random.default_rng(seed).uniform(0.0, 0.2, len(a)) * (seed % 2)
    everybody = overlap(a, b, expand)
    pairs = meeting(a, b, expand)
    i, j = np.nonzero(everybody > 0)
    assert (pairs.i.tolist(), pairs.j.tolist()) == (i.tolist(), j.tolist())
    assert pairs.gain.tolist() == everybody[i, j].tolist()


@given(st.integers(0, 15), st.sampled_from([0.5, 3.0]), st.floats(0.05, 1.0), st.integers(0, 2**32 - 1))
@settings(max_examples=150, deadline=None)
def test_coincident_boxes_are_those_that_overlap_so_much(n: int, spread: float, least: float, seed: int) -> None:
    boxes = crowd(n, seed, spread)
    met = overlap(boxes, boxes, np.zeros(len(boxes)))
    np.fill_diagonal(met, 0.0)
    i, j = np.nonzero(met >= least)
    found = coincident(boxes, least)
    assert (found[0].tolist(), found[1].tolist()) == (i.tolist(), j.tolist())


@given(st.integers(1, 8), st.integers(1, 8), st.floats(0.0, 0.9), st.integers(0, 2**32 - 1))
@settings(max_examples=150, deadline=None)
def test_the_short_way_gains_as_much_as_the_whole_assignment(n: int, m: int, least: float, seed: int) -> None:
    gain = np.random.default_rng(seed).uniform(-0.5, 1, (n, m))
    rows, columns = assign(gain, least)
    value = np.where(gain >= least, gain - least + 1e-9, 0.0)
    best = linear_sum_assignment(value, maximize=True)
    assert value[rows, columns].sum() == pytest.approx(value[best].sum())
    assert (value[rows, columns] > 0.0).all()


def test_boxes_far_apart_meet_when_they_are_expanded_enough() -> None:
    a, b = np.array([[0.2, 0.5, 0.1, 0.2]]), np.array([[0.6, 0.5, 0.1, 0.2], [0.8, 0.5, 0.1, 0.2]])
    met = meeting(a, b, np.array([2.0]))
    assert (met.i.tolist(), met.j.tolist()) == ([0], [0])
    assert met.gain == pytest.approx(overlap(a, b, np.array([2.0]))[0, :1])


def test_a_half_that_begins_where_the_whole_does_coincides_by_a_half() -> None:
    whole = np.array([[0.5, 0.5, 0.25, 0.5], [0.4375, 0.5, 0.125, 0.5]])
    level = np.array([[0.5, 0.5, 0.5, 0.25], [0.4375, 0.5, 0.375, 0.25]])
    for boxes, least in ((whole, 0.5), (level, 0.75)):
        i, j = coincident(boxes, least)
        assert sorted(zip(i.tolist(), j.tolist(), strict=True)) == [(0, 1), (1, 0)]


@given(st.integers(0, 8), st.integers(0, 8), st.floats(-0.2, 0.2), st.integers(0, 2**32 - 1))
@settings(max_examples=100, deadline=None)
def test_who_is_near_is_known_until_the_slack_is_used_up(n: int, m: int, moved: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    (a, b), expand = (rng.uniform(0.05, 1.0, (count, 4)) for count in (n, m)), rng.uniform(0.0, 0.5, n)
    tried = association.near(a, b, expand, abs(moved))
    a[:, 0] += moved
    known, asked = meeting(a, b, expand, tried), meeting(a, b, expand)
    assert [each.tolist() for each in known] == [each.tolist() for each in asked]


def test_who_is_far_across_is_not_near() -> None:
    for slack, found in ((0.0, []), (0.2, [0])):
        i, j = association.near(one(0, 0, 2, 4), one(2.1, 9, 2, 4), np.zeros(1), slack)
        assert (i.tolist(), j.tolist()) == (found, found)
