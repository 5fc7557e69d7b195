"""The VideoRecorder's graph: what is recorded, into what, and what is refused."""

from __future__ import annotations

import json

import pytest

from footfall.config.diff import diff
from footfall.config.environment import Settings
from footfall.config.load import check, load_plan
from footfall.config.plan import Plan, RecorderPlan

DEVICES = {"devices": {"door": {"url": "rtsp://me:secret@10.0.0.7/main", "format": "rtsp"}}}


def document(*, enabled: bool = True, graph: dict[str, object] | None = None, **parameters: object) -> str:
    known: dict[str, object] = {"DEVICES_PATH_PARAM": json.dumps(DEVICES)}
    recorder = {
        "operationId": "cognitiveservices.vision.spatialanalysis-videorecorder",
        "version": 2,
        "enabled": enabled,
        "parameters": {key: value for key, value in (known | parameters).items() if value is not None},
    }
    return json.dumps({"graphs": {"rec": recorder | (graph or {})}})


def plan(*, enabled: bool = True, **parameters: object) -> Plan:
    return load_plan(document(enabled=enabled, **parameters), file="twin.json", settings=Settings())


def only(**parameters: object) -> RecorderPlan:
    [recorder] = plan(**parameters).recorders
    return recorder


def test_defaults_are_those_of_the_sample() -> None:
    recorder = only()
    assert recorder.id == "rec/door"
    assert recorder.source.source_id == "door"
    assert recorder.source.url == "rtsp://me:secret@10.0.0.7/main"
    assert (recorder.folder, recorder.duration_s, recorder.overlap_s) == ("outputvideo/recordedvideo", 1200.0, 60.0)
    assert recorder.enabled
    assert "secret" not in repr(recorder)
    assert plan().graphs == ()
    assert plan().warnings == ()


def test_one_recorder_for_each_camera() -> None:
    two = {"devices": {"a": {"url": "rtsp://10.0.0.1/"}, "b": {"url": "rtsp://10.0.0.2/"}, "gone": None}}
    assert [recorder.id for recorder in plan(DEVICES_PATH_PARAM=two).recorders] == ["rec/a", "rec/b"]


def test_only_what_changed_starts_again() -> None:
    one = {"devices": {"a": {"url": "rtsp://10.0.0.1/"}}}
    two = {"devices": {**one["devices"], "b": {"url": "rtsp://10.0.0.2/"}}}
    before, after = plan(DEVICES_PATH_PARAM=one), plan(DEVICES_PATH_PARAM=two)
    changed = diff(before, after)
    assert (changed.stay, changed.start) == (("rec/a",), ("rec/b",))
    assert diff(after, plan(DEVICES_PATH_PARAM=two, enabled=False)).stop == ("rec/a", "rec/b")
    assert diff(before, plan(DEVICES_PATH_PARAM=one, DURATION_TIME_PARAM=600)).restart == ("rec/a",)


def test_names_and_durations() -> None:
    recorder = only(
        OUTPUT_PATH_PARAM="/srv/video", CONTAINER_NAME_PARAM="shop", DURATION_TIME_PARAM="600", SAFE_TIME_PARAM=0
    )
    assert (recorder.folder, recorder.duration_s, recorder.overlap_s) == ("/srv/video/shop", 600.0, 0.0)


@pytest.mark.parametrize(
    ("parameters", "where", "what"),
    [
        pytest.param({"DEVICES_PATH_PARAM": None}, "", "names no camera", id="no devices"),
        pytest.param({"DEVICES_PATH_PARAM": "{}"}, ".DEVICES_PATH_PARAM", "names no camera", id="empty"),
        pytest.param({"DEVICES_PATH_PARAM": "cams.json"}, ".DEVICES_PATH_PARAM", "not an object", id="a path"),
        pytest.param(
            {"DEVICES_PATH_PARAM": {"devices": {"a": {}}}}, ".DEVICES_PATH_PARAM.devices.a", "url is missing", id="url"
        ),
        pytest.param(
            {"DEVICES_PATH_PARAM": {"devices": {"a": {"url": "/a.mp4"}}}}, ".DEVICES_PATH_PARAM.devices.a.url",
            "only cameras are recorded", id="a file",
        ),
        pytest.param({"DURATION_TIME_PARAM": 1}, ".DURATION_TIME_PARAM", "out of range", id="too short"),
        pytest.param({"DURATION_TIME_PARAM": "long"}, ".DURATION_TIME_PARAM", "not a number", id="no number"),
        pytest.param({"SAFE_TIME_PARAM": 601}, ".SAFE_TIME_PARAM", "more than half a clip", id="three at a time"),
        pytest.param({"CONTAINER_NAME_PARAM": "../x"}, ".CONTAINER_NAME_PARAM", "a path, not a name", id="leads out"),
        pytest.param({"OUTPUT_PATH_PARAM": ""}, ".OUTPUT_PATH_PARAM", "no name of a folder", id="nowhere"),
        pytest.param({"PUBLIC_KEY_PARAM": "/k.pem"}, ".PUBLIC_KEY_PARAM", "cannot be encrypted", id="public key"),
    ],
)  # fmt: skip
def test_bad_parameters_are_refused_at_their_path(parameters: dict[str, object], where: str, what: str) -> None:
    problem = check(document(**parameters), file="twin.json")[0]
    assert problem.path == f"$.graphs.rec.parameters{where}"
    assert what in problem.what
    assert not problem.is_warning


@pytest.mark.parametrize(
    "parameters",
    [
        pytest.param({"DEVICES_PATH_PARAM": None}, id="names no camera yet"),
        pytest.param({"PUBLIC_KEY_PARAM": "/k.pem"}, id="public key"),
    ],
)
def test_what_a_disabled_recorder_lacks_is_a_warning(parameters: dict[str, object]) -> None:
    problems = check(document(enabled=False, **parameters), file="twin.json")
    assert problems
    assert all(problem.is_warning for problem in problems)


def test_a_blob_is_warned_about_and_never_quoted() -> None:
    [warning] = plan(CONNECTION_STRING_PARAM="AccountKey=hidden").warnings
    assert "not uploaded" in warning.what
    assert "hidden" not in str(warning)


def test_instances_are_refused() -> None:
    [problem] = check(document(graph={"instances": {"a": {}}}), file="twin.json")
    assert "has no instances" in problem.what
