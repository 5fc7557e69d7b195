"""`python -m benchmarks.looks CLIPS [--model NAME|PATH] [--far N]`: crops of interest against whole pictures.

CLIPS is a folder of folders, each with one video and a truth.json ("footfall-truth-1"). Every clip runs with both
looks, interleaved, on one thread: how well the events fit the truth, and what the network was fed. With --far N each
clip is shown N times smaller, in the middle of a still 1920x1080 picture: the same people from far away, and the same
truth. Read times as ratios.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import cv2

from benchmarks.far import filmed_from_afar
from footfall.config.native import parse_line, parse_zone, plan_for_target
from footfall.config.plan import DetectSpec, GraphPlan, LookAt, SourceSpec
from footfall.core.geometry import Box
from footfall.core.ports import Detector, ExpectsPeople
from footfall.core.types import Detections, Frame, Message
from footfall.detect.build import open_detector
from footfall.detect.crops import Lens
from footfall.detect.gate import GatedDetector
from footfall.detect.lookout import InterestDetector
from footfall.engine.clock import SystemClock
from footfall.evaluation.event import evaluate_events
from footfall.evaluation.event_report import EventReport
from footfall.ingest.decode import VideoSource
from footfall.runtime.detectors import Detectors
from footfall.runtime.folders import models_folder
from footfall.runtime.options import Options
from footfall.runtime.wiring import Models, run_graph
from footfall.spatial.regions import SpatialSpec

VIDEOS = (".mp4", ".h264", ".gif", ".mkv")


@dataclass(frozen=True, slots=True)
class Figures:
    """One clip with one look."""

    crossings: tuple[int, int, int]
    """Found, missed, invented."""
    visits: tuple[int, int, int]
    """Enters and exits: found, missed, invented."""
    counts: tuple[int, int]
    """Probes with the exact count, of all."""
    frames: int
    calls: int
    network_mpx: float
    """Million pixels fed to the network."""
    detect_s: float
    """CPU seconds of the detect stage."""
    picture_s: float
    """CPU seconds for getting pictures from the source, but for FFmpeg's own threads."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.looks", description=__doc__)
    parser.add_argument("clips", type=Path)
    parser.add_argument("--model", default=DetectSpec().model)
    parser.add_argument("--far", type=float, metavar="N")
    parser.add_argument("--only", default="", help="part of a folder's name")
    parser.add_argument("--fps", type=float, default=15.0)
    args = parser.parse_args()
    cv2.setNumThreads(1)
    report = {}
    with TemporaryDirectory() as name:
        for folder in sorted(path.parent for path in args.clips.glob(f"*{args.only}*/truth.json")):
            truth = json.loads((folder / "truth.json").read_text())
            clip = next(file for file in sorted(folder.iterdir()) if file.suffix in VIDEOS)
            if args.far:
                clip, truth = filmed_from_afar(clip, truth, args.far, Path(name))
            report[folder.name] = {
                look.value: measured(clip, truth, args.model, look, args.fps) for look in reversed(LookAt)
            }
            for look, figures in report[folder.name].items():
                print(row(folder.name, look, figures), flush=True)
    print(total(report))
    return 0


def measured(clip: Path, truth: dict[str, Any], model: str, look: LookAt, fps: float) -> Figures:
    """Run one clip and score its events."""
    plan = plan_of(clip, truth, model, look, fps)
    options = Options(models_folder(), Path("/nonexistent"), threads=1, media_time=True)
    detector, width_px = Detectors(options).open(plan)
    timed, clock = Timed(detector), SystemClock()
    graph = run_graph(plan, Models(timed), options, clock)
    source = VideoSource(plan.spec(SourceSpec), image_width_px=width_px, clock=clock)
    start_s = time.thread_time()
    bodies, rest_s = [], 0.0
    for frame in source.frames():
        fed_s = time.thread_time()
        bodies += decoded(graph.push(frame))
        rest_s += time.thread_time() - fed_s
    picture_s = time.thread_time() - start_s - rest_s
    bodies += decoded(graph.flush())
    calls, fed_px = work(detector, timed.picture_px, model)
    scores = evaluate_events(truth, bodies)
    return Figures(*scored(scores), timed.frames, calls, fed_px / 1e6, timed.seconds, picture_s)


