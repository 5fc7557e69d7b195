"""The hand-made lines and zones of real clips are good places: nothing worse than a hint is found on any of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from e2e.test_clips import regions
from footfall.cli.main import main
from footfall.config.native import parse_line, parse_zone
from footfall.events.tracks import read_tracks
from footfall.simulator.scene import SceneSpec, write_scene
from footfall.spatial.lint.advice import lint
from footfall.spatial.lint.findings import Severity
from footfall.spatial.lint.recording import Recording
from footfall.spatial.regions import SpatialSpec

CLIPS = [
    pytest.param("intel_worker_zone_gif/clip.gif", id="a worker passes a line"),
    pytest.param("intel_people_detection/clip.h264", id="seven people, three lines"),
    pytest.param("intel_one_by_one/clip.mp4", id="six people, a line and a zone"),
    pytest.param("nvidia_retail02/clip.mp4", id="a shop with an empty piece of floor"),
]


@pytest.mark.slow
@pytest.mark.parametrize("clip", CLIPS)
def test_places_made_by_hand_are_left_in_peace(clip: str, shared: Path, capfd: pytest.CaptureFixture[str]) -> None:
    video = shared / "data" / "clips" / clip
    truth = json.loads((video.parent / "truth.json").read_text())
    model = shared / "models" / "yolox_nano" / "yolox_nano.onnx"
    assert main(["validate", *regions(truth), f"--clip={video}", f"--model={model}", "--json", "--strict"]) == 0
    assert {told["severity"] for told in json.loads(capfd.readouterr().out)} <= {"hint"}


@pytest.mark.slow
@pytest.mark.parametrize("story", ["queue", "crowd"])
def test_the_simulators_own_places_are_left_in_peace(story: str, tmp_path: Path) -> None:
    spec = SceneSpec(story, seed=3, people=10, duration_s=25.0, fps=10.0, size_px=(320, 180))
    truth = write_scene(spec, tmp_path / "scene")
    lines = (tmp_path / "scene" / "tracks.jsonl").read_bytes().splitlines()
    recording = Recording.of(read_tracks(lines, file=story, size_px=spec.size_px))
    options = [argument.removeprefix("--").split("=", 1) for argument in truth.regions.arguments()]
    zones = tuple(parse_zone(text) for kind, text in options if kind == "zone")
    spatial = SpatialSpec(zones, tuple(parse_line(text) for kind, text in options if kind == "line"))
    findings = lint(spatial, recording)
    assert [finding.code for finding in findings if finding.severity is not Severity.HINT] == []
