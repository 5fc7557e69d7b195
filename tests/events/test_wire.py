"""Everything that goes out against the documented examples and the schema."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from math import inf, nan
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.stage import (
    CALIBRATED,
    CAMERA,
    LATER,
    NOON,
    encode,
    observed,
)
from footfall.core.options import EventSpec
from footfall.core.types import MaskState, TrackObservation
from footfall.events.encode import EventEncoder
from footfall.spatial.ground import FOOT_M
from footfall.spatial.insights import (
    Counted,
    Direction,
    DistanceMeasured,
    Dwelled,
    Facing,
    Insight,
    LineCrossed,
    Proximity,
    ZoneEntered,
    ZoneExited,
)
from footfall.spatial.regions import Trigger

SCHEMA = json.loads((files("footfall.events") / "schema-2.0.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


# ---- the documented examples


def spec_blocks(shared: Path) -> list[dict[str, Any]]:
    text = (shared / "spec" / "events.md").read_text("utf-8")
    return [json.loads(block.split("```")[0]) for block in text.split("```json\n")[1:]]


def examples(shared: Path) -> list[dict[str, Any]]:
    """The five person events."""
    return [block for block in spec_blocks(shared) if block.get("events", [{}])[0].get("type", "").startswith("person")]


def test_the_schema_we_ship_refuses_whatever_the_documented_one_refuses(shared: Path) -> None:
    documented = next(block for block in spec_blocks(shared) if "$schema" in block)
    theirs = jsonschema.Draft202012Validator(documented)
    for example in examples(shared):
        for path in leaves(example):
            broken = without(example, path)
            assert theirs.is_valid(broken) or not VALIDATOR.is_valid(broken), path


def leaves(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Paths of everything in an object, for taking it away."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    below = [leaf for key, value in items for leaf in leaves(value, (*path, key))]
    return below + ([path] if path else [])


def without(document: Any, path: tuple[Any, ...]) -> Any:
    copy = json.loads(json.dumps(document))
    node = copy
    for key in path[:-1]:
        node = node[key]
    del node[path[-1]]
    return copy


def test_documented_examples_are_valid(shared: Path) -> None:
    found = examples(shared)
    assert len(found) == 5
    for example in found:
        VALIDATOR.validate(example)


def person_of(detection: dict[str, Any]) -> TrackObservation:
    """The observation that the documented detection was made from."""
    (start, end), known = detection["region"]["points"], detection["metadata"]
    footprint = float(known["footprintX"]), float(known["footprintY"])
    speed = float(known["speed"]) * FOOT_M if "speed" in known else None
    image = float(known["mappedImageOrientation"]) if "mappedImageOrientation" in known else None
    return TrackObservation(
        track_id=known.get("trackingId", detection["id"]),
        t_s=0.0,
        frame=0,
        box_n=(start["x"], start["y"], end["x"], end["y"]),
        footprint_n=footprint,
        score=detection["confidence"],
        ground_m=CAMERA.to_ground(footprint, 360 / 640),
        speed_m_s=speed,
        ground_orientation_rad=float(known["groundOrientationAngle"]),
        image_orientation_rad=image,
    )


def insight_of(event: dict[str, Any], people: tuple[TrackObservation, ...], frame: int) -> Insight:
    zone, said = event["zone"], event["properties"]
    trigger = Trigger(event.get("trigger", "event"))
    match event["type"]:
        case "personCountEvent":
            return Counted(zone, 0.0, frame, trigger, people, said["personCount"])
        case "personLineEvent":
            return LineCrossed(zone, 0.0, people[0], Direction(said["status"]), Facing(said["orientationDirection"]))
        case "personZoneEnterExitEvent":
            return ZoneEntered(zone, 0.0, people[0], int(said["side"]))
        case "personZoneDwellTimeEvent":
            return Dwelled(
                zone,
                0.0,
                people[0],
                int(said["side"]),
                said["dwellTime"] / 1000,
                said["dwellFrames"],
                said["dwellTimeForTargetSide"] / 1000,
                said["avgSpeed"] * FOOT_M,
                said["minSpeed"] * FOOT_M,
            )
    return DistanceMeasured(
        zone,
        0.0,
        frame,
        trigger,
        Proximity(said["eventName"]),
        said["personCount"],
        said["averageDistance"] * FOOT_M,
        said["minimumDistanceThreshold"] * FOOT_M,
        inf,
        people,
    )


def test_documented_examples_come_out_to_the_letter(shared: Path) -> None:
    """Down to field order, except the order inside `metadata`, in which the examples differ among themselves."""
    for example in examples(shared):
        source, (event,) = example["sourceInfo"], example["events"]
        frame = int(source["frameId"])
        people = tuple(replace(person_of(detection), frame=frame) for detection in example["detections"])
        ids = iter([event["id"], *(detection["id"] for detection in example["detections"])])
        utc = NOON.fromisoformat(source["timestamp"])
        seen = replace(observed(0.0, frame), utc=utc)
        maker = EventEncoder(source["id"], EventSpec(trim_metadata=True), lambda ids=ids: next(ids))
        (message,) = maker.encode([insight_of(event, people, frame)], seen, CALIBRATED, LATER)
        ours = json.loads(message.body)
        for mine, theirs in zip(ours["detections"], example["detections"], strict=True):
            mine["metadata"] = {key: mine["metadata"][key] for key in theirs["metadata"] if key in mine["metadata"]}
            assert set(json.loads(message.body)["detections"][0]["metadata"]) == set(
                example["detections"][0]["metadata"]
            )
        assert json.dumps(ours) == json.dumps(example)


# ---- whatever happens, it is valid

fractions = st.floats(-0.5, 1.5)
maybe = st.none() | st.floats(-1e9, 1e9) | st.just(nan)
people = st.builds(
    TrackObservation,
    track_id=st.sampled_from(["0" * 32, "ab" * 16, "7", "person seven"]) | st.text(max_size=9),
    t_s=st.floats(0, 10),
    frame=st.integers(0, 10**9),
    box_n=st.tuples(fractions, fractions, fractions, fractions),
    footprint_n=st.tuples(fractions, fractions),
    score=st.floats(-1e-6, 1.000001),
    ground_m=st.none() | st.tuples(st.floats(), st.floats()),
    speed_m_s=maybe,
    ground_orientation_rad=maybe,
    image_orientation_rad=maybe,
    mask=st.none() | st.builds(MaskState, st.sampled_from(["face_mask", "face_nomask"]), st.floats(0, 1)),
)
crowd = st.lists(people, max_size=3, unique_by=lambda person: person.track_id).map(tuple)
times, lengths = st.floats(0, 10), st.floats(0, 1e6)
sides, triggers = st.none() | st.integers(1, 99), st.sampled_from(Trigger)
insights = st.one_of(
    st.builds(Counted, st.text(), times, st.integers(0, 99), triggers, crowd, st.integers(0, 9)),
    st.builds(LineCrossed, st.text(), times, people, st.sampled_from(Direction), st.none() | st.sampled_from(Facing)),
    st.builds(ZoneEntered, st.text(), times, people, sides),
    st.builds(ZoneExited, st.text(), times, people, sides),
    st.builds(Dwelled, st.text(), times, people, sides, lengths, st.integers(0, 9), st.none() | lengths),
    st.builds(
        DistanceMeasured,
        st.text(),
        times,
        st.integers(0, 99),
        triggers,
        st.sampled_from(Proximity),
        st.integers(0, 9),
        lengths,
        lengths,
        lengths | st.just(inf),
        crowd,
    ),
)
specs = st.builds(
    EventSpec,
    trim_metadata=st.booleans(),
    always_calibration_info=st.booleans(),
    timestamp_mode=st.sampled_from(["captured", "emitted"]),
    ground_axes=st.sampled_from(["data", "prose"]),
    batch_events_per_frame=st.booleans(),
)


@given(st.lists(insights, max_size=4), specs)
def test_everything_we_send_is_valid(happened: list[Insight], spec: EventSpec) -> None:
    messages = encode(*happened, spec=spec)
    for message in messages:
        told = json.loads(message.body, parse_constant=pytest.fail)
        VALIDATOR.validate(told)
        listed = [detection["id"] for detection in told["detections"]]
        assert {one for event in told["events"] for one in event["detectionIds"]} == set(listed)
    assert sum(len(json.loads(message.body)["events"]) for message in messages) == len(happened)


@given(st.lists(insights, max_size=4), specs)
def test_the_old_schema_says_the_same_events(happened: list[Insight], spec: EventSpec) -> None:
    def events(schema: str) -> list[Any]:
        messages = encode(*happened, spec=replace(spec, schema=schema))
        return [json.loads(message.body)["events"] for message in messages]

    assert events("1.0") == events("2.0")
