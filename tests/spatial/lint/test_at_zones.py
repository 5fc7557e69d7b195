"""A zone of half the picture's width and height, and people who come into it, or do not, by a hair.

In image widths it reaches from x = 0.25 to 0.75 and from y = 0.125 to 0.375; people are 0.125 high.
"""

from __future__ import annotations

from typing import Any

import pytest

from footfall.spatial.lint.at_zones import Visits, at_zone
from footfall.spatial.lint.findings import Place
from footfall.spatial.lint.walks import Walks
from footfall.spatial.regions import CountRule, DwellRule, Focus, Zone, ZoneCrossingRule
from spatial.lint.crowd import square
from spatial.lint.sights import Track, codes, recorded, stay, track

RULES = (ZoneCrossingRule(0.03125),)
SHOP = Zone("shop", square(0.25, 0.25, 0.75, 0.75), RULES)


def held(zone: Zone, *tracks: Track, frame_s: tuple[float, ...] = ()) -> Visits:
    return Visits(zone, Walks(recorded(*tracks, frame_s=frame_s)))


def found(zone: Zone, *tracks: Track, frame_s: tuple[float, ...] = (-5.0, 200.0)) -> list[str]:
    return codes(at_zone(Place(zone, 0), Walks(recorded(*tracks, frame_s=frame_s))))


def way(*xs: float, y: float = 0.5, at_s: float = 0.0, **looks: float) -> Track:
    """Along one height of the picture, a second from place to place."""
    return track(*((at_s + k, x, y) for k, x in enumerate(xs)), **looks)


def test_the_smallest_threshold_and_the_first_focus_count() -> None:
    rules = (CountRule(0.05, Focus.CENTER), CountRule(0.01))
    visits = held(Zone("z", SHOP.polygon_n, rules), way(0.5, y=0.84375))
    assert (visits.threshold_w, visits.focus, visits.tells_visits) == (0.01, Focus.CENTER, False)
    assert visits.visitors.tolist() == [True]
    bare = held(Zone("z", SHOP.polygon_n, ()), way(0.5, y=0.84375))
    assert (bare.threshold_w, bare.focus, bare.visitors.tolist()) == (0.025, Focus.FOOTPRINT, [False])
    assert held(SHOP, way(0.5)).tells_visits
    assert held(Zone("z", SHOP.polygon_n, (CountRule(), DwellRule())), way(0.5)).tells_visits


@pytest.mark.parametrize(
    ("one", "flags"),
    [
        pytest.param(way(0.125, 0.28125, 0.125), "", id="in as far as the threshold"),
        pytest.param(way(0.125, 0.2813, 0.125), "visitors", id="in"),
        pytest.param(way(0.125, 0.5, at_s=1.0), "visitors vanished", id="in and gone"),
        pytest.param(way(0.125, 0.5, at_s=10.0 - 0.6 - 1.0), "visitors", id="in until the end"),
        pytest.param(way(0.125, 0.5, 0.21875, at_s=1.0), "visitors", id="out as far as the threshold"),
        pytest.param(way(0.125, 0.5, 0.2188, at_s=1.0), "visitors vanished", id="out by less"),
        pytest.param(way(0.5, 0.125, at_s=1.0), "visitors appeared", id="out of it"),
        pytest.param(way(0.5, 0.125, at_s=0.6), "visitors", id="there from the start"),
        pytest.param(way(0.5, 0.125, at_s=0.75), "visitors appeared", id="there after the start"),
        pytest.param(way(0.25, 0.5, 0.125, at_s=1.0), "visitors", id="from its very side"),
        pytest.param(way(0.2501, 0.5, 0.125, at_s=1.0), "visitors appeared", id="from inside of its side"),
        pytest.param(way(0.25, 0.125, at_s=1.0), "", id="at its side and off"),
        pytest.param(way(0.125, 0.875), "skipped", id="through it between two frames"),
        pytest.param(way(0.125, 0.875, 0.5, 0.125), "visitors", id="through it, and in"),
    ],
)
def test_who_visits_a_zone(one: Track, flags: str) -> None:
    visits = held(SHOP, one, frame_s=(0.0, 10.0))
    names = ("visitors", "skipped", "vanished", "appeared")
    assert [name for name in names if getattr(visits, name).any()] == [n for n in names if n in flags.split()]


