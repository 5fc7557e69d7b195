import pytest

from small_desk import as_

PLACES = "/api/v1/places"


def test_a_place_tells_its_doors_and_anchors(client):
    shop, yard = client.get(PLACES, headers=as_("viewer")).json()["places"]
    assert shop["doors"] == [{"camera": "front", "region": "door", "inward": ["right", "enter"]}]
    assert shop["anchors"] == [{"at": "04:00", "people": 0, "zone": None}]
    assert yard["doors"][0]["inward"] == ["left", "exit"]
    assert (shop["people"], shop["low"], shop["high"]) == (0, 0, 0)


def test_who_sees_some_cameras_sees_places_with_their_doors_only(client):
    names = [one["name"] for one in client.get(PLACES, headers=as_("guest")).json()["places"]]
    assert names == ["shop"], "the yard's door may be of any camera"
    assert client.get(f"{PLACES}/yard", headers=as_("guest")).status_code == 404


def test_somebody_has_counted(client):
    answer = client.post(f"{PLACES}/shop/anchor", json={"people": 7}, headers=as_("guard"))
    assert (answer.status_code, answer.json()["people"]) == (200, 7)
    assert client.get(f"{PLACES}/shop", headers=as_("viewer")).json()["since"] == "2026-03-02T12:00:00.000Z"


@pytest.mark.parametrize("people", [-1, 1.5, "7", True, None, 10**30])
def test_a_number_of_people_is_a_whole_one(client, people):
    answer = client.post(f"{PLACES}/shop/anchor", json={"people": people}, headers=as_("operator"))
    assert answer.status_code == 400
    assert answer.json()["error"]["problems"][0]["path"] == "$.people"


def test_a_place_of_nobody(client):
    assert client.post(f"{PLACES}/none/anchor", json={"people": 1}, headers=as_("operator")).status_code == 404
    assert client.post(f"{PLACES}/yard/anchor", json={"people": 1}, headers=as_("guard")).status_code == 404
    assert client.post(f"{PLACES}/shop/anchor", json={"people": 1}, headers=as_("viewer")).status_code == 403
