import json
from math import pi

import pytest

from footfall.config.document import Document
from footfall.config.environment import Settings
from footfall.config.nodes import read_camera, read_detector, read_ground, read_tracker
from footfall.config.plan import DetectSpec, GroundSpec, LookAt, StationarySpec, TrackSpec
from footfall.config.section import Section
from footfall.spatial.ground import Camera

CAMERA = {"source_id": "kiosk", "camera_height": 10.0, "camera_focal_length": 400.0, "camera_tiltup_angle": 1.0}


def section(value: object) -> Section:
    made = Section.of(value, "$", Document("m.json"))
    assert made
    return made


@pytest.mark.parametrize("form", [lambda config: config, json.dumps], ids=["object", "string"])
def test_detector(form: object) -> None:
    config = {"gpu_index": "1", "batch_size": 4, "enable_breakpad": False, "do_calibration": "True", "min_score": 0.4}
    parameters = section({"DETECTOR_NODE_CONFIG": form(config)})  # type: ignore[operator]
    spec = read_detector(parameters, Settings(model="person-s"))
    assert spec == DetectSpec("person-s", min_score=0.4, gpu_index=1, batch_size=4)
    assert not parameters.document.problems


def test_what_the_detector_is_shown() -> None:
    closely = section({"DETECTOR_NODE_CONFIG": {"look": "interest"}})
    assert read_detector(closely, Settings()).look is LookAt.INTEREST
    silent = section({"DETECTOR_NODE_CONFIG": {}})
    assert read_detector(silent, Settings(look=LookAt.INTEREST)).look is LookAt.INTEREST
    wrong = section({"DETECTOR_NODE_CONFIG": {"look": "closely"}})
    read_detector(wrong, Settings())
    assert "closely" in wrong.document.problems[0].what


def test_negative_gpu_is_the_cpu_with_a_warning() -> None:
    parameters = section({"DETECTOR_NODE_CONFIG": {"gpu_index": -1}})
    assert read_detector(parameters, Settings()).gpu_index == 0
    assert "CPU" in parameters.document.warnings[0].what


def test_decoder_on_another_gpu_is_a_warning() -> None:
    parameters = section({"VIDEO_DECODE_GPU_INDEX": 1, "DETECTOR_NODE_CONFIG": {"gpu_index": 0}})
    read_detector(parameters, Settings())
    assert parameters.document.warnings[0].path == "$.VIDEO_DECODE_GPU_INDEX"


def test_unknown_key_gets_a_hint() -> None:
    parameters = section({"DETECTOR_NODE_CONFIG": {"batchsize": 2}})
    read_detector(parameters, Settings())
    assert parameters.document.warnings[0].cure == "did you mean 'batch_size'?"


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        pytest.param({}, TrackSpec(), id="defaults"),
        pytest.param({"TRACKER_NODE_CONFIG": {"enable_speed": "false"}}, TrackSpec(speed=False), id="no speed"),
        pytest.param(
            {"TRACKER_NODE_CONFIG": {"remove_stationary_objects": False}}, TrackSpec(stationary=None), id="keep all"
        ),
        pytest.param(
            {
                "TRACKER_NODE_CONFIG": {
                    "stationary_objects_dist_threshold_in_pixels": 7,
                    "stationary_objects_filter_ratio": 0.5,
                },
                "STATIONARY_TARGET_REMOVER_CONFIG": {"bbox_dist_threshold-in_pixels": 9},
            },
            TrackSpec(stationary=StationarySpec(9.0, 3600.0, 0.5)),
            id="the remover wins key by key",
        ),
        pytest.param(
            {"STATIONARY_TARGET_REMOVER_CONFIG": '{"bbox_dist_threshold_in_pixels": 3, "filter_ratio": 0.5}'},
            TrackSpec(stationary=StationarySpec(3.0, 3600.0, 0.5)),
            id="underscore spelling",
        ),
        pytest.param(
            {
                "TRACKER_NODE_CONFIG": {"remove_stationary_objects": False},
                "STATIONARY_TARGET_REMOVER_CONFIG": {"enable": True},
            },
            TrackSpec(),
            id="the remover's switch wins",
        ),
        pytest.param({"TRACKER_NODE_CONFIG": {"memory_seconds": 20}}, TrackSpec(memory_s=20.0), id="memory"),
    ],
)
def test_tracker(parameters: object, expected: TrackSpec) -> None:
    view = section(parameters)
    assert read_tracker(view, Settings()) == expected
    assert not view.document.problems


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        pytest.param({}, GroundSpec(), id="defaults"),
        pytest.param(
            {"DETECTOR_NODE_CONFIG": {"do_calibration": "False"}}, GroundSpec(calibrate=False), id="old place, text"
        ),
        pytest.param(
            {
                "DETECTOR_NODE_CONFIG": {"do_calibration": False, "enable_recalibration": False},
                "CAMERACALIBRATOR_NODE_CONFIG": {"do_calibration": True},
            },
            GroundSpec(recalibrate=False),
            id="the calibrator wins over the detector",
        ),
        pytest.param(
            {
                "CAMERACALIBRATOR_NODE_CONFIG": {"enable_recalibration": True, "enable_zone_placement": True},
                "CALIBRATION_CONFIG": {"enable_recalibration": False, "quality_check_frequency_seconds": 60},
            },
            GroundSpec(recalibrate=False, zone_placement=True, quality_check_frequency_s=60.0),
            id="calibration config wins, short key",
        ),
        pytest.param(
            {
                "CALIBRATION_CONFIG": {
                    "calibration_quality_check_frequency_seconds": 100,
                    "calibration_quality_check_sample_collect_frequency_seconds": 20,
                    "calibration_quality_check_one_round_sample_collect_num": 5,
                    "calibration_quality_check_queue_max_size": 50,
                    "calibration_event_frequency_seconds": -1,
                }
            },
            GroundSpec(
                quality_check_frequency_s=100.0,
                quality_check_sample_frequency_s=20.0,
                quality_check_samples=5,
                quality_check_queue=50,
            ),
            id="all keys",
        ),
    ],
)
def test_ground(parameters: object, expected: GroundSpec) -> None:
    view = section(parameters)
    assert read_ground(view, "kiosk", 640, only_camera=True) == expected
    assert not view.document.problems


