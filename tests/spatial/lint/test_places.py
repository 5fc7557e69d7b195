"""Where better places are looked for, and which of them is good enough; in a picture twice as wide as high."""

from __future__ import annotations

import pytest

from footfall.spatial.lint.advice import lint
from footfall.spatial.lint.findings import Severity
from footfall.spatial.lint.floor import Floor
from footfall.spatial.lint.places import (
    PADS,
    SHIFTS,
    STRETCHES,
    TURNS_DEG,
    _across_flow,
    _moved_lines,
    _moved_zones,
    better_line,
    better_zone,
)
from footfall.spatial.lint.walks import Walks
from footfall.spatial.regions import CountRule, Line, LineCrossingRule, SpatialSpec, Zone, ZoneCrossingRule
from spatial.lint.crowd import square
from spatial.lint.sights import Track, codes, recorded, stay, track
from written import assert_as_written, in_json

RULES = (LineCrossingRule(0.03125),)
DOOR = Line("door", (0.5, 0.25), (0.5, 0.75), RULES)
SHOP = Zone("shop", square(0.25, 0.25, 0.75, 0.75), (ZoneCrossingRule(0.03125),))


def pair(x0: float, x1: float, y: float = 0.5, at_s: float = 0.0) -> Track:
    return track((at_s, x0, y), (at_s + 0.5, x1, y))


def seen(*tracks: Track) -> Walks:
    return Walks(recorded(*tracks, frame_s=(-5.0, 50.0)))


def through(x0: float, x1: float, y: float = 0.5, at_s: float = 0.0) -> Track:
    """Three seconds long, in twelve steps."""
    return track(*((at_s + k / 4, x0 + (x1 - x0) * k / 12, y) for k in range(13)))


def passing(count: int, y: float = 0.5) -> list[Track]:
    return [through(*((0.125, 0.875) if k % 2 else (0.875, 0.125)), y, 2.0 * k) for k in range(count)]


SLANTING = [
    track(*((k / 4, 0.1 + 0.15 * k, 0.3 + 0.1 * k + 0.05 * n) for k in range(5)), tall=0.2 + 0.1 * n) for n in range(3)
]
"""People of different heights who walk to the lower right."""


def test_every_place_that_is_looked_at() -> None:
    walks = seen(*SLANTING, stay(0.9, 0.3, 0.0, 3.0))
    slant = Line("slant", (0.4, 0.3), (0.6, 0.8), RULES)
    said = [in_json(*ends) for line in (slant,) for ends in _moved_lines(line, walks)]
    said += [in_json(*corner) for corner in _moved_zones(Zone("z", SHOP.polygon_n[:3], ()), walks)]
    said += [in_json(*corner) for corner in _moved_zones(Zone("z", ((0.5, 0.5),) * 3, ()), walks)]
    for line in (DOOR, slant, Line("back", slant.end_n, slant.start_n, RULES)):
        said += sorted(in_json(*ends) for ends in _across_flow(line, walks))
    assert_as_written("spatial/lint-candidates", said)


def test_little_changes_come_first() -> None:
    walks = seen(pair(0.125, 0.875))
    assert next(_moved_lines(DOOR, walks)) == (DOOR.start_n, DOOR.end_n)
    assert next(_moved_zones(SHOP, walks)) == SHOP.polygon_n
    short = Line("short", (0.5, 0.49), (0.5, 0.51), RULES)
    middle = len(list(_moved_lines(short, walks)))
    assert middle == len(SHIFTS) * len(TURNS_DEG) * len(STRETCHES)
    assert len(list(_moved_lines(Line("low", (0.4, 1.0), (0.6, 1.0), RULES), walks))) < middle
    assert len(list(_moved_zones(SHOP, walks))) == 11**2 * len(PADS)


