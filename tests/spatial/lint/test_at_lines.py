"""A line of a quarter of the picture's width, and people who pass it, or do not, by a hair.

Feet and line in image widths: the line stands at x = 0.5 from y = 0.125 to 0.375; people are 0.125 high.
"""

from __future__ import annotations

import pytest

from footfall.spatial.lint.at_lines import Passages, at_line
from footfall.spatial.lint.findings import Place
from footfall.spatial.lint.walks import Walks
from footfall.spatial.regions import Focus, Line, LineCrossingRule
from spatial.lint.sights import Track, codes, recorded, stay, track, words

A_THIRTY_SECOND = 0.03125
RULES = (LineCrossingRule(A_THIRTY_SECOND),)
DOOR = Line("door", (0.5, 0.25), (0.5, 0.75), RULES)
ACROSS = Line("across", (0.25, 0.5), (0.75, 0.5), RULES)


def held(line: Line, *tracks: Track, frame_s: tuple[float, ...] = ()) -> Passages:
    return Passages(line, Walks(recorded(*tracks, frame_s=frame_s)))


def pair(x0: float, x1: float, y: float = 0.5, at_s: float = 0.0, **looks: float) -> Track:
    """Seen twice, a second apart."""
    return track((at_s, x0, y), (at_s + 1.0, x1, y), **looks)


def found(line: Line, *tracks: Track, frame_s: tuple[float, ...] = (-5.0, 50.0)) -> list[str]:
    return codes(at_line(Place(line, 0), Walks(recorded(*tracks, frame_s=frame_s))))


@pytest.mark.parametrize(
    ("one", "passes", "counts"),
    [
        pytest.param(pair(0.25, 0.75), True, True, id="through the middle"),
        pytest.param(pair(0.75, 0.25), True, True, id="the other way"),
        pytest.param(pair(0.25, 0.75, 0.25), True, True, id="through its very start"),
        pytest.param(pair(0.25, 0.75, 0.75), True, True, id="through its very end"),
        pytest.param(pair(0.25, 0.75, 0.765625), False, False, id="beyond its end"),
        pytest.param(pair(0.25, 0.75, 0.234375), False, False, id="before its start"),
        pytest.param(track((0, 0.4375, 0.6875), (1, 0.6875, 1.1875)), False, False, id="slanting, out beyond its end"),
        pytest.param(track((0, 0.4375, 0.875), (1, 0.6875, 0.375)), True, True, id="slanting, in by its very end"),
        pytest.param(pair(0.25, 0.5), True, False, id="onto it from the left of the picture"),
        pytest.param(pair(0.75, 0.5), False, False, id="onto it from the right"),
        pytest.param(pair(0.5, 0.25), True, False, id="off it to the left"),
        pytest.param(pair(0.5, 0.75), False, False, id="off it to the right"),
        pytest.param(pair(0.46875, 0.53125), True, True, id="as far as the threshold on both sides"),
        pytest.param(pair(0.46876, 0.75), True, False, id="never sure on one side"),
        pytest.param(pair(0.25, 0.53124), True, False, id="never sure on the other"),
        pytest.param(
            track((0.0, 0.25, 0.5), (1.0, 0.50390625, 0.5), (2.0, 0.5, 1.0)), True, False, id="on neither side beyond"
        ),
        pytest.param(
            track((0.0, 0.75, 0.5), (1.0, 0.49609375, 0.5), (2.0, 0.5, 1.0)), True, False, id="the same, back"
        ),
        pytest.param(
            track((0.0, 0.25, 0.5), (1.0, 0.25, 1.0), (2.0, 0.75, 1.0), (3.0, 0.75, 0.5)), False, False, id="round it"
        ),
    ],
)
def test_who_passes_and_who_counts(one: Track, passes: bool, counts: bool) -> None:
    passages = held(DOOR, one)
    assert (passages.passed.tolist(), passages.counted.tolist()) == ([passes], [counts])


def test_lengths_and_sides() -> None:
    passages = held(DOOR, track((0.0, 0.25, 0.5), (1.0, 0.75, 0.25), (2.0, 0.5, 1.0)))
    assert passages.across_w.tolist() == [0.25, -0.25, 0.0]
    assert passages.distance_w.tolist() == [0.25, 0.25, 0.125]
    assert passages.length_w == 0.25


