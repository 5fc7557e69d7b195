from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from footfall.spatial.interval import Estimate
from footfall.store.events import Wish, find, last_number, page, since
from footfall.store.records import Batch, EventRecord, FactRecord, Measure, PresenceRecord
from footfall.store.sums import Scope
from footfall.store.write import append

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LINE, ZONE = "personLineEvent", "personZoneEnterExitEvent"


def event(number, minute=None, camera="front", type=LINE, region="door"):
    utc = NOON + timedelta(minutes=number if minute is None else minute)
    return EventRecord(f"e{number}", camera, utc, type, region, "7", b"{%d}" % number)


def ids(found):
    return [int(each.record.id[1:]) for each in found]


@pytest.fixture
def filled(engine):
    append(engine, Batch(tuple(event(n, camera=("front", "back")[n % 2]) for n in range(10))))
    append(engine, Batch((event(10, minute=4), event(11, type=ZONE, region="till"))))
    fact = FactRecord("a" * 32, "front", "door", Measure.RIGHT, NOON, Estimate(1))
    append(engine, Batch(facts=(fact,), presence=(PresenceRecord("front", "door", NOON, 1, 1, 1, 1),)))
    return engine


def all_pages(engine, wish, limit):
    before, found = "", []
    while True:
        part = page(engine, wish, before=before, limit=limit)
        found += ids(part.events)
        before = part.before
        if not before:
            return found


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        pytest.param(Wish(), [11, 9, 8, 7, 6, 5, 10, 4, 3, 2, 1, 0], id="all, in order of their time"),
        pytest.param(Wish(Scope(frozenset({"back"}))), [9, 7, 5, 3, 1], id="one camera"),
        pytest.param(Wish(Scope(regions=frozenset({"till"}))), [11], id="one zone"),
        pytest.param(Wish(types=frozenset({ZONE})), [11], id="one type"),
        pytest.param(Wish(types=frozenset({"right", "presence"})), [], id="facts are no events"),
        pytest.param(Wish(Scope(frozenset())), [], id="no camera"),
        pytest.param(
            Wish(begin=NOON + timedelta(minutes=3), end=NOON + timedelta(minutes=6)), [5, 10, 4, 3], id="some minutes"
        ),
    ],
)
def test_pages(filled, wish, expected):
    for limit in (1, 3, 12, 100):
        assert all_pages(filled, wish, limit) == expected


def test_many_series_are_looked_through_in_order_of_time(engine):
    append(engine, Batch(tuple(event(n, region=f"line {n % 250}") for n in range(600))))
    assert all_pages(engine, Wish(), 250) == list(reversed(range(600)))


def test_a_page_may_begin_below_an_event(filled):
    assert ids(page(filled, before="e10", limit=2).events) == [4, 3]


@pytest.mark.parametrize("before", ["door", "1.", ".", "1.2.3", "12"])
def test_what_is_no_end_of_a_page(filled, before):
    with pytest.raises(ValueError, match="neither"):
        page(filled, before=before)


def test_going_on_after_the_last_one_heard_late_events_too(filled):
    heard = since(filled, 0, limit=10)
    assert ids(heard) == list(range(10))
    assert ids(since(filled, heard[-1].number)) == [10, 11]
    assert ids(since(filled, 0, Wish(Scope(frozenset({"back"}))))) == [1, 3, 5, 7, 9]
    newest = last_number(filled)
    assert since(filled, newest) == []
    append(filled, Batch((event(3), event(12))))
    assert ids(since(filled, newest)) == [12]


def test_an_empty_store_has_no_events(engine):
    assert (page(engine).events, since(engine, 0), last_number(engine), find(engine, "e1")) == ((), [], 0, None)


def test_one_event(filled):
    assert find(filled, "e11").record == event(11, type=ZONE, region="till")
    assert find(filled, "e99") is None
