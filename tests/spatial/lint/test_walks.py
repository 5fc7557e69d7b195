"""What a handful of sights says, at the very limits: one step less or more is something else."""

from __future__ import annotations

import numpy as np
import pytest

from footfall.spatial.lint.walks import Walks
from footfall.spatial.motion import MEDIAN_OF_SQUARES
from spatial.lint.sights import Track, recorded, stay, track

HEIGHT_W = 0.125


def walks(*tracks: Track, frame_s: tuple[float, ...] = ()) -> Walks:
    return Walks(recorded(*tracks, frame_s=frame_s))


def test_times_and_sizes() -> None:
    seen = walks(
        track((0.0, 0.5, 0.5), (0.5, 0.5, 0.5), (4.0, 0.5, 0.5)),
        track((1.0, 0.5, 0.5), tall=0.0),
        frame_s=(0.0, 0.5, 1.0),
    )
    assert seen.credit_s.tolist() == [0.5, 1.0, 0.0, 0.0]
    assert seen.life_s.tolist() == [4.0, 0.0]
    assert seen.height_w.tolist() == [HEIGHT_W] * 3 + [0.0001]
    assert seen.frame_period_s == 0.5
    assert seen.people == 2
    assert (seen.first.tolist(), seen.last.tolist(), seen.steps.tolist()) == ([0, 3], [2, 3], [0, 1])
    assert seen.head_n[0].tolist() == [0.5, 0.275]


def test_two_frames_have_a_time_between_them() -> None:
    assert walks(track((0.0, 0.5, 0.5), (0.25, 0.5, 0.5))).frame_period_s == 0.25
    assert walks(track((0.0, 0.5, 0.5))).frame_period_s == 0.0


def test_time_may_begin_long_before_nought() -> None:
    early = track((-90.0, 0.25, 0.5), (-89.5, 0.5, 0.5)), track((-80.0, 0.25, 0.5), (-79.5, 0.5, 0.5))
    assert walks(*early).velocity_w[:, 0].tolist() == [0.5] * 4


def test_speed_is_that_of_the_second_around() -> None:
    seen = walks(track(*((k / 4, 0.25 + k * k / 64, 0.5) for k in range(6))), track((0.0, 0.5, 0.5)))
    middle = (16 - 0) / 64 / 1.0
    assert seen.velocity_w[2].tolist() == [middle, 0.0]
    assert seen.velocity_w[0].tolist() == [4 / 64 / 0.5, 0.0]
    assert seen.velocity_w[-1].tolist() == [0.0, 0.0]
    assert seen.speed_heights[2] == middle / HEIGHT_W


@pytest.mark.parametrize(
    ("sights", "lag"),
    [
        pytest.param(7, 0, id="too few to say"),
        pytest.param(8, 1, id="six places that have a neighbour on both sides"),
        pytest.param(23, 1, id="too few for three frames"),
        pytest.param(24, 3, id="eighteen places with neighbours three frames off"),
    ],
)
def test_how_many_sights_show_jitter(sights: int, lag: int) -> None:
    """On a parabola places three frames apart are nine times as crooked."""
    bend = 1 / 1024
    seen = walks(track(*((k / 8, 0.125 + bend * k * k, 0.5) for k in range(sights))))
    jitter = bend * lag**2 / np.sqrt(1.5 * MEDIAN_OF_SQUARES) / HEIGHT_W
    assert seen.jitter_heights == pytest.approx(jitter)
    assert seen.jitter_w.tolist() == pytest.approx([3.0 * jitter * HEIGHT_W] * sights)


def test_who_stands_is_seen_for_two_and_a_half_seconds_around() -> None:
    assert walks(stay(0.5, 0.5, 0.0, 4.0)).standing.tolist() == [False, False, *[True] * 5, False, False]
    assert not walks(stay(0.5, 0.5, 0.0, 2.0)).standing.any()


@pytest.mark.parametrize(("aside", "stands"), [(0.018, True), (0.0195, False)])
def test_who_stands_keeps_within_a_seventh_of_the_height(aside: float, stands: bool) -> None:
    before, after = (track(*((t, x, 0.5) for t, x in zip((0.0, 1.5, 3.0), xs, strict=True))) for xs in (
        (0.5 + aside, 0.5, 0.5), (0.5, 0.5, 0.5 - aside)))  # fmt: skip
    assert [bool(one.standing[1]) for one in (walks(before), walks(after))] == [stands, stands]


def test_who_trembles_stands_all_the_same() -> None:
    trembling = track(*((k / 2, 0.5 + 0.0125 * (-1) ** k, 0.5) for k in range(12)))
    assert walks(trembling).standing.tolist() == [False] * 2 + [True] * 8 + [False] * 2