def test_the_largest_threshold_and_the_first_focus_count() -> None:
    rules = (LineCrossingRule(0.01, Focus.CENTER), LineCrossingRule(0.05))
    passages = held(Line("door", (0.5, 0.25), (0.5, 0.75), rules), pair(0.25, 0.75, 0.84375))
    assert (passages.threshold_w, passages.focus) == (0.05, Focus.CENTER)
    assert passages.passed.tolist() == [True]
    bare = held(Line("door", (0.5, 0.25), (0.5, 0.75), ()), pair(0.25, 0.75, 0.84375))
    assert (bare.threshold_w, bare.focus, bare.passed.tolist()) == (0.025, Focus.FOOTPRINT, [False])


@pytest.mark.parametrize(
    ("y", "is_at_end"),
    [(0.25, True), (0.3124, True), (0.3125, False), (0.6875, False), (0.6876, True), (0.75, True), (0.7501, False)],
)
def test_who_passes_near_an_end(y: float, is_at_end: bool) -> None:
    assert held(DOOR, pair(0.25, 0.75, y)).at_ends.tolist() == [is_at_end]


@pytest.mark.parametrize(("near", "is_inner"), [(0.0, False), (0.005, False), (0.01, False), (0.015, True)])
def test_an_end_at_the_picture_s_border_is_none(near: float, is_inner: bool) -> None:
    far = 1.0 - near
    for line in (Line("a", (near, 0.5), (0.5, 0.5), ()), Line("a", (0.5, 0.5), (far, 0.5), ())):
        x = near + 0.01 if line.start_n[0] == near else far - 0.01
        assert held(line, track((0.0, x, 0.25), (1.0, x, 0.75))).at_ends.tolist() == [is_inner]
    for line in (Line("a", (0.5, near), (0.5, 0.5), ()), Line("a", (0.5, 0.5), (0.5, far), ())):
        y = near + 0.01 if line.start_n[1] == near else far - 0.01
        assert held(line, pair(0.25, 0.75, y)).at_ends.tolist() == [is_inner]


HALF = Line("half", (0.5, 0.375), (0.5, 0.5), RULES)
"""Half as long as people are high."""
LOW = Line("low", (0.5, 0.25), (0.5, 0.9375), RULES)
HIGH = Line("high", (0.5, 0.0625), (0.5, 0.75), RULES)
WIDE = Line("wide", (0.03125, 0.5), (0.96875, 0.5), RULES)


