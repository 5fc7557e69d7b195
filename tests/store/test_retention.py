from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from footfall.spatial.interval import Estimate
from footfall.store import retention as module
from footfall.store import tables, tracks
from footfall.store.database import open_database, reading
from footfall.store.faults import StoreUnavailable
from footfall.store.numbers import totals
from footfall.store.records import Batch, EventRecord, FactRecord, Measure, PresenceRecord, TracksRecord
from footfall.store.retention import Retention, erase_people, sweep
from footfall.store.spans import By, spans
from footfall.store.write import append

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
CANARY = b"canary-8f3a61"


def fill(engine, days=40):
    ages = [timedelta(days=number) for number in range(days)]
    events = tuple(
        EventRecord(f"e{n}", "front", NOW - age, "personLineEvent", "door", f"t{n}", CANARY)
        for n, age in enumerate(ages)
    )
    facts = tuple(
        FactRecord(f"{n:032x}", "front", "door", Measure.VISIT, NOW - age, Estimate(1), 30.0)
        for n, age in enumerate(ages)
    )
    presence = tuple(PresenceRecord("front", "door", NOW - age, 1, 1, 1, 1) for age in ages)
    append(engine, Batch(events, facts, presence))
    for age in ages[:3]:
        tracks.append(engine, TracksRecord("front", NOW - age - timedelta(seconds=10), NOW - age, CANARY))


def rows(engine):
    names = ("events", "facts", "minute", "dwell_minute", "hour", "dwell_hour", "presence", "tracks")
    with reading(engine) as connection:
        return {
            name: connection.execute(select(func.count()).select_from(tables.metadata.tables[name])).scalar_one()
            for name in names
        }


def bytes_on_disk(path):
    return b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))


@pytest.mark.parametrize(
    ("kept", "left"),
    [
        pytest.param(
            Retention(
                timedelta(days=10), timedelta(days=20), timedelta(days=5), timedelta(days=30), timedelta(hours=30)
            ),
            (11, 21, 6, 6, 31, 31, 6, 2),
            id="each kind for its own time",
        ),
        pytest.param(Retention(None, None, None, None, None), (40, 40, 40, 40, 40, 40, 40, 3), id="for ever"),
        pytest.param(Retention(), (31, 40, 40, 40, 40, 40, 40, 2), id="by default"),
    ],
)
def test_what_is_too_old_goes(engine, monkeypatch, kept, left):
    monkeypatch.setattr(module, "_AT_ONCE", 7)
    fill(engine)
    before = rows(engine)
    assert sweep(engine, NOW, kept) == sum(before.values()) - sum(left)
    assert tuple(rows(engine).values()) == left
    assert sweep(engine, NOW, kept) == 0


def test_numbers_outlive_their_facts(engine):
    fill(engine)
    short = timedelta(hours=1)
    sweep(engine, NOW, Retention(short, short, short, None, short))
    (total,) = totals(engine, spans(NOW - timedelta(days=50), NOW.replace(hour=11), By.ALL))
    assert total.estimate.told == 39


def test_aggregate_only_mode_leaves_numbers_alone(engine):
    fill(engine)
    assert erase_people(engine) == 43
    left = rows(engine)
    assert (left["events"], left["tracks"], left["facts"], left["hour"]) == (0, 0, 40, 40)


def test_what_is_forgotten_is_nowhere_on_the_disk(tmp_path):
    path = tmp_path / "store.sqlite"
    engine = open_database(path, "store")
    fill(engine)
    assert CANARY in bytes_on_disk(path)
    erase_people(engine)
    assert CANARY not in bytes_on_disk(path)
    assert b"t12" not in bytes_on_disk(path)
    engine.dispose()


def test_pages_go_back_to_the_disk(tmp_path):
    path = tmp_path / "store.sqlite"
    engine = open_database(path, "store")
    big = tuple(EventRecord(f"e{n}", "front", NOW, "personLineEvent", "door", "", bytes(20_000)) for n in range(100))
    append(engine, Batch(big))
    module.wipe(engine)
    before = path.stat().st_size
    erase_people(engine)
    assert path.stat().st_size < before / 4
    engine.dispose()


def test_a_store_that_is_away_is_told(tmp_path):
    path = tmp_path / "store.sqlite"
    engine = open_database(path, "store")
    engine.dispose()
    path.unlink()
    for call in (lambda: sweep(engine, NOW), lambda: erase_people(engine), lambda: module.wipe(engine)):
        with pytest.raises(StoreUnavailable):
            call()
