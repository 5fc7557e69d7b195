from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from footfall.core.types import Observed, TrackObservation
from footfall.serve.presence import Presence
from footfall.spatial.insights import Counted, Insight
from footfall.spatial.interval import Interval
from footfall.spatial.regions import CountRule, DwellRule, SpatialSpec, Trigger, Zone

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LEFT = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))
SPEC = SpatialSpec((Zone("counted", LEFT, (CountRule(),)), Zone("left", LEFT, (DwellRule(),))))


def seen(at_s: float, *xs: float) -> Observed:
    people = tuple(
        TrackObservation(f"{n}", at_s, 0, (x - 0.02, 0.3, x + 0.02, 0.8), (x, 0.8), 0.9) for n, x in enumerate(xs)
    )
    return Observed("cam", 0, at_s, NOON + timedelta(seconds=at_s), (640, 360), people)


def counted(people: int, at_s: float, interval: Interval | None = None) -> Insight:
    return Counted("counted", at_s, 0, Trigger.EVENT, (), people, interval)


@pytest.fixture
def presence() -> Presence:
    presence = Presence("cam")
    presence.follow(SPEC)
    return presence


def test_now_is_in_view_and_in_zones(presence: Presence) -> None:
    presence.step(seen(0.0, 0.2, 0.3, 0.9), [counted(2, 0.0)])
    assert presence.now == {"": 3, "counted": 2, "left": 2}


def test_a_rule_that_counts_says_how_many(presence: Presence) -> None:
    presence.step(seen(0.0, 0.2), [counted(0, 0.0)])
    presence.step(seen(0.1, 0.2), [])
    assert presence.now == {"": 1, "counted": 0, "left": 1}, "the rule has not told yet"


def test_a_minute_is_weighed_by_time(presence: Presence) -> None:
    for at_s in range(60):
        assert presence.step(seen(float(at_s), *([0.2] if at_s < 15 else [])), []) == []
    records = {record.region: record for record in presence.step(seen(60.0, 0.2), [])}
    assert records["left"].minute == NOON
    assert records["left"].mean == pytest.approx(15 / 59)
    assert (records["left"].peak, records["left"].low, records["left"].high) == (1, 0, 0)


def test_the_interval_of_a_count_is_kept(presence: Presence) -> None:
    presence.step(seen(0.0, 0.2, 0.3), [counted(2, 0.0, Interval(1, 4))])
    [counted_one] = [record for record in presence.end() if record.region == "counted"]
    assert (counted_one.mean, counted_one.low, counted_one.high) == (2.0, 1, 4)


def test_a_clock_that_goes_back_does_no_harm(presence: Presence) -> None:
    presence.step(seen(90.0, 0.2), [])
    [view, *_] = presence.step(seen(0.0, 0.2, 0.3), [])
    assert view.minute == NOON + timedelta(minutes=1)
    assert all(record.mean >= 0.0 for record in presence.end())
    assert presence.end() == []
