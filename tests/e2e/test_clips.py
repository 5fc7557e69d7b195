"""The main job on real video: every crossing and visit found, none invented."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from footfall.cli.main import main
from footfall.evaluation.event import evaluate_events
from footfall.evaluation.sightings import read_lines

CLIPS = [
    pytest.param("intel_people_detection", "clip.h264", id="seven people, three lines"),
    pytest.param("intel_one_by_one", "clip.mp4", id="six people, a line and a zone"),
]


def regions(truth: dict[str, dict[str, dict[str, list[float]]]]) -> list[str]:
    """The truth's regions as options."""
    options = [f"--line={n}=" + ",".join(map(str, line["segment"])) for n, line in truth.get("lines", {}).items()]
    for name, zone in truth.get("zones", {}).items():
        options.append(f"--zone={name}=" + ";".join(f"{p[0]},{p[1]}" for p in zone["polygon"]))  # type: ignore[index]
    return options


@pytest.mark.slow
def test_the_network_of_the_package_needs_nothing_else(shared: Path, tmp_path: Path) -> None:
    folder = shared / "data" / "clips" / "intel_one_by_one"
    truth, events = json.loads((folder / "truth.json").read_text()), tmp_path / "events.jsonl"
    options = [*regions(truth), "--media-time", "--model=person", f"--sink=jsonl:{events}"]
    assert main(["run", str(folder / "clip.mp4"), *options]) == 0
    report = evaluate_events(truth, read_lines(events.read_text(), "events"))
    assert all(line.crossings.missed == line.crossings.invented == 0 for line in report.lines)
    assert all(zone.enters.missed == zone.enters.invented == 0 for zone in report.zones)


@pytest.mark.slow
@pytest.mark.parametrize(("folder", "clip"), CLIPS)
def test_yolox_nano_finds_all_and_invents_none(folder: str, clip: str, shared: Path, tmp_path: Path) -> None:
    truth = json.loads((shared / "data" / "clips" / folder / "truth.json").read_text())
    events = tmp_path / "events.jsonl"
    model = shared / "models" / "yolox_nano" / "yolox_nano.onnx"
    video = shared / "data" / "clips" / folder / clip
    options = [*regions(truth), "--media-time", f"--model={model}", f"--sink=jsonl:{events}"]
    assert main(["run", str(video), *options]) == 0
    report = evaluate_events(truth, read_lines(events.read_text(), "events"))
    for score in (*report.lines, *report.zones):
        print(score)  # noqa: T201
    assert all(line.crossings.missed == line.crossings.invented == 0 for line in report.lines)
    for zone in report.zones:
        assert zone.enters.missed == zone.enters.invented == 0
        assert zone.exits.missed == zone.exits.invented == 0
