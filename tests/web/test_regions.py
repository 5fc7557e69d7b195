from urllib.parse import quote

import pytest

from small_desk import as_

REGIONS = "/api/v1/cameras/front/regions"
ODD = f"/api/v1/cameras/{quote('Tür 1/2 ☂', safe='')}/regions"
SQUARE = [[0.1, 0.1], [0.4, 0.1], [0.4, 0.4], [0.1, 0.4]]
DRAWN = {
    "lines": [{"name": "door", "points": [[0.3, 0.6], [0.7, 0.6]], "names": {"right": "in", "left": "out"}}],
    "zones": [{"name": "till", "points": SQUARE, "events": ["count", {"type": "dwell", "threshold": 0.02}]}],
    "masks": [],
    "floor": None,
}


def put(client, body, version, who="operator", path=REGIONS):
    return client.put(path, json=body, headers=as_(who, **{"If-Match": f'"{version}"'}))


def test_what_is_drawn_comes_as_it_stands_in_the_configuration(client):
    answer = client.get(REGIONS, headers=as_("viewer"))
    assert answer.headers["ETag"] == '"1"'
    regions = answer.json()["regions"]
    assert regions["lines"] == [
        {
            "name": "door",
            "points": [[0.2, 0.6], [0.8, 0.6]],
            "names": {"right": "in", "left": ""},
            "events": None,
            "threshold": None,
        }
    ]
    (till,) = regions["zones"]
    assert till["events"][:2] == ["count", "crossing"]
    assert till["events"][2]["threshold"] == 0.02


def test_who_has_this_version_is_sent_nothing(client):
    answer = client.get(REGIONS, headers=as_("viewer", **{"If-None-Match": '"1"'}))
    assert (answer.status_code, answer.content) == (304, b"")


def test_what_was_read_can_be_put_back_and_nothing_has_changed(client, desk):
    before = desk.version().document
    read = client.get(REGIONS, headers=as_("viewer")).json()["regions"]
    assert put(client, {"regions": read}, 1).status_code == 200
    assert desk.version().document == before


def test_new_regions_hold_and_keys_of_others_stay(client, desk):
    answer = put(client, {"regions": DRAWN, "comment": "moved"}, 1, "guard")
    assert answer.status_code == 200, answer.text
    assert (answer.headers["ETag"], answer.json()["version"]) == ('"2"', 2)
    front = desk.version().document["cameras"][0]
    assert front["lines"] == [
        {"name": "door", "points": [[0.3, 0.6], [0.7, 0.6]], "names": {"right": "in", "left": "out"}, "colour": "red"}
    ]
    assert front["mood"] == "sunny"
    assert answer.json()["regions"]["lines"][0]["names"]["left"] == "out"


def test_names_of_both_ways_are_no_unknown_key(desk):
    text = desk.version().text.replace(", colour: red", "").replace("mood: sunny", "").replace("note: ours", "")
    assert not [one for one in desk.check(text) if "names" in one.path]


def test_events_that_the_page_cannot_show_stay_as_they_are(client, desk):
    strange = [{"type": "zonecrossing", "config": {"threshold": 16}}]
    text = desk.version().text.replace("[count, crossing, {type: dwell, threshold: 0.02}]", str(strange))
    desk.edit(text, base=1, author="file")
    read = client.get(REGIONS, headers=as_("viewer")).json()["regions"]
    assert read["zones"][0]["events"] is None
    read["zones"][0]["points"] = SQUARE
    assert put(client, {"regions": read}, 2).status_code == 200
    assert desk.version().document["cameras"][0]["zones"][0]["events"] == strange


def test_a_floor_of_four_points_is_kept_and_taken_away(client, desk):
    floor = {"points": [[0.2, 0.5], [0.8, 0.5], [0.9, 0.9], [0.1, 0.9]], "rectangle_m": [3.0, 4.0]}
    answer = put(client, {"regions": {**DRAWN, "floor": floor}}, 1)
    assert answer.status_code == 200, answer.text
    assert answer.json()["regions"]["floor"]["rectangle_m"] == [3, 4]
    assert client.get("/api/v1/cameras/front", headers=as_("viewer")).json()["is_calibrated"]
    assert put(client, {"regions": DRAWN}, 2).json()["regions"]["floor"] is None
    assert "camera" not in desk.version().document["cameras"][0]


def test_two_people_who_draw_at_once_are_both_told(client, desk):
    assert put(client, {"regions": DRAWN}, 1).status_code == 200
    answer = put(client, {"regions": {"lines": []}}, 1, "admin")
    assert answer.status_code == 409
    told = answer.json()
    assert (told["error"]["code"], told["current"]["version"], told["base"]["version"]) == ("conflict", 2, 1)
    assert told["current"]["document"]["cameras"][0]["lines"][0]["points"] == [[0.3, 0.6], [0.7, 0.6]]
    assert desk.version().number == 2


def test_without_a_version_nobody_overwrites_anything(client, desk):
    answer = client.put(REGIONS, json={"regions": DRAWN}, headers=as_("operator"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "if-match-missing")
    assert desk.version().number == 1


@pytest.mark.parametrize(
    ("regions", "path"),
    [
        pytest.param(
            {"lines": [{"name": "a", "points": [[0, 0], [2, 2]]}]}, "$.regions.lines[0].points[1][0]", id="outside"
        ),
        pytest.param(
            {"lines": [{"name": "a", "points": [[0.5, 0.5], [0.5, 0.5]]}]},
            "$.cameras[0].lines[0].points",
            id="no length",
        ),
        pytest.param(
            {"zones": [{"name": "a", "points": [[0, 0], [1, 1]]}]}, "$.regions.zones[0].points", id="two corners"
        ),
        pytest.param(
            {"zones": [{"name": "a", "points": SQUARE}, {"name": "a", "points": SQUARE}]},
            "$.cameras[0].zones[1]",
            id="one name twice",
        ),
        pytest.param({"zones": [{"name": "a", "points": SQUARE, "events": ["fly"]}]}, None, id="no such event"),
        pytest.param(
            {"lines": [{"name": "a", "points": [["0", 0], [1, 1]]}]},
            "$.regions.lines[0].points[0][0]",
            id="text for a number",
        ),
        pytest.param(
            {"lines": [{"name": "a", "points": [[0, 0, 0], [1, 1]]}]},
            "$.regions.lines[0].points[0]",
            id="three dimensions",
        ),
        pytest.param({"floor": {"points": SQUARE}}, "$.cameras[0].camera", id="a floor without sizes"),
    ],
)
def test_bad_regions_change_nothing_and_are_told_by_place(client, desk, regions, path):
    answer = put(client, {"regions": regions}, 1)
    assert answer.status_code == 400, answer.text
    found = {one["path"] for one in answer.json()["error"]["problems"] if not one["is_warning"]}
    assert path is None or path in found, found
    assert desk.version().number == 1


def test_not_a_number_is_no_number(client):
    body = b'{"regions": {"lines": [{"name": "a", "points": [[NaN, 0], [Infinity, 1]]}]}}'
    headers = as_("operator", **{"If-Match": '"1"', "Content-Type": "application/json"})
    assert client.put(REGIONS, content=body, headers=headers).status_code == 400


def test_a_camera_of_others_does_not_exist(client):
    assert client.get(ODD, headers=as_("guest")).status_code == 404
    assert put(client, {"regions": DRAWN}, 1, "guard", ODD).status_code == 404
    assert put(client, {"regions": DRAWN}, 1, "viewer").status_code == 403
