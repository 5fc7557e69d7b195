"""Every line and zone is found in its document, whatever the dialect."""

from __future__ import annotations

import json

import pytest

from footfall.config.whereabouts import path_of, whereabouts

ZONES = {"zones": [{"name": "till"}, {"name": "door"}]}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        pytest.param(json.dumps(ZONES), "$.zones[1]", id="bare regions"),
        pytest.param(json.dumps({"cameras": [{"zones": []}, ZONES]}), "$.cameras[1].zones[1]", id="second camera"),
        pytest.param(
            json.dumps({"graphs": {"shop": {"parameters": {"SPACEANALYTICS_CONFIG": json.dumps(ZONES)}}}}),
            "$.graphs.shop.parameters.SPACEANALYTICS_CONFIG.zones[1]",
            id="an object in a string",
        ),
        pytest.param("cameras:\n  - zones:\n      - {name: door}\n", "$.cameras[0].zones[0]", id="yaml"),
        pytest.param("{", "$", id="broken text"),
        pytest.param('{"zones": [3, {"name": 4}], "note": "{broken"}', "$", id="nonsense"),
    ],
)
def test_a_zone_is_found(text: str, path: str) -> None:
    assert path_of(whereabouts(text), "zone", "door", ("", 0)) == path


def test_of_two_cameras_the_right_one_is_named() -> None:
    cameras = whereabouts(json.dumps({"cameras": [ZONES, ZONES]}))
    assert path_of(cameras, "zone", "door", ("b/b", 1)) == "$.cameras[1].zones[1]"
    graphs = whereabouts(json.dumps({"graphs": {"a": ZONES, "shop": ZONES}}))
    assert path_of(graphs, "zone", "till", ("shop/shop", 1)) == "$.graphs.shop.zones[0]"
    assert path_of(graphs, "line", "till", ("shop/shop", 1)) == "$"
