"""A replay gives the same bytes every time, and what the run gave."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from footfall.cli.main import main
from footfall.simulator.scene import SceneSpec, write_scene


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, list[str]]:
    """A scene run once with media time: its tracks, its events, its regions as options."""
    folder = tmp_path_factory.mktemp("scene")
    truth = write_scene(SceneSpec(duration_s=12.0, size_px=(640, 360), people=6), folder)
    tracks, events, regions = folder / "seen.jsonl", folder / "events.jsonl", truth.regions.arguments()
    options = [*regions, "--media-time", f"--tracks={tracks}", f"--sink=jsonl:{events}"]
    assert main(["run", str(folder / "clip.mp4"), *options]) == 0
    return tracks, events, regions


def replay(tracks: Path, regions: list[str], out: Path) -> bytes:
    assert main(["replay", str(tracks), *regions, f"--sink=jsonl:{out}"]) == 0
    return out.read_bytes()


def test_twenty_replays_are_byte_identical(recording: tuple[Path, Path, list[str]], tmp_path: Path) -> None:
    tracks, _, regions = recording
    copies = {replay(tracks, regions, tmp_path / f"{n}.jsonl") for n in range(20)}
    assert len(copies) == 1
    assert copies.pop()


def without_ids(text: str) -> str:
    """An event body without what a run draws by chance: event ids, and the fresh ids of untracked detections."""
    body = json.loads(text)
    for event in body["events"]:
        del event["id"]
        if "trackingId" not in event["properties"]:
            event["detectionIds"] = len(event["detectionIds"])
    for detection in body["detections"]:
        if detection["metadata"]["trackingId"] == "":
            del detection["id"]
    return json.dumps(body)


def test_a_replay_tells_what_the_run_told(recording: tuple[Path, Path, list[str]], tmp_path: Path) -> None:
    tracks, events, regions = recording
    replayed = replay(tracks, regions, tmp_path / "replayed.jsonl").decode().splitlines()
    told = events.read_text().splitlines()
    assert len(told) > 5
    assert [without_ids(line) for line in replayed] == [without_ids(line) for line in told]
