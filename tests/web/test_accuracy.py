import os
from datetime import timedelta
from urllib.parse import quote

import pytest

from footfall.store import tracks
from small_desk import NOON, as_, walks

ACCURACY = "/api/v1/accuracy"
ASKED = {"camera": "front", "from": "2026-03-02T11:50:00Z", "to": "2026-03-02T11:54:00Z", "moments": 10}


@pytest.fixture
def recorded(stored):
    tracks.append(stored.store, walks(NOON - timedelta(minutes=10), 240))
    return stored


def begin(client, who="operator"):
    answer = client.post(ACCURACY, json=ASKED, headers=as_(who))
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_moments_are_drawn_and_nobody_is_led(client, recorded):
    audit = begin(client, "guard")
    assert len(audit["wanted"]) == audit["moments"] == 10
    assert audit["figures"] is None
    words = {one["region"]: one["words"] for one in audit["wanted"]}
    assert words.get("door", ["in", "left"]) == ["in", "left"], "as people call the ways"
    assert all("told" not in one for one in audit["wanted"])
    assert all(one["end"] > one["begin"] for one in audit["wanted"])


def test_answers_become_figures_and_can_be_corrected(client, recorded):
    audit = begin(client)
    url = f"{ACCURACY}/{audit['id']}"
    answers = {"answers": [{"moment": number, "counted": [0, 0]} for number in range(6)]}
    told = client.put(f"{url}/answers", json=answers, headers=as_("operator")).json()
    assert (told["answered"], told["wanted"][0]["counted"]) == (6, [0, 0])
    first = told["figures"]
    assert first["recall"]["low"] <= first["recall"]["value"] <= first["recall"]["high"]
    back = {"answers": [{"moment": 0, "counted": None}]}
    assert client.put(f"{url}/answers", json=back, headers=as_("operator")).json()["answered"] == 5
    again = client.get(url, headers=as_("viewer")).json()
    assert [one["begin"] for one in again["wanted"]] == [one["begin"] for one in audit["wanted"]], "the same moments"
    assert client.get(ACCURACY, headers=as_("viewer")).json()["audits"][0]["answered"] == 5


def test_the_people_of_a_moment_are_shown(client, recorded):
    audit = begin(client)
    shown = client.get(f"{ACCURACY}/{audit['id']}/moments/0/track", headers=as_("viewer")).json()
    assert shown["region"] == audit["wanted"][0]["region"]
    assert len(shown["frames"]) > 10
    assert client.get(f"{ACCURACY}/{audit['id']}/moments/10/track", headers=as_("viewer")).status_code == 404


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"camera": "none"}, "nothing-to-audit"),
        ({"camera": "Tür 1/2 ☂"}, "nothing-to-audit"),
        ({"from": "2026-03-01T11:00:00Z", "to": "2026-03-01T12:00:00Z"}, "nothing-recorded"),
        ({"from": "2026-03-01T00:00:00Z"}, "bad-input"),
        ({"to": "2026-03-02T11:00:00Z"}, "bad-input"),
        ({"moments": 1}, "bad-input"),
        ({"seconds": 0}, "bad-input"),
    ],
)
def test_what_cannot_be_audited(client, recorded, change, code):
    answer = client.post(ACCURACY, json={**ASKED, **change}, headers=as_("operator"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


@pytest.mark.parametrize(
    "answer",
    [
        {"moment": 10, "counted": [0, 0]},
        {"moment": -1, "counted": [0, 0]},
        {"moment": 0, "counted": [0]},
        {"moment": 0, "counted": [0, -1]},
        {"moment": 0, "counted": [0, 0.5]},
        {"moment": "0", "counted": [0, 0]},
    ],
)
def test_an_answer_that_is_none(client, recorded, answer):
    url = f"{ACCURACY}/{begin(client)['id']}"
    refused = client.put(f"{url}/answers", json={"answers": [answer]}, headers=as_("operator"))
    assert refused.status_code == 400
    assert client.get(url, headers=as_("viewer")).json()["answered"] == 0


def test_audits_of_other_cameras_do_not_exist(client, recorded):
    audit = begin(client)
    assert client.get(ACCURACY, headers=as_("porter")).json()["audits"] == []
    assert client.get(f"{ACCURACY}/{audit['id']}", headers=as_("porter")).status_code == 404
    assert client.get(f"{ACCURACY}/{audit['id']}/moments/0/track", headers=as_("porter")).status_code == 404
    assert client.get(f"{ACCURACY}/nothing", headers=as_("viewer")).status_code == 404


def test_an_audit_goes_on_when_its_recording_is_deleted(client, recorded):
    name = "front/front-20260302T114900Z.mp4"
    file = recorded.folder / "recordings" / name
    file.parent.mkdir(parents=True)
    file.write_bytes(b"0123456789")
    os.utime(file, (NOON.timestamp(),) * 2)
    audit = begin(client)
    assert {one["recording"] for one in audit["wanted"]} == {name}
    assert client.delete(f"/api/v1/recordings/{quote(name, safe='')}", headers=as_("operator")).status_code == 204
    url = f"{ACCURACY}/{audit['id']}"
    answers = {"answers": [{"moment": 0, "counted": [1, 0]}]}
    told = client.put(f"{url}/answers", json=answers, headers=as_("operator")).json()
    assert (told["answered"], {one["recording"] for one in told["wanted"]}) == (1, {None})
    assert len(client.get(f"{url}/moments/0/track", headers=as_("viewer")).json()["frames"]) > 10
