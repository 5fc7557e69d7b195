"""The `*_NODE_CONFIG`s, CALIBRATION_CONFIG, CAMERA_CONFIG and the like -> node specs (spec/operations.md section 4)."""

from __future__ import annotations

from math import pi

from footfall.config.environment import Settings
from footfall.config.plan import DetectSpec, GroundSpec, LookAt, StationarySpec, TrackSpec
from footfall.config.section import Entry, Section, shown
from footfall.spatial.ground import FOOT_M, Camera

CALIBRATION_KEYS = (
    "do_calibration",
    "enable_orientation",
    "enable_zone_placement",
    "enable_recalibration",
    "calibration_quality_check_frequency_seconds",
    "quality_check_frequency_seconds",
    "calibration_quality_check_sample_collect_frequency_seconds",
    "calibration_quality_check_one_round_sample_collect_num",
    "calibration_quality_check_queue_max_size",
    "calibration_event_frequency_seconds",
)
_IGNORED = ("gpu_index", "enable_breakpad", "show_debug_video")
_LONGEST_S = 10 * 365 * 86400.0


def node_config(parameters: Section, name: str) -> Section:
    """A node's own config; empty when it is missing or, with an error noted, unreadable."""
    return parameters.section(name) or Section(f"{parameters.path}.{name}", (), parameters.document)


def read_detector(parameters: Section, settings: Settings) -> DetectSpec:
    """DETECTOR_NODE_CONFIG; `model`, `look` and `min_score` are ours."""
    config = node_config(parameters, "DETECTOR_NODE_CONFIG")
    spec = DetectSpec(
        model=config.text("model", default=settings.model or DetectSpec().model),
        min_score=config.number("min_score", default=0.5, low=0, high=1) if "min_score" in config else None,
        look=config.choice("look", options={look.value: look for look in LookAt}, default=settings.look),
        gpu_index=_gpu_index(config),
        batch_size=config.integer("batch_size", default=1, low=1, high=1024),
    )
    _check_decoder_gpu(parameters, config, spec.gpu_index)
    config.finish(*CALIBRATION_KEYS, *_IGNORED)
    return spec


def _gpu_index(config: Section) -> int:
    """RULE 8: a negative index means no GPU of this machine; the CPU takes over, as for one that is not there."""
    index = config.integer("gpu_index", default=0, high=1023)
    entry = config.get("gpu_index")
    if index < 0 and entry:
        config.document.warn(entry.path, "there is no GPU with a negative number, the CPU is used", "write 0")
    return max(0, index)


def _check_decoder_gpu(parameters: Section, config: Section, gpu_index: int) -> None:
    decoder = parameters.get("VIDEO_DECODE_GPU_INDEX")
    if decoder and parameters.integer("VIDEO_DECODE_GPU_INDEX", default=0) != gpu_index and "gpu_index" in config:
        what = "differs from the gpu_index of the detector"
        parameters.document.warn(decoder.path, what, f"write {gpu_index}; the detector's counts")


def read_tracker(parameters: Section, settings: Settings) -> TrackSpec:
    """TRACKER_NODE_CONFIG and STATIONARY_TARGET_REMOVER_CONFIG, which wins; `memory_seconds` is ours."""
    tracker = node_config(parameters, "TRACKER_NODE_CONFIG")
    remover = node_config(parameters, "STATIONARY_TARGET_REMOVER_CONFIG")
    spec = TrackSpec(
        memory_s=tracker.number("memory_seconds", default=settings.track_memory_s, low=0.5, high=60),
        speed=tracker.boolean("enable_speed", default=True),
        stationary=_stationary(tracker, remover),
    )
    tracker.finish(*_IGNORED)
    remover.finish()
    return spec


def _stationary(tracker: Section, remover: Section) -> StationarySpec | None:
    default = StationarySpec()
    distance_px = tracker.number(
        "stationary_objects_dist_threshold_in_pixels", default=default.distance_px, low=0, high=10000
    )
    window_s = tracker.number(
        "stationary_objects_buffer_length_in_seconds", default=default.window_s, low=1, high=_LONGEST_S
    )
    ratio = tracker.number("stationary_objects_filter_ratio", default=default.ratio, low=0, high=1)
    enabled = tracker.boolean("remove_stationary_objects", default=True)
    spec = StationarySpec(
        distance_px=remover.number(
            "bbox_dist_threshold-in_pixels",
            "bbox_dist_threshold_in_pixels",
            default=distance_px,
            low=0,
            high=10000,
        ),
        window_s=remover.number("buffer_length_in_seconds", default=window_s, low=1, high=_LONGEST_S),
        ratio=remover.number("filter_ratio", default=ratio, low=0, high=1),
    )
    return spec if remover.boolean("enable", default=enabled) else None