@pytest.mark.parametrize("eighth", range(9))
def test_seven_places_between_two_sights_are_looked_at(eighth: int) -> None:
    strip = Zone("strip", square(eighth / 8 - 0.03125, 0.25, eighth / 8 + 0.03125, 0.75), (CountRule(0.015625),))
    assert held(strip, way(0.0 - 0.0625, 1.0 - 0.0625)).skipped.tolist() == [False]
    assert held(strip, way(0.0), way(0.0, 1.0)).skipped.tolist() == [False, eighth not in {0, 8}]


def test_how_deep_between_two_sights() -> None:
    """The middle of a strip lies exactly as deep as the threshold: not deep enough."""
    strip = Zone("strip", square(0.46875, 0.25, 0.53125, 0.75), (CountRule(0.03125),))
    assert held(strip, way(0.0, 1.0)).skipped.tolist() == [False]
    assert held(strip, way(0.0, 1.0), way(0.5, 0.75)).skipped.tolist() == [False, False]


@pytest.mark.parametrize(
    ("end", "begin", "broken"),
    [(0.5, 0.625, 1), (0.25, 0.5, 0), (0.5, 0.25, 0), (0.2500001, 0.5, 1), (0.5, 0.2500001, 1), (0.125, 0.1875, 0)],
)
def test_tracks_that_break_off_in_a_zone(end: float, begin: float, broken: int) -> None:
    pieces = track((0.0, 0.125, 0.5), (1.0, end, 0.5)), track((3.0, begin, 0.5), (4.0, 0.875, 0.5))
    assert held(SHOP, *pieces).broken == broken


def test_near_is_half_a_body_height_and_an_edge_as_wide_as_the_threshold() -> None:
    sights = track(*((float(t), x, 0.5) for t, x in enumerate((0.1875, 0.1876, 0.5, 0.8124, 0.8125))))
    assert held(SHOP, sights).near.tolist() == [False, True, True, True, False]
    for x, seconds in ((0.21875, 0.0), (0.22, 3.0), (0.28, 3.0), (0.28125, 0.0), (0.5, 0.0)):
        assert held(SHOP, stay(x, 0.5, 0.0, 4.5)).edge_s.tolist() == [seconds]


def through(count: int, x1: float = 0.875) -> list[Track]:
    """In between, out again; seen in it."""
    return [way(0.125, 0.5, x1, at_s=20.0 + 2.0 * k) for k in range(count)]


def leaping(count: int) -> list[Track]:
    return [way(0.125, 0.875, at_s=20.0 + 2.0 * k) for k in range(count)]


def heads(count: int) -> list[Track]:
    return [way(0.125, 0.5, 0.875, y=0.9, at_s=30.0 + 2.0 * k) for k in range(count)]


def elsewhere(count: int, **looks: float) -> list[Track]:
    return [way(0.0, 0.125, at_s=40.0 + 2.0 * k, **looks) for k in range(count)]


CENTRE = Zone("centre", SHOP.polygon_n, (ZoneCrossingRule(0.03125, Focus.CENTER),))


@pytest.mark.parametrize(
    ("tracks", "code"),
    [
        pytest.param([*leaping(3), *through(7)], ["zone-stepped-over"], id="three of ten leap over it"),
        pytest.param([*leaping(3), *through(8)], [], id="three of eleven"),
        pytest.param([*leaping(2), *through(2)], ["zone-stepped-over"], id="two of four"),
        pytest.param([*leaping(1), *through(1)], [], id="one of two"),
        pytest.param(heads(3), ["zone-without-feet"], id="three heads"),
        pytest.param(heads(2), [], id="two heads"),
        pytest.param([*heads(3), *elsewhere(3)], ["zone-without-feet"], id="the heads of half of the people"),
        pytest.param([*heads(3), *elsewhere(4)], ["zone-never-entered"], id="the heads of less than half"),
        pytest.param([*heads(9), *through(1)], ["zone-without-feet"], id="ten heads, the feet of one"),
        pytest.param([*heads(8), *through(1)], [], id="nine heads, the feet of one"),
        pytest.param(elsewhere(3), ["zone-never-entered"], id="three elsewhere"),
        pytest.param(elsewhere(2), [], id="two elsewhere"),
        pytest.param([*elsewhere(3), *through(1)], [], id="three elsewhere and one in it"),
        pytest.param([*elsewhere(2), stay(0.06, 0.5, 0.0, 3.0)], [], id="two elsewhere and one who stands"),
    ],
)
def test_whose_feet_come_in(tracks: list[Track], code: list[str]) -> None:
    assert found(SHOP, *tracks) == code


