from dataclasses import replace
from urllib.parse import quote

import pytest

from footfall.access.outbound import CAMERA, Reach
from servers.listener import listener
from small_desk import as_

CAMERAS = "/api/v1/cameras"
ODD = "Tür 1/2 ☂"


def test_a_camera_tells_its_settings_and_state_without_its_password(client):
    answer = client.get(f"{CAMERAS}/front", headers=as_("viewer"))
    assert answer.status_code == 200
    camera = answer.json()
    assert camera["url"] == "rtsp://***:***@10.0.0.7/stream1"
    assert camera["state"] == "running"
    assert camera["size"] == {"width": 640, "height": 360}
    assert camera["regions"] == {"lines": ["door"], "zones": ["till"]}
    assert camera["since"] == "2026-03-02T12:00:00.000Z"
    assert "canary" not in answer.text


def test_a_name_may_hold_slashes_blanks_and_pictures(client):
    answer = client.get(f"{CAMERAS}/{quote(ODD, safe='')}", headers=as_("viewer"))
    assert answer.json()["name"] == ODD


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("back", id="none of this name"),
        pytest.param("front%2F..", id="slash and dots"),
        pytest.param("%2e%2e%2f%2e%2e%2fetc%2fpasswd", id="a way out"),
        pytest.param("%00", id="nothing"),
        pytest.param("%ff%fe", id="no UTF-8"),
        pytest.param("%1b%5b2J", id="control characters"),
        pytest.param("x" * 3000, id="very long"),
        pytest.param("%25", id="a percent sign"),
    ],
)
def test_a_name_of_nobody_is_told_as_such(client, name):
    answer = client.get(f"{CAMERAS}/{name}", headers=as_("viewer"))
    assert answer.status_code in (400, 404)
    assert answer.json()["error"]["code"] in {"not-found", "bad-input"}


def test_who_may_see_one_camera_sees_one(client):
    seen = client.get(CAMERAS, headers=as_("guest")).json()["cameras"]
    assert [one["name"] for one in seen] == ["front"]
    hidden = client.get(f"{CAMERAS}/{quote(ODD, safe='')}", headers=as_("guest"))
    absent = client.get(f"{CAMERAS}/nobody", headers=as_("guest"))
    assert hidden.status_code == absent.status_code == 404
    assert hidden.json()["error"]["code"] == absent.json()["error"]["code"]


def test_a_camera_is_added_with_its_password_sealed(client, desk):
    new = {
        "name": "back",
        "url": "rtsp://10.0.0.9/1",
        "login": {"user": "u", "password": "canary-2"},
        "fps": 5,
        "is_enabled": False,
        "comment": "the back door",
    }
    answer = client.post(CAMERAS, json=new, headers=as_("operator"))
    assert answer.status_code == 201, answer.text
    assert answer.json()["fps"] == 5
    assert answer.json()["state"] == "disabled"
    assert "canary-2" not in answer.text + desk.version().text
    assert desk.version().author == "operator (token test)"
    assert desk.version().comment == "the back door"
    assert "canary-2" in desk.secrets.values()
    assert "mood: sunny" in desk.version().text, "keys that nobody knows stay"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        pytest.param({"name": "front", "url": "rtsp://10.0.0.9/1"}, "$.name", id="the name is taken"),
        pytest.param({"name": " ", "url": "rtsp://10.0.0.9/1"}, "$.name", id="a blank name"),
        pytest.param({"name": "a\u0000b", "url": "rtsp://10.0.0.9/1"}, "$.name", id="NUL in a name"),
        pytest.param({"name": "b", "url": "gopher://x"}, "$.url", id="no video comes that way"),
        pytest.param({"name": "b", "url": "rtsp://10.0.0.9/1", "fps": "5"}, "$.fps", id="a number in quotes"),
        pytest.param({"name": "b", "url": "rtsp://10.0.0.9/1", "fps": 0}, "$.fps", id="no frames at all"),
        pytest.param({"name": "b", "url": "rtsp://10.0.0.9/1", "colour": 1}, "$.colour", id="an unknown key"),
        pytest.param({"name": "b"}, "$.url", id="no address"),
        pytest.param({"name": "b", "url": "rtsp://10.0.0.9/${CAMERA_1}"}, "$.url", id="a secret in a path"),
        pytest.param(
            {"name": "b", "url": "rtsp://10.0.0.9/1", "login": {"user": "${CAMERA_1}", "password": "x"}},
            "$.login.user",
            id="a secret for a user",
        ),
        pytest.param({"name": "b", "url": "rtsp://10.0.0.9/1", "is_enabled": 1}, "$.is_enabled", id="1 for true"),
        pytest.param([], "$", id="a list"),
    ],
)
def test_a_bad_camera_is_refused_with_the_place_of_the_mistake(client, desk, body, path):
    answer = client.post(CAMERAS, json=body, headers=as_("operator"))
    assert answer.status_code == 400
    problems = answer.json()["error"]["problems"]
    assert path in {one["path"] for one in problems}, problems
    assert all(one["what"] and one["cure"] for one in problems)
    assert desk.version().number == 1


