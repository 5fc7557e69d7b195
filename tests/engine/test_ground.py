"""The floor live: from people to a camera, to places in metres, to the calibration event; and over a restart."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from math import radians
from pathlib import Path
from typing import Any

import pytest

from footfall.core.options import EventSpec
from footfall.core.types import Observed
from footfall.engine.ground import CalibrationNews, GroundNode
from footfall.engine.items import Tracked
from footfall.engine.nodes import EventNode
from footfall.engine.remembered import CalibrationFile
from footfall.engine.rules import SpatialNode
from footfall.events.calibration import CalibrationInfo
from footfall.events.encode import EventEncoder
from footfall.spatial.calibration.calibrator import CalibrationSettings, CalibrationState
from footfall.spatial.ground import Camera
from footfall.spatial.regions import DistanceRule, SpatialSpec, Zone
from spatial.walkers import Stroll

LOBBY = Camera(3.2, 0.8, radians(68.0))
DAY = datetime(2024, 1, 1, tzinfo=UTC)
EVERYWHERE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
DISTANCE = SpatialSpec((Zone("room", EVERYWHERE, (DistanceRule(threshold_w=0.0, minimum_m=2.0),)),))
SIZE = (640, 360)
DONE, CALIBRATING = CalibrationState.CALIBRATED, CalibrationState.CALIBRATING


def tracked(size_px: tuple[int, int] = SIZE, every_s: float = 2.5) -> Iterator[Tracked]:
    for index, (t_s, people) in enumerate(Stroll(LOBBY, people=60, every_s=every_s).frames()):
        yield Tracked(Observed("cam", index, t_s, DAY + timedelta(seconds=t_s), size_px, tuple(people)))


def floor(
    memory: CalibrationFile | None = None,
    learn: CalibrationSettings | None = CalibrationSettings(),  # noqa: B008
) -> GroundNode:
    return GroundNode(None, speed=True, orientation=True, learn=learn, memory=memory)


def told(every_s: float = -1.0, *, zones: bool = True) -> list[dict[str, Any]]:
    """Bodies of all messages of a camera that watches distances and calibrates itself."""
    ground, rules = floor(), SpatialNode(DISTANCE)
    events = EventNode(
        EventEncoder("cam", EventSpec(), lambda: "a" * 32), CalibrationNews(every_s, zones=zones), lambda _: DAY
    )
    messages = [
        message
        for item in tracked()
        for placed in ground.feed(item)
        for happened in rules.feed(placed)
        for message in events.feed(happened)
    ]
    return [json.loads(message.body) for message in messages]


@pytest.fixture(scope="module")
def bodies() -> list[dict[str, Any]]:
    return told()


def calibrations(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [body for body in messages if body.get("type") == "cameraCalibrationEvent"]


def test_distances_come_with_the_calibration_and_not_before(bodies: list[dict[str, Any]]) -> None:
    first = next(k for k, body in enumerate(bodies) if body.get("type"))
    assert all(body.get("type") for body in bodies[: first + 1])
    after = [body for body in bodies[first:] if "events" in body]
    assert {body["events"][0]["properties"]["eventName"] for body in after} >= {"TooClose"}
    info = after[-1]["sourceInfo"]["cameraCalibrationInfo"]
    assert info["status"] == "Calibrated"
    assert info["cameraHeight"] == pytest.approx(3.2 / 0.3048, rel=0.06)
    assert info["focalLength"] == pytest.approx(0.8 * 640, rel=0.15)
    violator = next(body for body in reversed(after) if body["detections"])["detections"][0]["metadata"]
    assert float(violator["centerGroundPointY"]) > 5.0


def test_a_calibration_event_tells_camera_time_and_zones(bodies: list[dict[str, Any]]) -> None:
    event = calibrations(bodies)[0]
    source = event["sourceInfo"]
    assert source["cameraCalibrationInfo"]["lastCalibratedTime"] == source["timestamp"].rstrip("Z")
    assert isinstance(source["frameId"], int)
    zones = event["zonePlacementInfo"]
    assert len(zones["uniformlySpacedPersonBoundingBoxes"]) == len(zones["personBoundingBoxGroundPoints"]) > 5
    assert zones["optimalZoneRegion"]["name"] == "optimal_zone_region"


def test_without_zone_placement_that_part_is_left_out() -> None:
    assert all("zonePlacementInfo" not in body for body in calibrations(told(zones=False)))


def test_a_calibration_event_every_so_often(bodies: list[dict[str, Any]]) -> None:
    often = calibrations(told(10.0))
    assert len(often) > len(calibrations(bodies))
    assert often[0]["sourceInfo"]["cameraCalibrationInfo"]["status"].startswith("Calibrating;")


def test_places_speeds_and_directions_follow_the_calibration() -> None:
    ground = floor()
    seen = [person for item in tracked() for out in ground.feed(item) for person in out.observed.people]
    placed = [person for person in seen if person.ground_m is not None]
    assert seen[0].ground_m is None
    assert 0 < len(placed) < len(seen)
    speeds = sorted(person.speed_m_s for person in placed if person.speed_m_s is not None)
    assert speeds[len(speeds) // 2] == pytest.approx(1.3, abs=0.25)
    assert any(person.ground_orientation_rad is not None for person in placed)


def test_a_camera_that_is_known_for_good_learns_nothing() -> None:
    ground = GroundNode(LOBBY, speed=True, orientation=True)
    known = {out.calibration for item in tracked() for out in ground.feed(item)}
    assert known == {CalibrationInfo(DONE, LOBBY, 1.0)}


def test_a_camera_that_was_told_is_used_at_once_and_watched() -> None:
    learn = CalibrationSettings(collect_every_s=1.0, check_every_s=10.0)
    wrong = GroundNode(replace(LOBBY, tilt_rad=radians(50.0)), speed=True, orientation=True, learn=learn)
    seen = [out for item in tracked() for out in wrong.feed(item)]
    assert seen[0].observed.people[0].ground_m is not None
    states = [state for state, _ in groupby(out.calibration.state for out in seen)]
    assert states[:2] == [DONE, CalibrationState.RECALIBRATING]


def test_no_calibration_where_nobody_wants_one() -> None:
    ground = floor(learn=None)
    assert {out.calibration for item in tracked() for out in ground.feed(item)} == {CalibrationInfo()}


def test_another_shape_of_the_picture_is_another_camera() -> None:
    ground = floor()
    for item in tracked():
        (before,) = ground.feed(item)
    (after,) = ground.feed(next(tracked((640, 480))))
    assert before.calibration.state is DONE
    assert after.calibration.state is CALIBRATING


def test_a_calibration_outlives_a_restart(tmp_path: Path) -> None:
    ground = floor(CalibrationFile(tmp_path, "cam"))
    for item in tracked():
        (out,) = ground.feed(item)
    before = out.calibration
    (after,) = floor(CalibrationFile(tmp_path, "cam")).feed(next(tracked()))
    assert after.calibration == before
    assert after.calibration.calibrated_utc is not None
    (other,) = floor(CalibrationFile(tmp_path, "other")).feed(next(tracked()))
    assert other.calibration.camera is None


KNOWN = CalibrationInfo(DONE, LOBBY, 1.0, DAY)


def test_a_file_of_another_shape_is_not_used(tmp_path: Path) -> None:
    file = CalibrationFile(tmp_path / "new", "käm/ 1")
    file.save(KNOWN, 0.5625)
    assert file.load(0.5625) == KNOWN
    assert file.load(0.75) is None


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"source":"cam","height_m":-1}', b"[1,2]"])
def test_a_broken_file_is_told_and_learnt_anew(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    file = CalibrationFile(tmp_path, "cam")
    file.path.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert file.load(0.5625) is None
    assert str(file.path) in caplog.text


def test_a_folder_that_cannot_be_written_does_no_harm(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "taken").write_text("a file")
    CalibrationFile(tmp_path / "taken", "cam").save(KNOWN, 0.5625)
    CalibrationFile(tmp_path, "cam").save(CalibrationInfo(), 0.5625)
    assert "not kept" in caplog.text
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