def test_where_the_middle_of_people_counts_heads_say_nothing() -> None:
    low = [way(0.125, 0.5, 0.875, y=0.9375, at_s=30.0 + 2.0 * k) for k in range(3)]
    assert found(CENTRE, *low) == ["zone-never-entered"]


def test_who_stands_and_trembles_through_a_thin_zone_does_not_step_over_it() -> None:
    strip = Zone("strip", square(0.49609375, 0.25, 0.50390625, 0.75), (CountRule(0.001),))
    trembling = [track((k + 0.0, 0.4921875, 0.5), (k + 1.0, 0.5078125, 0.5)) for k in range(2)]
    assert [one for one in found(strip, *trembling) if one == "zone-stepped-over"] == []


def small(px: float, count: int) -> list[Track]:
    return [way(0.125, 0.5, 0.875, at_s=20.0 + 2.0 * k, tall=px / 512) for k in range(count)]


@pytest.mark.parametrize(
    ("tracks", "code"),
    [
        pytest.param([*small(19, 2), *elsewhere(5)], ["zone-people-too-small"], id="19 pixels where others are higher"),
        pytest.param([*small(20, 2), *elsewhere(5)], [], id="20 pixels"),
        pytest.param(
            [*small(19, 2), *elsewhere(5, tall=20 / 512)],
            ["zone-people-too-small"],
            id="19 pixels where others have 20",
        ),
        pytest.param([*small(19, 1), *elsewhere(5)], [], id="one only"),
        pytest.param([*small(19, 2), *elsewhere(1)], [], id="they are small everywhere"),
        pytest.param([*small(19, 2), *small(20, 3)], [], id="most are 20 pixels high"),
    ],
)
def test_people_are_small_there(tracks: list[Track], code: list[str]) -> None:
    assert [one for one in found(SHOP, *tracks) if "small" in one] == code


@pytest.mark.parametrize(("wide", "is_found"), [(0.0615, True), (0.066, False)])
def test_a_zone_half_as_wide_as_people(wide: float, is_found: bool) -> None:
    """Its deepest point is found on a grid of 48 x 48: some 2 % are missing."""
    strip = Zone("strip", square(0.5 - wide / 2, 0.25, 0.5 + wide / 2, 0.75), (CountRule(0.001),))
    people = [way(0.125, 0.5, 0.875, at_s=20.0 + 2.0 * k) for k in range(2)]
    assert found(strip, *people) == (["zone-smaller-than-person"] if is_found else [])
    assert found(strip, *people[:1]) == []


def standing(count: int, seconds: float) -> list[Track]:
    return [stay(0.25, 0.4375 + 0.03125 * k, 5.0, 1.5 + seconds) for k in range(count)]


@pytest.mark.parametrize(
    ("tracks", "code"),
    [
        pytest.param([*standing(2, 3.0), *through(8)], ["zone-edge-through-standing"], id="two of ten, three seconds"),
        pytest.param([*standing(2, 3.0), *through(9)], [], id="two of eleven"),
        pytest.param([*standing(2, 2.5), *through(8)], [], id="shorter"),
        pytest.param([*standing(1, 19.5), *through(2)], [], id="one for nearly twenty seconds"),
        pytest.param([*standing(1, 20.0), *through(8)], ["zone-edge-through-standing"], id="one for twenty seconds"),
    ],
)
def test_people_stand_on_its_border(tracks: list[Track], code: list[str]) -> None:
    assert found(SHOP, *tracks) == code


EDGE = Zone("edge", square(0.5, 0.25, 1.0, 0.75), RULES)


def leaving(count: int) -> list[Track]:
    return [way(0.25, 0.75, 0.9375, at_s=60.0 + 2.0 * k) for k in range(count)]


def back(count: int) -> list[Track]:
    return [way(0.25, 0.75, 0.25, at_s=80.0 + 2.0 * k) for k in range(count)]


@pytest.mark.parametrize(
    ("zone", "tracks", "code"),
    [
        pytest.param(EDGE, [*leaving(2), *back(3)], ["zone-cut-by-border"], id="two of five leave the picture"),
        pytest.param(EDGE, [*leaving(2), *back(4)], [], id="two of six"),
        pytest.param(EDGE, [*leaving(1), *back(1)], [], id="one of two"),
        pytest.param(Zone("count", EDGE.polygon_n, (CountRule(0.03125),)), leaving(3), [], id="nobody asks for visits"),
        pytest.param(
            Zone("open", EDGE.polygon_n, RULES, is_open=True), [*leaving(2), *back(3)], [], id="its side is open"
        ),
        pytest.param(
            Zone("inner", square(0.5, 0.25, 0.96875, 0.75), RULES, is_open=True),
            [*leaving(2), *back(3)],
            ["zone-cut-by-border"],
            id="an open zone that ends before the picture's border",
        ),
    ],
)
def test_visitors_leave_the_picture_first(zone: Zone, tracks: list[Track], code: list[str]) -> None:
    assert found(zone, *tracks) == code


