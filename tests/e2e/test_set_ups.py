"""The hand-made lines and zones of real clips are good places: nothing worse than a hint is found on any of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from e2e.test_clips import regions
from footfall.cli.main import main

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