def read_ground(parameters: Section, source_id: str, width_px: int, *, only_camera: bool) -> GroundSpec:
    """Calibration keys from all three places (RULE 8), and a known camera (RULE 9)."""
    detector = node_config(parameters, "DETECTOR_NODE_CONFIG")
    calibrator = node_config(parameters, "CAMERACALIBRATOR_NODE_CONFIG")
    calibration = node_config(parameters, "CALIBRATION_CONFIG")
    keys = detector.overlaid(calibrator, calibration)
    calibrator.finish(*CALIBRATION_KEYS, *_IGNORED)
    calibration.finish(*CALIBRATION_KEYS)
    calibrate = keys.boolean("do_calibration", default=True)
    cameras = parameters.section("CAMERA_CONFIG")
    if cameras and calibrate:
        what = "not used while do_calibration is true"
        cure = "set do_calibration to false in CAMERACALIBRATOR_NODE_CONFIG"
        parameters.document.warn(cameras.path, what, cure)
    camera = read_camera(cameras, source_id, width_px, only_camera=only_camera) if cameras else None
    return GroundSpec(
        camera=None if calibrate else camera,
        calibrate=calibrate,
        orientation=keys.boolean("enable_orientation", default=True),
        zone_placement=keys.boolean("enable_zone_placement", default=False),
        recalibrate=keys.boolean("enable_recalibration", default=True),
        quality_check_frequency_s=keys.number(*CALIBRATION_KEYS[4:6], default=86400.0, low=0, high=_LONGEST_S),
        quality_check_sample_frequency_s=keys.number(CALIBRATION_KEYS[6], default=300.0, low=0, high=_LONGEST_S),
        quality_check_samples=keys.integer(CALIBRATION_KEYS[7], default=10, low=1, high=10**6),
        quality_check_queue=keys.integer(CALIBRATION_KEYS[8], default=1000, low=1, high=10**6),
        event_frequency_s=keys.number(CALIBRATION_KEYS[9], default=-1.0, low=-1, high=_LONGEST_S),
    )


def read_camera(config: Section, source_id: str, width_px: int, *, only_camera: bool) -> Camera | None:
    """The entry of CAMERA_CONFIG for one source: feet -> metres, pixels -> image widths."""
    found = [s for item in config.items("cameras") if (s := Section.of(item.value, item.path, config.document))]
    config.finish("frame_width")
    matching = [entry for entry in found if _matches(entry.text("source_id"), source_id)]
    if not matching and len(found) == 1 and only_camera:
        matching = found
        what = f"no entry names the source {shown(source_id)}, the only one is used"
        config.document.warn(config.path, what, "write the VIDEO_SOURCE_ID as source_id")
    if not matching:
        what = f"no entry names the source {shown(source_id)}: it stays without calibration"
        config.document.warn(config.path, what, "add an entry with its VIDEO_SOURCE_ID as source_id")
        return None
    return _camera(matching[0], config.get("frame_width"), width_px)


def _matches(entry_id: str, source_id: str) -> bool:
    """RULE 9."""
    return bool(source_id) and entry_id.endswith(source_id)


def _camera(entry: Section, frame_width: Entry | None, width_px: int) -> Camera | None:
    names = ("camera_height", "camera_focal_length", "camera_tiltup_angle")
    missing = [name for name in names if name not in entry]
    if missing:
        entry.document.error(entry.path, f"lacks {', '.join(missing)}", "give height in feet, focal length, tilt")
        return None
    if frame_width is not None and "frame_width" not in entry:
        entry = entry.overlaid(Section(entry.path, (frame_width,), entry.document))
    camera = Camera(
        height_m=entry.number("camera_height", default=10.0, low=0.1, high=1000) * FOOT_M,
        focal_w=entry.number("camera_focal_length", default=400.0, low=1, high=1e6)
        / entry.number("frame_width", default=width_px, low=1, high=1e5),
        tilt_rad=entry.number("camera_tiltup_angle", default=1.0, low=0, high=pi),
    )
    entry.text("source_id")
    entry.finish()
    return camera
