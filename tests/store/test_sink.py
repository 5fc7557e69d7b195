"""The sink keeps what every sink promises; behind an outbox nothing is lost while the database is away."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing, suppress
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from disk import files_at_most, tiny_disk
from footfall.core.errors import SinkRejected, SinkUnavailable
from footfall.core.ports import Sink
from footfall.core.types import Message
from footfall.sinks.forward import Forwarder
from footfall.sinks.outbox import Outbox
from footfall.spatial.interval import Estimate
from footfall.store.database import connect, open_database, reading, writing
from footfall.store.records import FactRecord, Measure
from footfall.store.sink import StoreSink
from footfall.store.tables import events, facts, hour
from footfall.store.wire import facts_message

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
BODY = b'{"events":[{"type":"personLineEvent","zone":"door","properties":{"trackingId":"7"}}]}'


def event(number, topic="front", body=BODY):
    return Message(topic, body, f"{number:032x}", NOON)


def fact(number):
    record = FactRecord(f"{number:032x}", "front", "door", Measure.RIGHT, NOON, Estimate(1))
    return facts_message("front", [record], [], key=f"f{number}", utc=NOON)


def kept(engine):
    with reading(engine) as connection:
        return [int(key, 16) for key in connection.execute(select(events.c.id).order_by(events.c.number)).scalars()]


def told(engine):
    with reading(engine) as connection:
        return connection.execute(select(func.coalesce(func.sum(hour.c.told), 0))).scalar_one()


def test_it_makes_its_tables_and_keeps_order(bare_url):
    sink = StoreSink(connect(bare_url, "store"))
    assert isinstance(sink, Sink)
    sink.send([])
    sink.send([event(n) for n in (3, 1, 2)])
    sink.send([event(1), fact(1), fact(1), event(4)])
    sink.close()
    sink.close()
    engine = open_database(bare_url, "store")
    assert kept(engine) == [3, 1, 2, 4]
    assert told(engine) == 1
    engine.dispose()


def test_a_malformed_message_is_told_by_its_place_and_those_before_it_are_kept(engine):
    with pytest.raises(SinkRejected) as caught:
        StoreSink(engine).send([event(1), fact(1), event(2, body=b"people"), event(3)])
    assert (caught.value.reason, caught.value.delivered) == ("malformed", 2)
    assert (kept(engine), told(engine)) == ([1], 1)


def test_what_postgresql_never_takes_is_told_by_its_place(postgres):
    engine = open_database(postgres.url, "store")
    sink = StoreSink(engine)
    with pytest.raises(SinkRejected) as caught:
        sink.send([event(1), event(2, topic="fr\0nt"), event(3)])
    assert (caught.value.reason, caught.value.delivered) == ("refused", 1)
    assert kept(engine) == [1]
    engine.dispose()


def test_aggregate_only_keeps_no_event(engine):
    StoreSink(engine, aggregate_only=True).send([event(1), fact(1)])
    assert (kept(engine), told(engine)) == ([], 1)


def locked(path):
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return other


def test_locked_by_another_process_it_is_busy_and_loses_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("footfall.store.database.BUSY_S", 0.05)
    engine = open_database(tmp_path / "store.sqlite", "store")
    sink = StoreSink(engine)
    with closing(locked(tmp_path / "store.sqlite")):
        with pytest.raises(SinkUnavailable) as caught:
            sink.send([event(1)])
        assert (caught.value.reason, caught.value.delivered) == ("busy", 0)
    sink.send([event(1)])
    assert kept(engine) == [1]
    sink.close()


def fill(path):
    with suppress(OSError), path.open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass
    return path


def test_a_full_disk_is_told_and_loses_nothing(tmp_path):
    with tiny_disk(tmp_path / "disk", 1024) as disk:
        engine = open_database(disk / "store.sqlite", "store")
        sink = StoreSink(engine)
        sink.send([event(0)])
        ballast = fill(disk / "ballast")
        big = event(1, body=BODY + b" " * 200_000)
        for _ in range(2):
            with pytest.raises(SinkUnavailable) as caught:
                sink.send([big])
            assert (caught.value.reason, caught.value.delivered) == ("storage", 0)
        assert kept(engine) == [0]
        ballast.unlink()
        sink.send([big])
        assert kept(engine) == [0, 1]
        sink.close()


def test_a_file_that_cannot_grow_is_told(tmp_path):
    engine = open_database(tmp_path / "store.sqlite", "store")
    sink = StoreSink(engine)
    with files_at_most(120_000), pytest.raises(SinkUnavailable) as caught:
        sink.send([event(1, body=BODY + b" " * 400_000)])
    assert caught.value.reason == "storage"
    sink.send([event(1)])
    assert kept(engine) == [1]
    sink.close()


def test_a_database_that_is_another_one_by_now_gets_its_tables(tmp_path):
    path = tmp_path / "store.sqlite"
    sink = StoreSink(open_database(path, "store"))
    sink.send([event(1)])
    sink.close()
    path.unlink()
    with pytest.raises(SinkUnavailable, match="unable to open"):
        sink.send([event(2)])
    path.touch()
    sink.send([event(2)])
    sink.close()
    engine = open_database(path, "store")
    assert kept(engine) == [2]
    engine.dispose()


def test_somebody_elses_database_is_left_alone(tmp_path):
    path = tmp_path / "store.sqlite"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE notes (line TEXT)")
    sink = StoreSink(connect(path, "store"))
    with pytest.raises(SinkUnavailable, match="not footfall's store"):
        sink.send([event(1)])
    sink.close()


def test_killed_server_behind_an_outbox_loses_nothing_and_counts_nothing_twice(postgres, tmp_path):
    engine = open_database(postgres.url, "store")
    outbox = Outbox(tmp_path / "outbox.sqlite")
    forwarder = Forwarder(outbox, StoreSink(engine), "store")
    sent = 0
    for _ in range(2):
        for _ in range(4):
            outbox.append([event(sent), fact(sent)])
            sent += 1
            forwarder.drain_once()
        postgres.kill()
        outbox.append([event(sent), fact(sent)])
        sent += 1
        forwarder.drain_once()
        assert outbox.pending() == 2
        postgres.start()
    deadline = time.monotonic() + 60
    while outbox.pending() and time.monotonic() < deadline:
        forwarder.drain_once()
    assert kept(engine) == list(range(sent))
    assert told(engine) == sent
    outbox.close()
    engine.dispose()


def test_readers_are_told_that_the_database_is_away(postgres):
    engine = open_database(postgres.url, "store")
    postgres.kill()
    try:
        with pytest.raises(SinkUnavailable) as caught, reading(engine) as connection:
            connection.execute(select(facts))
        assert caught.value.reason == "refused"
    finally:
        postgres.start()
    with writing(engine) as connection:
        connection.execute(select(facts))
    engine.dispose()
