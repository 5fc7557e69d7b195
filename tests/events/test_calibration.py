from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from events.stage import CALIBRATED, LATER, NOON, encoder, observed
from footfall.core.options import EventSpec
from footfall.events.calibration import CalibrationInfo
from footfall.events.encode import EventEncoder
from footfall.spatial.calibration.placement import Placement
from footfall.spatial.ground import FOOT_M

SQUARE = ((0.1, 0.5), (0.9, 0.5), (0.9, 0.9), (0.1, 0.9))
PLACEMENT = Placement(SQUARE, SQUARE, ((0.4, 0.3, 0.5, 0.6),), ((-3 * FOOT_M, 12 * FOOT_M),))


def told(info: CalibrationInfo, placement: Placement | None = PLACEMENT, **options: Any) -> dict[str, Any]:
    message = encoder(EventSpec(**options)).encode_calibration(info, placement, observed(), LATER)
    assert (message.topic, message.utc) == ("cam", NOON)
    return json.loads(message.body)


def test_the_documented_example_comes_out_to_the_letter(shared: Path) -> None:
    text = (shared / "spec" / "events.md").read_text("utf-8")
    blocks = [json.loads(block.split("```")[0]) for block in text.split("```json\n")[1:]]
    example = next(block for block in blocks if block.get("type") == "cameraCalibrationEvent")
    source, regions = example["sourceInfo"], example["zonePlacementInfo"]
    known = source["cameraCalibrationInfo"]
    (box,) = regions["uniformlySpacedPersonBoundingBoxes"]
    (point,) = regions["personBoundingBoxGroundPoints"]
    placement = Placement(
        tuple((corner["x"], corner["y"]) for corner in regions["optimalZoneRegion"]["points"]),
        tuple((corner["x"], corner["y"]) for corner in regions["fairZoneRegion"]["points"]),
        (tuple(corner[axis] for corner in box["points"] for axis in "xy"),),
        ((point["x"] * FOOT_M, point["y"] * FOOT_M),),
    )
    info = replace(CALIBRATED, calibrated_utc=datetime.fromisoformat(known["lastCalibratedTime"] + "Z"))
    seen = replace(observed(frame=source["frameId"]), utc=datetime.fromisoformat(source["timestamp"]))
    message = EventEncoder("lobby-cam", EventSpec(), lambda: "f" * 32).encode_calibration(info, placement, seen, LATER)
    assert json.dumps(json.loads(message.body)) == json.dumps(example)
    assert message.key == "f" * 32


def test_before_the_first_calibration() -> None:
    body = told(CalibrationInfo(progress=0.1), None)
    assert "zonePlacementInfo" not in body
    assert body["sourceInfo"]["cameraCalibrationInfo"] == {
        "status": "Calibrating;10%",
        "cameraHeight": 0.0,
        "focalLength": 0.0,
        "tiltupAngle": 0.0,
    }


def test_frame_id_is_a_number_here() -> None:
    assert told(CALIBRATED)["sourceInfo"]["frameId"] == 150


def test_ground_points_follow_the_chosen_axes() -> None:
    def points(axes: str) -> Any:
        return told(CALIBRATED, ground_axes=axes)["zonePlacementInfo"]["personBoundingBoxGroundPoints"]

    assert points("data") == [{"x": -3.0, "y": 12.0}]
    assert points("prose") == [{"x": 12.0, "y": -3.0}]