def plan_of(clip: Path, truth: dict[str, Any], model: str, look: LookAt, fps: float) -> GraphPlan:
    """The truth's own lines and zones; all of the picture where people are counted in it."""
    lines = [parse_line(f"{n}=" + ",".join(map(str, each["segment"]))) for n, each in truth.get("lines", {}).items()]
    polygons = {name: zone["polygon"] for name, zone in truth.get("zones", {}).items()}
    if "occupancy_whole_frame" in truth:
        polygons["frame"] = truth["occupancy_whole_frame"].get("polygon", [(0, 0), (1, 0), (1, 1), (0, 1)])
    zones = [parse_zone(f"{n}=" + ";".join(f"{x},{y}" for x, y in ring)) for n, ring in polygons.items()]
    plan = plan_for_target(str(clip), spatial=SpatialSpec(tuple(zones), tuple(lines)), model=model).graphs[0]
    changes: dict[type, dict[str, Any]] = {DetectSpec: {"look": look}, SourceSpec: {"max_fps": fps}}
    nodes = [replace(node, spec=replace(node.spec, **changes.get(type(node.spec), {}))) for node in plan.nodes]
    return replace(plan, nodes=tuple(nodes))


class Timed:
    """A detector that counts its frames and CPU seconds."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self.frames, self.seconds, self.picture_px = 0, 0.0, (1, 1)

    def detect(self, frames: Sequence[Frame]) -> list[Detections]:
        """As `core.ports.Detector`."""
        start_s = time.thread_time()
        found = self._detector.detect(frames)
        self.seconds += time.thread_time() - start_s
        self.frames += len(frames)
        self.picture_px = frames[0].image.shape[1], frames[0].image.shape[0]
        return found

    def observe(self, people_n: Iterable[Box]) -> None:
        """As `core.ports.ExpectsPeople`."""
        if isinstance(self._detector, ExpectsPeople):
            self._detector.observe(people_n)


def decoded(messages: Iterable[object]) -> list[dict[str, Any]]:
    return [json.loads(message.body) for message in messages if isinstance(message, Message)]


def work(detector: Detector, picture_px: tuple[int, int], model: str) -> tuple[int, int]:
    """Calls of the network, and pixels fed to it."""
    if isinstance(detector, InterestDetector):
        return detector.looks, detector.fed_px
    if isinstance(detector, GatedDetector):
        _, card = open_detector(model, folder=models_folder())
        return detector.looks, detector.looks * Lens(picture_px, card.input).whole.cost_px
    return 0, 0


def scored(report: EventReport) -> tuple[tuple[int, int, int], tuple[int, int, int], tuple[int, int]]:
    """Crossings, visits and counts of all regions together."""
    visits = [tally for zone in report.zones for tally in (zone.enters, zone.exits) if tally is not None]
    counts = [each for each in (report.whole_frame, *(zone.count for zone in report.zones)) if each is not None]
    return (
        tallied([line.crossings for line in report.lines]),
        tallied(visits),
        (sum(each.exact for each in counts), sum(each.probes for each in counts)),
    )


def tallied(tallies: Sequence[Any]) -> tuple[int, int, int]:
    found, missed, invented = (
        sum(getattr(tally, name) for tally in tallies) for name in ("found", "missed", "invented")
    )
    return found, missed, invented


def row(clip: str, look: str, figures: Figures) -> str:
    crossings, visits, counts = (
        " / ".join(map(str, each)) for each in (figures.crossings, figures.visits, figures.counts)
    )
    cost = f"{figures.calls} | {figures.network_mpx:.1f} | {figures.detect_s:.2f} | {figures.picture_s:.2f}"
    return f"| {clip} | {look} | {crossings} | {visits} | {counts} | {figures.frames} | {cost} |"


def total(report: dict[str, dict[str, Figures]]) -> str:
    """Ratios of interest to whole over all clips."""
    sums = {
        name: [
            sum(getattr(each[look.value], name) for each in report.values()) for look in (LookAt.INTEREST, LookAt.WHOLE)
        ]
        for name in ("network_mpx", "detect_s", "picture_s")
    }
    sums["both_s"] = [a + b for a, b in zip(sums["detect_s"], sums["picture_s"], strict=True)]
    return "interest / whole: " + ", ".join(f"{name} {a / max(b, 1e-9):.2f}" for name, (a, b) in sums.items())


if __name__ == "__main__":
    raise SystemExit(main())
