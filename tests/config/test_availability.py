"""What this version does not do is said at the start: an error where a graph cannot run, else a warning."""

from __future__ import annotations

import json

import pytest

from footfall.config.availability import not_yet
from footfall.config.environment import Settings
from footfall.config.load import load_plan

OPERATION = "cognitiveservices.vision.spatialanalysis"
SQUARE = [[0.2, 0.2], [0.8, 0.2], [0.8, 0.8], [0.2, 0.8]]
CAMERA = {"cameras": [{"source_id": "cam", "camera_height": 10, "camera_focal_length": 400, "camera_tiltup_angle": 1}]}


def problems(suffix: str = "", event: str = "count", **parameters: object) -> list[tuple[str, bool]]:
    zones = {"zones": [{"name": "z", "polygon": SQUARE, "events": [{"type": event}]}]}
    common = {"VIDEO_URL": "rtsp://10.0.0.1/a", "VIDEO_SOURCE_ID": "cam", "SPACEANALYTICS_CONFIG": zones}
    graph = {"operationId": OPERATION + suffix, "version": 1, "enabled": True, "parameters": common | parameters}
    plan = load_plan(json.dumps({"graphs": {"g": graph}}), file="m.json", settings=Settings())
    return [(problem.what, problem.is_warning) for problem in not_yet(plan, "m.json")]


@pytest.mark.parametrize(
    ("arguments", "said", "is_warning"),
    [
        pytest.param(
            {"suffix": ".debug", "VISUALIZER_NODE_CONFIG": {"show_debug_video": True}}, "window", True, id="debug"
        ),
        pytest.param(
            {"event": "persondistance", "CALIBRATION_CONFIG": {"do_calibration": False}},
            "calibrated camera",
            True,
            id="distance without a camera",
        ),
    ],
)
def test_it_is_said(arguments: dict[str, str], said: str, is_warning: bool) -> None:
    [(what, warns)] = problems(**arguments)
    assert said in what
    assert warns is is_warning


def test_a_graph_that_can_run_as_it_is_needs_no_words() -> None:
    assert problems() == []
    assert problems(event="persondistance") == []
    assert problems(ENABLE_FACE_MASK_CLASSIFIER=True, INPUT_VIDEO_WIDTH=1920) == []
    known = {"CAMERA_CONFIG": CAMERA, "CAMERACALIBRATOR_NODE_CONFIG": {"do_calibration": False}}
    assert problems(event="persondistance", **known) == []
