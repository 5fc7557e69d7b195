import pytest

from small_desk import as_


def test_what_runs_here_under_which_licences(client, stored):
    told = client.get("/api/v1/system", headers=as_("admin")).json()
    assert told["store"] == "sqlite"
    assert 0 < told["disk"]["free_bytes"] < told["disk"]["total_bytes"]
    assert {one["name"] for one in told["models"]} >= {"motion", "person"}
    licences = {one["name"].lower(): one["licence"] for one in told["licences"]}
    assert "MIT" in licences["fastapi"]
    assert client.get("/api/v1/system", headers=as_("operator")).status_code == 403


def test_the_description_is_there_for_who_is_logged_in(client):
    told = client.get("/api/v1/openapi.json", headers=as_("viewer")).json()
    assert told["openapi"].startswith("3.1")
    assert client.get("/api/v1/openapi.json").status_code == 401


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
def test_there_are_no_pages_of_others(client, path):
    assert client.get(path).status_code == 404