@pytest.mark.parametrize(
    ("entry", "focal_w"),
    [
        pytest.param(CAMERA, 400 / 640, id="pixels of the processing frame"),
        pytest.param(CAMERA | {"frame_width": 800}, 0.5, id="pixels of another frame"),
    ],
)
def test_known_camera_in_our_units(entry: object, focal_w: float) -> None:
    view = section({"CAMERA_CONFIG": {"cameras": [entry]}, "DETECTOR_NODE_CONFIG": {"do_calibration": "false"}})
    ground = read_ground(view, "kiosk", 640, only_camera=True)
    assert ground.camera == Camera(pytest.approx(3.048), pytest.approx(focal_w), 1.0)
    assert not view.document.problems


def test_frame_width_for_all_cameras() -> None:
    camera = read_camera(section({"frame_width": 800, "cameras": [CAMERA]}), "kiosk", 640, only_camera=True)
    assert camera
    assert camera.focal_w == 0.5


def test_known_camera_is_ignored_while_calibrating() -> None:
    view = section({"CAMERA_CONFIG": {"cameras": [CAMERA]}})
    assert read_ground(view, "kiosk", 640, only_camera=True) == GroundSpec()
    assert "do_calibration" in view.document.warnings[0].what


@pytest.mark.parametrize(
    ("source_ids", "only_camera", "height_ft", "warned"),
    [
        pytest.param(["a", "kiosk"], False, 1, False, id="equal"),
        pytest.param(["host.0.graph.detector+kiosk", "b"], False, 0, False, id="after the plus"),
        pytest.param(["b", "x-kiosk"], False, 1, False, id="ends with it"),
        pytest.param(["other"], True, 0, True, id="the only one for the only camera"),
        pytest.param(["other"], False, None, True, id="not for one of several cameras"),
        pytest.param(["a", "b"], True, None, True, id="two strangers"),
    ],
)
def test_matching_of_source_ids(source_ids: list[str], only_camera: bool, height_ft: int | None, warned: bool) -> None:
    cameras = [CAMERA | {"source_id": name, "camera_height": 10 + i} for i, name in enumerate(source_ids)]
    view = section({"cameras": cameras})
    camera = read_camera(view, "kiosk", 640, only_camera=only_camera)
    expected = None if height_ft is None else pytest.approx((10 + height_ft) * 0.3048)
    assert (camera.height_m if camera else None) == expected
    assert bool(view.document.warnings) == warned


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"camera_height": None}, "$.cameras[0]"),
        ({"camera_height": 0}, "$.cameras[0].camera_height"),
        ({"camera_tiltup_angle": pi + 1}, "$.cameras[0].camera_tiltup_angle"),
        ({"camera_focal_length": "long"}, "$.cameras[0].camera_focal_length"),
    ],
)
def test_impossible_camera(change: dict[str, object], path: str) -> None:
    view = section({"cameras": [CAMERA | change]})
    read_camera(view, "kiosk", 640, only_camera=True)
    assert [problem.path for problem in view.document.problems] == [path]
