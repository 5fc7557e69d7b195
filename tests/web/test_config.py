import pytest

from small_desk import as_

CONFIG = "/api/v1/config"


def put(client, text, version, who="admin"):
    return client.put(CONFIG, json={"text": text, "comment": "why"}, headers=as_(who, **{"If-Match": f'"{version}"'}))


def test_the_configuration_comes_as_text_and_as_data(client, desk):
    answer = client.get(CONFIG, headers=as_("admin"))
    assert answer.headers["ETag"] == '"1"'
    told = answer.json()
    assert told["text"] == desk.version().text
    assert told["document"]["cameras"][0]["name"] == "front"
    assert told["kind"] == "footfall"


@pytest.mark.parametrize("who", ["viewer", "operator", "guard"])
def test_only_admins_read_it(client, who):
    assert client.get(CONFIG, headers=as_(who)).status_code == 403


def test_a_new_text_is_a_new_version_and_the_old_one_can_come_back(client, desk):
    first = desk.version().text
    assert put(client, first.replace("sunny", "rainy"), 1).json()["version"] == 2
    back = client.post(f"{CONFIG}/versions/1/restore", json={}, headers=as_("admin", **{"If-Match": "2"}))
    assert back.json()["version"] == 3
    assert back.json()["text"] == first
    assert back.json()["comment"] == "as in version 1"
    listed = client.get(f"{CONFIG}/versions?limit=2", headers=as_("admin")).json()
    assert [one["version"] for one in listed["versions"]] == [3, 2]
    assert listed["before"] == 2
    rest = client.get(f"{CONFIG}/versions?limit=2&before=2", headers=as_("admin")).json()
    assert ([one["version"] for one in rest["versions"]], rest["before"]) == ([1], None)


def test_two_admins_at_once_see_both_versions(client, desk):
    first = desk.version().text
    put(client, first.replace("sunny", "rainy"), 1)
    answer = put(client, first.replace("sunny", "windy"), 1)
    assert answer.status_code == 409
    assert "rainy" in answer.json()["current"]["text"]
    assert answer.json()["base"]["text"] == first


def test_a_base_that_nobody_keeps_is_told_as_null(client, desk):
    assert put(client, desk.version().text, 77).json()["base"] is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("cameras: [", id="broken"),
        pytest.param("{" * 5000, id="deep"),
        pytest.param("cameras: [{name: a, url: 'rtsp://x'}, {name: a, url: 'rtsp://y'}]", id="one name twice"),
        pytest.param("hello", id="no configuration"),
        pytest.param("a: &x [*x]", id="an alias"),
        pytest.param("\u2028\ufeff", id="nothing visible"),
    ],
)
def test_a_bad_text_changes_nothing(client, desk, text):
    answer = put(client, text, 1)
    assert answer.status_code == 400
    assert answer.json()["error"]["problems"]
    assert desk.version().number == 1
    told = client.post(f"{CONFIG}/check", json={"text": text}, headers=as_("admin")).json()["problems"]
    assert [one for one in told if not one["is_warning"]]


@pytest.mark.parametrize("tag", ['"one"', "*", '"-1"', "1" * 39, '"1', "''"])
def test_a_tag_that_is_no_version(client, desk, tag):
    headers = as_("admin", **{"If-Match": tag})
    answer = client.put(CONFIG, json={"text": desk.version().text}, headers=headers)
    assert answer.status_code in (200, 400) if tag == '"1' else answer.status_code == 400


def test_a_version_that_is_not_kept(client):
    assert client.get(f"{CONFIG}/versions/99", headers=as_("admin")).status_code == 404
    assert client.get(f"{CONFIG}/versions/0", headers=as_("admin")).status_code == 400
    assert client.get(f"{CONFIG}/versions/99999999999999999999", headers=as_("admin")).status_code == 400
