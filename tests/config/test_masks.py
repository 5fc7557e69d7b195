"""`masks` in footfall.yaml."""

from __future__ import annotations

import json

import pytest

from footfall.config.load import load_plan
from footfall.config.plan import PrivacyMask, SourceSpec
from footfall.core.errors import ConfigError


def masks_of(*masks: object) -> tuple[PrivacyMask, ...]:
    camera = {"name": "front", "url": "rtsp://10.0.0.7/main", "masks": list(masks)}
    (graph,) = load_plan(json.dumps({"cameras": [camera]}), file="footfall.yaml").graphs
    return graph.spec(SourceSpec).masks


def test_masks_are_read_like_zones() -> None:
    corners = [[0, 0], [0.2, 0], [0.2, 0.4]]
    assert masks_of({"name": "neighbour", "points": corners}, {"name": "desk", "points": [*corners, [0, 0]]}) == (
        PrivacyMask("neighbour", ((0.0, 0.0), (0.2, 0.0), (0.2, 0.4))),
        PrivacyMask("desk", ((0.0, 0.0), (0.2, 0.0), (0.2, 0.4))),
    )
    assert masks_of() == ()


@pytest.mark.parametrize(
    ("mask", "what"),
    [
        pytest.param({"points": [[0, 0], [1, 0], [1, 1]]}, "has no name", id="nameless"),
        pytest.param({"name": "m"}, "points is missing|polygon is missing", id="without points"),
        pytest.param({"name": "m", "points": [[0, 0], [1, 1]]}, "2 distinct", id="two points"),
        pytest.param({"name": "m", "points": [[0, 0], [1, 1], [0.5, 0.5]]}, "no inside", id="flat"),
        pytest.param({"name": "m", "points": [[0, 0], [1, 1], [1, 0], [0, 1]]}, "crosses itself", id="bow tie"),
        pytest.param({"name": "m", "points": [[0, 0], [2, 0], [1, 1]]}, "outside the picture", id="outside"),
        pytest.param("left half", "not an object", id="text"),
    ],
)
def test_a_wrong_mask_stops_the_start(mask: object, what: str) -> None:
    with pytest.raises(ConfigError, match=what):
        masks_of(mask)


def test_a_name_is_used_once() -> None:
    mask = {"name": "m", "points": [[0, 0], [1, 0], [1, 1]]}
    with pytest.raises(ConfigError, match="used twice"):
        masks_of(mask, mask)
