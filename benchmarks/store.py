"""`python -m benchmarks store`: numbers over five million events, on SQLite and PostgreSQL, and how fast events go in.

A month of eight cameras with four zones each, busy by day: every event (an enter, an exit or the end of a visit) comes
with the fact that is counted (`store_load`). Then people ask, in turn: the count per hour of every zone over all of
it, a day of one zone with intervals, the month day by day, dwell times, pages of events; and more events come in.
PostgreSQL is started in a folder of its own and forces nothing to the disk (fsync off), so how fast events go in there
is no promise. Cycles are collected as seldom as in the service. `cpu` is what this process itself spent, which is the
surer figure on a busy machine.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from math import isnan
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from benchmarks.machine import fingerprint
from benchmarks.store_load import BEGIN, BODY, DAYS, KINDS, Drawn, draw, load
from footfall.serve.litter import leave_what_lives
from footfall.spatial.interval import Estimate
from footfall.store.database import is_file, open_database, reading
from footfall.store.events import Wish, page
from footfall.store.instants import from_us
from footfall.store.numbers import totals
from footfall.store.records import Batch, EventRecord, FactRecord, Measure
from footfall.store.spans import By, spans, zone
from footfall.store.sums import Scope, Series, find_series
from footfall.store.visits import dwell
from footfall.store.write import append

sys.path.append(str(Path(__file__).parent.parent / "tests"))

from servers.postgres import Postgres


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks store", description=__doc__)
    parser.add_argument("--events", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    args = parser.parse_args(arguments)
    report: dict[str, object] = {"machine": fingerprint(), "events": args.events}
    for name in args.database or ["sqlite", "postgresql"]:
        with opened(name) as engine:
            report[name] = measured(engine, args.events, args.rounds)
            print(json.dumps({name: report[name]}), flush=True)
    print(json.dumps(report, indent=2))
    return 0


@contextmanager
def opened(name: str) -> Iterator[Engine]:
    """An empty store."""
    if name == "sqlite":
        with TemporaryDirectory() as folder:
            engine = open_database(Path(folder) / "store.sqlite", "store")
            yield engine
            engine.dispose()
        return
    server = Postgres().start()
    try:
        engine = open_database(server.url, "store")
        yield engine
        engine.dispose()
    finally:
        server.remove()


def measured(engine: Engine, count: int, rounds: int) -> dict[str, object]:
    load(engine, draw(engine, count))
    tidy(engine)
    leave_what_lives()
    return {
        "questions_ms": {name: milliseconds(ask, rounds) for name, ask in questions(engine).items()},
        "appended": {size: appended(engine, size, rounds) for size in (1, 100)},
    }


def tidy(engine: Engine) -> None:
    """As a store is that was filled over a month: PostgreSQL would otherwise vacuum and write while it is asked."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in ("ANALYZE",) if is_file(engine) else ("VACUUM (ANALYZE)", "CHECKPOINT"):
            connection.exec_driver_sql(statement)


def appended(engine: Engine, size: int, rounds: int) -> dict[str, float]:
    """Milliseconds until so many events with their facts are on the disk, into the full store."""
    drawn = draw(engine, size * (rounds + 1), seed=size + 1)
    with reading(engine) as connection:
        names = find_series(connection, Scope())
    waiting = batches(drawn, names, size)
    return milliseconds(lambda: append(engine, next(waiting)), rounds)


def batches(drawn: Drawn, names: dict[int, Series], size: int) -> Iterator[Batch]:
    """Events with the fact of each, as the service gets them."""
    for start in range(0, len(drawn.utc_us), size):
        rows = range(start, min(start + size, len(drawn.utc_us)))
        told = [one(drawn, names, row) for row in rows]
        yield Batch(tuple(event for event, _ in told), tuple(fact for _, fact in told))


def one(drawn: Drawn, names: dict[int, Series], row: int) -> tuple[EventRecord, FactRecord]:
    key, utc, name = bytes(drawn.ids[row]).hex(), from_us(int(drawn.utc_us[row])), names[int(drawn.series[row])]
    measure, dwell_s = Measure(name.what), float(drawn.dwell_s[row])
    event = EventRecord(key, name.camera, utc, KINDS[measure], name.region, key[::-1], BODY)
    estimate = Estimate(1, *drawn.doubts[row].tolist())
    fact = FactRecord(key, name.camera, name.region, measure, utc, estimate, None if isnan(dwell_s) else dwell_s)
    return event, fact


def questions(engine: Engine) -> dict[str, Callable[[], object]]:
    end, noon = BEGIN + timedelta(days=DAYS), BEGIN + timedelta(days=20, hours=12)
    till = Scope(frozenset({"camera 3"}), frozenset({"zone 1"}))
    berlin, kolkata = zone("Europe/Berlin"), zone("Asia/Kolkata")
    month = spans(BEGIN, end, By.HOUR)

    def day_with_intervals() -> list[object]:
        day = spans(BEGIN + timedelta(days=20), BEGIN + timedelta(days=21), By.HOUR, berlin)
        return [total.interval() for total in totals(engine, day, till)]

    return {
        "entries per hour per zone, all of it": lambda: totals(engine, month, measures=[Measure.ENTER]),
        "entries per hour of one zone, all of it": lambda: totals(engine, month, till, [Measure.ENTER]),
        "everything per day per zone, Berlin": lambda: totals(engine, spans(BEGIN, end, By.DAY, berlin)),
        "everything per day per zone, Kolkata": lambda: totals(engine, spans(BEGIN, end, By.DAY, kolkata)),
        "one day of one zone per hour, with intervals": day_with_intervals,
        "everything since midnight per zone": lambda: totals(engine, spans(noon - timedelta(hours=12), noon, By.ALL)),
        "dwell times of one zone, all of it": lambda: dwell(engine, BEGIN, end, till),
        "dwell times of everything, all of it": lambda: dwell(engine, BEGIN, end),
        "latest 100 events": lambda: page(engine),
        "100 events of one zone, three weeks ago": lambda: page(engine, Wish(till, end=BEGIN + timedelta(days=10))),
    }


def milliseconds(call: Callable[[], object], rounds: int) -> dict[str, float]:
    """The first call is not counted."""
    call()
    spent, cpu = [], []
    for _ in range(rounds):
        start, start_cpu = time.perf_counter(), time.process_time()
        call()
        spent.append(1000.0 * (time.perf_counter() - start))
        cpu.append(1000.0 * (time.process_time() - start_cpu))
    cuts = quantiles(spent, n=20, method="inclusive")
    figures = {"least": min(spent), "median": cuts[9], "p95": cuts[18], "cpu": median(cpu)}
    return {name: round(figure, 1) for name, figure in figures.items()}
