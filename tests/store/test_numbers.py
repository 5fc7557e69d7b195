"""Every number is the sum of its facts, whichever table it is read from."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footfall.spatial.interval import Estimate, mean_interval
from footfall.store.bins import EDGES_S, bin_of, median_s
from footfall.store.crowds import Crowd, crowds, now
from footfall.store.database import open_database
from footfall.store.numbers import Total, compare, today, totals
from footfall.store.records import Batch, FactRecord, Measure, PresenceRecord
from footfall.store.spans import By, day, spans, zone
from footfall.store.sums import Scope
from footfall.store.visits import dwell, queue
from footfall.store.write import append

NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)
BERLIN = zone("Europe/Berlin")
BEGIN, END = datetime(2026, 3, 26, 3, 17, tzinfo=UTC), datetime(2026, 4, 2, 21, 44, tzinfo=UTC)


def some_facts(count=600, seed=3):
    chance = random.Random(seed)
    for number in range(count):
        measure = chance.choice(list(Measure))
        told = chance.randrange(3)
        yield FactRecord(
            f"{number:032x}",
            chance.choice(["front", "Tür 2"]),
            chance.choice(["door", "till"]),
            measure,
            NOON + timedelta(seconds=chance.uniform(-5 * 86400, 5 * 86400)),
            Estimate(told, told * chance.random() / 4, chance.random() / 9, chance.random(), chance.random()),
            chance.expovariate(0.01) if measure is Measure.VISIT and told else None,
        )


FACTS = tuple(some_facts())


@pytest.fixture(scope="module")
def filled(server, tmp_path_factory):
    """The same facts in both databases."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS numbers")
        connection.execute("CREATE DATABASE numbers")
    engines = {
        "sqlite": open_database(tmp_path_factory.mktemp("numbers") / "store.sqlite", "store"),
        "postgresql": open_database(server.url.replace("/postgres", "/numbers"), "store"),
    }
    for opened in engines.values():
        append(opened, Batch(facts=FACTS))
    yield engines
    for opened in engines.values():
        opened.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def full(request, filled):
    return filled[request.param]


def recounted(cut, tz=UTC):
    """From the facts themselves."""
    sums = {}
    for fact in FACTS:
        span = cut.at(int(fact.utc.timestamp() // 60))
        if 0 <= span < len(cut):
            key = fact.camera, fact.region, fact.measure, cut.begin(span)
            sums[key] = sums.get(key, Estimate()) + fact.estimate
    return sums


def told(found):
    return {(t.camera, t.region, t.measure, t.begin): t.estimate for t in found}


def same(found, expected):
    assert found.keys() == expected.keys()
    for key, estimate in expected.items():
        one, other = found[key], estimate
        assert one.told == other.told
        assert type(one.told) is int
        assert (one.extra, one.extra_variance, one.missed, one.missed_variance) == pytest.approx(
            (other.extra, other.extra_variance, other.missed, other.missed_variance)
        )


@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe"])
@pytest.mark.parametrize("by", list(By))
def test_totals_are_sums_of_facts(full, by, name):
    cut = spans(BEGIN, END if by is not By.MINUTE else BEGIN + timedelta(days=2), by, zone(name))
    found = totals(full, cut)
    same(told(found), recounted(cut))
    assert found == sorted(found, key=lambda t: (t.camera, t.region, t.measure.value, t.begin))


@pytest.mark.parametrize("by", [By.ALL, By.HOUR])
def test_a_minute_at_each_end_and_hours_between(full, by):
    cut = spans(NOON.replace(minute=58), NOON + timedelta(hours=5, minutes=2), by)
    assert [piece.end - piece.begin for piece in cut.pieces()[1]] == [2, 2]
    same(told(totals(full, cut)), recounted(cut))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10_000), st.integers(1, 5000), st.sampled_from(["UTC", "Asia/Kolkata", "Europe/Berlin"]))
def test_days_add_up_to_hours_and_both_to_the_whole(filled, start, minutes, name):
    begin = NOON - timedelta(days=4) + timedelta(minutes=start)
    end = begin + timedelta(minutes=minutes)
    whole = {}
    for by in (By.ALL, By.DAY, By.HOUR):
        for total in totals(filled["sqlite"], spans(begin, end, by, zone(name))):
            key = by, total.camera, total.region, total.measure
            whole[key] = whole.get(key, 0) + total.estimate.told
    for (by, *key), people in whole.items():
        assert people == whole[By.ALL, *key], by


