import json
from datetime import timedelta

import pytest

from footfall.store import tracks
from footfall.store.records import Batch, TracksRecord
from footfall.store.write import append
from small_desk import NOON, as_, event_of

EVENTS = "/api/v1/events"


@pytest.fixture
def told(stored):
    events = [event_of(number, "front" if number % 2 else "Tür 1/2 ☂") for number in range(1, 11)]
    append(stored.store, Batch(tuple(events)))
    return stored


def test_pages_of_events_newest_first(client, told):
    first = client.get(f"{EVENTS}?limit=4", headers=as_("viewer")).json()
    assert [one["id"] for one in first["events"]] == ["e10", "e9", "e8", "e7"]
    rest = client.get(f"{EVENTS}?limit=100&before={first['before']}", headers=as_("viewer")).json()
    assert [one["id"] for one in rest["events"]] == [f"e{number}" for number in range(6, 0, -1)]
    assert rest["before"] is None
    assert client.get(f"{EVENTS}?before=e3", headers=as_("viewer")).json()["events"][0]["id"] == "e2"


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("camera=front", 5),
        ("type=personLineEvent", 10),
        ("type=personCountEvent", 0),
        ("type=right", 0),
        ("region=door&region=till", 10),
        ("region=nowhere", 0),
        ("from=2026-03-02T12:00:04Z", 7),
        ("to=2026-03-02T12:00:04Z", 3),
    ],
)
def test_events_are_chosen(client, told, query, count):
    assert len(client.get(f"{EVENTS}?{query}", headers=as_("viewer")).json()["events"]) == count


def test_events_of_other_cameras_do_not_exist(client, told):
    assert len(client.get(EVENTS, headers=as_("guest")).json()["events"]) == 5
    assert client.get(f"{EVENTS}/e2", headers=as_("guest")).status_code == 404
    assert client.get(f"{EVENTS}/e2/track", headers=as_("guest")).status_code == 404
    assert client.get(f"{EVENTS}/e1", headers=as_("guest")).json()["camera"] == "front"


@pytest.mark.parametrize("query", ["before=nobody", "before=1.x", "limit=0", "limit=1001", "limit=x", "from=now"])
def test_a_bad_question(client, told, query):
    assert client.get(f"{EVENTS}?{query}", headers=as_("viewer")).status_code == 400


def test_the_people_around_an_event_explain_it(client, told):
    begin = NOON - timedelta(seconds=3)
    person = {"id": "t1", "box": [0.4, 0.2, 0.5, 0.6], "footprint": [0.45, 0.6], "score": 0.9}
    lines = [{"t": 0.5 * step, "frame": step, "people": [person]} for step in range(10)]
    lines[0]["size"] = [640, 360]
    text = b"\n".join(json.dumps(line).encode() for line in lines)
    tracks.append(told.store, TracksRecord("front", begin, begin + timedelta(seconds=4.5), text))
    snippet = client.get(f"{EVENTS}/e1/track", headers=as_("viewer")).json()
    assert (snippet["kind"], snippet["points"]) == ("line", [[0.2, 0.6], [0.8, 0.6]])
    assert snippet["aspect"] == pytest.approx(0.5625)
    assert len(snippet["frames"]) == 10
    (person,) = snippet["frames"][0]["people"]
    assert person == {"id": "1", "box": [0.4, 0.2, 0.5, 0.6], "footprint": [0.45, 0.6], "is_subject": True}


def test_without_recorded_people_there_is_still_the_region(client, told):
    snippet = client.get(f"{EVENTS}/e1/track", headers=as_("viewer")).json()
    assert (snippet["frames"], snippet["kind"]) == ([], "line")
