"""Which moments are asked about: where they end, what kind they are, in which order they come."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from footfall.core.geometry import Point
from footfall.core.types import Observed, TrackObservation
from footfall.spatial.audit.moments import Hints, Lookout, Moment, Stratum, Told, moments, sample, told_by_insights
from footfall.spatial.insights import Direction, Dwelled, Insight, LineCrossed, ZoneEntered, ZoneExited
from footfall.spatial.regions import Line, SpatialSpec, Zone
from spatial.storyboard import person

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HALL = Zone("hall", ((0.125, 0.5), (0.375, 0.5), (0.375, 1.0), (0.125, 1.0)), ())
DOOR = Line("door", (0.75, 0.25), (0.75, 0.75), ())


def told(*times_s: float, is_first: bool = True, region: str = "door") -> list[Told]:
    return [Told(region, is_first, t_s) for t_s in times_s]


def test_what_insights_tell() -> None:
    ann = person("ann", (0.5, 0.5))
    said: list[Insight] = [
        LineCrossed("door", 1.0, ann, Direction.LEFT_TO_RIGHT),
        LineCrossed("door", 2.0, ann, Direction.RIGHT_TO_LEFT),
        ZoneEntered("hall", 3.0, ann, 1),
        ZoneExited("hall", 4.0, ann, None),
        Dwelled("hall", 4.0, ann, None, 4.0, 40),
    ]
    assert told_by_insights(said) == [
        *told(1.0), *told(2.0, is_first=False), *told(3.0, region="hall"), *told(4.0, region="hall", is_first=False)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("duration_s", "length_s", "said", "cuts"),
    [
        pytest.param(12.0, 4.0, [], [4.0, 8.0], id="even"),
        pytest.param(13.0, 4.0, [], [4.333, 8.667], id="nearly even"),
        pytest.param(3.0, 8.0, [], [], id="shorter than a moment"),
        pytest.param(20.0, 10.0, [11.0], [10.0], id="far enough from what was told"),
        pytest.param(20.0, 10.0, [10.0], [9.2], id="away from what was told on it, back first"),
        pytest.param(20.0, 10.0, [9.5], [10.8], id="on, where that is clearer"),
        pytest.param(20.0, 10.0, [9.3, 10.7], [8.4], id="a second step back"),
        pytest.param(20.0, 10.0, [8.5, 9.3, 10.7], [11.6], id="a second step on"),
        pytest.param(20.0, 10.0, [8.5, 9.3, 10.7, 11.5], [7.6], id="a third step back"),
        pytest.param(20.0, 10.0, [7.7, 8.5, 9.3, 10.7, 11.5], [12.4], id="a third step on"),
        pytest.param(20.0, 10.0, [10.69], [10.0 - 0.8], id="0.69 seconds are not clear"),
        pytest.param(20.0, 10.0, [10.71], [10.0], id="0.71 are"),
    ],
)
def test_where_moments_end(duration_s: float, length_s: float, said: list[float], cuts: list[float]) -> None:
    cut = moments(["door"], duration_s, told(*said), None, length_s)
    assert [moment.end_s for moment in cut] == pytest.approx([*cuts, duration_s])
    assert [moment.start_s for moment in cut] == pytest.approx([0.0, *cuts])
    assert sum(moment.told[0] for moment in cut) == len(said)


def test_each_region_has_its_own_and_either_way_counts_by_itself() -> None:
    said = [*told(1.0, 2.0), *told(3.0, is_first=False), *told(6.0, region="hall"), *told(99.0), *told(-9.0)]
    cut = moments(["door", "hall"], 8.0, said, None, 4.0)
    assert [(one.region, one.told, one.stratum) for one in cut] == [
        ("door", (3, 1), Stratum.TOLD),
        ("door", (1, 0), Stratum.TOLD),
        ("hall", (0, 0), Stratum.QUIET),
        ("hall", (1, 0), Stratum.TOLD),
    ]


def test_what_is_told_after_the_end_falls_into_the_last_moment() -> None:
    cut = moments(["door"], 12.0, [*told(-1.0), *told(6.0, 13.0, is_first=False)], None, 4.0)
    assert [one.told for one in cut] == [(1, 0), (0, 1), (0, 1)]


def test_kinds_of_moments() -> None:
    hints = Hints({"door": [1.0, 5.0, 9.0, 9.5]}, {"door": [1.5, 13.0]})
    cut = moments(["door", "hall"], 16.0, told(2.0, 6.0), hints, 4.0)
    kinds = [Stratum.DOUBTFUL, Stratum.TOLD, Stratum.NEAR, Stratum.QUIET, *[Stratum.QUIET] * 4]
    assert [moment.stratum for moment in cut] == kinds


def frame(t_s: float, **people: Point) -> Observed:
    """Everybody is 0.2 high: near is 0.04 of the picture's width where it is half as high as wide."""
    seen = tuple(person(name, foot, t_s, box_n=(foot[0] - 0.05, foot[1] - 0.2, foot[0] + 0.05, foot[1])) for name, foot in people.items())  # fmt: skip  # noqa: E501
    return Observed("cam", 0, t_s, EPOCH, (640, 320), seen)