@pytest.mark.parametrize(
    ("line", "passer", "other", "is_beside"),
    [
        pytest.param(DOOR, pair(0.25, 0.75), pair(0.25, 0.75, 0.875), True, id="half a height beyond the end"),
        pytest.param(DOOR, pair(0.25, 0.75), pair(0.25, 0.75, 0.8828125), False, id="farther"),
        pytest.param(DOOR, pair(0.25, 0.75), pair(0.25, 0.75, 0.125), True, id="half a height before the start"),
        pytest.param(DOOR, pair(0.25, 0.75), pair(0.25, 0.75, 0.1171875), False, id="farther up"),
        pytest.param(DOOR, pair(0.75, 0.25), pair(0.75, 0.25, 0.875), True, id="both the other way"),
        pytest.param(DOOR, pair(0.75, 0.25), pair(0.25, 0.75, 0.875), False, id="a lane of its own"),
        pytest.param(DOOR, pair(0.25, 0.75), pair(0.75, 0.25, 0.875), False, id="a lane of its own, back"),
        pytest.param(DOOR, pair(0.25, 0.75, 0.25), pair(0.25, 0.75, 0.875), True, id="others by its very start"),
        pytest.param(DOOR, pair(0.25, 0.75, 0.75), pair(0.25, 0.75, 0.875), True, id="others by its very end"),
        pytest.param(DOOR, pair(0.25, 0.75, 0.875), pair(0.25, 0.75, 0.875), False, id="nobody passes it"),
        pytest.param(DOOR, pair(0.25, 0.75, 0.125), pair(0.25, 0.75, 0.875), False, id="nobody but beside it"),
        pytest.param(DOOR, pair(0.75, 0.25, 0.125), pair(0.75, 0.25, 0.875), False, id="the same, back"),
        pytest.param(DOOR, pair(0.25, 0.75, 0.875), pair(0.25, 0.75, 0.125), False, id="the same, the other end"),
        pytest.param(DOOR, pair(0.75, 0.25, 0.875), pair(0.75, 0.25, 0.125), False, id="the same, the other end, back"),
        pytest.param(DOOR, pair(0.25, 0.75), pair(0.25, 0.5, 0.875), True, id="as far as the line's height only"),
        pytest.param(
            DOOR, track((0, 0.375, 0.5), (1, 0.25, 0.5), (2, 0.75, 0.5)), pair(0.25, 0.75, 0.875), True, id="back first"
        ),
        pytest.param(HALF, pair(0.25, 0.75, 0.4375), pair(0.25, 0.75, 0.5625), True, id="half a short line's length"),
        pytest.param(HALF, pair(0.25, 0.75, 0.4375), pair(0.25, 0.75, 0.5703125), False, id="more than that"),
        pytest.param(LOW, pair(0.25, 0.75), pair(0.25, 0.75, 1.0), True, id="on the picture's lower edge"),
        pytest.param(LOW, pair(0.25, 0.75), pair(0.25, 0.75, 1.0078125), False, id="below the picture"),
        pytest.param(HIGH, pair(0.25, 0.75), pair(0.25, 0.75, 0.0), True, id="on its upper edge"),
        pytest.param(HIGH, pair(0.25, 0.75), pair(0.25, 0.75, -0.0078125), False, id="above the picture"),
        pytest.param(
            WIDE, track((0, 0.5, 0.25), (1, 0.5, 0.75)), track((0, 1, 0.25), (1, 1, 0.75)), True, id="on the right edge"
        ),
        pytest.param(
            WIDE, track((0, 0.5, 0.25), (1, 0.5, 0.75)), track((0, 1.01, 0.25), (1, 1.01, 0.75)), False, id="off it"
        ),
        pytest.param(
            DOOR,
            pair(0.25, 0.75),
            track((0.0, 0.25, 0.8125), (1.0, 0.75, 0.8125), (2.0, 0.75, 0.5), (3.0, 0.25, 0.5)),
            False,
            id="passes it later",
        ),
    ],
)  # fmt: skip
def test_who_walks_past_an_end_where_others_pass(line: Line, passer: Track, other: Track, is_beside: bool) -> None:
    assert held(line, passer, other).beside.tolist()[1] == is_beside


BEGINS = 0.5 - 0.09375
"""As far from the line as the threshold and half a body height."""


@pytest.mark.parametrize(
    ("one", "is_lost", "share"),
    [
        pytest.param(pair(BEGINS + 0.01, 0.25, at_s=0.75), True, 0.0, id="appears at it"),
        pytest.param(pair(BEGINS + 0.01, 0.25, at_s=0.6), False, 0.0, id="was there at the start"),
        pytest.param(pair(BEGINS, 0.25, at_s=0.75), False, 0.0, id="appears well before it"),
        pytest.param(pair(0.25, BEGINS + 0.01, at_s=8.25), True, 0.0, id="vanishes at it"),
        pytest.param(pair(0.25, BEGINS + 0.01, at_s=10.0 - 0.6 - 1.0), False, 0.0, id="is there until the end"),
        pytest.param(pair(0.25, BEGINS, at_s=8.25), False, 0.0, id="vanishes well before it"),
        pytest.param(track((5.0, 0.45, 0.5), (6.0, 0.75, 0.5)), True, 0.0, id="appears in front, passes by half"),
        pytest.param(pair(BEGINS + 0.01, 0.75, at_s=5.0), False, 0.0, id="appears, but is counted"),
        pytest.param(stay(0.5, 0.5, 5.0, 0.5), False, 0.0, id="went nowhere"),
        pytest.param(track((5, 0.5, 0.97), (6, 0.4, 0.5)), False, 0.0, id="appears at the border, far from its end"),
    ],
)
def test_who_is_lost_at_a_line(one: Track, is_lost: bool, share: float) -> None:
    line = Line("door", (0.5, 0.25), (0.5, 0.75), (LineCrossingRule(0.03125 if one.sights[0][1] != 0.45 else 0.0625),))
    passages = held(line, one, frame_s=(0.0, 10.0))
    assert (passages.lost.tolist(), passages.at_border) == ([is_lost], share)


