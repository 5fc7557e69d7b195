"""From video to events with masks: a masked and a bare person walk past each other, recorded, replayed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from footfall.annotate import VideoWriter
from footfall.cli.main import main
from footfall.core.errors import DetectorError

LINE, ZONE = "--line=door=0.5,0.98,0.5,0.02", "--zone=all=0,0;1,0;1,1;0,1"
MASKED, BARE = "maksssksksss205", "maksssksksss655"
FRAMES = 36
Told = list[dict[str, Any]]


@pytest.fixture(scope="module")
def folder(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`clip.mp4`, 1920x1080, ten pictures a second: the masked one walks right above, the bare one left below."""
    folder = tmp_path_factory.mktemp("masks")
    portraits = [cv2.imread(str(shared / "data" / "test" / "mask" / f"{name}.jpg")) for name in (MASKED, BARE)]
    with VideoWriter(folder / "clip.mp4", 10.0, (1920, 1080)) as writer:
        for number in range(FRAMES):
            canvas = np.full((1080, 1920, 3), 120, np.uint8)
            for portrait, y, x in zip(portraits, (60, 620), (300 + 30 * number, 1350 - 30 * number), strict=True):
                height, width = portrait.shape[:2]
                canvas[y : y + height, x : x + width] = portrait
            writer.write(canvas, number / 10)
    return folder


@pytest.fixture(scope="module")
def told(shared: Path, folder: Path) -> Told:
    """The events of a run with `--face-mask`; tracks and an annotated clip beside them."""
    models = shared / "models"
    options = [
        f"--model={models / 'yolox_nano' / 'yolox_nano.onnx'}",
        f"--face-model={models / 'ultralight_face' / 'RFB-640-masked_face-v2.onnx'}",
        f"--tracks={folder / 'tracks.jsonl'}",
        f"--save-video={folder / 'out.mp4'}",
        f"--sink=jsonl:{folder / 'events.jsonl'}",
    ]
    assert main(["run", str(folder / "clip.mp4"), "--face-mask", LINE, ZONE, "--media-time", *options]) == 0
    return bodies((folder / "events.jsonl").read_text())


def bodies(text: str) -> Told:
    return [json.loads(line) for line in text.splitlines()]


def labels(told: Told, kind: str) -> list[tuple[str, list[str]]]:
    """(status or count, labels of the detections) of each event of a kind."""
    return [
        (
            str(body["events"][0]["properties"].get("status", body["events"][0]["properties"].get("personCount"))),
            [one["label"] for detection in body["detections"] for one in detection.get("attributes", [])],
        )
        for body in told
        if body["events"][0]["type"] == kind
    ]


def test_line_events_tell_who_wears_a_mask(told: Told) -> None:
    assert sorted(labels(told, "personLineEvent")) == [("CrossLeft", ["face_nomask"]), ("CrossRight", ["face_mask"])]


def test_zone_events_tell_it_too(told: Told) -> None:
    passed = labels(told, "personZoneEnterExitEvent")
    assert sorted(status for status, _ in passed) == ["Enter", "Enter", "Exit", "Exit"]
    for wanted in ("Enter", "Exit"):
        assert sorted(label for status, found in passed if status == wanted for label in found) == [
            "face_mask",
            "face_nomask",
        ]


def test_counts_are_told_with_both_labels(told: Told) -> None:
    assert ("2", ["face_mask", "face_nomask"]) in [(n, sorted(found)) for n, found in labels(told, "personCountEvent")]


def test_events_are_of_frames_1920_wide_and_confidences_are_probabilities(told: Told) -> None:
    assert {(body["sourceInfo"]["width"], body["sourceInfo"]["height"]) for body in told} == {(1920, 1080)}
    found = [one for body in told for detection in body["detections"] for one in detection.get("attributes", [])]
    assert found
    assert all(0.8 <= one["confidence"] <= 0.99 and one["task"] == "" for one in found)


def test_the_annotated_clip_keeps_its_size(told: Told, folder: Path) -> None:
    capture = cv2.VideoCapture(str(folder / "out.mp4"))
    assert [capture.get(cv2.CAP_PROP_FRAME_WIDTH), capture.get(cv2.CAP_PROP_FRAME_HEIGHT)] == [960, 540]
    capture.release()
    assert told


