"""What comes in, in whatever order and however often, makes the same tables."""

from __future__ import annotations

from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from footfall.spatial.interval import Estimate
from footfall.store import tables
from footfall.store.bins import bin_of
from footfall.store.database import reading, writing
from footfall.store.events import since
from footfall.store.records import Batch, EventRecord, FactRecord, Measure, PresenceRecord
from footfall.store.write import append

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def event(number, **changes):
    made = EventRecord(f"{number:032x}", "front", NOON, "personLineEvent", "door", "7", b"{}")
    return replace(made, **changes)


def rows(engine, table):
    with reading(engine) as connection:
        return [tuple(row) for row in connection.execute(select(table))]


@st.composite
def facts(draw):
    measure = draw(st.sampled_from(Measure))
    told = draw(st.integers(0, 3))
    doubt = st.floats(0, 5, allow_subnormal=False)
    estimate = Estimate(told, draw(doubt), draw(doubt), draw(doubt), draw(doubt))
    return FactRecord(
        f"{draw(st.integers(0, 40)):032x}",
        draw(st.sampled_from(["front", "Tür 2"])),
        draw(st.sampled_from(["door", "till"])),
        measure,
        NOON + timedelta(seconds=draw(st.integers(-7000, 7000)), microseconds=draw(st.sampled_from([0, 999_999]))),
        estimate,
        draw(st.none() | st.floats(0, 20_000)) if measure is Measure.VISIT and told else None,
    )


def recounted(stored, unit_s):
    """Sums and bins of facts, done again."""
    sums, bins = defaultdict(lambda: [0.0] * 7), Counter()
    for fact in {fact.id: fact for fact in reversed(stored)}.values():
        key = fact.camera, fact.region, fact.measure.value, int(fact.utc.timestamp() // unit_s)
        e, d = fact.estimate, fact.dwell_s or 0.0
        figures = (e.told, e.extra, e.extra_variance, e.missed, e.missed_variance, d, d * d)
        sums[key] = [a + b for a, b in zip(sums[key], figures, strict=True)]
        if fact.dwell_s is not None:
            bins[*key, bin_of(fact.dwell_s)] += e.told
    return sums, bins


def check(engine, stored):
    names = {row[0]: row[1:] for row in rows(engine, tables.series)}
    for unit_s, sums_table, bins_table in (
        (60, tables.minute, tables.dwell_minute),
        (3600, tables.hour, tables.dwell_hour),
    ):
        sums, bins = recounted(stored, unit_s)
        found = {(*names[row[0]], row[1]): list(row[2:]) for row in rows(engine, sums_table)}
        assert found.keys() == sums.keys()
        for key, figures in sums.items():
            assert found[key] == pytest.approx(figures), key
        assert {(*names[row[0]], row[1], row[2]): row[3] for row in rows(engine, bins_table)} == bins


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(facts(), max_size=12), max_size=5), again=st.integers(0, 5))
def test_sums_are_those_of_the_facts_in_whatever_order_and_however_often(engine, batches, again):
    with writing(engine) as connection:
        for table in reversed(tables.metadata.sorted_tables):
            connection.execute(delete(table))
    for batch in [*batches, *batches[:again]]:
        append(engine, Batch(facts=tuple(batch)))
    check(engine, [fact for batch in batches for fact in batch])


def test_an_event_that_comes_twice_is_stored_once(engine):
    append(engine, Batch((event(1), event(1), event(2))))
    append(engine, Batch((event(2, body=b"other"), event(3))))
    assert [(row[1], row[5]) for row in rows(engine, tables.events)] == [(f"{n:032x}", b"{}") for n in (1, 2, 3)]


def test_late_events_keep_their_own_time_and_a_later_number(engine):
    append(engine, Batch((event(1),)))
    append(engine, Batch((event(2, utc=NOON - timedelta(days=3)),)))
    first, second = rows(engine, tables.events)
    assert first[0] < second[0]
    assert second[3] == int((NOON - timedelta(days=3)).timestamp()) * 1_000_000


def test_presence_that_comes_again_is_told_better(engine):
    minute = PresenceRecord("front", "till", NOON, 1.0, 2, 1, 1)
    append(engine, Batch(presence=(minute,)))
    append(engine, Batch(presence=(minute, replace(minute, mean=1.5, peak=3), replace(minute, region=""))))
    assert [row[2:] for row in rows(engine, tables.presence)] == [(1.5, 3, 1, 1), (1.0, 2, 1, 1)]


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param({"id": "1" * 32, "utc": NOON.replace(tzinfo=None)}, id="a time without zone"),
        pytest.param({"id": "door"}, id="an id that is none"),
    ],
)
def test_a_batch_is_stored_whole_or_not_at_all(engine, bad):
    fact = FactRecord("0" * 32, "front", "door", Measure.RIGHT, NOON, Estimate(1))
    with pytest.raises(ValueError, match=r"zone|hex"):
        append(engine, Batch((event(1),), (fact, replace(fact, **bad))))
    assert rows(engine, tables.events) == rows(engine, tables.facts) == rows(engine, tables.hour) == []


def test_more_than_fits_into_one_statement(engine, monkeypatch):
    monkeypatch.setattr("footfall.store.write._AT_ONCE", 30)
    stored = [
        FactRecord(f"{n:032x}", f"camera {n % 70}", "", Measure.RIGHT, NOON + timedelta(seconds=n), Estimate(1))
        for n in range(100)
    ]
    append(engine, Batch(facts=tuple(stored)))
    check(engine, stored)


def test_two_who_write_at_once_count_nothing_twice(engine):
    stored = [
        FactRecord(f"{n:032x}", "front", "door", Measure.RIGHT, NOON + timedelta(seconds=n), Estimate(1))
        for n in range(60)
    ]

    def write(turn):
        for start in range(0, 60, 10):
            some = tuple(stored[(start + 10 * turn) % 60 :][:10])
            append(engine, Batch(tuple(event(1000 * turn + start + n) for n in range(3)), some))

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(write, turn) for turn in range(4)]:
            done.result()
    check(engine, stored)
    assert len(rows(engine, tables.events)) == 4 * 6 * 3


def test_a_listener_beside_two_writers_misses_nothing(engine):
    """Numbers become visible in their order: who goes on after the last one heard hears everything."""
    heard, last, is_over = [], 0, Event()

    def write(turn):
        for number in range(15):
            append(engine, Batch((event(1000 * turn + number),)))

    def listen():
        nonlocal last
        while not is_over.is_set() or since(engine, last):
            for stored in since(engine, last):
                heard.append(int(stored.record.id, 16))
                last = stored.number

    with ThreadPoolExecutor(3) as pool:
        writers = [pool.submit(write, turn) for turn in range(2)]
        listener = pool.submit(listen)
        for done in writers:
            done.result()
        is_over.set()
        listener.result()
    assert sorted(heard) == [*range(15), *range(1000, 1015)]
