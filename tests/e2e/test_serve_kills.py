"""`footfall serve` with four cameras and SIGKILLs: no event is lost, no visit stays open or is told twice.

One kill here; `FOOTFALL_SERVE_KILLS=20` kills it twenty times, at moments drawn by lot from `FOOTFALL_KILL_SEED`.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from footfall.simulator.rtsp import RtspCamera
from footfall.simulator.scene import SceneSpec, write_scene
from servers.rtsp import rtsp_ready
from servers.serve import Serving, ask, until

__all__ = ["rtsp_ready"]

pytestmark = [pytest.mark.usefixtures("rtsp_ready"), pytest.mark.slow]

CAMERAS = 4
KILLS = int(os.environ.get("FOOTFALL_SERVE_KILLS", "1"))
SEED = int(os.environ.get("FOOTFALL_KILL_SEED", "1"))
CAMERA = """
  - name: cam-{number}
    url: {url}
    zones: [{{name: middle, points: [[0.2, 0.1], [0.8, 0.1], [0.8, 1.0], [0.2, 1.0]]}}]
    lines: [{{name: door-{number}, points: [[0.5, 0.0], [0.5, 1.0]]}}]
"""


@pytest.fixture(scope="module")
def cameras(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    folder = tmp_path_factory.mktemp("scene")
    write_scene(SceneSpec(duration_s=20.0, size_px=(320, 180), people=4, seed=3), folder)
    with ExitStack() as stack:
        yield [stack.enter_context(RtspCamera(folder / "clip.mp4")).url for _ in range(CAMERAS)]


@pytest.fixture
def serving(cameras: list[str], tmp_path: Path) -> Iterator[Serving]:
    text = f"fps: 6\nwidth: 320\nsinks: ['jsonl:{tmp_path}/witness.jsonl']\ncameras:"
    text += "".join(CAMERA.format(number=number, url=url) for number, url in enumerate(cameras))
    text += "occupancy: [{name: shop, doors: [door-0+, door-1+, door-2+, door-3+]}]\n"
    serving = Serving(tmp_path, text)
    serving.start()
    yield serving
    serving.stop()


def witnessed(folder: Path) -> list[bytes]:
    """Whole lines: whoever is killed may leave half a line behind."""
    lines = (folder / "witness.jsonl").read_bytes().split(b"\n")
    return [line for line in lines[:-1] if is_json(line)]


def is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def passages(bodies: Counter[bytes]) -> Counter[tuple[str, str]]:
    """(camera, Enter or Exit) -> how many."""
    found: Counter[tuple[str, str]] = Counter()
    for body in bodies.elements():
        document = json.loads(body)
        for event in document.get("events", ()):
            status = event.get("properties", {}).get("status", "")
            if status and event["type"] == "personZoneEnterExitEvent":
                found[document["sourceInfo"]["id"], status] += 1
    return found


def watched(bodies: Counter[bytes]) -> set[str]:
    """Cameras that have told of a visit."""
    return {camera for camera, _ in passages(bodies)}


def inside(serving: Serving) -> dict[str, int]:
    state = json.loads((serving.data / "places" / "shop.json").read_text())["state"]
    return {name: state[name] for name in ("entered", "left")}


def test_nothing_is_lost_and_everything_goes_on(serving: Serving, tmp_path: Path) -> None:
    lot = random.Random(SEED)
    witness = tmp_path / "witness.jsonl"
    until(lambda: witness.exists() and len(witnessed(tmp_path)) > 20, "events")
    for _ in range(KILLS):
        time.sleep(lot.uniform(0.5, 6.0))
        serving.kill()
        before, seen = inside(serving), len(witnessed(tmp_path))
        serving.start()
        until(lambda: len(witnessed(tmp_path)) > seen + 4, "events go on")  # noqa: B023
        after = inside(serving)
        assert all(after[name] >= before[name] for name in before)
    until(lambda: len(watched(serving.stored() + serving.waiting())) == CAMERAS, "every camera saw somebody")
    time.sleep(4.0)
    assert serving.stop() == 0

    stored, waiting = serving.stored(), serving.waiting()
    lost = Counter(witnessed(tmp_path)) - stored - waiting
    assert not lost, list(lost)[:3]
    found = passages(stored + waiting)
    cameras = watched(stored + waiting)
    assert len(cameras) == CAMERAS
    open_visits = {camera: found[camera, "Enter"] - found[camera, "Exit"] for camera in cameras}
    assert sum(map(abs, open_visits.values())) <= KILLS, (open_visits, found)
    for file in (serving.data / "own.sqlite", serving.data / "store.sqlite", *serving.data.glob("outbox/*.sqlite")):
        assert ask(file, "PRAGMA integrity_check") == [("ok",)]
