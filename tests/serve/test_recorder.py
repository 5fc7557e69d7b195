from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from footfall.core.types import Message, Observed, TrackObservation
from footfall.engine.items import Happened
from footfall.events.tracks import read_tracks
from footfall.serve.recorder import Recorder
from footfall.serve.tracks import TrackPieces
from footfall.spatial.insights import Dwelled
from footfall.spatial.regions import SpatialSpec
from footfall.spatial.signs import Evidence, Sign, What
from footfall.store.records import FactRecord, Measure, TracksRecord
from footfall.store.wire import read_message

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ANNA = TrackObservation("anna", 0.0, 0, (0.4, 0.3, 0.5, 0.8), (0.45, 0.8), 0.9)


def happened(at_s: float, *evidence: Evidence, visits: Sequence[Dwelled] = ()) -> Happened:
    observed = Observed("cam", round(at_s * 10), at_s, NOON + timedelta(seconds=at_s), (640, 360), (ANNA,))
    return Happened(observed, tuple(visits), evidence=evidence)


def recorder(kept: list[TracksRecord] | None = None) -> Recorder:
    return Recorder("cam", TrackPieces("cam", [].append if kept is None else kept.append)).follow(SpatialSpec())


def facts(messages: Sequence[Message]) -> list[FactRecord]:
    return [fact for message in messages for fact in read_message(message).facts]


def test_a_crossing_becomes_a_fact_when_it_happened() -> None:
    [message] = recorder().feed(happened(7.0, Evidence("door", What.RIGHT, 6.5, {Sign.TOLD: 1.0, Sign.FAINT: 0.5})))
    assert message.is_private
    [fact] = facts([message])
    assert (fact.camera, fact.region, fact.measure, fact.estimate.told) == ("cam", "door", Measure.RIGHT, 1)
    assert fact.utc == NOON + timedelta(seconds=6.5)
    assert 0.0 < fact.estimate.extra < 1.0


def test_what_may_have_been_missed_is_a_fact_of_nobody() -> None:
    [fact] = facts(recorder().feed(happened(7.0, Evidence("door", What.LEFT, 6.5, {Sign.WENT: 1.0}, is_told=False))))
    assert (fact.estimate.told, fact.dwell_s) == (0, None)
    assert fact.estimate.missed > 0.0


def test_visits_carry_their_own_lengths() -> None:
    visits = [Dwelled(zone, 7.0, ANNA, None, length, 3) for zone, length in (("a", 4.0), ("b", 5.0), ("a", 6.0))]
    evidence = [Evidence(zone, What.VISIT, 7.0, {Sign.TOLD: 1.0}) for zone in ("a", "a", "b")]
    found = facts(recorder().feed(happened(7.0, *evidence, visits=visits)))
    assert [(fact.region, fact.dwell_s) for fact in found] == [("a", 4.0), ("a", 6.0), ("b", 5.0)]


def test_counts_of_now_are_presence_and_no_facts() -> None:
    node = recorder()
    assert node.feed(happened(7.0, Evidence("a", What.NOW, 7.0, {Sign.TOLD: 1.0}))) == []
    assert node.feed(happened(7.0)) == [], "told at the end, with the same frame"
    [message] = node.feed(happened(61.0))
    [view] = read_message(message).presence
    assert (view.region, view.mean, view.peak) == ("", 1.0, 1)


def test_the_end_tells_the_minute_so_far() -> None:
    node = recorder()
    node.feed(happened(7.0))
    [message] = node.flush()
    assert len(read_message(message).presence) == 1
    assert node.flush() == []


def test_people_are_recorded_only_where_that_is_wanted() -> None:
    kept: list[TracksRecord] = []
    node = recorder(kept)
    node.feed(happened(0.0))
    node.flush()
    assert kept == []
    node.is_tracking = True
    for at_s in (0.0, 4.0, 9.9, 10.0, 11.0):
        node.feed(happened(at_s))
    node.flush()
    assert [(record.begin - NOON, record.end - NOON) for record in kept] == [
        (timedelta(seconds=0), timedelta(seconds=9.9)),
        (timedelta(seconds=10), timedelta(seconds=11)),
    ]
    frames = list(read_tracks(kept[1].lines.splitlines(), file="x"))
    assert [frame.t_s for frame in frames] == [0.0, 1.0]
    assert frames[0].size_px == (640, 360)
