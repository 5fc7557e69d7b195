"""The graph of a VideoRecorder -> one RecorderPlan for each camera (spec/operations.md section 11)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Final

from footfall.config.environment import Settings
from footfall.config.plan import RecorderPlan, SourceSpec
from footfall.config.section import Section
from footfall.config.urls import check_url, clear_url, is_local

SHORTEST_S: Final = 2
LONGEST_S: Final = 86400
_DEVICES = "DEVICES_PATH_PARAM"


def read_recorder(graph: Section, name: str, settings: Settings, *, enabled: bool) -> list[RecorderPlan]:
    """The cameras that a recorder keeps; none, with problems noted, if it cannot run.

    What a recorder lacks to run is an error where it is to run, and a warning where it is disabled.
    """
    document = graph.document
    note = document.error if enabled else document.warn
    if (instances := graph.get("instances")) is not None:
        document.error(instances.path, "a recorder has no instances", f"name its cameras in {_DEVICES}")
    for key in ("version", "platformLogLevel", "nodesLogLevel", "nodeLogLevel", "sharedNodes"):
        graph.get(key)
    parameters = graph.section("parameters") or Section(graph.path, (), document)
    graph.finish("$metadata", "$version")
    duration_s = parameters.integer("DURATION_TIME_PARAM", default=1200, low=SHORTEST_S, high=LONGEST_S)
    overlap_s = parameters.integer("SAFE_TIME_PARAM", default=min(60, duration_s // 2), low=0)
    if 2 * overlap_s > duration_s:
        what = f"{overlap_s} s is more than half a clip of {duration_s} s: three clips would grow at a time"
        entry = parameters.get("SAFE_TIME_PARAM") or parameters.get("DURATION_TIME_PARAM")
        document.error(entry.path if entry else graph.path, what, f"write at most {duration_s // 2}")
    _check_keeping(parameters, note)
    folder = _folder(parameters)
    cameras = _cameras(parameters, settings, note)
    parameters.finish()
    return [
        RecorderPlan(f"{name}/{camera.source_id}", camera, folder, float(duration_s), float(overlap_s), enabled)
        for camera in cameras
    ]


def _check_keeping(parameters: Section, note: Callable[[str, str, str], None]) -> None:
    """What the original did with finished clips, and this one does otherwise. No value is quoted: it is a secret."""
    document = parameters.document
    blob, key = parameters.get("CONNECTION_STRING_PARAM"), parameters.get("PUBLIC_KEY_PARAM")
    if blob is not None and blob.value != "":
        what = "clips are not uploaded: they stay in OUTPUT_PATH_PARAM on this machine"
        document.warn(blob.path, what, "remove it, and fetch the clips from there")
    if key is not None and key.value != "":
        what = "clips cannot be encrypted with a public key"
        note(key.path, what, "leave it empty, and seal clips with FOOTFALL_RECORDING_KEY_FILE")


def _folder(parameters: Section) -> str:
    output = parameters.text("OUTPUT_PATH_PARAM", default="outputvideo").strip()
    container = parameters.text("CONTAINER_NAME_PARAM", default="recordedvideo").strip()
    for key, text in (("OUTPUT_PATH_PARAM", output), ("CONTAINER_NAME_PARAM", container)):
        entry = parameters.get(key)
        if entry is not None and (not text or not text.isprintable()):
            parameters.document.error(entry.path, "is no name of a folder", "write one, or remove the parameter")
        elif entry is not None and key.startswith("CONTAINER") and ("/" in text or "\\" in text or text[0] == "."):
            parameters.document.error(entry.path, "is a path, not a name", "put folders into OUTPUT_PATH_PARAM")
    return str(PurePosixPath(output, container))


def _cameras(parameters: Section, settings: Settings, note: Callable[[str, str, str], None]) -> list[SourceSpec]:
    """`{"devices": {"<id>": {"url": ..., "format": ...}}}`, as text or as an object."""
    cure = 'write "{\\"devices\\": {\\"door\\": {\\"url\\": \\"rtsp://host/path\\"}}}"'
    entry, listed = parameters.get(_DEVICES), parameters.section(_DEVICES)
    devices = listed.section("devices") if listed else None
    if listed is not None:
        listed.finish()
    if devices is None or not devices.entries:
        if entry is None or listed is not None:
            note(entry.path if entry else parameters.path, f"{_DEVICES} names no camera to record", cure)
        return []
    cameras = []
    for device in devices.entries.values():
        section = Section.of(device.value, device.path, parameters.document) if device.value is not None else None
        if section is not None:
            cameras.append(SourceSpec(device.key, _url(section, settings), transport=settings.transport))
    return cameras


def _url(device: Section, settings: Settings) -> str:
    """The camera's URL; empty, with an error noted, where it names none."""
    entry, url = device.get("url"), device.text("url").strip()
    device.get("format")
    device.finish()
    if entry is None:
        device.document.error(device.path, "url is missing", "write rtsp://host/path")
    elif isinstance(entry.value, str):
        url = clear_url(url, entry.path, settings, device.document)
        check_url(url, entry.path, device.document)
        if url and "<" not in url and is_local(url):
            device.document.error(entry.path, "is a file, and only cameras are recorded", "write rtsp://host/path")
    return url