def test_only_what_is_asked_for(full):
    cut = spans(BEGIN, END, By.ALL)
    scope = Scope(frozenset({"front"}), frozenset({"till"}))
    found = totals(full, cut, scope, [Measure.ENTER, Measure.EXIT])
    assert [(t.camera, t.region, t.measure) for t in found] == [
        ("front", "till", Measure.ENTER),
        ("front", "till", Measure.EXIT),
    ]
    assert totals(full, cut, Scope(frozenset())) == []
    assert found[0].interval() == recounted(cut)["front", "till", Measure.ENTER, found[0].begin].interval()


def test_today_begins_at_local_midnight(full):
    begin, _ = day(date(2026, 3, 29), BERLIN)
    same(told(today(full, NOON, BERLIN)), recounted(spans(begin, NOON + timedelta(minutes=1), By.ALL)))


def test_days_laid_beside_each_other(full):
    short, plain = compare(full, [date(2026, 3, 29), date(2026, 3, 28)], BERLIN)
    assert (short.date, plain.date) == (date(2026, 3, 29), date(2026, 3, 28))
    assert {t.begin.astimezone(BERLIN).hour for t in short.hours}.isdisjoint({2})
    for each in (short, plain):
        assert sum(t.estimate.told for t in each.totals) == sum(t.estimate.told for t in each.hours) > 0
    assert isinstance(short.totals[0], Total)


def test_dwell_is_that_of_the_visits(full):
    found = dwell(full, BEGIN, END, Scope(regions=frozenset({"till"})))
    visits = [f for f in FACTS if f.measure is Measure.VISIT and f.region == "till" and BEGIN <= f.utc < END]
    lengths = [f.dwell_s for f in visits if f.dwell_s is not None]
    assert found.visits.told == sum(f.estimate.told for f in visits)
    assert found.mean_s == pytest.approx(sum(lengths) / found.visits.told)
    number = sum((f.estimate for f in visits), Estimate())
    expected = mean_interval(sum(lengths), sum(d * d for d in lengths), number)
    assert found.interval_s() == pytest.approx(expected)
    assert sum(found.bins) == found.visits.told
    assert found.median_s == pytest.approx(median_s(found.bins))


def test_no_visit_has_no_length(full):
    found = dwell(full, END + timedelta(days=400), END + timedelta(days=401))
    assert (found.visits, found.mean_s, found.median_s, found.interval_s()) == (Estimate(), None, None, None)


@given(st.lists(st.floats(0, 80_000), min_size=1, max_size=60))
def test_the_median_lies_in_the_bin_of_the_middle_length(lengths):
    bins = [0] * len(EDGES_S)
    for length in lengths:
        bins[bin_of(length)] += 1
    middle = sorted(lengths)[(len(lengths) - 1) // 2]
    low = EDGES_S[bin_of(middle)]
    assert low <= median_s(bins) <= EDGES_S[bin_of(middle) + 1]


def presences():
    yield from (
        PresenceRecord("front", "till", NOON + timedelta(minutes=n), n, n + 1, n - 1, n + 2) for n in range(1, 91)
    )
    yield PresenceRecord("front", "", NOON + timedelta(minutes=90), 7.5, 9, 7, 8)


def test_crowds_over_hours_and_now(engine):
    append(engine, Batch(presence=tuple(presences())))
    cut = spans(NOON, NOON + timedelta(hours=2), By.HOUR)
    till = Scope(regions=frozenset({"till"}))
    assert crowds(engine, cut, till) == [
        Crowd("front", "till", NOON, 30.0, 60, 0, 61),
        Crowd("front", "till", NOON + timedelta(hours=1), 75.0, 91, 59, 92),
    ]
    (whole,) = crowds(engine, spans(NOON, NOON + timedelta(hours=2), By.ALL), till)
    assert whole == Crowd("front", "till", NOON, 45.5, 91, 0, 92)
    latest = NOON + timedelta(minutes=90)
    assert now(engine, latest + timedelta(seconds=50)) == [
        Crowd("front", "", latest, 7.5, 9, 7, 8),
        Crowd("front", "till", latest, 90.0, 91, 89, 92),
    ]
    assert now(engine, latest + timedelta(minutes=5)) == []


def test_a_queue_has_a_length_and_a_wait(engine):
    wait = FactRecord("a" * 32, "front", "till", Measure.VISIT, NOON + timedelta(minutes=80), Estimate(1), 240.0)
    append(engine, Batch(facts=(wait,), presence=tuple(presences())))
    found = queue(engine, "front", "till", NOON + timedelta(minutes=91))
    assert found.now.mean == 90.0
    assert (found.length.begin, found.length.peak) == (NOON + timedelta(minutes=31), 91)
    assert (found.wait.mean_s, found.wait.visits.told) == (240.0, 1)
    empty = queue(engine, "front", "nowhere", NOON)
    assert (empty.now, empty.length, empty.wait.mean_s) == (None, None, None)
