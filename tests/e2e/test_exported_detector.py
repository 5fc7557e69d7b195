"""A detector that was learned from twenty labelled pictures, taken away as a zip, counts people of another scene."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from footfall.cli.main import main
from footfall.learning.bundle import make_bundle
from footfall.learning.detector import learn_detector
from footfall.learning.lesson import Example, Kind, Lesson
from footfall.simulator.scene import SceneSpec, simulate_scene, write_scene

SIZE = (480, 270)
LEAST_SEEN = 0.4


@pytest.fixture(scope="module")
def zipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pictures, examples = {}, []
    for number, (image, truth) in enumerate(simulate_scene(SceneSpec(seed=5, duration_s=20.0, fps=1.0, size_px=SIZE))):
        seen = [p.visible_box_n for p in truth.people if p.visible_box_n and p.visibility > LEAST_SEEN]
        if seen:
            name = str(number)
            pictures[name] = np.ascontiguousarray(image[:, :, ::-1])
            boxes = np.clip(np.array(seen, np.float32), 0.0, 1.0)
            examples.append(Example(name, (0,) * len(seen), boxes))
    lesson = Lesson(Kind.DETECTION, ("person",), tuple(examples), pictures.__getitem__, 320)
    learned = learn_detector(lesson, lambda share, words: None)
    file = tmp_path_factory.mktemp("learned") / "people.zip"
    at = datetime(2026, 11, 21, tzinfo=UTC)
    file.write_bytes(make_bundle(learned.onnx, ("person",), Kind.DETECTION, "1", at, None))
    return file


def test_people_of_another_scene_are_found(zipped: Path, tmp_path: Path) -> None:
    truth = write_scene(SceneSpec(seed=1, duration_s=6.0, fps=5.0, size_px=SIZE), tmp_path / "scene.mp4")
    tracks = tmp_path / "tracks.jsonl"
    everywhere = "--zone=all=0,0;1,0;1,1;0,1"
    options = [f"--model={zipped}", f"--tracks={tracks}", f"--sink=jsonl:{tmp_path / 'e.jsonl'}", "--no-progress"]
    assert main(["run", str(tmp_path / "scene.mp4"), everywhere, *options]) == 0
    found = [len(json.loads(line)["people"]) for line in tracks.read_text().splitlines()]
    there = [(number, people) for number, people in enumerate(truth.whole_frame) if people]
    errors = [abs(found[number] - people) for number, people in there if number >= len(found) // 2]
    assert errors
    assert np.mean(errors) <= 1.0, (found, truth.whole_frame)