def test_a_line_may_lie_on_the_picture_s_edge() -> None:
    walks = seen(pair(0.125, 0.875))
    for ends in (
        ((0.0, 0.4), (0.0, 0.6)),
        ((1.0, 0.4), (1.0, 0.6)),
        ((0.4, 0.0), (0.6, 0.0)),
        ((0.4, 1.0), (0.6, 1.0)),
    ):
        assert ends in _moved_lines(Line("edge", *ends, RULES), walks)


def test_no_line_is_moved_out_of_the_picture() -> None:
    """From each edge only eight of fifteen shifts lead back into the picture."""
    walks = seen(pair(0.125, 0.875))
    for ends in (
        ((0.0, 0.4), (0.0, 0.6)),
        ((1.0, 0.4), (1.0, 0.6)),
        ((0.4, 0.0), (0.6, 0.0)),
        ((0.4, 1.0), (0.6, 1.0)),
    ):
        assert len(list(_moved_lines(Line("edge", *ends, RULES), walks))) == 8 * len(TURNS_DEG) * len(STRETCHES)


def test_who_stands_has_no_way() -> None:
    assert list(_across_flow(DOOR, seen(stay(0.5, 0.5, 0.0, 3.0)))) == []


@pytest.mark.parametrize(
    ("tracks", "better"),
    [
        pytest.param(passing(2), (DOOR.start_n, DOOR.end_n), id="two pass: it may stay"),
        pytest.param(passing(1), None, id="one only"),
        pytest.param([*passing(9), *passing(1, 0.7)], (DOOR.start_n, DOOR.end_n), id="one of ten passes near its end"),
        pytest.param([*passing(8), *passing(1, 0.7)], ((0.5, 0.125), (0.5, 0.875)), id="one of nine: it grows"),
        pytest.param(
            [*passing(6), *(through(0.875, 0.125, 0.8125, k) for k in range(2))],
            ((0.5, 0.125), (0.5, 0.875)),
            id="longer",
        ),
        pytest.param([stay(0.5, 0.5, 0.0, 4.0)] * 3, None, id="nobody walks"),
    ],
)
def test_a_better_line(tracks: list[Track], better: tuple[tuple[float, float], ...] | None) -> None:
    assert better_line(DOOR, seen(*tracks)) == better


def test_far_from_everybody_the_way_is_looked_for_first() -> None:
    """Nobody comes near a line in the corner: its place is of no use."""
    corner = Line("corner", (0.9, 0.05), (0.95, 0.05), RULES)
    walks = seen(*(track(*((2 * k + n / 2, 0.25, 0.2 + 0.1 * n) for n in range(8))) for k in range(3)))
    across = list(_across_flow(corner, walks))
    assert better_line(corner, walks) == across[0]
    beside = Line("beside", (0.5, 0.5), (0.8, 0.5), RULES)
    assert better_line(beside, walks) == next(_across_flow(beside, walks))
    creeping = seen(*(track(*((5 * k + n / 2, 0.25, 0.3 + 0.02 * n) for n in range(20))) for k in range(3)))
    assert list(_across_flow(beside, creeping)) == []
    assert better_line(beside, creeping) in _moved_lines(beside, creeping)
    near = Line("near", (0.1, 0.5), (0.4, 0.5), RULES)
    assert better_line(near, walks) == ((0.1, 0.5), (0.4, 0.5))


def visiting(count: int, y: float = 0.5) -> list[Track]:
    return [track((2.0 * k, 0.1, y), (2.0 * k + 0.5, 0.5, y), (2.0 * k + 1, 0.9, y)) for k in range(count)]


@pytest.mark.parametrize(
    ("tracks", "better"),
    [
        pytest.param(visiting(2), SHOP.polygon_n, id="two visit it: it may stay"),
        pytest.param(visiting(1), None, id="one only"),
        pytest.param([*visiting(1), *visiting(1, 0.78)], square(0.25, 0.375, 0.75, 0.875), id="it moves down"),
        pytest.param([*visiting(2), *visiting(2, 0.99)], SHOP.polygon_n, id="those who never visited it do not matter"),
        pytest.param(
            [*visiting(1, 0.4), *visiting(2, 0.9)],
            ((0.188, 0.25), (0.812, 0.25), (0.812, 1.0), (0.188, 1.0)),
            id="whoever visits it is kept, though two more are enough by themselves",
        ),
    ],
)
def test_a_better_zone(tracks: list[Track], better: tuple[tuple[float, float], ...] | None) -> None:
    assert better_zone(SHOP, seen(*tracks)) == better


