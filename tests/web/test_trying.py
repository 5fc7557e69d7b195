from datetime import timedelta

import pytest

from footfall.store import tracks
from small_desk import NOON, as_, walks

REGIONS = "/api/v1/cameras/front/regions"
DOOR = {"name": "door", "points": [[0.2, 0.6], [0.8, 0.6]]}
FLOOR = {"name": "floor", "points": [[0.1, 0.5], [0.9, 0.5], [0.9, 0.7], [0.1, 0.7]]}


@pytest.fixture
def recorded(stored):
    tracks.append(stored.store, walks(NOON - timedelta(minutes=3)))
    return stored


def test_what_other_regions_would_have_counted(client, recorded, desk):
    body = {"regions": {"lines": [DOOR], "zones": [FLOOR]}}
    told = client.post(f"{REGIONS}/preview", json=body, headers=as_("guard"))
    assert told.status_code == 200, told.text
    counts = {(one["region"], one["measure"]): one for one in told.json()["counts"]}
    ways = sorted((counts["door", "right"]["count"], counts["door", "left"]["count"]))
    assert ways == [0, 12]
    assert counts["floor", "visit"]["count"] == 12
    assert counts["floor", "enter"]["low"] <= 12 <= counts["floor", "enter"]["high"]
    assert told.json()["dwell_s"]["floor"] > 1
    assert told.json()["recorded_s"] == pytest.approx(120, abs=1)
    assert desk.version().number == 1, "nothing has changed"


def test_of_another_time_there_is_nothing(client, recorded):
    body = {"regions": {"lines": [DOOR]}, "from": "2026-03-01T00:00:00Z", "to": "2026-03-01T01:00:00Z"}
    told = client.post(f"{REGIONS}/preview", json=body, headers=as_("operator")).json()
    assert told["recorded_s"] == 0
    assert {one["count"] for one in told["counts"]} == {0}


@pytest.mark.parametrize(
    "times",
    [
        {"from": "2026-03-02T00:00:00Z", "to": "2026-03-02T12:00:00Z"},
        {"from": "2026-03-02T12:00:00Z", "to": "2026-03-02T11:00:00Z"},
        {"from": "noon"},
        {"from": 5},
        {"begin": "2026-03-02T12:00:00Z"},
    ],
)
def test_a_time_that_cannot_be_tried(client, recorded, times):
    answer = client.post(f"{REGIONS}/preview", json={"regions": {}, **times}, headers=as_("operator"))
    assert answer.status_code == 400
    assert answer.json()["error"]["problems"]


def test_regions_are_judged_on_people(client, recorded):
    short = {"name": "short", "points": [[0.5, 0.599], [0.5001, 0.6]]}
    told = client.post(f"{REGIONS}/check", json={"regions": {"lines": [DOOR, short]}}, headers=as_("operator")).json()
    assert told["problems"] == []
    codes = {(one["region"], one["code"]) for one in told["findings"]}
    assert ("short", "line-too-short") in codes
    assert ("door", "line-too-short") not in codes
    assert told["recorded_s"] > 100


def test_what_cannot_be_read_is_a_problem(client, recorded):
    same = {"name": "a", "points": [[0.5, 0.5], [0.5, 0.5]]}
    told = client.post(f"{REGIONS}/check", json={"regions": {"lines": [same]}}, headers=as_("operator")).json()
    assert [one["path"] for one in told["problems"] if not one["is_warning"]] == ["$.cameras[0].lines[0].points"]


def test_who_only_looks_tries_nothing(client, recorded):
    for path in ("check", "preview"):
        assert client.post(f"{REGIONS}/{path}", json={"regions": {}}, headers=as_("viewer")).status_code == 403
