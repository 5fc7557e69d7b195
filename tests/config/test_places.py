"""`occupancy` of footfall.yaml and of the command line."""

from __future__ import annotations

from datetime import time

import pytest

from footfall.config.load import load_plan
from footfall.config.places import check_places, parse_anchor, parse_place, with_anchors
from footfall.core.errors import ConfigError
from footfall.spatial.occupancy import Anchor, Door, Place

YAML = """
cameras:
  - name: east
    url: rtsp://10.0.0.7/a
    lines: [{name: door, points: [[0.2, 0.6], [0.8, 0.6]]}]
    zones:
      - {name: hall, points: [[0.1, 0.1], [0.9, 0.1], [0.5, 0.9]]}
      - {name: till, points: [[0.1, 0.1], [0.9, 0.1], [0.5, 0.9]], events: [enter]}
"""


def test_a_place_in_yaml() -> None:
    occupancy = """
occupancy:
  - name: shop
    doors: [door+, east/hall-]
    anchors: [{at: "04:00", people: 0}, {at: "18:30", zone: hall}]
"""
    plan = load_plan(YAML + occupancy, file="f.yaml")
    doors = Door.of("door"), Door.of("hall", is_turned=True, camera="east")
    assert plan.places == (Place("shop", doors, (Anchor(time(4)), Anchor(time(18, 30), zone="hall"))),)
    assert plan.warnings == ()
    check_places(plan.places, plan.graphs, "f.yaml")


def test_a_door_that_is_not_there_is_told_where_it_is_named() -> None:
    occupancy = """
occupancy:
  - {name: shop, doors: [door+]}
  - {name: shop, doors: [door+, dor-], anchors: [{at: "04:00", zone: hal}]}
"""
    with pytest.raises(ConfigError) as told:
        load_plan(YAML + occupancy, file="f.yaml")
    assert [(problem.path, problem.cure) for problem in told.value.problems] == [
        ("$.occupancy[1].name", "rename one"),
        ("$.occupancy[1].doors[1]", "did you mean 'door'?"),
        ("$.occupancy[1].anchors[0].zone", "did you mean 'hall'?"),
    ]


@pytest.mark.parametrize(
    ("occupancy", "what"),
    [
        pytest.param("[{doors: [door+]}]", "has no name", id="no name"),
        pytest.param("[{name: shop}]", "has no doors", id="no doors"),
        pytest.param("[{name: shop, doors: [door]}]", "is no door", id="no sign"),
        pytest.param("[{name: shop, doors: ['+']}]", "is no door", id="nothing but a sign"),
        pytest.param("[{name: shop, doors: ['']}]", "is no door", id="an empty door"),
        pytest.param("[{name: shop, doors: [door+], anchors: [{at: noon}]}]", "no time of day", id="no time"),
        pytest.param("[{name: shop, doors: [door+], anchors: [{people: 3}]}]", "no time of day", id="never"),
        pytest.param(
            "[{name: shop, doors: [door+], anchors: [{at: '04:00', people: 1, zone: hall}]}]", "both", id="two answers"
        ),
        pytest.param("[{name: shop, doors: [door+], anchors: [{at: '04:00', people: -1}]}]", "range", id="minus one"),
        pytest.param("[shop]", "not an object", id="a bare word"),
    ],
)
def test_a_crooked_place_is_told(occupancy: str, what: str) -> None:
    with pytest.raises(ConfigError, match=what):
        load_plan(f"{YAML}\noccupancy: {occupancy}\n", file="f.yaml")


@pytest.mark.parametrize(
    ("text", "doors"),
    [
        pytest.param("shop=door+", (Door.of("door"),), id="one door"),
        pytest.param(" shop = door+, a/b- ", (Door.of("door"), Door.of("b", is_turned=True, camera="a")), id="two"),
    ],
)
def test_a_place_on_the_command_line(text: str, doors: tuple[Door, ...]) -> None:
    assert parse_place(text) == Place("shop", doors)


@pytest.mark.parametrize("text", ["", "shop", "shop=", "=door+", "shop=door", "shop=door+,", "shop=+"])
def test_a_crooked_option_is_told(text: str) -> None:
    with pytest.raises(ConfigError, match="--occupancy"):
        parse_place(text)


@pytest.mark.parametrize(
    ("text", "anchor"),
    [
        pytest.param("04:00=0", Anchor(time(4)), id="nobody at night"),
        pytest.param("18:30 = 12", Anchor(time(18, 30), 12), id="twelve"),
        pytest.param("18:30=hall", Anchor(time(18, 30), zone="hall"), id="as many as in a zone"),
    ],
)
def test_an_anchor_on_the_command_line(text: str, anchor: Anchor) -> None:
    assert parse_anchor(text) == anchor


@pytest.mark.parametrize("text", ["", "04:00", "04:00=", "noon=3", "25:00=3", "04:00+02:00=3"])
def test_a_crooked_anchor_is_told(text: str) -> None:
    with pytest.raises(ConfigError, match="--occupancy-anchor"):
        parse_anchor(text)


@pytest.mark.parametrize(
    ("place", "what"),
    [
        pytest.param("shop=dor+", "dor", id="no such line"),
        pytest.param("shop=west/door+", "door", id="no such camera"),
        pytest.param("shop=till+", "enters and exits", id="a zone that tells enters alone"),
    ],
)
def test_doors_must_be_watched(place: str, what: str) -> None:
    plan = load_plan(YAML, file="f.yaml")
    with pytest.raises(ConfigError, match=what):
        check_places([parse_place(place)], plan.graphs, "f.yaml")


def test_anchors_need_a_count_and_names_are_single() -> None:
    plan, shop = load_plan(YAML, file="f.yaml"), parse_place("shop=door+")
    with pytest.raises(ConfigError, match="count rule"):
        check_places(with_anchors([shop], (parse_anchor("18:00=till"),)), plan.graphs, "f.yaml")
    with pytest.raises(ConfigError, match="two places"):
        check_places([shop, shop], plan.graphs, "f.yaml")
