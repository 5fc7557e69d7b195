"""The figures of a report, as JSON and as CSV. `FOOTFALL_GOLDEN=write pytest` rewrites them; review the diff."""

from __future__ import annotations

import csv
import json
import os
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from footfall.report.document import heading_deg, report_document
from footfall.report.tables import tables
from footfall.spatial.publish import Flow
from report.stage import shop

GOLDEN = Path(__file__).parent.parent / "golden" / "report"


@pytest.fixture(scope="module")
def document() -> Any:
    return json.loads(json.dumps(report_document([shop()])))["cameras"][0]


def test_the_document_is_as_it_was() -> None:
    text = json.dumps(report_document([shop(start=datetime(2026, 11, 23, 8, 0))]), indent=1) + "\n"  # noqa: DTZ001
    golden = GOLDEN / "shop.json"
    if os.environ.get("FOOTFALL_GOLDEN") == "write":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text)
    assert text == golden.read_text()


def test_the_figures_are_those_of_the_story(document: Any) -> None:
    assert (document["people"], document["most_people"], document["frames"]) == (5, 1, 1000)
    assert document["person_s"] == pytest.approx(5 * 6.0 + 3 * 6.0, abs=0.6)
    assert document["mean_people"] == pytest.approx(document["person_s"] / 99.9, abs=0.001)
    [door] = document["lines"]
    assert (door["right"], door["left"]) == (0, 5), "stand at its upper end and look down: right is the left-hand side"
    assert (door["right_interval"], door["left_interval"]) == (None, [5, 9]), "one and a bit may have been missed"
    till, leave = document["zones"]
    assert (till["enters"], till["visits"], leave["enters"]) == (5, 5, 5)
    assert till["mean_dwell_s"] == pytest.approx((5 * 1.5 + 3 * 6.0) / 5, abs=0.3)
    assert document["ways"] == [{"from": "till <&>", "to": "exit", "people": 5}]
    assert sum(period["people"] for period in document["periods"]) == 5


def test_the_periods_add_up_to_the_whole(document: Any) -> None:
    periods = document["periods"]
    assert [period["start"] for period in periods] == ["0:00:00", "0:01:00"]
    assert sum(period["lines"]["door"]["left"] for period in periods) == 5
    assert sum(period["observed_s"] for period in periods) == pytest.approx(document["observed_s"])


def test_the_maps_show_what_happened(document: Any) -> None:
    picture, floor = document["maps"]
    assert (picture["plane"], floor["plane"], floor["unit"]) == ("picture", "floor", "metres")
    hottest = max(picture["cells"], key=lambda cell: cell["seconds"])
    assert (hottest["column"], hottest["row"]) == (10, 7)
    assert (hottest["people"], hottest["dwellers"]) == (5, 3)
    assert hottest["mean_dwell_s"] == pytest.approx(6.0, abs=0.5)
    assert {cell["direction_deg"] for cell in picture["cells"] if cell["walkers"]} == {90.0}
    assert {round(cell["direction_deg"]) for cell in floor["cells"] if cell["walkers"]} == {90}
    speeds = {round(cell["speed"], 2) for cell in picture["cells"] if cell["walkers"] and cell["column"] < 7}
    assert max(speeds) == pytest.approx(0.8 / 6.0, abs=0.01)
    assert picture["journeys"] == [{"from": [0, 0], "to": [2, 0], "people": 5, "mean_s": 9.6}]
    assert sum(cell["seconds"] for cell in picture["cells"]) == pytest.approx(picture["person_s"], abs=0.05)


def test_no_identity_is_in_it() -> None:
    text = json.dumps(report_document([shop()])) + "".join(tables(shop()).values())
    assert [f"p{index}" for index in range(5) if f'"p{index}"' in text] == []


def test_two_people_leave_maps_and_ways_empty_but_count() -> None:
    camera = shop(people=2)
    document: Any = report_document([camera])["cameras"]
    [shown] = document
    assert shown["people"] == 2
    assert shown["ways"] == []
    for plane in shown["maps"]:
        assert (plane["cells"], plane["journeys"], plane["hidden_share"]) == ([], [], 1.0)


@pytest.mark.parametrize(("name", "rows"), [("heat.picture.csv", 17), ("dwell.picture.csv", 1), ("ways.csv", 1)])
def test_tables_hold_the_same_rows(name: str, rows: int, document: Any) -> None:
    found = list(csv.DictReader(StringIO(tables(shop())[name])))
    assert len(found) == rows
    if name.startswith("heat"):
        assert [float(row["seconds"]) for row in found] == [cell["seconds"] for cell in document["maps"][0]["cells"]]


def test_periods_as_a_table_are_in_the_long_form() -> None:
    rows = list(csv.DictReader(StringIO(tables(shop())["periods.csv"])))
    crossed = [int(row["value"]) for row in rows if (row["name"], row["figure"]) == ("door", "left")]
    assert sum(crossed) == 5
    assert {row["subject"] for row in rows} == {"picture", "line", "zone"}


HEADINGS = [
    pytest.param("picture", 0.0, 180.0, id="towards larger y is down in the picture"),
    pytest.param("floor", 0.0, 0.0, id="and straight ahead on the floor"),
    pytest.param("picture", 1.5707963267948966, 90.0, id="to the right in the picture"),
    pytest.param("floor", 1.5707963267948966, 90.0, id="to the right on the floor"),
    pytest.param("picture", 3.141592653589793, 0.0, id="up in the picture"),
]


@pytest.mark.parametrize(("plane", "direction_rad", "degrees"), HEADINGS)
def test_headings_are_clockwise_from_up(plane: str, direction_rad: float, degrees: float) -> None:
    assert heading_deg(plane, Flow(3, direction_rad, 1.0, 1.0)) == pytest.approx(degrees)
