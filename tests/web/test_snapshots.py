"""Pictures of a camera to learn from: off by default, on with consent, by those who may see people as they are."""

from dataclasses import replace

import pytest

from small_desk import as_
from small_studio import SmallStudio

WHERE = "/api/v1/cameras/front/snapshots"
WISH = {"project": "coats", "consent": "agreed on 1 May, notice at the door", "given_by": "A. Meier"}
DEFAULTS = {"of": "people", "every": 30.0, "a_day": 50, "in_all": 500, "days": 30}
OFF = {"state": "off", "words": "", "settings": None, "today": 0, "in_all": 0, "untagged": 0}


@pytest.fixture
def studio(app, parts):
    studio = SmallStudio()
    app.state.parts = replace(parts, studio=studio)
    return studio


def test_off_by_default(client, studio):
    assert client.get(WHERE, headers=as_("operator")).json() == OFF


def test_with_consent_they_are_kept_and_the_configuration_says_by_whom(client, studio, desk):
    answer = client.put(WHERE, json=WISH | {"a_day": 5}, headers=as_("operator"))
    assert answer.status_code == 200, answer.text
    assert answer.json() == {
        "state": "on", "words": "pictures are kept for coats", "settings": WISH | DEFAULTS | {"a_day": 5},
        "today": 3, "in_all": 7, "untagged": 5,
    }  # fmt: skip
    assert client.get(WHERE, headers=as_("operator")).json() == answer.json()
    version = desk.version()
    assert (version.author, version.comment) == ("operator (token test)", "pictures of front are kept for coats")
    assert "mood: sunny" in version.text, "keys that nobody knows stay"
    assert desk.plan.graphs[1].snapshots is None


@pytest.mark.parametrize(
    ("change", "path"),
    [
        pytest.param({"consent": ""}, "$.consent", id="nobody has consented"),
        pytest.param({"consent": "  "}, "$.consent", id="a blank is no consent"),
        pytest.param({"given_by": ""}, "$.given_by", id="nobody says so"),
        pytest.param({"project": "hats"}, "$.project", id="no such project"),
        pytest.param({"a_day": 0}, "$.a_day", id="none a day"),
        pytest.param({"of": "faces"}, "$.of", id="of what"),
        pytest.param({"forever": True}, "$.forever", id="a key that there is not"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(client, studio, desk, change, path):
    answer = client.put(WHERE, json=WISH | change, headers=as_("operator"))
    assert answer.status_code == 400, answer.text
    assert [one["path"] for one in answer.json()["error"]["problems"]] == [path]
    assert desk.version().number == 1


def test_without_the_right_to_real_pictures_nobody_has_them_kept(client, studio, app, desk):
    gate = app.state.parts.gate
    gate.callers["blind"] = replace(gate.callers["operator"], real_pixels=False)
    assert client.put(WHERE, json=WISH, headers=as_("blind")).status_code == 403
    assert desk.version().number == 1
    del gate.callers["blind"]


def test_who_sees_some_cameras_has_nothing_to_do_with_it(client, studio, app):
    gate = app.state.parts.gate
    gate.callers["some"] = replace(gate.callers["operator"], cameras=frozenset({"front"}))
    asked = [client.get(WHERE, headers=as_("some")), client.put(WHERE, json=WISH, headers=as_("some"))]
    asked += [client.delete(WHERE, headers=as_("some")), client.post(f"{WHERE}/erase", headers=as_("some"))]
    assert [one.status_code for one in asked] == [403] * 4
    del gate.callers["some"]


def test_an_edit_of_somebody_else_is_not_overwritten(client, studio, desk):
    desk.edit(desk.version().text + "\n", base=1, author="ben")
    answer = client.put(WHERE, json=WISH, headers=as_("operator", **{"If-Match": '"1"'}))
    assert answer.status_code == 409
    assert answer.json()["current"]["version"] == 2


@pytest.mark.parametrize("also", [pytest.param(False, id="they stay"), pytest.param(True, id="they go as well")])
def test_it_ends(client, studio, desk, also):
    client.put(WHERE, json=WISH, headers=as_("operator"))
    answer = client.delete(f"{WHERE}?erase={str(also).lower()}", headers=as_("operator"))
    assert answer.json() == {"pictures": 5 if also else 0}
    assert client.get(WHERE, headers=as_("operator")).json() == OFF
    assert [author for _, author in studio.erased] == (["operator (token test)"] if also else [])
    assert client.delete(WHERE, headers=as_("operator")).status_code == 404


def test_those_that_nobody_has_tagged_can_go_while_it_goes_on(client, studio):
    assert client.post(f"{WHERE}/erase", headers=as_("operator")).status_code == 404
    client.put(WHERE, json=WISH, headers=as_("operator"))
    assert client.post(f"{WHERE}/erase", headers=as_("operator")).json() == {"pictures": 5}
    assert client.get(WHERE, headers=as_("operator")).json()["state"] == "on"


def test_without_custom_vision_there_is_no_such_thing(client, desk):
    answers = [client.get(WHERE, headers=as_("operator")), client.put(WHERE, json=WISH, headers=as_("operator"))]
    assert [one.status_code for one in answers] == [404, 404]
    assert "--customvision" in answers[0].json()["error"]["message"]
    assert desk.version().number == 1
