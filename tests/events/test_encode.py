"""What goes out, message by message."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from events.stage import (
    ANN,
    BOB,
    CALIBRATED,
    CAMERA,
    COUNT_BOB,
    FORMS,
    LATER,
    NOON,
    STORIES,
    body,
    encode,
    encoder,
    metadata,
    observed,
)
from footfall.config import plan
from footfall.core.options import EventSpec
from footfall.events.calibration import CalibrationInfo
from footfall.spatial.calibration.calibrator import CalibrationState
from footfall.spatial.ground import FOOT_M
from footfall.spatial.insights import (
    Counted,
    Dwelled,
    ZoneExited,
)
from footfall.spatial.regions import Trigger

GOLDEN = Path(__file__).resolve().parent.parent / "golden" / "events"


# ---- golden files: FOOTFALL_GOLDEN=write rewrites them


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("story", STORIES)
def test_golden(story: str, form: str) -> None:
    (message,) = encode(STORIES[story], spec=FORMS[form])
    path = GOLDEN / f"{story}-{form}.json"
    if os.environ.get("FOOTFALL_GOLDEN") == "write":
        path.write_bytes(message.body + b"\n")
    assert message.body + b"\n" == path.read_bytes()


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


def test_the_plan_and_the_encoder_speak_of_the_same_options() -> None:
    assert plan.EventSpec is EventSpec
