from dataclasses import astuple

import pytest

from footfall.core.types import TrackObservation
from footfall.spatial.insights import (
    Counted,
    Direction,
    DistanceMeasured,
    Dwelled,
    Insight,
    LineCrossed,
    Proximity,
    ZoneEntered,
    ZoneExited,
)
from footfall.spatial.regions import Line, SpatialSpec, Trigger, Zone
from footfall.spatial.totals import LineTotals, Totals, ZoneTotals

ANN = TrackObservation("a" * 32, 1.0, 10, (0.4, 0.4, 0.6, 0.9), (0.5, 0.9), 0.9)
ENTER = ZoneEntered("hall", 1.0, ANN, 1)
EXIT = ZoneExited("hall", 5.0, ANN, 3)
RIGHT = LineCrossed("door", 1.0, ANN, Direction.LEFT_TO_RIGHT)
LEFT = LineCrossed("door", 2.0, ANN, Direction.RIGHT_TO_LEFT)


def dwelled(seconds: float) -> Dwelled:
    return Dwelled("hall", 5.0, ANN, 3, seconds, 10)


def counted(number: int) -> Counted:
    return Counted("hall", 1.0, 10, Trigger.EVENT, (ANN,), number)


@pytest.mark.parametrize(
    ("insights", "expected"),
    [
        pytest.param([ENTER], ZoneTotals(now=1, peak=1, enters=1), id="comes in"),
        pytest.param([ENTER, EXIT], ZoneTotals(now=0, peak=1, enters=1, exits=1), id="and leaves"),
        pytest.param([EXIT], ZoneTotals(now=0, exits=1), id="leaves without having come: never below nobody"),
        pytest.param([ENTER, counted(3), ENTER], ZoneTotals(now=3, peak=3, enters=2), id="a count rule knows better"),
        pytest.param([counted(4), counted(1)], ZoneTotals(now=1, peak=4), id="the peak stays"),
        pytest.param([dwelled(2.0), dwelled(6.0)], ZoneTotals(visits=2, dwell_s=8.0), id="two visits"),
    ],
)
def test_a_zone(insights: list[Insight], expected: ZoneTotals) -> None:
    totals = Totals()
    totals.add_all(insights)
    assert totals.zones == {"hall": expected}


def test_a_line_counts_both_ways() -> None:
    totals = Totals()
    totals.add_all([RIGHT, RIGHT, LEFT])
    assert totals.lines == {"door": LineTotals(right=2, left=1)}


def test_the_mean_visit_is_unknown_before_the_first_is_over() -> None:
    assert ZoneTotals().mean_dwell_s is None
    assert ZoneTotals(visits=2, dwell_s=8.0).mean_dwell_s == 4.0


def test_everything_watched_starts_at_nothing() -> None:
    spec = SpatialSpec((Zone("hall", ((0, 0), (1, 0), (1, 1)), ()),), (Line("door", (0, 0), (1, 1), ()),))
    totals = Totals.of(spec)
    assert totals.lines == {"door": LineTotals()}
    assert totals.zones == {"hall": ZoneTotals()}
    assert astuple(LineTotals()) == (0, 0)
    assert astuple(ZoneTotals()) == (0, 0, 0, 0, 0, 0.0)


def test_distances_change_no_number() -> None:
    totals = Totals()
    totals.add(DistanceMeasured("hall", 1.0, 10, Trigger.EVENT, Proximity.TOO_CLOSE, 2, 1.0, 1.0, 1.0, (ANN,)))
    assert totals.zones == {"hall": ZoneTotals()}
    assert totals.lines == {}
