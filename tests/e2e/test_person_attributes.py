"""From video to events with a customer's attributes: people walk by in red and in blue, found and told by exports."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from footfall.annotate import VideoWriter
from footfall.cli.main import main
from footfall.learning.bundle import make_bundle
from footfall.learning.lesson import Kind
from takeaways import colour_teller, white_finder

AT = datetime(2026, 11, 21, tzinfo=UTC)
LINE, ZONE = "--line=door=0.5,0.98,0.5,0.02", "--zone=all=0,0;1,0;1,1;0,1"
SIZE = 640, 360
COLOURS_BGR = {"red": (0, 0, 255), "blue": (255, 0, 0)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("attributes")
    (folder / "people.zip").write_bytes(make_bundle(white_finder(), ("person",), Kind.DETECTION, "1", AT, None))
    tags = ("coat:red", "coat:green", "coat:blue")
    (folder / "coats.zip").write_bytes(make_bundle(colour_teller(), tags, Kind.MULTICLASS, "1", AT, None))
    for colour, bgr in COLOURS_BGR.items():
        with VideoWriter(folder / f"{colour}.mp4", 10.0, SIZE) as writer:
            for number in range(40):
                writer.write(scene(40 + 13 * number, bgr), number / 10)
    return folder


def scene(x: int, bgr: tuple[int, int, int]) -> np.ndarray:
    """A dark picture with somebody in a bright coat: white all around, so that the finder finds them."""
    picture = np.full((SIZE[1], SIZE[0], 3), 40, np.uint8)
    picture[120:290, x : x + 70] = 255
    picture[140:270, x + 20 : x + 50] = bgr
    return picture


def told(folder: Path, name: str, *options: str) -> list[dict[str, Any]]:
    events = folder / f"{name}.jsonl"
    events.unlink(missing_ok=True)
    words = [
        f"--model={folder / 'people.zip'}",
        f"--attributes={folder / 'coats.zip'}",
        "--media-time",
        "--no-progress",
    ]
    assert main(["run", str(folder / f"{name}.mp4"), LINE, ZONE, *words, f"--sink=jsonl:{events}", *options]) == 0
    return [json.loads(line) for line in events.read_text().splitlines()]


@pytest.mark.parametrize("colour", COLOURS_BGR)
def test_events_tell_the_coat(folder: Path, colour: str) -> None:
    bodies = told(folder, colour, f"--tracks={folder / f'{colour}.tracks'}")
    crossed = [body for body in bodies if body["events"][0]["type"] == "personLineEvent"]
    assert [body["events"][0]["properties"]["status"] for body in crossed] == ["CrossRight"]
    (detection,) = crossed[0]["detections"]
    attributes = detection["attributes"]
    assert [one["task"] for one in attributes] == ["coat"] * 3
    assert attributes[0]["label"] == colour
    assert sum(one["confidence"] for one in attributes) == pytest.approx(1.0, abs=0.001)


def test_a_replay_tells_the_same(folder: Path) -> None:
    events = folder / "replayed.jsonl"
    if not (folder / "red.tracks").exists():
        told(folder, "red", f"--tracks={folder / 'red.tracks'}")
    assert main(["replay", str(folder / "red.tracks"), LINE, "--sink", f"jsonl:{events}"]) == 0
    (body,) = [json.loads(line) for line in events.read_text().splitlines()]
    assert body["detections"][0]["attributes"][0]["label"] == "red"


def test_two_runs_tell_the_same(folder: Path) -> None:
    def shares(bodies: list[dict[str, Any]]) -> list[object]:
        return [detection.get("attributes") for body in bodies for detection in body["detections"]]

    assert shares(told(folder, "blue")) == shares(told(folder, "blue"))


def test_a_model_that_is_none_is_told_before_anything_starts(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [f"--attributes={folder / 'people.zip'}", "--sink", f"jsonl:{tmp_path / 'e.jsonl'}"]
    assert main(["run", str(folder / "red.mp4"), LINE, *words]) == 2
    assert "finds things; attributes need a classification project" in capsys.readouterr().err
