"""`python -m benchmarks regions [--people N,...] [--regions N] [--peers PYTHON]`: rules on many people and regions.

Half of the regions are zones (enter and exit), half are lines. Our `Operation` and supervision's `PolygonZone` and
`LineZone` see the same people, frame by frame in turn, in one process; CPU time. Supervision lives in an environment of
its own: name its interpreter with `--peers`. `--crossover` compares our two ways of looking instead.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import random
import subprocess
import sys
from math import cos, pi, sin
from statistics import median
from time import process_time
from typing import Any

import numpy as np

from footfall.core.geometry import Point
from footfall.core.types import TrackObservation
from footfall.spatial import borders
from footfall.spatial.operation import Operation
from footfall.spatial.regions import Line, LineCrossingRule, SpatialSpec, Zone, ZoneCrossingRule

WIDTH, HEIGHT, FPS = 1280, 720, 15.0
WARM_UP = 5


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks regions", description=__doc__)
    parser.add_argument("--people", default="1,5,20,100,1000")
    parser.add_argument("--regions", type=int, default=50)
    parser.add_argument("--frames", type=int, default=40)
    parser.add_argument("--peers", metavar="PYTHON", help="interpreter that has supervision; default this one")
    parser.add_argument("--crossover", action="store_true")
    args = parser.parse_args(arguments)
    if args.peers:
        command = [args.peers, "-m", "benchmarks.regions", *without_peers(arguments, args.peers)]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(["src", "."])}
        return subprocess.run(command, check=False, env=environment).returncode
    counts = [int(part) for part in args.people.split(",")]
    compare = crossover if args.crossover else contest
    for people in counts:
        print(compare(people, args.regions, args.frames), flush=True)
    return 0


def without_peers(arguments: list[str], python: str) -> list[str]:
    return [part for part in arguments if part not in {"--peers", python, f"--peers={python}"}]


def contest(people: int, regions: int, frames: int) -> str:
    """One line: ours against theirs."""
    spec, scene = watch(regions), crowd(people, frames)
    operation = Operation(spec, HEIGHT / WIDTH)
    theirs = Supervision(spec) if importlib.util.find_spec("supervision") else None
    ours_s: list[float] = []
    theirs_s: list[float] = []
    events = 0
    for frame, seen in enumerate(scene):
        detections = theirs.detections(seen) if theirs else None
        start = process_time()
        events += len(operation.step(seen, frame / FPS, frame))
        ours_s.append(process_time() - start)
        if theirs:
            start = process_time()
            theirs.step(detections)
            theirs_s.append(process_time() - start)
    ours = 1e3 * median(ours_s[WARM_UP:])
    line = f"{people:5} people x {regions} regions: footfall {ours:.3f} ms a frame, {events} events"
    if not theirs_s:
        return line
    peer = 1e3 * median(theirs_s[WARM_UP:])
    return f"{line}; supervision {peer:.3f} ms; ratio {ours / peer:.3f}"


def crossover(people: int, regions: int, frames: int) -> str:
    """One line: one by one against all together, broad phase and all."""
    scene, usual = crowd(people, frames), borders.MANY
    sums = {}
    for name, many in (("one by one", 10**9), ("together", 0)):
        borders.MANY = many
        operation, costs = Operation(watch(regions), HEIGHT / WIDTH), []
        for frame, seen in enumerate(scene):
            start = process_time()
            operation.step(seen, frame / FPS, frame)
            costs.append(process_time() - start)
        sums[name] = 1e3 * median(costs[WARM_UP:])
    borders.MANY = usual
    return f"{people:5} people x {regions} regions: " + ", ".join(f"{name} {ms:.3f} ms" for name, ms in sums.items())


def watch(regions: int) -> SpatialSpec:
    """Zones of five corners, and lines from a fifth of the picture's width to all of it."""
    chance = random.Random(5)
    zones, lines = [], []
    for k in range(regions):
        x, y, size, turn = (
            chance.uniform(0.1, 0.9),
            chance.uniform(0.2, 0.85),
            chance.uniform(0.06, 0.15),
            chance.random(),
        )
        if k % 2:
            ring = [corner((x, y), size, 2 * pi * (turn + n / 5)) for n in range(5)]
            zones.append(Zone(f"zone{k}", tuple(ring), (ZoneCrossingRule(0.01),)))
        else:
            size = chance.uniform(0.1, 0.5)
            ends = corner((x, y), size, 2 * pi * turn), corner((x, y), size, 2 * pi * turn + pi)
            lines.append(Line(f"line{k}", *ends, (LineCrossingRule(0.01),)))
    return SpatialSpec(tuple(zones), tuple(lines))


def corner(middle: Point, size: float, angle: float) -> Point:
    return middle[0] + size * cos(angle), min(1.0, max(0.0, middle[1] + size * sin(angle)))


def crowd(people: int, frames: int) -> list[list[TrackObservation]]:
    """People so small that a thousand fit in; they walk at most half a body a second, and tremble by 1 px."""
    chance = random.Random(7)
    walks = [
        (chance.random(), chance.uniform(0.15, 1.0), chance.uniform(-0.03, 0.03), f"{n:032x}") for n in range(people)
    ]
    scene = []
    for frame in range(frames):
        seen = []
        for x, y, speed, name in walks:
            t_s = frame / FPS
            foot = (x + speed * t_s) % 1.0 + chance.gauss(0, 1) / WIDTH, y + chance.gauss(0, 1) / HEIGHT
            box = foot[0] - 0.008, foot[1] - 0.06, foot[0] + 0.008, foot[1]
            seen.append(TrackObservation(name, t_s, frame, box, foot, 0.9))
        scene.append(seen)
    return scene


class Supervision:
    """The peer's zones and lines, with their default settings."""

    def __init__(self, spec: SpatialSpec) -> None:
        import supervision as sv  # noqa: PLC0415 only there in the peers' environment

        self._sv = sv
        size = np.array([WIDTH, HEIGHT])
        self._zones = [sv.PolygonZone((np.array(zone.polygon_n) * size).astype(int)) for zone in spec.zones]
        self._lines = [sv.LineZone(sv.Point(*(s * size)), sv.Point(*(e * size))) for s, e in self._ends(spec)]

    @staticmethod
    def _ends(spec: SpatialSpec) -> list[tuple[Any, Any]]:
        return [(np.array(line.start_n), np.array(line.end_n)) for line in spec.lines]

    def detections(self, seen: list[TrackObservation]) -> Any:
        """As they come from its tracker."""
        boxes = np.array([person.box_n for person in seen]) * [WIDTH, HEIGHT, WIDTH, HEIGHT]
        ids = np.array([int(person.track_id, 16) for person in seen])
        return self._sv.Detections(xyxy=boxes, confidence=np.full(len(seen), 0.9), tracker_id=ids)

    def step(self, detections: Any) -> None:
        """One frame."""
        for region in (*self._zones, *self._lines):
            region.trigger(detections)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
