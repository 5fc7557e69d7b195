"""What a customer's model tells of people, on the wire and in recorded tracks (spec/events.md section 8)."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from events.stage import ANN, BOB, body, encode, observed
from footfall.core.errors import ConfigError
from footfall.core.options import EventSpec, InferenceForm
from footfall.core.types import Attribute, TrackObservation
from footfall.events.inferences import InferenceWriter, PersonEntity
from footfall.events.tracks import format_frame, read_tracks
from footfall.spatial.insights import Counted, DistanceMeasured, Insight, Proximity, ZoneEntered
from footfall.spatial.regions import Trigger

GOLDEN = Path(__file__).resolve().parent.parent / "golden" / "events"
HEAD = Attribute("HasHelmet", 0.90625, "head"), Attribute("NoHelmet", 0.09375, "head")
STAFF = Attribute("staff", 0.75), Attribute("visitor", 0.25)
MASKED_WORKER = replace(ANN, attributes=HEAD)
VISITOR = replace(BOB, attributes=STAFF)
EVENTS: dict[str, Insight] = {
    "count": Counted("hall", 10.0, 150, Trigger.EVENT, (MASKED_WORKER, VISITOR, replace(BOB, track_id="c3" * 16)), 3),
    "enter": ZoneEntered("till", 10.0, VISITOR, 2),
}
FORMS = {"1.0": EventSpec(schema="1.0"), "2.0": EventSpec()}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("event", EVENTS)
def test_golden(event: str, form: str) -> None:
    (message,) = encode(EVENTS[event], spec=FORMS[form])
    path = GOLDEN / f"attributes-{event}-{form}.json"
    if os.environ.get("FOOTFALL_GOLDEN") == "write":
        path.write_bytes(message.body + b"\n")
    assert message.body + b"\n" == path.read_bytes()


def test_every_class_is_told_with_its_question_and_the_mask_before_them() -> None:
    told = [detection.get("attributes") for detection in body(EVENTS["count"])["detections"]]
    worker = [
        {"label": "face_mask", "confidence": 0.9688, "task": ""},
        {"label": "HasHelmet", "confidence": 0.9062, "task": "head"},
        {"label": "NoHelmet", "confidence": 0.0938, "task": "head"},
    ]
    visitor = [
        {"label": "staff", "confidence": 0.75, "task": ""},
        {"label": "visitor", "confidence": 0.25, "task": ""},
    ]
    assert told == [worker, visitor, None]


def test_the_older_schema_has_them_in_the_map_of_masks() -> None:
    told = [one["metadata"]["attributes"] for one in body(EVENTS["count"], spec=FORMS["1.0"])["detections"]]
    assert told == [
        {"face_mask": 0.9688, "NoHelmet": 0.0938, "HasHelmet": 0.9062},
        {"visitor": 0.25, "staff": 0.75},
        {},
    ]


def test_distances_tell_none() -> None:
    distance = DistanceMeasured(
        "hall", 10.0, 150, Trigger.EVENT, Proximity.TOO_CLOSE, 1, 1.0, 1.0, 1.0, (MASKED_WORKER, VISITOR)
    )
    assert all("attributes" not in one for one in body(distance)["detections"])


def test_recorded_tracks_carry_them() -> None:
    frame = replace(observed(), people=(MASKED_WORKER, BOB))
    (read,) = read_tracks([format_frame(frame, is_first=True)], file="a.jsonl")
    assert [person.attributes for person in read.people] == [HEAD, ()]
    assert b"attributes" not in format_frame(replace(frame, people=(BOB,)), is_first=False)


def test_a_recorded_share_beyond_one_is_refused() -> None:
    line = format_frame(replace(observed(), people=(VISITOR,)), is_first=True).replace(b"0.75", b"7.5")
    with pytest.raises(ConfigError, match="attributes"):
        list(read_tracks([line], file="a.jsonl"))


@pytest.mark.parametrize("person", [pytest.param(MASKED_WORKER, id="with"), pytest.param(BOB, id="without")])
def test_entities_carry_them(person: TrackObservation) -> None:
    writer = InferenceWriter(InferenceForm.AVA, raw=True, new_id=lambda: "0" * 32)
    (entity,) = writer.write((), (person,))
    assert isinstance(entity, PersonEntity)
    assert entity.attributes == person.attributes