def test_who_sees_some_cameras_only_adds_none(client):
    answer = client.post(CAMERAS, json={"name": "back", "url": "rtsp://10.0.0.9/1"}, headers=as_("guard"))
    assert answer.status_code == 403


def test_a_camera_is_changed_and_the_rest_of_it_stays(client, desk):
    change = {"fps": 3.5, "transport": "udp", "login": {"user": "me", "password": "canary-3"}}
    answer = client.patch(f"{CAMERAS}/front", json=change, headers=as_("guard"))
    assert answer.status_code == 200, answer.text
    assert (answer.json()["fps"], answer.json()["transport"]) == (3.5, "udp")
    assert "canary-3" not in desk.version().text
    front = desk.version().document["cameras"][0]
    assert front["mood"] == "sunny"
    assert front["lines"][0]["colour"] == "red"
    again = client.patch(f"{CAMERAS}/front", json={"fps": None, "login": None}, headers=as_("guard"))
    assert again.json()["fps"] == 15
    assert "login" not in desk.version().document["cameras"][0]


def test_a_new_password_is_a_new_secret_so_that_old_versions_keep_theirs(client, desk):
    for password in ("one", "two"):
        login = {"login": {"user": "me", "password": password}}
        client.patch(f"{CAMERAS}/front", json=login, headers=as_("operator"))
    assert set(desk.secrets.values()) == {"one", "two"}


def test_an_edit_on_an_older_version_changes_nothing(client, desk):
    client.patch(f"{CAMERAS}/front", json={"fps": 3}, headers=as_("operator"))
    answer = client.patch(f"{CAMERAS}/front", json={"fps": 4}, headers=as_("operator", **{"If-Match": '"1"'}))
    assert answer.status_code == 409
    assert answer.json()["current"]["version"] == 2
    assert answer.json()["base"]["version"] == 1
    assert desk.version().number == 2


def test_who_may_not_read_the_configuration_is_not_told_it_by_a_conflict(client, desk):
    client.patch(f"{CAMERAS}/front", json={"fps": 3}, headers=as_("operator"))
    answer = client.patch(f"{CAMERAS}/front", json={"fps": 4}, headers=as_("guard", **{"If-Match": '"1"'}))
    assert answer.status_code == 409
    assert "10.0.0.8" not in answer.text


def test_a_camera_is_removed(client, desk):
    assert client.delete(f"{CAMERAS}/{quote(ODD, safe='')}", headers=as_("operator")).status_code == 204
    assert [one["name"] for one in client.get(CAMERAS, headers=as_("viewer")).json()["cameras"]] == ["front"]
    assert client.delete(f"{CAMERAS}/nobody", headers=as_("operator")).status_code == 404


def test_a_kept_password_does_not_follow_to_another_camera(client, desk):
    camera = f"{CAMERAS}/front"
    login = {"login": {"user": "me", "password": "canary-3"}, "url": "rtsp://10.0.0.7/1"}
    client.patch(camera, json=login, headers=as_("operator"))
    assert client.patch(camera, json={"url": "rtsp://10.0.0.7/2"}, headers=as_("operator")).status_code == 200
    elsewhere = client.patch(camera, json={"url": "rtsp://10.0.0.66/2"}, headers=as_("operator"))
    assert elsewhere.status_code == 400
    assert elsewhere.json()["error"]["problems"][0]["path"] == "$.url"
    again = client.patch(camera, json={**login, "url": "rtsp://10.0.0.66/2"}, headers=as_("operator"))
    assert again.status_code == 200, again.text


def test_a_name_that_changes_between_check_and_connection_is_not_connected_to(app, parts, client):
    """The first answer passes, the second leads to a cloud's metadata."""
    answers = ["127.0.0.1"]

    def resolve(_host, _port):
        return [answers.pop(0)] if answers else ["169.254.169.254"]

    app.state.parts = replace(parts, reach=Reach(CAMERA, loopback=True), resolve=resolve)
    with listener() as (port, came):
        asked = {"url": f"rtsp://door.example:{port}/1"}
        answer = client.post("/api/v1/probe", json=asked, headers=as_("operator")).json()
        assert (answer["ok"], answer["reason"]) == (False, "blocked")
        assert came == []
        refused = client.post("/api/v1/probe", json=asked, headers=as_("operator"))
        assert (refused.status_code, came) == (400, [])
        answers += ["127.0.0.1"] * 9
        client.post("/api/v1/probe", json=asked, headers=as_("operator"))
        assert came