@pytest.mark.parametrize(("way", "walked"), [(0.0625, True), (0.0624, False)])
def test_who_walked_went_half_a_body_height(way: float, walked: bool) -> None:
    assert walks(track((0.0, 0.0, 0.5), (1.0, way, 0.5), (2.0, 0.0, 0.5))).walked.tolist() == [walked]


@pytest.mark.parametrize(
    ("x", "y", "tall", "cut", "is_near"),
    [
        pytest.param(0.072, 0.5, 0.25, [True, False, False, False], True, id="left, within a hundredth"),
        pytest.param(0.0735, 0.5, 0.25, [False] * 4, True, id="left, nearly"),
        pytest.param(0.928, 0.5, 0.25, [False, False, True, False], True, id="right, within a hundredth"),
        pytest.param(0.9265, 0.5, 0.25, [False] * 4, True, id="right, nearly"),
        pytest.param(0.5, 0.2595, 0.25, [False, True, False, False], True, id="above, within a hundredth"),
        pytest.param(0.5, 0.265, 0.25, [False] * 4, False, id="above, nearly: nobody comes from there"),
        pytest.param(0.5, 0.9905, 0.25, [False, False, False, True], True, id="below, within a hundredth"),
        pytest.param(0.5, 0.98, 0.25, [False] * 4, True, id="below, nearly"),
        pytest.param(0.0995, 0.5, 0.25, [False] * 4, True, id="left within 0.3 heights"),
        pytest.param(0.1005, 0.5, 0.25, [False] * 4, False, id="left beyond"),
        pytest.param(0.9005, 0.5, 0.25, [False] * 4, True, id="right within 0.3 heights"),
        pytest.param(0.8995, 0.5, 0.25, [False] * 4, False, id="right beyond"),
        pytest.param(0.5, 0.9255, 0.25, [False] * 4, True, id="below within 0.3 heights"),
        pytest.param(0.5, 0.9245, 0.25, [False] * 4, False, id="below beyond"),
        pytest.param(0.5, 0.5, 0.25, [False] * 4, False, id="in the middle"),
    ],
)
def test_cut_off_and_near_the_border(x: float, y: float, tall: float, cut: list[bool], is_near: bool) -> None:
    seen = walks(track((0.0, x, y), tall=tall))
    assert seen.cut[0].tolist() == cut
    assert seen.near_border.tolist() == [is_near]


def test_a_box_that_ends_on_the_very_limit() -> None:
    """Boxes of whole sixteenths: a border of 0.3 heights is met exactly where the height is 5/48."""
    limit = recorded(track((0.0, 0.5, 0.5)))
    limit.box_n[0] = (0.01, 0.01, 0.99, 0.99)
    assert Walks(limit).cut[0].tolist() == [True] * 4
    for box in ((0.3 * 0.125, 0.5, 0.5, 0.75), (0.5, 0.5, 1.0 - 0.3 * 0.125, 0.75)):
        limit.box_n[0] = box
        assert Walks(limit).near_border.tolist() == [True]


FIRST = track((0.0, 0.25, 0.5), (1.0, 0.5, 0.5))


@pytest.mark.parametrize(
    ("later", "goes_on"),
    [
        pytest.param(track((1.25, 0.5, 0.5), (2.0, 0.75, 0.5)), True, id="at once and there"),
        pytest.param(track((1.0, 0.5, 0.5), (2.0, 0.75, 0.5)), False, id="at the same time"),
        pytest.param(track((11.0, 0.75, 0.5), (12.0, 0.75, 0.5)), True, id="ten seconds, two heights"),
        pytest.param(track((11.125, 0.75, 0.5), (12.0, 0.75, 0.5)), False, id="longer"),
        pytest.param(track((3.0, 0.7578125, 0.5), (4.0, 0.75, 0.5)), False, id="farther"),
        pytest.param(track((1.5, 0.6875, 0.5), (4.0, 0.75, 0.5)), True, id="half a second, a height and a half"),
        pytest.param(track((1.5, 0.6953125, 0.5), (4.0, 0.75, 0.5)), False, id="farther in half a second"),
    ],
)
def test_which_track_goes_on_as_another(later: Track, goes_on: bool) -> None:
    assert walks(FIRST, later).breaks.tolist() == ([[0, 1]] if goes_on else [])


def test_a_track_goes_on_as_the_nearest_and_never_from_beyond_the_border() -> None:
    far, near = track((2.0, 0.625, 0.5), (3.0, 0.75, 0.5)), track((3.0, 0.5625, 0.5), (4.0, 0.75, 0.5))
    assert walks(FIRST, far, near).breaks.tolist() == [[0, 2]]
    leaves = track((0.0, 0.5, 0.5), (1.0, 0.9375, 0.5))
    assert walks(leaves, track((2.0, 0.875, 0.5), (3.0, 0.5, 0.5))).breaks.tolist() == []
