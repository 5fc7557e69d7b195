"""Models of one's own at cameras: compared, used, taken back, by the configuration with its author and its undo."""

from dataclasses import replace

import pytest
import yaml

from small_desk import CONFIG, SmallDesk, as_
from small_studio import ITERATION, PROJECT, SmallStudio

MODELS = "/api/v1/models"
AT, BACK, COMPARISONS = f"{MODELS}/cameras", f"{MODELS}/cameras/back", f"{MODELS}/comparisons"
ODD = "Tür 1/2 ☂"
CHOICE = {"project": PROJECT, "iteration": ITERATION, "cameras": ["front"]}
WANTED = {"project": PROJECT, "iteration": ITERATION, "camera": "front"}
OURS = {"words": "coats: Iteration 2", "project": PROJECT, "iteration": ITERATION}
OLD = {"words": "old.zip", "project": None, "iteration": None}


@pytest.fixture
def studio(app, parts):
    studio = SmallStudio()
    app.state.parts = replace(parts, studio=studio)
    return studio


@pytest.fixture
def old(app, studio):
    """All cameras ask a model that the configuration names for all."""
    desk = SmallDesk(f"attributes: /srv/old.zip\n{CONFIG}")
    app.state.parts = replace(app.state.parts, desk=desk)
    return desk


def at(answer):
    assert answer.status_code == 200, answer.text
    return {one["camera"]: (one["model"], one["before"], one["has_before"]) for one in answer.json()["cameras"]}


def test_nobody_asks_until_somebody_says_so(client, studio):
    asked = at(client.get(AT, headers=as_("operator")))
    assert asked == {"front": (None, None, False), ODD: (None, None, False)}


def test_switched_over_and_back_with_author_and_undo(client, studio, desk):
    used = at(client.post(AT, json=CHOICE, headers=as_("operator")))
    assert used == {"front": (OURS, None, True), ODD: (None, None, False)}
    version = desk.version()
    assert (version.author, version.comment) == ("operator (token test)", "coats: Iteration 2 at front")
    assert "mood: sunny" in version.text, "keys that nobody knows stay"
    back = at(client.post(BACK, json={"cameras": ["front"]}, headers=as_("operator")))
    assert back["front"] == (None, OURS, True)
    assert desk.version().comment == "the model before at front"
    again = at(client.post(BACK, json={"cameras": ["front"]}, headers=as_("operator")))
    assert again["front"] == (OURS, None, True)


def test_what_holds_for_all_cameras_holds_again(client, old):
    used = at(client.post(AT, json=CHOICE | {"cameras": [ODD]}, headers=as_("operator")))
    assert used == {"front": (OLD, None, False), ODD: (OURS, OLD, True)}
    back = at(client.post(BACK, json={"cameras": [ODD]}, headers=as_("operator")))
    assert back[ODD] == (OLD, OURS, True)


def test_a_camera_that_asked_none_asks_none_again(client, old):
    document = yaml.safe_load(old.version().text)
    document["cameras"][0]["attributes"] = False
    old.edit(yaml.safe_dump(document, allow_unicode=True), base=1, author="ben")
    at(client.post(AT, json=CHOICE, headers=as_("operator")))
    back = at(client.post(BACK, json={"cameras": ["front"]}, headers=as_("operator")))
    assert back["front"] == (None, OURS, True)
    assert old.plan.graphs[0].attributes is None


def test_edits_in_between_are_no_models_before(client, studio, desk):
    at(client.post(AT, json=CHOICE, headers=as_("operator")))
    for number in range(25):
        desk.edit(desk.version().text + f"# {number}\n", base=desk.version().number, author="ben")
    assert at(client.post(BACK, json={"cameras": ["front"]}, headers=as_("operator")))["front"][0] is None


@pytest.mark.parametrize(
    ("where", "body", "status"),
    [
        pytest.param(AT, CHOICE | {"cameras": []}, 400, id="at no camera"),
        pytest.param(AT, CHOICE | {"cameras": ["nobody"]}, 404, id="at a camera that there is not"),
        pytest.param(AT, CHOICE | {"iteration": PROJECT}, 404, id="an iteration that there is not"),
        pytest.param(AT, CHOICE | {"iteration": "../../etc/passwd"}, 400, id="an iteration that is a path"),
        pytest.param(BACK, {"cameras": ["nobody"]}, 404, id="back at a camera that there is not"),
        pytest.param(BACK, {"cameras": ["front"]}, 400, id="back where there is nothing before"),
        pytest.param(COMPARISONS, CHOICE | {"camera": "front"}, 400, id="a key too many"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_changes(client, studio, desk, where, body, status):
    answer = client.post(where, json=body, headers=as_("operator"))
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]["message"]
    assert desk.version().number == 1


def test_an_edit_of_somebody_else_is_not_overwritten(client, studio, desk):
    desk.edit(desk.version().text + "\n", base=1, author="ben")
    headers = as_("operator", **{"If-Match": '"1"'})
    assert client.post(AT, json=CHOICE, headers=headers).status_code == 409


def test_a_comparison_runs_and_tells_tag_by_tag(client, old, studio):
    begun = client.post(COMPARISONS, json=WANTED, headers=as_("operator"))
    assert begun.status_code == 201, begun.text
    first = begun.json()
    assert (first["state"], first["running"], first["new"], first["total"]) == ("running", "old.zip", "Iteration 2", 4)
    assert client.post(COMPARISONS, json=WANTED, headers=as_("operator")).status_code == 409
    studio.finish(first["id"])
    done = client.get(f"{COMPARISONS}/{first['id']}", headers=as_("operator")).json()
    blue = {"tag": "coat:blue", "pictures": 4, "running": 2, "new": 4, "mended": 2, "broken": 0}
    assert (done["state"], done["is_unseen"], done["tags"]) == ("done", True, [blue, blue | {"tag": None}])
    assert client.delete(f"{COMPARISONS}/{first['id']}", headers=as_("operator")).status_code == 204
    assert client.get(f"{COMPARISONS}/{first['id']}", headers=as_("operator")).status_code == 404


def test_where_nobody_asks_there_is_nothing_to_compare_with(client, studio):
    answer = client.post(COMPARISONS, json=WANTED, headers=as_("operator"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "no-model")


def test_who_sees_some_cameras_has_nothing_to_do_with_it(client, studio):
    asked = [
        client.get(AT, headers=as_("guard")),
        client.post(AT, json=CHOICE, headers=as_("guard")),
        client.post(BACK, json={"cameras": ["front"]}, headers=as_("guard")),
        client.post(COMPARISONS, json=WANTED, headers=as_("guard")),
        client.get(f"{COMPARISONS}/c0", headers=as_("guard")),
        client.delete(f"{COMPARISONS}/c0", headers=as_("guard")),
    ]
    assert [one.status_code for one in asked] == [403] * 6
