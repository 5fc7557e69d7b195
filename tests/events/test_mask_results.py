"""Mask results on the wire, in schema 1.0 as of 2021 and in the last one, 2.0 (spec/events.md sections 9.1 and 10)."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from events.stage import ANN, BOB, STORIES, body, encode
from footfall.core.options import EventSpec
from footfall.core.types import MaskState
from footfall.spatial.insights import Counted, Dwelled, Insight, ZoneEntered, ZoneExited
from footfall.spatial.regions import Trigger

GOLDEN = Path(__file__).resolve().parent.parent / "golden" / "events"
CAT = replace(BOB, track_id="c3" * 16, mask=MaskState("face_nomask", 0.9375))
FORMS = {"1.0": EventSpec(schema="1.0"), "2.0": EventSpec(), "2.0-map": EventSpec(mask_map_in_metadata=True)}
EVENTS: dict[str, Insight] = {
    "count": Counted("hall", 10.0, 150, Trigger.EVENT, (ANN, BOB, CAT), 3),
    "line": replace(STORIES["line"], person=CAT),
    "enter": ZoneEntered("till", 10.0, CAT, 2),
    "exit": ZoneExited("till", 10.0, CAT, None),
    "dwell": Dwelled("till", 10.0, CAT, 4, 7.04, 105),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("event", EVENTS)
def test_golden(event: str, form: str) -> None:
    (message,) = encode(EVENTS[event], spec=FORMS[form])
    path = GOLDEN / f"mask-{event}-{form}.json"
    if os.environ.get("FOOTFALL_GOLDEN") == "write":
        path.write_bytes(message.body + b"\n")
    assert message.body + b"\n" == path.read_bytes()


def test_the_last_schema_tells_the_winner_as_an_attribute() -> None:
    told = [detection.get("attributes") for detection in body(EVENTS["count"])["detections"]]
    masked = [{"label": "face_mask", "confidence": 0.9688, "task": ""}]
    bare = [{"label": "face_nomask", "confidence": 0.9375, "task": ""}]
    assert told == [masked, None, bare]


def test_the_schema_of_2021_tells_the_winner_as_a_map() -> None:
    told = [one["metadata"]["attributes"] for one in body(EVENTS["count"], spec=FORMS["1.0"])["detections"]]
    assert told == [{"face_mask": 0.9688}, {}, {"face_nomask": 0.9375}]
    assert all("attributes" not in one for one in body(EVENTS["count"], spec=FORMS["1.0"])["detections"])


@pytest.mark.parametrize("form", FORMS)
def test_no_event_tells_where_a_face_is(form: str) -> None:
    (message,) = encode(EVENTS["line"], spec=FORMS[form])
    assert len(json.loads(message.body)["detections"][0]["region"]["points"]) == 2
    assert message.body.count(b'"RECTANGLE"') == 1