def test_a_replay_of_the_tracks_tells_the_same(told: Told, folder: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.jsonl"
    assert main(["replay", str(folder / "tracks.jsonl"), LINE, ZONE, f"--sink=jsonl:{again}"]) == 0
    replayed = bodies(again.read_text())
    for kind in ("personLineEvent", "personZoneEnterExitEvent", "personCountEvent"):
        assert labels(replayed, kind) == labels(told, kind)


def test_a_replay_tells_the_form_of_2021(
    told: Told, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTFALL_COMPAT_SCHEMA", "1.0")
    assert main(["replay", str(folder / "tracks.jsonl"), LINE, f"--sink=jsonl:{tmp_path / 'e.jsonl'}"]) == 0
    maps = [body["detections"][0]["metadata"]["attributes"] for body in bodies((tmp_path / "e.jsonl").read_text())]
    assert sorted(label for each in maps for label in each) == ["face_mask", "face_nomask"]
    assert told


def manifest(video: Path, **parameters: object) -> str:
    line = {"name": "door", "line": [[0.5, 0.98], [0.5, 0.02]], "events": [{"type": "linecrossing"}]}
    common = {"VIDEO_URL": str(video), "VIDEO_SOURCE_ID": "cam", "VIDEO_IS_LIVE": False, "VIDEO_LOOP": False}
    graph = {
        "operationId": "cognitiveservices.vision.spatialanalysis-personcrossingline",
        "parameters": {**common, "SPACEANALYTICS_CONFIG": {"lines": [line]}, **parameters},
    }
    return json.dumps({"graphs": {"doors": graph}})


@pytest.fixture
def run_manifest(
    shared: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, Told]]:
    monkeypatch.setenv("EULA", "accept")
    monkeypatch.setenv("FOOTFALL_MODEL", str(shared / "models" / "yolox_nano" / "yolox_nano.onnx"))

    def run(**parameters: object) -> tuple[int, Told]:
        file, events = tmp_path / "twin.json", tmp_path / "events.jsonl"
        file.write_text(manifest(folder / "clip.mp4", **parameters))
        code = main(["run", str(file), f"--sink=jsonl:{events}", "--fps=10", "--no-progress"])
        return code, bodies(events.read_text())

    return run


def test_a_manifest_switches_it_on(
    shared: Path, run_manifest: Callable[..., tuple[int, Told]], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = shared / "models" / "ultralight_face" / "RFB-640-masked_face-v2.onnx"
    monkeypatch.setenv("FOOTFALL_FACE_MODEL", str(model))
    code, told = run_manifest(ENABLE_FACE_MASK_CLASSIFIER=True, INPUT_VIDEO_WIDTH=1920)
    assert code == 0
    assert sorted(labels(told, "personLineEvent")) == [("CrossLeft", ["face_nomask"]), ("CrossRight", ["face_mask"])]


def test_on_another_width_the_rest_runs(
    run_manifest: Callable[..., tuple[int, Told]], capfd: pytest.CaptureFixture[str]
) -> None:
    code, told = run_manifest(ENABLE_FACE_MASK_CLASSIFIER=True, INPUT_VIDEO_WIDTH=1280)
    assert code == 0
    assert sorted(labels(told, "personLineEvent")) == [("CrossLeft", []), ("CrossRight", [])]
    assert "needs frames 1920 wide, not 1280; the rest runs" in capfd.readouterr().err


def test_without_a_network_the_rest_runs(
    run_manifest: Callable[..., tuple[int, Told]],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    def missing(model: str, **_: object) -> None:
        raise DetectorError(f"{model}: not on this machine")

    monkeypatch.setattr("footfall.runtime.detectors.open_face_reader", missing)
    code, told = run_manifest(ENABLE_FACE_MASK_CLASSIFIER=True, INPUT_VIDEO_WIDTH=1920)
    assert code == 0
    assert sorted(labels(told, "personLineEvent")) == [("CrossLeft", []), ("CrossRight", [])]
    assert "the mask classifier does not start, the rest runs: face-mask: not on this machine" in capfd.readouterr().err


def test_a_named_network_that_is_not_there_ends_the_run(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    options = ["--face-mask", "--face-model=nowhere.onnx", LINE]
    assert main(["run", str(folder / "clip.mp4"), *options]) != 0
    assert "nowhere.onnx: no such model file" in capfd.readouterr().err


def test_the_option_beside_a_configuration_file_is_refused(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "twin.json").write_text(manifest(folder / "clip.mp4"))
    assert main(["run", str(tmp_path / "twin.json"), "--face-mask"]) == 2
    assert "ENABLE_FACE_MASK_CLASSIFIER" in capfd.readouterr().err
