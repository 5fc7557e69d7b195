"""`python -m benchmarks live-edits`: random edits while cameras run, and the frames that are missed by them.

Eight simulated cameras (clips that play for ever, in real time). Each edit changes lines and zones of one camera,
adds or removes one, disables a camera or enables it. People are recorded all the while, so the store knows every
frame that the rules have seen: each that was analysed must be there. One frame may be in hand when all ends. A door
of each camera is never edited: what it has counted must be what the same rule, left in peace, counts on those frames.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine

from benchmarks.machine import fingerprint
from footfall.config.plan import GraphPlan
from footfall.core.errors import ConfigError
from footfall.engine.clock import SystemClock
from footfall.runtime.preview import preview
from footfall.serve.folder import DataFolder
from footfall.serve.service import Service, Wishes
from footfall.simulator.scene import SceneSpec, write_scene
from footfall.store import numbers, tracks
from footfall.store.database import open_database
from footfall.store.records import Measure
from footfall.store.spans import By, spans
from footfall.store.sums import Scope

CAMERAS = 8
SETTLE_S = 3.0
DOOR = {"name": "door", "points": [[0.5, 0.0], [0.5, 1.0]]}


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks live-edits", description=__doc__)
    parser.add_argument("--edits", type=int, default=1000)
    parser.add_argument("--fps", type=float, default=5.0)
    parser.add_argument("--pause", type=float, default=0.1, help="seconds between two edits")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(argv)
    with TemporaryDirectory() as name:
        print(json.dumps({"machine": fingerprint(), **run(Path(name), args)}, indent=2))
    return 0


def run(folder: Path, args: argparse.Namespace) -> dict[str, Any]:
    write_scene(SceneSpec(duration_s=60.0, size_px=(320, 180), people=4, seed=3), folder)
    environ = {**os.environ, "FOOTFALL_MODEL": "motion"}
    service = Service(Wishes(DataFolder(folder / "data"), None, "", 1, environ), SystemClock())
    heard: Counter[str] = Counter()
    service.desk.subscribe(lambda message: heard.update([message.topic]))
    service.desk.edit(first(folder / "clip.mp4", args.fps), base=1, author="benchmark")
    service.start()
    try:
        time.sleep(SETTLE_S * 3)
        figures = measured(service, args, heard)
        document = service.desk.version().document or {}
        doors = {name: service.desk.replayed(name, document) for name in figures["cameras"]}
    finally:
        service.close()
    engine = open_database(folder / "data" / "store.sqlite", "store")
    for name, camera in figures["cameras"].items():
        camera.update(recorded(engine, name))
        camera["lost"] = camera["analysed"] - camera["recorded"] if not camera["starts anew"] else None
        camera["door"] = counted(engine, name, doors[name])
    engine.dispose()
    return figures


def first(clip: Path, fps: float) -> Any:
    def change(document: dict[str, Any]) -> dict[str, Any]:
        cameras = [
            {"name": f"cam-{n}", "url": str(clip), "width": 320, "fps": fps, "zones": [zone("z", 0.1)], "lines": [DOOR]}
            for n in range(CAMERAS)
        ]
        return {**document, "cameras": cameras, "service": {"tracks_hours": 24}}

    return change


def zone(name: str, left: float) -> dict[str, Any]:
    return {"name": name, "points": [[left, 0.1], [left + 0.5, 0.1], [left + 0.5, 0.9], [left, 0.9]]}


def measured(service: Service, args: argparse.Namespace, heard: Counter[str]) -> dict[str, Any]:
    lot, took_s, kinds, refused = random.Random(args.seed), [], Counter[str](), 0
    began = time.monotonic()
    for _ in range(args.edits):
        version = service.desk.version()
        kind, change = edit(lot)
        started = time.monotonic()
        try:
            service.desk.edit(change, base=version.number, author="benchmark", comment=kind)
        except ConfigError:
            refused += 1
        took_s.append(time.monotonic() - started)
        kinds[kind] += 1
        time.sleep(args.pause)
    lasted_s = time.monotonic() - began
    service.cameras.runtime.supervisor.stop()
    states = {state.name: state.counts for state in service.desk.cameras()}
    return {
        "edits": args.edits,
        "of each kind": dict(kinds),
        "refused": refused,
        "lasted_s": round(lasted_s, 1),
        "edit_s": {"median": round(median(took_s), 4), "p99": round(quantiles(took_s, n=100)[98], 4)},
        "cameras": {
            name: {
                "in": counts.get("frames_in", 0),
                "dropped for lack of time": counts.get("frames_dropped", 0),
                "analysed": counts.get("frames_analysed", 0),
            }
            for name, counts in states.items()
        },
        "events": dict(heard),
        "versions": service.desk.version().number,
    }


def edit(lot: random.Random) -> tuple[str, Any]:
    """Cameras 0 to 5 get other rules; camera 6 is disabled and enabled; camera 7 is never touched."""
    kind = lot.choice(["zone moves", "zone comes", "zone goes", "line comes", "line goes", "camera goes or comes"])
    number, place = lot.randrange(6), lot.uniform(0.0, 0.45)

    def change(document: dict[str, Any]) -> dict[str, Any]:
        camera = document["cameras"][6 if kind.startswith("camera") else number]
        if kind == "zone moves":
            camera["zones"] = [zone(old["name"], place) for old in camera["zones"]]
        elif kind == "zone comes":
            camera["zones"] = [*camera["zones"], zone(f"z{lot.random()}", place)][-4:]
        elif kind == "zone goes":
            camera["zones"] = camera["zones"][1:]
        elif kind == "line comes":
            line = {"name": f"l{lot.random()}", "points": [[place, 0], [place, 1]]}
            camera["lines"] = [DOOR, *[*camera["lines"], line][1:][-4:]]
        elif kind == "line goes":
            camera["lines"] = [DOOR, *camera["lines"][2:]]
        else:
            camera["enabled"] = not camera.get("enabled", True)
        return document

    return kind, change


def counted(engine: Engine, camera: str, plan: GraphPlan) -> dict[str, list[int]]:
    """What the door counted to the right and to the left, and what the same rule counts on the recorded frames."""
    span = tracks.span(engine, camera)
    assert span is not None
    begin, end = span[0], span[1] + timedelta(seconds=1)
    cut = spans(begin.replace(second=0, microsecond=0), end, By.ALL)
    told = numbers.totals(engine, cut, Scope(frozenset({camera}), frozenset({"door"})))
    sums = Counter({total.measure: total.told for total in told})
    (again,) = [line for line in preview(tracks.frames(engine, camera, begin, end), plan).lines if line.name == "door"]
    return {"told": [sums[Measure.RIGHT], sums[Measure.LEFT]], "again": [again.right.told, again.left.told]}


def recorded(engine: Engine, camera: str) -> dict[str, int]:
    """Frames that the rules have seen, and how often their numbers began anew."""
    span = tracks.span(engine, camera)
    assert span is not None
    numbers = [frame.frame for frame in tracks.frames(engine, camera, span[0], span[1] + timedelta(seconds=1))]
    anew = sum(after <= before for before, after in pairwise(numbers))
    return {"recorded": len(numbers), "starts anew": anew}
