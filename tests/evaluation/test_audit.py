"""Moments hold everything that was told, are drawn by lot, and say where it is uncertain."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from footfall.core.types import Observed, TrackObservation
from footfall.evaluation.audit import told_by_events
from footfall.spatial.audit.moments import (
    Hints,
    Lookout,
    Moment,
    Stratum,
    Told,
    moments,
    sample,
    told_by_insights,
)
from footfall.spatial.insights import Direction, Dwelled, LineCrossed, ZoneEntered, ZoneExited
from footfall.spatial.regions import Line, LineCrossingRule, SpatialSpec, Zone, ZoneCrossingRule

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SPEC = SpatialSpec(
    zones=(Zone("hall", ((0.1, 0.7), (0.4, 0.7), (0.4, 0.9), (0.1, 0.9)), (ZoneCrossingRule(),)),),
    lines=(Line("door", (0.2, 0.5), (0.8, 0.5), (LineCrossingRule(),)),),
)


def person(name: str, x: float, y: float, t_s: float = 0.0) -> TrackObservation:
    return TrackObservation(name, t_s, 0, (x - 0.05, y - 0.4, x + 0.05, y), (x, y), 0.9)


def told(*times_s: float, region: str = "door", is_first: bool = True) -> list[Told]:
    return [Told(region, is_first, t_s) for t_s in times_s]


@example(1.8125, 1.0, [(1.0, False)])
@given(
    st.floats(1.0, 500.0),
    st.floats(0.5, 20.0),
    st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=30),
)
def test_moments_share_out_the_clip_and_all_that_was_told(
    duration_s: float, length_s: float, drawn: list[tuple[float, bool]]
) -> None:
    said = [Told("door", is_first, share * duration_s) for share, is_first in drawn]
    cut = moments(["door", "gate"], duration_s, said, None, length_s)
    for region in ("door", "gate"):
        here = [moment for moment in cut if moment.region == region]
        assert (here[0].start_s, here[-1].end_s) == pytest.approx((0.0, duration_s), abs=1e-3)
        assert all(a.end_s == b.start_s < b.end_s for a, b in pairwise(here))
    firsts, seconds = (sum(moment.told[index] for moment in cut) for index in (0, 1))
    assert (firsts, seconds) == (sum(f for _, f in drawn), sum(not f for _, f in drawn))
    assert all((sum(moment.told) > 0) == (moment.stratum is Stratum.TOLD) for moment in cut)


def test_a_cut_keeps_away_from_what_was_told() -> None:
    cut = moments(["door"], 12.0, told(4.0), None, 4.0)
    edge_s = cut[0].end_s
    assert abs(edge_s - 4.0) >= 0.7
    assert abs(edge_s - 4.0) <= 1.0


@pytest.mark.parametrize(
    ("said", "near", "doubt", "kind"),
    [
        pytest.param([], [], [], Stratum.QUIET, id="nothing at all"),
        pytest.param([], [1.0], [], Stratum.NEAR, id="somebody near, nothing told"),
        pytest.param([1.0], [1.0], [], Stratum.TOLD, id="told, and plain to see"),
        pytest.param([1.0], [1.0], [2.0], Stratum.DOUBTFUL, id="told, and a track ended there"),
    ],
)
def test_kind(said: list[float], near: list[float], doubt: list[float], kind: Stratum) -> None:
    [moment] = moments(["door"], 4.0, told(*said), Hints({"door": near}, {"door": doubt}), 4.0)
    assert moment.stratum is kind


def lookout(*frames: list[TrackObservation]) -> Hints:
    watch = Lookout(SPEC, 0.5625)
    for number, people in enumerate(frames):
        watch.step(Observed("cam", number, float(number), EPOCH, (640, 360), tuple(people)))
    return watch.hints()


def test_hints_tell_who_is_near_and_where_tracks_begin_and_end() -> None:
    hints = lookout(
        [person("a", 0.5, 0.1)], [person("a", 0.5, 0.45)], [person("a", 0.5, 0.55)], [person("b", 0.25, 0.68)], []
    )
    assert hints.near == {"hall": [3.0], "door": [1.0, 2.0]}
    assert hints.doubt == {"hall": [3.0, 3.0], "door": [2.0]}


def test_two_at_the_line_at_once_are_doubtful() -> None:
    far, near = [person("a", 0.3, 0.1), person("b", 0.6, 0.1)], [person("a", 0.3, 0.5), person("b", 0.6, 0.5)]
    assert lookout(far, near, far).doubt["door"] == [1.0]


def test_what_was_told_by_insights_and_by_events() -> None:
    who = person("a", 0.5, 0.5)
    insights = [
        LineCrossed("door", 1.0, who, Direction.LEFT_TO_RIGHT),
        LineCrossed("door", 2.0, who, Direction.RIGHT_TO_LEFT),
        ZoneEntered("hall", 3.0, who, 1),
        ZoneExited("hall", 4.25, who, None),
        Dwelled("hall", 4.25, who, None, 1.25, 3),
    ]
    events = [
        ("personLineEvent", "door", "CrossRight", 1.0),
        ("personLineEvent", "door", "CrossLeft", 2.0),
        ("personZoneEnterExitEvent", "hall", "Enter", 3.0),
        ("personZoneEnterExitEvent", "hall", "Exit", 4.25),
        ("personZoneDwellTimeEvent", "hall", "Exit", 4.25),
    ]
    bodies = [
        {
            "sourceInfo": {"timestamp": datetime.fromtimestamp(t_s, UTC).isoformat()},
            "events": [{"type": kind, "zone": region, "properties": {"status": status}}],
        }
        for kind, region, status, t_s in events
    ]
    wanted = [*told(1.0), *told(2.0, is_first=False), *told(3.0, region="hall"), Told("hall", False, 4.25)]
    assert told_by_insights(insights) == wanted
    assert told_by_events(bodies, "e.jsonl") == wanted


def population(sizes: dict[Stratum, int]) -> list[Moment]:
    kinds = [kind for kind, size in sizes.items() for _ in range(size)]
    return [Moment("door", float(n), n + 1.0, (0, 0), kind) for n, kind in enumerate(kinds)]


SIZES = {Stratum.DOUBTFUL: 5, Stratum.TOLD: 20, Stratum.NEAR: 20, Stratum.QUIET: 155}


def test_a_larger_sample_begins_with_the_smaller_one() -> None:
    cut = population(SIZES)
    assert sample(cut, 40, 7)[:15] == sample(cut, 15, 7)
    assert sample(cut, 40, 7) != sample(cut, 40, 8)


def test_every_kind_is_looked_at_and_the_uncertain_ones_more() -> None:
    cut = population(SIZES)
    taken = Counter(moment.stratum for moment in sample(cut, 30, 1))
    assert all(taken[kind] >= 2 for kind in Stratum)
    assert taken[Stratum.DOUBTFUL] / 5 > taken[Stratum.TOLD] / 20 > taken[Stratum.QUIET] / 155
    assert sorted(sample(cut, 999, 1), key=lambda moment: moment.start_s) == cut


def test_every_moment_of_a_kind_is_as_likely_as_any_other() -> None:
    cut = population({Stratum.TOLD: 10})
    drawn = Counter(moment.start_s for seed in range(2000) for moment in sample(cut, 3, seed))
    assert len(drawn) == 10
    assert all(500 < times < 700 for times in drawn.values())