def test_where_the_lost_come_from() -> None:
    edge = Line("edge", (0.9375, 0.25), (0.9375, 0.75), (LineCrossingRule(0.0625),))
    comes, leaves = pair(0.9375, 0.75, at_s=3.0), pair(0.75, 0.9375, at_s=4.0)
    inner = pair(0.875, 0.75, at_s=5.0)
    assert held(edge, comes, leaves, inner, inner, frame_s=(0.0, 10.0)).at_border == 0.5
    assert held(edge, comes, frame_s=(0.0, 10.0)).at_border == 1.0
    assert held(edge, leaves, frame_s=(0.0, 10.0)).at_border == 1.0
    passer = track((1.0, 0.75, 0.5), (2.0, 0.875, 0.5), (3.0, 0.9375, 0.5), (4.0, 1.0, 0.5))
    assert held(edge, passer, inner, frame_s=(0.0, 10.0)).at_border == 0.0
    assert held(edge, passer, comes, frame_s=(0.0, 10.0)).at_border == 1.0


@pytest.mark.parametrize(
    ("end", "begin", "is_broken"),
    [
        pytest.param((0.4375, 0.5), (0.5625, 0.5), True, id="through the middle"),
        pytest.param((0.5625, 0.5), (0.4375, 0.5), True, id="the other way"),
        pytest.param((0.4375, 0.25), (0.5625, 0.25), True, id="by its very start"),
        pytest.param((0.4375, 0.75), (0.5625, 0.75), True, id="by its very end"),
        pytest.param((0.4375, 0.2421875), (0.5625, 0.2421875), False, id="before its start"),
        pytest.param((0.4375, 0.7578125), (0.5625, 0.7578125), False, id="beyond its end"),
        pytest.param((0.375, 0.5), (0.4375, 0.5), False, id="on one side"),
        pytest.param((0.53125, 0.8125), (0.46875, 0.6875), True, id="slanting, by its very end"),
        pytest.param((0.4375, 0.5), (0.5, 0.5), True, id="onto it"),
        pytest.param((0.5, 0.5), (0.4375, 0.5), True, id="off it"),
        pytest.param((0.5, 0.5), (0.5625, 0.5), False, id="off it on its other side"),
        pytest.param((0.5625, 0.5), (0.5, 0.5), False, id="onto it from there"),
    ],
)
def test_tracks_that_break_off_at_a_line(end: tuple[float, float], begin: tuple[float, float], is_broken: bool) -> None:
    pieces = track((0, 0.25, 0.5), (1, *end), tall=0.125), track((2, *begin), (3, 0.75, 0.5), tall=0.125)
    assert held(DOOR, *pieces).broken == is_broken


@pytest.mark.parametrize(
    ("one", "is_along"),
    [
        pytest.param(track((0, 0.5625, 0.25), (0.5, 0.5625, 0.75)), True, id="half a height beside"),
        pytest.param(track((0, 0.5703125, 0.25), (0.5, 0.5703125, 0.75)), False, id="farther"),
        pytest.param(track((0, 0.5, 0.4), (0.5, 0.51, 0.44296)), True, id="at 24.95 degrees"),
        pytest.param(track((0, 0.5, 0.4), (0.5, 0.51, 0.4418)), False, id="at 25.6 degrees"),
        pytest.param(track((0, 0.5, 0.4), (0.5, 0.5, 0.43775)), True, id="0.302 heights a second"),
        pytest.param(track((0, 0.5, 0.4), (0.5, 0.5, 0.43725)), False, id="0.298 heights a second"),
        pytest.param(stay(0.5, 0.5, 0.0, 3.0), False, id="stands"),
        pytest.param(pair(0.25, 0.75), False, id="across"),
        pytest.param(
            track((0, 0.46875, 0.375), (0.5, 0.46875, 0.625), (2, 0.53125, 0.625), (2.5, 0.53125, 0.375)),
            False,
            id="along on both sides, and counted",
        ),
    ],
)
def test_who_walks_along_a_line(one: Track, is_along: bool) -> None:
    assert held(DOOR, one).along.tolist() == [is_along]