@pytest.mark.parametrize(
    ("foot", "near"),
    [
        pytest.param((0.711, 0.5), ["door"], id="left of the line"),
        pytest.param((0.709, 0.5), [], id="farther left"),
        pytest.param((0.75, 0.829), ["door"], id="below its end"),
        pytest.param((0.75, 0.831), [], id="farther below"),
        pytest.param((0.086, 0.75), ["hall"], id="left of the zone"),
        pytest.param((0.084, 0.75), [], id="farther left of it"),
        pytest.param((0.164, 0.75), ["hall"], id="inside by its border"),
        pytest.param((0.25, 0.75), [], id="in its middle"),
    ],
)
def test_who_is_near(foot: Point, near: list[str]) -> None:
    lookout = Lookout(SpatialSpec((HALL,), (DOOR,)), 0.5)
    lookout.step(frame(3.0, ann=foot))
    hints = lookout.hints()
    assert hints.near == {name: [3.0] if name in near else [] for name in ("hall", "door")}
    assert hints.doubt == {name: [3.0, 3.0] if name in near else [] for name in ("hall", "door")}


def test_doubt_where_tracks_begin_end_or_meet() -> None:
    lookout = Lookout(SpatialSpec((HALL,), (DOOR,)), 0.5)
    for t_s, people in enumerate(
        (
            {"ann": (0.5, 0.5)},
            {"ann": (0.74, 0.5)},
            {"ann": (0.74, 0.5), "bob": (0.76, 0.5)},
            {"ann": (0.74, 0.5), "bob": (0.5, 0.5), "cat": (0.375, 0.75)},
            {"cat": (0.25, 0.75)},
        )
    ):
        lookout.step(frame(float(t_s), **people))
    hints = lookout.hints()
    assert hints.near == {"hall": [3.0], "door": [1.0, 2.0, 2.0, 3.0]}
    assert hints.doubt == {"hall": [3.0], "door": [2.0, 2.0, 3.0]}


def clip(**sizes: int) -> list[Moment]:
    kinds = [Stratum[name] for name, size in sizes.items() for _ in range(size)]
    return [Moment("door", float(k), k + 1.0, (0, 0), kind) for k, kind in enumerate(kinds)]


def test_the_order_of_kinds() -> None:
    """Two of each first, then by size times spread, over those taken and one."""
    cut = clip(DOUBTFUL=4, TOLD=10, NEAR=20, QUIET=30)
    names = [one.stratum.name[0] for one in sample(cut, 21, 1)]
    assert "".join(names) == "NTQDNTQD" + "NNNNTNQNNTQND"
    assert Counter(names).most_common(1)[0][0] == "N"


def test_every_moment_is_drawn_once_and_no_more_than_there_are() -> None:
    cut = clip(TOLD=3, QUIET=4)
    assert sorted(one.start_s for one in sample(cut, 99, 2)) == [float(k) for k in range(7)]
    assert len(sample(cut, 5, 2)) == 5
    assert sample(cut, 0, 2) == []
    assert sample([], 5, 2) == []
    assert sample(cut, 3, 2) == sample(cut, 7, 2)[:3]
    assert {tuple(sample(cut, 7, seed)) for seed in range(9)} != {tuple(sample(cut, 7, 0))}


def test_somebody_without_a_place_is_nowhere_near() -> None:
    nobody = TrackObservation("ann", 0.0, 0, (0.0, 0.0, 0.0, 0.0), (0.75, 0.5), 0.9)
    lookout = Lookout(SpatialSpec((), (DOOR,)), 0.5)
    lookout.step(Observed("cam", 0, 0.0, EPOCH, (640, 320), (nobody,)))
    assert lookout.hints() == Hints({"door": []}, {"door": []})
