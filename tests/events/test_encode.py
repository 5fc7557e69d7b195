"""What goes out, message by message."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from math import inf, nan
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.stage import ANN, BOB, CALIBRATED, CAMERA, LATER, NOON, STORIES, encode, encoder, observed
from footfall.core.options import EventSpec
from footfall.core.types import MaskState, TrackObservation
from footfall.events.calibration import CalibrationInfo, CalibrationState
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

GOLDEN = Path(__file__).resolve().parent.parent / "golden" / "events"
FORMS = {
    "2.0": EventSpec(),
    "2.0-trimmed": EventSpec(trim_metadata=True),
    "1.0": EventSpec(schema="1.0"),
}
SCHEMA = json.loads((files("footfall.events") / "schema-2.0.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def body(*insights: Insight, **options: Any) -> dict[str, Any]:
    (message,) = encode(*insights, **options)
    return json.loads(message.body)


def metadata(insight: Insight, **options: Any) -> dict[str, Any]:
    return body(insight, **options)["detections"][0]["metadata"]


# ---- golden files: FOOTFALL_GOLDEN=write rewrites them


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("story", STORIES)
def test_golden(story: str, form: str) -> None:
    (message,) = encode(STORIES[story], spec=FORMS[form])
    path = GOLDEN / f"{story}-{form}.json"
    if os.environ.get("FOOTFALL_GOLDEN") == "write":
        path.write_bytes(message.body + b"\n")
    assert message.body + b"\n" == path.read_bytes()


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


# ---- rules


def test_the_sample_web_client_can_read_every_event() -> None:
    """It drops what has no `events[0].type`, throws on types it does not know, and sums up these properties."""
    titles = {
        "personCountEvent": "personCount",
        "personLineEvent": "status",
        "personZoneEnterExitEvent": "status",
        "personZoneDwellTimeEvent": "dwellTime",
        "personDistanceEvent": "distanceViolationPersonCount",
    }
    spec = EventSpec(mask_map_in_metadata=True, batch_events_per_frame=True)
    told = body(*STORIES.values(), spec=spec)
    assert told["events"][0]["type"]
    assert {event["type"] for event in told["events"]} == set(titles)
    for event in told["events"]:
        assert titles[event["type"]] in event["properties"]
    dwell = next(event for event in told["events"] if event["type"] == "personZoneDwellTimeEvent")
    assert dwell["properties"]["dwellTime"] == 7040.0
    assert told["sourceInfo"].keys() >= {"id", "timestamp"}
    masks = [detection["metadata"]["attributes"] for detection in told["detections"]]
    assert sum("face_mask" in labels for labels in masks) == 1


@pytest.mark.parametrize("schema", ["1.0", "2.0"])
@pytest.mark.parametrize("story", STORIES)
def test_the_sample_web_client_finds_a_mask_map(story: str, schema: str) -> None:
    told = body(STORIES[story], spec=EventSpec(schema=schema, mask_map_in_metadata=True))
    assert all(isinstance(detection["metadata"]["attributes"], dict) for detection in told["detections"])


UNKNOWN = {
    "centerGroundPointX": "0.0",
    "centerGroundPointY": "0.0",
    "groundOrientationAngle": "Infinity",
    "mappedImageOrientation": "Infinity",
    "trackingId": "",
    "speed": "0.0",
    "footprintX": "0.55",
    "footprintY": "0.79",
}
COUNT_BOB = Counted("hall", 10.0, 150, Trigger.EVENT, (BOB,), 1)


def test_unknown_metadata_are_all_there_with_their_values() -> None:
    assert metadata(COUNT_BOB) == UNKNOWN
    assert list(metadata(STORIES["line"])) == list(UNKNOWN)


def test_trimmed_metadata_hold_only_what_is_known() -> None:
    assert metadata(COUNT_BOB, spec=EventSpec(trim_metadata=True)) == {"footprintX": "0.55", "footprintY": "0.79"}


@pytest.mark.parametrize("bad", [nan, inf, -inf])
def test_what_is_not_a_number_is_unknown(bad: float) -> None:
    odd = replace(BOB, ground_m=(bad, 1.0), speed_m_s=bad, ground_orientation_rad=bad, image_orientation_rad=bad)
    said = metadata(ZoneEntered("till", 10.0, odd, 1))
    assert said == UNKNOWN | {"trackingId": BOB.track_id}


def test_prose_axes_swap_x_and_y() -> None:
    data, prose = (metadata(STORIES["line"], spec=EventSpec(ground_axes=axes)) for axes in ("data", "prose"))
    assert (data["centerGroundPointX"], data["centerGroundPointY"]) == ("-4.9213", "8.2021")
    assert (prose["centerGroundPointX"], prose["centerGroundPointY"]) == ("8.2021", "-4.9213")


@pytest.mark.parametrize(
    ("story", "expected"),
    [(story, story in {"count", "distance"}) for story in STORIES],
    ids=list(STORIES),
)
def test_who_tells_the_camera_and_the_trigger(story: str, expected: bool) -> None:
    told = body(STORIES[story])
    assert ("cameraCalibrationInfo" in told["sourceInfo"]) == expected
    assert ("trigger" in told["events"][0]) == expected
    always = body(STORIES[story], spec=EventSpec(always_calibration_info=True))
    assert "cameraCalibrationInfo" in always["sourceInfo"]


@pytest.mark.parametrize(
    ("info", "expected"),
    [
        pytest.param(CalibrationInfo(), ("Calibrating", 0.0, 0.0, 0.0), id="nothing known yet"),
        pytest.param(CalibrationInfo(progress=0.42), ("Calibrating;42%", 0.0, 0.0, 0.0), id="progress"),
        pytest.param(
            CalibrationInfo(CalibrationState.RECALIBRATING, CAMERA, 0.0),
            ("Recalibrating;0%", 11.6, 395.0, 1.04),
            id="last known while recalibrating",
        ),
        pytest.param(
            CalibrationInfo(CalibrationState.CALIBRATED, CAMERA, 1.0), ("Calibrated", 11.6, 395.0, 1.04), id="done"
        ),
    ],
)
def test_calibration_info(info: CalibrationInfo, expected: tuple[Any, ...]) -> None:
    assert tuple(body(COUNT_BOB, info=info)["sourceInfo"]["cameraCalibrationInfo"].values()) == expected


def test_tracked_people_are_known_by_their_track() -> None:
    told = body(STORIES["line"])
    track = told["events"][0]["properties"]["trackingId"]
    assert track == told["events"][0]["detectionIds"][0] == told["detections"][0]["id"] == ANN.track_id


def test_counted_people_get_an_id_per_frame_that_is_not_their_track() -> None:
    maker = encoder()
    first, again = (
        json.loads(message.body)
        for message in maker.encode([COUNT_BOB, replace(COUNT_BOB, zone="shop")], observed(), CALIBRATED, LATER)
    )
    (later,) = maker.encode([COUNT_BOB], observed(), CALIBRATED, LATER)
    ids = [told["detections"][0]["id"] for told in (first, again, json.loads(later.body))]
    assert ids[0] == ids[1] != ids[2]
    assert BOB.track_id not in {*ids, *map(str, metadata(COUNT_BOB).values())}


def test_a_vanished_person_is_dated_back_to_the_last_sight() -> None:
    last_seen = replace(BOB, t_s=7.5, frame=112)
    (message,) = encode(ZoneExited("till", 7.5, last_seen, None))
    told = json.loads(message.body)
    assert told["sourceInfo"]["timestamp"] == "2026-03-01T11:59:57.750Z"
    assert told["sourceInfo"]["frameId"] == "112"
    assert message.utc == NOON - timedelta(seconds=2.5)
    assert told["events"][0]["properties"]["side"] == ""


def test_emitted_mode_says_when_it_was_sent() -> None:
    (message,) = encode(STORIES["line"], spec=EventSpec(timestamp_mode="emitted"))
    assert json.loads(message.body)["sourceInfo"]["timestamp"] == "2026-03-01T12:00:01.500Z"
    assert message.utc == LATER


def test_mask_results_go_with_count_line_and_zone_events() -> None:
    expected = [{"label": "face_mask", "confidence": 0.9688, "task": ""}]
    for story in ("count", "line", "enter", "dwell"):
        assert body(STORIES[story])["detections"][0]["attributes"] == expected
    assert "attributes" not in body(STORIES["distance"])["detections"][0]
    assert "attributes" not in body(STORIES["exit"])["detections"][0]


def test_thresholds_come_back_in_feet_as_configured() -> None:
    said = body(replace(STORIES["distance"], maximum_m=35.0 * FOOT_M))["events"][0]["properties"]
    assert (said["minimumDistanceThreshold"], said["maximumDistanceThreshold"]) == (6.0, 35.0)
    assert body(STORIES["distance"])["events"][0]["properties"]["maximumDistanceThreshold"] == "Infinity"


def test_what_could_not_be_measured_is_left_out() -> None:
    said = body(Dwelled("till", 10.0, BOB, None, 1.0, 15))["events"][0]["properties"]
    assert list(said) == ["trackingId", "status", "side", "dwellTime", "dwellFrames"]
    assert "orientationDirection" not in body(replace(STORIES["line"], facing=None))["events"][0]["properties"]


def test_an_empty_zone_has_no_detections() -> None:
    told = body(Counted("hall", 10.0, 150, Trigger.EVENT, (), 0))
    assert (told["events"][0]["detectionIds"], told["detections"]) == ([], [])


def test_batch_lists_everybody_once() -> None:
    earlier = ZoneExited("till", 9.0, replace(BOB, t_s=9.0, frame=135), None)
    spec = EventSpec(batch_events_per_frame=True)
    now, before = (
        json.loads(message.body)
        for message in encode(STORIES["count"], earlier, STORIES["line"], STORIES["distance"], spec=spec)
    )
    assert [event["type"] for event in now["events"]] == ["personCountEvent", "personLineEvent", "personDistanceEvent"]
    ann, bob = now["detections"]
    assert ann["id"] == ann["metadata"]["trackingId"] == ANN.track_id
    assert bob["metadata"]["trackingId"] == ""
    assert now["events"][0]["detectionIds"] == now["events"][2]["detectionIds"] == [ann["id"], bob["id"]]
    assert before["sourceInfo"]["frameId"] == "135"


def test_messages_are_addressed() -> None:
    first, second = encode(STORIES["line"], STORIES["enter"])
    assert first.topic == second.topic == "cam"
    assert [first.key, second.key] == [json.loads(m.body)["events"][0]["id"] for m in (first, second)]
    assert first.properties == {"content-type": "application/json", "encoding": "utf-8"}


def test_no_insight_no_message() -> None:
    assert encode() == []


@pytest.mark.parametrize(
    "spec",
    [EventSpec(schema="3.0"), EventSpec(timestamp_mode="never"), EventSpec(ground_axes="polar")],
    ids=["schema", "time", "axes"],
)
def test_options_that_do_not_exist_are_refused(spec: EventSpec) -> None:
    with pytest.raises(ValueError, match="does not exist: choose one of"):
        encoder(spec)


def test_old_detections_have_the_old_shape() -> None:
    counted = body(STORIES["count"], spec=FORMS["1.0"])
    crossed = body(STORIES["line"], spec=FORMS["1.0"])
    ann, bob = counted["detections"]
    assert ann["centerGroundPoint"] == {"x": -4.9213, "y": 8.2021}
    assert ann["metadataType"] == ""
    assert ann["metadata"] == {"groundOrientationAngle": 0.5, "attributes": {"face_mask": 0.9688}}
    assert (bob["centerGroundPoint"], bob["metadata"]) == ({"x": 0.0, "y": 0.0}, {"attributes": {}})
    assert "centerGroundPoint" not in crossed["detections"][0]
    assert crossed["detections"][0]["metadata"]["speed"] == 4.0
    assert crossed["schemaVersion"] == "1.0"


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