@pytest.mark.parametrize(("x", "seconds"), [(0.5, 3.0), (0.537, 3.0), (0.46251, 3.0), (0.538, 0.0), (0.4624, 0.0)])
def test_how_long_somebody_stands_on_a_line(x: float, seconds: float) -> None:
    passages = held(DOOR, stay(x, 0.5, 0.0, 4.5), pair(0.25, 0.75))
    assert passages.standing_s.tolist() == [seconds, 0.0]


OVER = pair(0.25, 0.75)
UNDER = pair(0.25, 0.75, 0.8125)
ALOFT = [pair(0.25, 0.75, 0.8125, k) for k in range(9)]
"""Heads pass, at 0.5875 of the picture's height, feet do not."""
ELSEWHERE = [pair(0.0, 0.25, 0.5, k) for k in range(9)]


@pytest.mark.parametrize(
    ("tracks", "code"),
    [
        pytest.param(ALOFT[:3], ["line-at-head-height"], id="three heads"),
        pytest.param(ALOFT[:2], [], id="two heads"),
        pytest.param([*ALOFT[:2], *ELSEWHERE[:1]], ["line-never-crossed"], id="two heads of three people"),
        pytest.param(ELSEWHERE[:3], ["line-never-crossed"], id="three people elsewhere"),
        pytest.param(ELSEWHERE[:2], [], id="two people elsewhere"),
        pytest.param([*ELSEWHERE[:2], stay(0.1, 0.5, 0.0, 3.0)], [], id="two and one who stands"),
        pytest.param([*ELSEWHERE[:3], OVER], [], id="one passes"),
    ],
)
def test_a_line_that_nobody_s_feet_pass(tracks: list[Track], code: list[str]) -> None:
    assert found(DOOR, *tracks) == code


def test_the_heads_of_five_and_the_feet_of_one() -> None:
    """One whose head and feet pass counts as both."""
    line, both = Line("aloft", (0.5, 0.25), (0.5, 0.75), RULES), pair(0.25, 0.75, 0.75)
    aloft = [pair(0.25, 0.75, 0.953125, k) for k in range(5)]
    assert found(line, *aloft[:4], both) == ["line-at-head-height"]
    assert found(line, *aloft[:3], both) == []
    middle = Line("aloft", (0.5, 0.25), (0.5, 0.75), (LineCrossingRule(A_THIRTY_SECOND, Focus.CENTER),))
    high = [pair(0.25, 0.75, 0.953125, k) for k in range(5)]
    assert found(middle, *high) == ["line-never-crossed"]


def appearing(count: int) -> list[Track]:
    return [pair(0.4375, 0.125, 0.5, 5.0 + k) for k in range(count)]


def passing(count: int) -> list[Track]:
    return [pair(*((0.125, 0.875) if k % 2 else (0.875, 0.125)), 0.5, 20.0 + k / 8) for k in range(count)]


def broken(count: int) -> list[Track]:
    pieces = []
    for k in range(count):
        y, t = 0.28125 + 0.125 * (k % 4), 60.0 * k
        pieces += [track((t, 0.25, y), (t + 1, 0.4375, y)), track((t + 2, 0.5625, y), (t + 3, 0.75, y))]
    return pieces


@pytest.mark.parametrize(
    ("tracks", "code"),
    [
        pytest.param([*appearing(3), *passing(7)], ["line-where-tracks-begin"], id="three of ten"),
        pytest.param([*appearing(3), *passing(8)], [], id="three of eleven"),
        pytest.param([*appearing(2), *passing(4)], ["line-where-tracks-begin"], id="two of six"),
        pytest.param([*appearing(1), *passing(1)], [], id="one of two"),
        pytest.param([*broken(2), *passing(6)], ["line-over-broken-tracks"], id="two breaks and six who pass"),
        pytest.param([*broken(1), *passing(1)], ["line-where-tracks-begin"], id="one break: two pieces"),
        pytest.param([*broken(2), *passing(7)], ["line-where-tracks-begin"], id="two breaks and seven who pass"),
    ],
)
def test_a_line_where_people_are_lost(tracks: list[Track], code: list[str]) -> None:
    assert found(DOOR, *tracks, frame_s=(-5.0, 200.0)) == code


def test_half_of_the_lost_come_from_beyond_the_border() -> None:
    edge = Line("edge", (0.9375, 0.25), (0.9375, 0.75), (LineCrossingRule(0.0625),))
    comes, inner = pair(0.9375, 0.75, at_s=3.0), [pair(0.875, 0.75, at_s=5.0 + k) for k in range(2)]
    assert found(edge, comes, inner[0]) == ["line-near-border"]
    assert found(edge, comes, *inner) == ["line-where-tracks-begin"]


