from datetime import timedelta
from io import BytesIO

import pyarrow.parquet as pq
import pytest

from footfall.spatial.interval import Estimate
from footfall.store.records import Batch, FactRecord, Measure, PresenceRecord
from footfall.store.write import append
from small_desk import NOON, as_

NUMBERS = "/api/v1/numbers"
HOURS = f"{NUMBERS}?from=2026-03-02T10:00:00Z&to=2026-03-02T12:00:00Z"


def fact(number, measure, minutes, camera="front", region="door", dwell_s=None):
    estimate = Estimate.of(extra=0.02, missed=0.05)
    return FactRecord(f"{number:032x}", camera, region, measure, NOON - timedelta(minutes=minutes), estimate, dwell_s)


@pytest.fixture
def counted(stored):
    facts = [
        *(fact(number, Measure.RIGHT, 90) for number in range(8)),
        *(fact(number, Measure.LEFT, 30) for number in range(10, 15)),
        *(fact(number, Measure.VISIT, 20, region="till", dwell_s=number - 18.0) for number in range(20, 40)),
        fact(50, Measure.RIGHT, 30, camera="Tür 1/2 ☂"),
        fact(60, Measure.RIGHT, 24 * 60 + 90),
    ]
    presence = PresenceRecord("front", "till", NOON - timedelta(minutes=1), 1.4, 3, 1, 4)
    append(stored.store, Batch(facts=tuple(facts), presence=(presence,)))
    return stored


def test_figures_come_hour_by_hour_with_intervals(client, counted):
    told = client.get(HOURS, headers=as_("viewer")).json()
    assert (told["begin"], told["end"], told["by"]) == ("2026-03-02T10:00:00.000Z", "2026-03-02T12:00:00.000Z", "hour")
    first = told["numbers"][0]
    assert (first["begin"], first["measure"], first["count"]) == ("2026-03-02T10:00:00.000Z", "right", 8)
    assert first["low"] <= 8 <= first["high"]
    assert first["low"] < first["high"]


def test_only_what_was_asked_about(client, counted):
    rows = client.get(f"{HOURS}&camera=front&region=till&by=day", headers=as_("viewer")).json()["numbers"]
    assert [(row["region"], row["measure"], row["count"]) for row in rows] == [("till", "visit", 20)]


def test_who_sees_one_camera_gets_figures_of_one(client, counted):
    rows = client.get(HOURS, headers=as_("guest")).json()["numbers"]
    assert {row["camera"] for row in rows} == {"front"}
    assert client.get(f"{HOURS}&camera=back", headers=as_("guest")).status_code == 404
    exported = client.get(HOURS.replace("?", "/export?"), headers=as_("guest"))
    assert "Tür" not in exported.text


def test_days_begin_at_midnight_of_the_time_zone(client, counted):
    rows = client.get(f"{HOURS}&by=day&tz=Pacific/Auckland", headers=as_("viewer")).json()["numbers"]
    assert {row["begin"] for row in rows} == {"2026-03-02T10:00:00.000Z", "2026-03-02T11:00:00.000Z"}


def test_now_comes_from_the_desk_and_the_last_minute(client, counted):
    told = client.get(f"{NUMBERS}/now", headers=as_("viewer")).json()
    front = told["cameras"][0]
    assert front["people"] == 2
    assert front["zones"] == [{"region": "till", "people": 1, "low": 1, "high": 4}]
    assert [place["name"] for place in told["places"]] == ["shop", "yard"]


def test_now_needs_no_store(client, app):
    assert client.get(f"{NUMBERS}/now", headers=as_("viewer")).json()["cameras"][0]["people"] == 2


def test_today_begins_at_midnight(client, counted):
    told = client.get(f"{NUMBERS}/today?tz=UTC", headers=as_("viewer")).json()
    assert told["begin"] == "2026-03-02T00:00:00.000Z"
    counts = {(one["camera"], one["region"], one["measure"]): one["count"] for one in told["counts"]}
    assert counts["front", "door", "right"] == 8, "yesterday's is not in it"


