"""Books by the hour: every event in its period, people and occupancy weighted by time."""

from __future__ import annotations

import pytest

from footfall.spatial.diary import Diary
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
from footfall.spatial.regions import CountRule, Line, LineCrossingRule, SpatialSpec, Trigger, Zone, ZoneCrossingRule
from spatial.storyboard import person

ANN = person("ann", (0.5, 0.5))
RING = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0))
SPEC = SpatialSpec(
    (Zone("till", RING, (ZoneCrossingRule(),)), Zone("hall", RING, (CountRule(),))),
    (Line("door", (0.0, 0.5), (1.0, 0.5), (LineCrossingRule(),)),),
)


def diary(period_s: float = 60.0) -> Diary:
    return Diary(SPEC, period_s=period_s, gap_s=2.0)


def test_crossings_and_visits_stand_in_the_period_in_which_they_happened() -> None:
    books = diary()
    told: list[Insight] = [
        LineCrossed("door", 59.9, ANN, Direction.LEFT_TO_RIGHT),
        LineCrossed("door", 60.0, ANN, Direction.RIGHT_TO_LEFT),
        ZoneEntered("till", 10.0, ANN, 1),
        ZoneExited("till", 130.0, ANN, None),
        Dwelled("till", 130.0, ANN, None, 120.0, 1200),
    ]
    books.add(told, offset_s=0.0)
    assert [(number, p.lines["door"].right, p.lines["door"].left) for number, p in books.periods.items()] == [
        (0, 1, 0),
        (1, 0, 1),
        (2, 0, 0),
    ]
    assert (books.periods[0].zones["till"].enters, books.periods[2].zones["till"].exits) == (1, 1)
    assert (books.periods[2].zones["till"].visits, books.periods[2].zones["till"].dwell_s) == (1, 120.0)
    assert books.totals.lines["door"].right == 1
    assert books.totals.zones["till"].mean_dwell_s == 120.0


def test_who_stays_over_the_hour_is_there_in_both() -> None:
    books = diary()
    books.add([ZoneEntered("till", 50.0, ANN, 1), ZoneExited("till", 70.0, ANN, 1)], offset_s=0.0)
    assert [period.zones["till"].peak for period in books.periods.values()] == [1, 1]


def test_an_offset_moves_what_happened_to_its_hour() -> None:
    books = diary(3600.0)
    books.add([LineCrossed("door", 5.0, ANN, Direction.LEFT_TO_RIGHT)], offset_s=8 * 3600.0)
    assert list(books.periods) == [8]


def test_a_count_sets_the_peak_and_a_distance_changes_nothing() -> None:
    books = diary()
    told: list[Insight] = [
        Counted("hall", 1.0, 10, Trigger.EVENT, (), 4),
        Counted("hall", 2.0, 20, Trigger.EVENT, (), 2),
        DistanceMeasured("hall", 3.0, 30, Trigger.EVENT, Proximity.TOO_CLOSE, 2, 1.0, 1.0, 1.0, ()),
    ]
    books.add(told, offset_s=0.0)
    zone = books.periods[0].zones["hall"]
    assert (zone.peak, zone.enters, zone.exits, zone.visits) == (4, 0, 0, 0)


def test_occupancy_is_weighted_by_time_and_gaps_weigh_nothing() -> None:
    books = diary()
    for t_s, people, newcomers in [(0.0, 1, 1), (1.0, 3, 2), (2.5, 2, 0), (40.0, 5, 5), (41.0, 4, 0)]:
        books.step(t_s, newcomers=newcomers, people=people, inside={"till": people - 1} if people > 1 else {})
    [period] = books.periods.values()
    assert period.observed_s == pytest.approx(1.0 + 1.5 + 1.0)
    assert period.person_s == pytest.approx(3 * 1.0 + 2 * 1.5 + 4 * 1.0)
    assert period.zones["till"].person_s == pytest.approx(2 * 1.0 + 1 * 1.5 + 3 * 1.0)
    assert (period.people, period.peak) == (8, 5)


def test_the_longest_gap_itself_counts_and_nobody_is_no_peak() -> None:
    books = diary()
    for t_s in (0.0, 2.0):
        books.step(t_s, newcomers=0, people=0, inside={})
    assert (books.periods[0].observed_s, books.periods[0].peak) == (2.0, 0)


def test_between_two_recordings_no_time_passes() -> None:
    books = diary()
    books.step(1.0, newcomers=0, people=1, inside={})
    books.interrupt()
    books.step(2.0, newcomers=0, people=1, inside={})
    assert books.periods[0].observed_s == 0.0


@pytest.mark.parametrize("hours", [1, 100])
def test_memory_is_one_entry_a_period(hours: int) -> None:
    books = diary(3600.0)
    for number in range(hours * 60):
        books.step(number * 60.0, newcomers=1, people=1, inside={})
    assert len(books.periods) == hours