def beside(count: int) -> list[Track]:
    return [pair(0.875, 0.125, 0.8125, 30.0 + k / 8) for k in range(count)]


def along(count: int) -> list[Track]:
    return [track(*((30 + k / 8 + n / 2, 0.55, 0.0625 + 0.21875 * n) for n in range(5))) for k in range(count)]


@pytest.mark.parametrize(
    ("tracks", "code"),
    [
        pytest.param([*beside(2), *passing(8)], ["line-shorter-than-walk"], id="two of ten walk past its end"),
        pytest.param([*beside(2), *passing(9)], [], id="two of eleven"),
        pytest.param([*beside(1), *passing(4)], [], id="one of five"),
        pytest.param([*along(3), *passing(2)], ["line-along-walk"], id="three along it, two over it"),
        pytest.param([*along(3), *passing(3)], [], id="three and three"),
        pytest.param([*along(2), *passing(1)], [], id="two and one"),
    ],
)
def test_a_line_that_lies_badly_on_the_way(tracks: list[Track], code: list[str]) -> None:
    assert found(DOOR, *tracks) == code


def standing(count: int, seconds: float) -> list[Track]:
    return [stay(0.5, 0.375 + 0.03125 * k, 5.0, 1.5 + seconds) for k in range(count)]


@pytest.mark.parametrize(
    ("tracks", "code"),
    [
        pytest.param([*standing(2, 3.0), *passing(8)], ["line-through-standing"], id="two of ten, three seconds"),
        pytest.param([*standing(2, 3.0), *passing(9)], [], id="two of eleven"),
        pytest.param([*standing(2, 2.5), *passing(8)], [], id="shorter"),
        pytest.param([*standing(1, 19.5), *passing(2)], [], id="one for nearly twenty seconds"),
        pytest.param([*standing(1, 20.0), *passing(8)], ["line-through-standing"], id="one for twenty seconds"),
    ],
)
def test_a_line_through_people_who_stand(tracks: list[Track], code: list[str]) -> None:
    assert found(DOOR, *tracks) == code


FAR = [pair(0.0, 0.25, 0.9375, k) for k in range(5)]


FAR_20_PX = [pair(0.0, 0.25, 0.9375, k, tall=20 / 512) for k in range(5)]


def small(px: float, count: int) -> list[Track]:
    return [pair(0.25, 0.75, 0.5, 5.0 + k, tall=px / 512) for k in range(count)]


@pytest.mark.parametrize(
    ("tracks", "code"),
    [
        pytest.param([*small(19, 2), *FAR[:5]], ["line-people-too-small"], id="19 pixels where others are higher"),
        pytest.param([*small(20, 2), *FAR[:5]], [], id="20 pixels"),
        pytest.param([*small(19, 2), *FAR_20_PX], ["line-people-too-small"], id="19 pixels where others have 20"),
        pytest.param([*small(19, 1), *FAR[:5]], [], id="one only"),
        pytest.param([*small(19, 2), *FAR[:1]], [], id="they are small everywhere"),
    ],
)
def test_a_line_where_people_are_small(tracks: list[Track], code: list[str]) -> None:
    near = Line("near", (0.25, 0.4375), (0.25, 0.5625), (LineCrossingRule(0.0),))
    assert [one for one in found(near, *tracks) if "small" in one] == code


def test_a_line_without_length_tells_nothing_of_people() -> None:
    assert found(Line("dot", (0.5, 0.5), (0.5, 0.5), RULES), *ELSEWHERE) == []
    assert found(Line("speck", (0.0, 0.5), (1e-6, 0.5), RULES), *ELSEWHERE) == []
    assert found(Line("dash", (0.0, 0.5), (1.5e-6, 0.5), RULES), *ELSEWHERE) == ["line-near-border"]


def test_what_is_said_of_a_line() -> None:
    said = words(at_line(Place(DOOR, 0), Walks(recorded(*ALOFT[:3], frame_s=(-5.0, 50.0)))))
    assert said == [
        ("line-at-head-height", "the heads of 3 people pass it, but the feet of 0: it hangs above the floor")
    ]
