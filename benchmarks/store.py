"""`python -m benchmarks store`: numbers over five million events, on SQLite and PostgreSQL, and how fast events go in.

A month of eight cameras with four zones each, busy by day: every event (an enter, an exit or the end of a visit) comes
with the fact that is counted, through the writer that the service uses. Then people ask, in turn: the count per hour of
every zone over all of it, a day of one zone with intervals, the month day by day, dwell times, pages of events.
PostgreSQL is started in a folder of its own and forces nothing to the disk (fsync off), so how fast
events go in there is no promise.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from benchmarks.machine import fingerprint
from footfall.spatial.interval import Estimate
from footfall.store.database import open_database
from footfall.store.events import Wish, page
from footfall.store.numbers import totals
from footfall.store.records import Batch, EventRecord, FactRecord, Measure
from footfall.store.spans import By, spans, zone
from footfall.store.sums import Scope
from footfall.store.visits import dwell
from footfall.store.write import append

sys.path.append(str(Path(__file__).parent.parent / "tests"))

from servers.postgres import Postgres

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
DAYS = 31
CAMERAS = [f"camera {n}" for n in range(8)]
ZONES = [f"zone {n}" for n in range(4)]
BUSY = [1, 1, 1, 1, 1, 2, 4, 8, 12, 14, 16, 20, 22, 20, 18, 18, 20, 22, 18, 12, 8, 5, 3, 2]
"""How busy the hours of a day are."""
BODY = json.dumps(
    {
        "events": [{"id": "0" * 32, "type": "personZoneEnterExitEvent", "detectionIds": ["0" * 32], "zone": "zone 1"}],
        "sourceInfo": {"id": "camera 1", "timestamp": "2026-03-01T12:00:00.000Z", "width": 640, "height": 360},
    }
).encode()
KINDS = {
    Measure.ENTER: "personZoneEnterExitEvent",
    Measure.EXIT: "personZoneEnterExitEvent",
    Measure.VISIT: "personZoneDwellTimeEvent",
}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks store", description=__doc__)
    parser.add_argument("--events", type=int, default=5_000_000)
    parser.add_argument("--batch", type=int, default=2000, help="events in one transaction while loading")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    args = parser.parse_args(arguments)
    report: dict[str, object] = {"machine": fingerprint(), "events": args.events}
    for name in args.database or ["sqlite", "postgresql"]:
        with opened(name) as engine:
            report[name] = measured(engine, args.events, args.batch, args.rounds)
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


def measured(engine: Engine, count: int, batch: int, rounds: int) -> dict[str, object]:
    start = time.perf_counter()
    for some in batches(count, batch):
        append(engine, some)
    loaded_s = time.perf_counter() - start
    with engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    singles = batches(10 * rounds + 1000, 1, seed=2)
    return {
        "loaded_per_s": round(count / loaded_s),
        "single_ms": milliseconds(lambda: append(engine, next(singles)), rounds),
        "questions_ms": {name: milliseconds(ask, rounds) for name, ask in questions(engine).items()},
    }


def batches(count: int, size: int, seed: int = 1) -> Iterator[Batch]:
    """Events in order of time, with the fact of each."""
    chance = random.Random(seed)
    hours = [(day * 24 + hour, BUSY[hour]) for day in range(DAYS) for hour in range(24)]
    whole = sum(weight for _, weight in hours)
    seconds: list[float] = []
    for hour, weight in hours:
        share = count * weight / whole
        number = int(share) + (chance.random() < share % 1)
        seconds.extend(sorted(3600 * (hour + chance.random()) for _ in range(number)))
    for begin in range(0, len(seconds), size):
        told = [one(second, chance) for second in seconds[begin : begin + size]]
        yield Batch(tuple(event for event, _ in told), tuple(fact for _, fact in told))


def one(second: float, chance: random.Random) -> tuple[EventRecord, FactRecord]:
    measure = chance.choice(list(KINDS))
    camera, region, utc = chance.choice(CAMERAS), chance.choice(ZONES), BEGIN + timedelta(seconds=second)
    key = f"{chance.getrandbits(128):032x}"
    event = EventRecord(key, camera, utc, KINDS[measure], region, f"{chance.getrandbits(128):032x}", BODY)
    estimate = Estimate.of(extra=0.02 + 0.05 * chance.random(), missed=0.06 * chance.random())
    dwell_s = chance.expovariate(1 / 90) if measure is Measure.VISIT else None
    return event, FactRecord(key, camera, region, measure, utc, estimate, dwell_s)


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
    """Median and 95th percentile; the first call is not counted."""
    call()
    spent = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        spent.append(1000.0 * (time.perf_counter() - start))
    cuts = quantiles(spent, n=20, method="inclusive")
    return {"median": round(cuts[9], 1), "p95": round(cuts[18], 1)}