def test_how_long_visits_were(client, counted):
    told = client.get(f"{NUMBERS}/dwell?camera=front&region=till", headers=as_("viewer")).json()
    assert told["visits"] == sum(bar["count"] for bar in told["histogram"]) == 20
    assert told["low"] <= told["mean"] <= told["high"]
    assert told["mean"] == pytest.approx(11.5)
    assert told["histogram"][-1]["to_s"] is None
    nobody = client.get(f"{NUMBERS}/dwell?camera=front&region=none", headers=as_("viewer")).json()
    assert (nobody["visits"], nobody["mean"], nobody["median"]) == (0, None, None)


def test_a_queue_has_a_length_and_a_wait(client, counted):
    told = client.get(f"{NUMBERS}/queue?camera=front&region=till", headers=as_("viewer")).json()
    assert (told["length"], told["low"], told["high"]) == (1, 1, 4)
    assert told["wait_s"] == pytest.approx(11.5)
    assert told["expected_wait_s"] == pytest.approx(3600 / 20)
    nobody = client.get(f"{NUMBERS}/queue?camera=front&region=none", headers=as_("viewer")).json()
    assert (nobody["wait_s"], nobody["expected_wait_s"]) == (None, None)


def test_days_stand_side_by_side(client, counted):
    days = client.get(f"{NUMBERS}/compare?day=2026-03-01&day=2026-03-02", headers=as_("viewer")).json()["days"]
    assert [one["day"] for one in days] == ["2026-03-01", "2026-03-02"]
    assert days[0]["counts"][0]["count"] == 1
    assert sum(row["count"] for row in days[1]["hours"]) == sum(row["count"] for row in days[1]["counts"])


def test_figures_as_files(client, counted):
    answer = client.get(HOURS.replace("?", "/export?"), headers=as_("viewer"))
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.text.splitlines()[0] == "camera,region,measure,begin,count,low,high,expected"
    parquet = client.get(HOURS.replace("?", "/export?format=parquet&"), headers=as_("viewer"))
    assert pq.read_table(BytesIO(parquet.content)).num_rows == len(answer.text.splitlines()) - 1


@pytest.mark.parametrize(
    "query",
    [
        "?from=2026-03-02T12:00:00Z&to=2026-03-02T10:00:00Z",
        "?from=yesterday",
        "?from=2026-03-02T12:00:00",
        "?from=0001-01-01T00:00:00Z",
        "?to=9999-12-31T23:59:59-12:00",
        "?from=1971-01-02T00:00:00Z&by=minute",
        "?tz=Mars/Base",
        "?tz=../../etc/passwd",
        "?tz=%00",
        "?by=second",
        "?camera=",
        "?camera=" + "x" * 201,
        "/compare",
        "/compare?day=2026-02-30",
        "/compare?day=0001-01-01",
        "/compare?" + "&".join(["day=2026-01-01"] * 32),
        "/dwell?camera=front",
        "/heatmap?camera=front&from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z",
        "/heatmap?camera=front&on=moon",
        "/export?format=xls",
    ],
)
def test_a_bad_question_is_told_as_such(client, counted, query):
    answer = client.get(f"{NUMBERS}{query}", headers=as_("viewer"))
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["problems"]


def test_a_store_that_is_away_is_told_as_such(client, app):
    answer = client.get(HOURS, headers=as_("viewer"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "store-away")
    assert answer.headers["retry-after"]


def test_nothing_recorded_is_an_empty_map(client, counted):
    told = client.get(f"{NUMBERS}/heatmap?camera=front", headers=as_("viewer")).json()
    assert (told["columns"], told["rows"], told["cells"]) == (0, 0, [])
    picture = client.get(f"{NUMBERS}/heatmap.png?camera=front", headers=as_("viewer"))
    assert picture.content.startswith(b"\x89PNG")


def test_large_answers_are_compressed_for_who_can_read_that(client, counted):
    plain = client.get(f"{NUMBERS}/dwell?camera=front&region=till", headers=as_("viewer", **{"Accept-Encoding": ""}))
    packed = client.get(f"{NUMBERS}/dwell?camera=front&region=till", headers=as_("viewer"))
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert plain.json() == packed.json()
