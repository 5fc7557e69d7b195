"""Whoever holds the key of keys can shut everything, and open it again (spec/privacy-security.md C7)."""

from __future__ import annotations

import re
from pathlib import Path

import cv2
import numpy as np
import pytest

from footfall.customvision.door.asking import text
from footfall.customvision.door.routes_table import ROUTES, Route
from footfall.vault.making import CUSTOMER_KEY
from footfall.vault.protectors import make_key_file
from vision_door import OTHER, HandClock, House

REVOKED = (400, "BadRequestCustomerManagedKeyRevoked")


@pytest.fixture
def shut(tmp_path: Path, monkeypatch):
    """A service with a picture, whose customer has taken the key away: (house, clock, address, how to give it back)."""
    key, away, clock = tmp_path / "customer.key", tmp_path / "away", HandClock()
    make_key_file(key)
    monkeypatch.setenv(CUSTOMER_KEY, str(key))
    house = House(tmp_path / "data", clock)
    content = cv2.imencode(".png", np.full((50, 60, 3), 99, np.uint8))[1].tobytes()
    path = f"/customvision/v3.3/training/projects/{house.project}/images"
    answer = house.visitor.ask("POST", path, {"Content-Type": "application/octet-stream"}, content=content)
    url = answer.json()["images"][0]["image"]["originalImageUri"]
    key.rename(away)
    clock.go(seconds=60)
    yield house, clock, url, lambda: away.rename(key)
    house.close()


def request_for(route: Route, project: str) -> tuple[str, dict]:
    """One that would be right."""
    path = re.sub(
        r"\{(\w+)\}", lambda found: {"version": "v3.4-preview", "project_id": project}.get(found[1], OTHER), route.path
    )
    query = {one.name: "x" if one.read is text else OTHER for one in route.query if one.is_required}
    if route.body is None:
        return path, {"params": query}
    if route.name.endswith(("_image", "_no_store", "_data")):
        return path, {"params": query, "content": b"\xff\xd8\xff", "headers": {"Content-Type": "image/jpeg"}}
    return path, {"params": query, "json": {"name": "x"} if route.name != "update_image_metadata" else {}}


def test_nothing_is_read_or_written_while_the_key_is_away(shut) -> None:
    house, clock, url, give_back = shut
    asked = [route for route in ROUTES if route.rank != "C" and not (route.body and route.body.is_by_url)]
    for route in asked:
        path, more = request_for(route, house.project)
        answer = house.visitor.ask(route.method, path, **more)
        assert (answer.status_code, answer.json()["code"]) == REVOKED, route.name
    answer = house.visitor.ask("GET", url, {"Training-Key": None})
    assert (answer.status_code, answer.json()["code"]) == REVOKED
    give_back()
    clock.go(seconds=60)
    assert house.visitor.ask("GET", url, {"Training-Key": None}).status_code == 200
    path = f"/customvision/v3.3/training/projects/{house.project}/images/count"
    assert house.visitor.ask("GET", path).json() == 1