def spec(*regions: Line | Zone) -> SpatialSpec:
    zones = tuple(region for region in regions if isinstance(region, Zone))
    return SpatialSpec(zones, tuple(region for region in regions if isinstance(region, Line)))


LONG = [*passing(6), *(through(0.875, 0.125, 0.8125, 30.0 + k) for k in range(2))]
"""Two walk past the end of the line."""


def test_only_a_bad_place_gets_a_better_one() -> None:
    """The line is too short for its way; its name, its twin and its rules are no matter of the place."""
    twin = Line("door", DOOR.start_n, DOOR.end_n, (LineCrossingRule(0.03125, output_frequency=2),))
    cross = Line("cross", (0.4, 0.5), (0.6, 0.5), RULES)
    found = lint(spec(DOOR, twin, cross), recorded(*LONG, frame_s=[k / 2 for k in range(100)]))
    better = ((0.5, 0.125), (0.5, 0.875))
    assert [(f.code, f.number) for f in found if f.better_n == better] == [
        ("line-shorter-than-walk", 0),
        ("line-shorter-than-walk", 1),
    ]
    assert {f.code for f in found if f.better_n is None} >= {
        "name-taken",
        "lines-alike",
        "lines-crossed",
        "frequency-ignored",
    }
    ranks = [list(Severity).index(f.severity) for f in found]
    assert ranks == sorted(ranks)


def test_a_zone_gets_a_better_place_of_its_own_and_so_does_a_line() -> None:
    thin = Zone("thin", square(0.6, 0.25, 0.62, 0.75), (ZoneCrossingRule(0.001),))
    found = lint(spec(SHOP, thin, DOOR), recorded(*LONG, frame_s=[k / 2 for k in range(100)]))
    grown = ((0.569, 0.188), (0.651, 0.188), (0.651, 0.812), (0.569, 0.812))
    assert [(f.code, f.kind, f.number, f.better_n) for f in found] == [
        ("too-few-frames", "camera", 0, None),
        ("tracks-in-pieces", "camera", 0, None),
        ("line-shorter-than-walk", "line", 0, ((0.5, 0.125), (0.5, 0.875))),
        ("zone-stepped-over", "zone", 1, grown),
        ("zone-smaller-than-person", "zone", 1, grown),
    ]


def test_without_a_recording_or_people_only_the_drawing_is_judged() -> None:
    short = Line("short", (0.5, 0.5), (0.5, 0.532), (LineCrossingRule(0.0),))
    (found,) = lint(spec(short))
    assert (found.code, found.what) == (
        "line-too-short",
        "it is 0.018 picture widths long, no more than its threshold on both sides",
    )
    told = lint(spec(short), recorded(frame_s=[3.0 + k / 2 for k in range(25)]))
    assert codes(told) == ["line-too-short", "nobody-seen"]
    assert [f.what for f in told if f.code == "nobody-seen"] == ["nobody is seen in 12 seconds"]
    assert [f.what for f in told if f.code == "line-too-short"] == [
        "it is 0.016 picture widths long, no more than its threshold on both sides"
    ]
    assert all(f.better_n is None for f in told)
    apart = Line("a", (0.3, 0.1), (0.3, 0.9), RULES), Line("b", (0.5, 0.1), (0.5, 0.9), RULES)
    assert lint(spec(*apart)) == ()


def test_where_nothing_is_known_of_the_floor_the_camera_calibrates_itself() -> None:
    empty = spec(Zone("z", SHOP.polygon_n, (CountRule(0.01),)))
    assert lint(empty) == lint(empty, floor=Floor()) == ()
