"""`python -m benchmarks rooms`: how right distances are after self-calibration, in rooms by lot.

Each room has its own camera, size, doors and people. Two ways to see them: `boxes`, the exact boxes of the figures,
disturbed as a real detector disturbs them (trembling, too tall, cut by those who stand before, missing); and a network
on drawn pictures (`--model person`). Both go through the tracker into the calibration of a running camera. An error is
that of the distance between two random places where people walked, as a share of the true distance (pairs nearer than
half a metre left out). Rooms 1 to 20 are for measuring; the settings were chosen on rooms 100 and up.
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import degrees
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.room_scenes import ASPECT, SIZE_PX, Figurine, RoomScene, draw_scene, figurines, pictures, walk
from footfall.core.geometry import Point
from footfall.core.types import Detections, Frame, TrackObservation
from footfall.detect.build import open_detector
from footfall.runtime.folders import models_folder
from footfall.spatial.calibration.calibrator import Calibration, CalibrationSettings, CalibrationState, SelfCalibrator
from footfall.spatial.ground import Camera
from footfall.track.settings import TrackerSettings
from footfall.track.tracker import PeopleTracker

PAIRS = 1000
NEAREST_M = 0.5
FPS = 5.0
TOP, BOTTOM, SIDE = (-0.028, 0.040), (0.002, 0.035), (0.0, 0.08)
"""Mean and standard deviation of where a detector's edges are, as shares of height and width: those of `person` in
four rooms of development, matched boxes seen whole."""
MEMORY = 0.7
"""Correlation of these from one frame to the next."""
MISSED, SHORT = 0.07, 0.03
"""Shares of boxes that are not found, and that end at the knees."""


@dataclass
class Disturbed:
    """Boxes as a detector would give them."""

    rng: np.random.Generator
    _drift: dict[int, NDArray[np.float64]] = field(default_factory=dict)

    def detect(self, people: list[Figurine]) -> Detections:
        """Boxes of one frame."""
        boxes = [box for person in people if (box := self._seen(person, people)) is not None]
        xyxy = np.array(boxes, np.float32).reshape(-1, 4) * np.array([*SIZE_PX, *SIZE_PX], np.float32)
        return Detections(xyxy, np.full(len(boxes), 0.8, np.float32), np.zeros(len(boxes), np.int16), SIZE_PX)

    def _seen(self, person: Figurine, people: list[Figurine]) -> tuple[float, ...] | None:
        drift = self._drift.get(person.index, self.rng.normal(size=4))
        drift = self._drift[person.index] = MEMORY * drift + np.sqrt(1 - MEMORY**2) * self.rng.normal(size=4)
        x0, y0, x1, y1 = person.box_n
        y1 = min([y1, *(_cut(person, other) for other in people if other.depth_m < person.depth_m)])
        height, width = person.box_n[3] - y0, x1 - x0
        if y1 - y0 < 0.35 * height or self.rng.random() < MISSED:
            return None
        if self.rng.random() < SHORT:
            y1 -= 0.2 * height
        means, deviations = np.array([SIDE, TOP, SIDE, BOTTOM]).T
        moved = np.array([x0, y0, x1, y1]) + (means + deviations * drift) * np.array([width, height, width, height])
        return tuple(np.clip(moved, 0.0, 1.0).tolist())


def _cut(person: Figurine, other: Figurine) -> float:
    """Lower end of what can be seen of a person behind another one."""
    a, b = person.box_n, other.box_n
    shared = min(a[2], b[2]) - max(a[0], b[0])
    return b[1] if shared > 0.5 * (a[2] - a[0]) and b[1] > a[1] and b[3] > a[3] - 0.1 * (a[3] - a[1]) else a[3]


@dataclass
class Outcome:
    """One room."""

    seed: int
    camera: Camera
    calibration: Calibration
    ready_s: float | None
    errors: NDArray[np.float64]
    """Of distances between true places, seen through the estimated camera."""
    ready_errors: NDArray[np.float64]
    """The same with the first camera that was called calibrated."""
    people_errors: NDArray[np.float64]
    """Of distances between people found in the same frame, from their boxes."""

    def line(self) -> str:
        """One row of the report."""
        c, found = self.camera, self.calibration.camera
        truth = f"{c.height_m:.2f} m, {c.focal_w:.2f}, {degrees(c.tilt_rad):.0f} deg"
        if found is None:
            return f"{self.seed:3d}  {truth}  not calibrated: {'; '.join(self.calibration.missing)}"
        learnt = f"{found.height_m:.2f} m, {found.focal_w:.2f}, {degrees(found.tilt_rad):.0f} deg"
        return (
            f"{self.seed:3d}  {truth}  learnt {learnt}  after {self.ready_s:.0f} s  told {self.calibration.error:.1%}  "
            f"made {np.median(self.errors):.1%} / {np.percentile(self.errors, 95):.1%}"
        )


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks rooms", description=__doc__)
    parser.add_argument("--model", default="boxes", help="boxes (default), or a detector's name or path")
    parser.add_argument("--rooms", type=int, default=20)
    parser.add_argument("--first", type=int, default=1, help="number of the first room")
    parser.add_argument("--seconds", type=float, default=180.0)
    parser.add_argument("--out", type=Path, help="append one JSON object a room")
    args = parser.parse_args(arguments)
    outcomes = []
    for seed in range(args.first, args.first + args.rooms):
        outcomes.append(measure(draw_scene(seed, args.seconds), args.model))
        print(outcomes[-1].line(), flush=True)
        if args.out:
            with args.out.open("a") as file:
                file.write(json.dumps(_record(outcomes[-1])) + "\n")
    report(outcomes)
    return 0


def report(outcomes: list[Outcome]) -> None:
    """What stands in RESULTS.md."""
    done = [outcome for outcome in outcomes if outcome.calibration.camera is not None]
    print(f"{len(done)} of {len(outcomes)} rooms calibrated")
    if not done:
        return
    ready = [outcome.ready_s for outcome in done if outcome.ready_s is not None]
    print(f"first calibrated after {np.median(ready):.0f} s (median), {max(ready):.0f} s at most")
    for name, sets in (
        ("at the end", [outcome.errors for outcome in done]),
        ("when first called calibrated", [outcome.ready_errors for outcome in done]),
        ("people in one frame, from their boxes", [outcome.people_errors for outcome in done]),
    ):
        pooled = np.concatenate(sets)
        worst = max(float(np.median(errors)) for errors in sets if len(errors))
        told = f"median {np.median(pooled):.1%}, p95 {np.percentile(pooled, 95):.1%}"
        print(f"distances {name}: {told}, worst room's median {worst:.1%}")
    ratio = [np.median(outcome.errors) / (outcome.calibration.error or 1.0) for outcome in done]
    print(f"error made over standard error told: root mean square {np.sqrt(np.mean(np.square(ratio))):.2f}")


def measure(scene: RoomScene, model: str) -> Outcome:
    """Watch one room for its whole length."""
    numbers = itertools.count()
    tracker = PeopleTracker(TrackerSettings(), lambda: f"{next(numbers):032x}")
    calibrator, rng = SelfCalibrator(ASPECT, CalibrationSettings()), np.random.default_rng([scene.seed, 11])
    first: tuple[float, Camera] | None = None
    places: list[Point] = []
    pairs: list[tuple[Point, Point, Point, Point]] = []
    for index, (t_s, people, detections) in enumerate(_watched(scene, model)):
        found = tracker.update(detections, t_s, index)
        calibration = calibrator.step(found, t_s)
        if calibration.state is CalibrationState.CALIBRATED and first is None and calibration.camera is not None:
            first = t_s, calibration.camera
        places += [person.ground_m for person in people if _is_whole(person)]
        pairs += _same_frame(found, [person for person in people if _is_whole(person)], rng)
    camera = calibrator.calibration.camera
    none = np.empty(0)
    return Outcome(
        scene.seed,
        scene.camera,
        calibrator.calibration,
        first[0] if first else None,
        distance_errors(scene.camera, camera, places, rng) if camera else none,
        distance_errors(scene.camera, first[1], places, rng) if first else none,
        _people_errors(camera, pairs) if camera else none,
    )


def _watched(scene: RoomScene, model: str) -> Iterator[tuple[float, list[Figurine], Detections]]:
    if model == "boxes":
        disturbed = Disturbed(np.random.default_rng([scene.seed, 7]))
        for t_s, stances in walk(scene, FPS):
            people = figurines(scene, stances)
            yield t_s, people, disturbed.detect(people)
        return
    detector, _ = open_detector(model, folder=models_folder(), threads=1)
    for index, (t_s, image, stances) in enumerate(pictures(scene, FPS)):
        frame = Frame("room", index, t_s, datetime.fromtimestamp(t_s, UTC), image, SIZE_PX)
        yield t_s, figurines(scene, stances), detector.detect([frame])[0]


def _is_whole(person: Figurine) -> bool:
    return all(0.0 <= edge <= 1.0 for edge in person.box_n)


def _through(camera: Camera, point_n: Point | None) -> tuple[float, float]:
    """The floor under a point of the picture; far away where there is none."""
    place = camera.to_ground(point_n, ASPECT) if point_n is not None else None
    return place if place is not None else (1e6, 1e6)


def distance_errors(
    truth: Camera, camera: Camera, places: list[Point], rng: np.random.Generator
) -> NDArray[np.float64]:
    """(n,) errors of distances between random places, as shares."""
    first, second = (rng.integers(len(places), size=PAIRS) for _ in range(2))
    there = np.array(places)
    seen = np.array([_through(camera, truth.to_image(place, ASPECT)) for place in places])
    true_m = np.hypot(*(there[first] - there[second]).T)
    found_m = np.hypot(*(seen[first] - seen[second]).T)
    far = true_m >= NEAREST_M
    return np.asarray(np.abs(found_m[far] / true_m[far] - 1.0))


def _same_frame(
    found: list[TrackObservation], people: list[Figurine], rng: np.random.Generator
) -> list[tuple[Point, Point, Point, Point]]:
    """(foot, foot, place, place) of two random people of a frame that were found."""
    matched = [(who.footprint_n, person.ground_m) for person in people if (who := _match(person, found)) is not None]
    if len(matched) < 2:
        return []
    (foot_a, place_a), (foot_b, place_b) = (matched[int(k)] for k in rng.choice(len(matched), 2, replace=False))
    return [(foot_a, foot_b, place_a, place_b)]


def _match(person: Figurine, found: list[TrackObservation]) -> TrackObservation | None:
    def overlap(who: TrackObservation) -> float:
        a, b = person.box_n, who.box_n
        wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
        shared = max(0.0, wide) * max(0.0, high)
        return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)

    best = max(found, key=overlap, default=None)
    return best if best is not None and overlap(best) > 0.5 else None


def _people_errors(camera: Camera, pairs: list[tuple[Point, Point, Point, Point]]) -> NDArray[np.float64]:
    errors = []
    for foot_a, foot_b, place_a, place_b in pairs:
        true_m = float(np.hypot(place_a[0] - place_b[0], place_a[1] - place_b[1]))
        if true_m >= NEAREST_M:
            (xa, ya), (xb, yb) = _through(camera, foot_a), _through(camera, foot_b)
            errors.append(abs(float(np.hypot(xa - xb, ya - yb)) / true_m - 1.0))
    return np.array(errors[:PAIRS])


def _record(outcome: Outcome) -> dict[str, object]:
    found = outcome.calibration.camera
    return {
        "room": outcome.seed,
        "truth": [outcome.camera.height_m, outcome.camera.focal_w, outcome.camera.tilt_rad],
        "learnt": None if found is None else [found.height_m, found.focal_w, found.tilt_rad],
        "ready_s": outcome.ready_s,
        "told": outcome.calibration.error,
        "median": float(np.median(outcome.errors)) if len(outcome.errors) else None,
        "p95": float(np.percentile(outcome.errors, 95)) if len(outcome.errors) else None,
    }