def broken(count: int) -> list[Track]:
    pieces = []
    for k in range(count):
        pieces += [way(0.125, 0.5, y=0.5, at_s=15.0 * k), way(0.5625, 0.875, y=0.5, at_s=15.0 * k + 3.0)]
    return pieces


def vanishing(count: int) -> list[Track]:
    return [way(0.125, 0.5, y=0.5, at_s=120.0 + 15.0 * k) for k in range(count)]


def appearing(count: int) -> list[Track]:
    return [way(0.5, 0.125, y=0.5, at_s=120.0 + 15.0 * k) for k in range(count)]


@pytest.mark.parametrize(
    ("tracks", "code"),
    [
        pytest.param([*broken(3), *through(4)], ["zone-where-tracks-break"], id="three breaks, ten visitors"),
        pytest.param([*broken(3), *through(5)], ["zone-over-door"], id="three breaks, eleven visitors"),
        pytest.param([*broken(2)], ["zone-where-tracks-break"], id="two breaks"),
        pytest.param([*broken(1)], [], id="one break"),
        pytest.param([*vanishing(3), *through(3)], ["zone-over-door"], id="three of six vanish in it"),
        pytest.param([*appearing(3), *through(3)], ["zone-over-door"], id="three of six appear in it"),
        pytest.param([*appearing(2), *vanishing(1)], ["zone-over-door"], id="some appear, one vanishes"),
        pytest.param([*vanishing(3), *through(4)], [], id="three of seven"),
        pytest.param([*vanishing(2)], [], id="two of two"),
    ],
)
def test_visits_break(tracks: list[Track], code: list[str]) -> None:
    assert found(SHOP, *tracks) == code


def shop_dummy(seconds: float, moves: int = 0, right: float = 0.0, down: float = 0.0) -> Track:
    """Seen twice a second, in its place but for so many times."""
    count = round(2 * seconds) + 1
    return track(*((k / 2, 0.5 + right * (k < moves), 0.5 + down * (k < moves)) for k in range(count)))


@pytest.mark.parametrize(
    ("one", "end_s", "is_found"),
    [
        pytest.param(shop_dummy(20.0), 22.0, True, id="twenty seconds of twenty-two"),
        pytest.param(shop_dummy(20.0), 22.5, False, id="of more"),
        pytest.param(shop_dummy(19.5), 19.5, False, id="not quite twenty seconds"),
        pytest.param(shop_dummy(36.0), 40.0, True, id="nine tenths of the recording"),
        pytest.param(shop_dummy(20.0, 6, right=0.0062), 20.0, True, id="moves by less than a twentieth of its height"),
        pytest.param(shop_dummy(20.0, 6, right=0.0063), 20.0, False, id="moves by more"),
        pytest.param(shop_dummy(20.0, 6, down=0.0124), 20.0, True, id="moves down by less"),
        pytest.param(shop_dummy(20.0, 6, down=0.0126), 20.0, False, id="moves down by more"),
        pytest.param(shop_dummy(20.0, 3, right=0.125), 20.0, True, id="elsewhere now and then"),
    ],
)
def test_what_never_moves(one: Track, end_s: float, is_found: bool) -> None:
    told = found(SHOP, one, frame_s=(0.0, end_s))
    assert told == (["zone-never-empty"] if is_found else [])
    beside = track(*((t, x - 0.375, y) for t, x, y in one.sights))
    assert found(SHOP, beside, frame_s=(0.0, end_s)) == []


def test_others_move_before_and_after_what_never_moves() -> None:
    twice = track((0.0, 0.5, 0.5), (20.0, 0.5, 0.5))
    for one in (shop_dummy(20.0), twice):
        told = found(SHOP, way(0.0, 0.125, 0.0), one, way(0.125, 0.0, at_s=20.0), frame_s=(0.0, 20.0))
        assert told == ["zone-never-empty"]


def test_only_one_of_them_is_told_and_it_may_be_the_second() -> None:
    lasting, short = shop_dummy(20.0), shop_dummy(5.0)
    still: Any = [short, lasting, shop_dummy(20.0)]
    assert found(SHOP, *still, frame_s=(0.0, 20.0)) == ["zone-never-empty"]
