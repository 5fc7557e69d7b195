"""`python -m benchmarks clips --shared FOLDER [--model NAME|PATH]... [--python PEERS_PYTHON]`: right numbers.

Every clip of FOLDER/data/clips that has a truth runs through our whole chain; what the detector found on the way goes,
frame by frame, to supervision's chain as well (ByteTrack, LineZone, PolygonZone) in an environment of its own. Both
are scored against the same truth by the same rules. Total error: how far each line's totals, either way, and each
zone's enters and exits are off, summed, over the true ones. One by one: missed and invented events over true ones, told
within the truth's tolerance in time. Without --python, ours alone. The table is ready for RESULTS.md.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.looks import VIDEOS, decoded, plan_of
from footfall.config.plan import GraphPlan, LookAt, SourceSpec
from footfall.core.geometry import Box
from footfall.core.ports import Detector, ExpectsPeople
from footfall.core.types import Detections, Frame
from footfall.engine.clock import SystemClock
from footfall.evaluation.event import evaluate_events
from footfall.evaluation.event_report import Tally
from footfall.events.tracks import EPOCH
from footfall.ingest.decode import VideoSource
from footfall.runtime.detectors import Detectors
from footfall.runtime.folders import models_folder
from footfall.runtime.options import Options
from footfall.runtime.wiring import Models, run_graph

OURS = "footfall"


@dataclass(frozen=True, slots=True)
class Score:
    """One chain on one clip."""

    crossings: tuple[Tally, ...]
    """Per line and direction."""
    visits: tuple[Tally, ...]
    """Enters and exits, per zone."""


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks clips", description=__doc__)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--model", action="append", default=[], help="default: person, and YOLOX-nano of FOLDER")
    parser.add_argument("--python", type=Path, help="interpreter that has supervision and trackers")
    parser.add_argument("--fps", type=float, default=15.0, help="at most so many frames a second are analysed")
    parser.add_argument("--only", default="", help="part of a clip folder's name")
    args = parser.parse_args(argv)
    cv2.setNumThreads(1)
    models = args.model or ["person", str(args.shared / "models" / "yolox_nano" / "yolox_nano.onnx")]
    truths = (args.shared / "data" / "clips").glob(f"*{args.only}*/truth.json")
    folders = sorted(file.parent for file in truths if says_events(json.loads(file.read_text())))
    if not folders:
        sys.exit(f"{args.shared}: no clips with a truth.json in data/clips")
    table: dict[tuple[str, str], dict[str, Score]] = {}
    for model in models:
        for folder in folders:
            for chain, score in contest(folder, model, args.fps, args.python):
                table.setdefault((Path(model).stem, chain), {})[folder.name] = score
                print(f"{folder.name} {Path(model).stem} {chain} {score}", file=sys.stderr, flush=True)
    print("\n".join(rows(table)))
    return 0


def says_events(truth: dict[str, Any]) -> bool:
    """Whether somebody has written down crossings or visits; elsewhere there is nothing to compare."""
    return bool(truth.get("lines")) or any("visits" in zone for zone in truth.get("zones", {}).values())


def contest(folder: Path, model: str, fps: float, python: Path | None) -> Iterator[tuple[str, Score]]:
    """Every chain on one clip."""
    truth = json.loads((folder / "truth.json").read_text())
    clip = next(file for file in sorted(folder.iterdir()) if file.suffix in VIDEOS)
    plan = plan_of(clip, truth, model, LookAt.WHOLE, fps)
    bodies, seen = ours(plan)
    yield OURS, score_of(truth, bodies)
    if python is None:
        return
    request = json.dumps({"frames": seen, "fps": min(fps, truth["fps"]), "truth": truth})
    command = [str(python), "-m", "benchmarks.clips_supervision"]
    answer = subprocess.run(command, input=request, check=True, stdout=subprocess.PIPE, text=True).stdout
    for chain, events in json.loads(answer).items():
        yield chain, score_of(truth, [body(*event) for event in events])


def ours(plan: GraphPlan) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Event bodies of our chain, and what its detector found in each frame."""
    options = Options(models_folder(), Path("/nonexistent"), threads=1, media_time=True)
    detector, width_px = Detectors(options).open(plan)
    recorder, clock = Recorder(detector), SystemClock()
    graph = run_graph(plan, Models(recorder), options, clock)
    source = VideoSource(plan.spec(SourceSpec), image_width_px=width_px, clock=clock)
    bodies = [body for frame in source.frames() for body in decoded(graph.push(frame))]
    return bodies + decoded(graph.flush()), recorder.frames


class Recorder:
    """A detector whose finds are kept: time, normalised boxes, scores."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self.frames: list[dict[str, Any]] = []

    def detect(self, frames: Sequence[Frame]) -> list[Detections]:
        """As `core.ports.Detector`."""
        found = self._detector.detect(frames)
        for frame, here in zip(frames, found, strict=True):
            people = here[here.label == 0]
            boxes_n = people.xyxy_px / np.array(people.frame_size * 2)
            self.frames.append({"t": frame.t_s, "boxes": boxes_n.tolist(), "scores": people.score.tolist()})
        return found

    def observe(self, people_n: Iterable[Box]) -> None:
        """As `core.ports.ExpectsPeople`."""
        if isinstance(self._detector, ExpectsPeople):
            self._detector.observe(people_n)


def body(t_s: float, kind: str, region: str, status: str) -> dict[str, Any]:
    """An event of another chain, worded as ours."""
    timestamp = (EPOCH + timedelta(seconds=t_s)).isoformat()
    event = {"type": kind, "zone": region, "properties": {"status": status}}
    return {"sourceInfo": {"timestamp": timestamp}, "events": [event]}


def score_of(truth: dict[str, Any], bodies: list[dict[str, Any]]) -> Score:
    report = evaluate_events(truth, bodies)
    visits = (tally for zone in report.zones for tally in (zone.enters, zone.exits) if tally is not None)
    return Score(tuple(line.crossings for line in report.lines), tuple(visits))


def rows(table: dict[tuple[str, str], dict[str, Score]]) -> Iterator[str]:
    """A Markdown table: per detector and chain the sums of all clips."""
    yield "| detector | chain | crossings | enters and exits | total error | one by one |"
    yield "|---|---|---|---|---|---|"
    for (model, chain), scores in table.items():
        crossings = [tally for score in scores.values() for tally in score.crossings]
        visits = [tally for score in scores.values() for tally in score.visits]
        cells = words(crossings), words(visits), *errors([*crossings, *visits])
        yield f"| {model} | {chain} | {' | '.join(cells)} |"


def words(tallies: Iterable[Tally]) -> str:
    """Found / missed / invented."""
    each = [(tally.found, tally.missed, tally.invented) for tally in tallies]
    return " / ".join(str(sum(column)) for column in zip(*each, strict=True)) or "-"


def errors(tallies: Sequence[Tally]) -> tuple[str, str]:
    """Total error, and the one of events one by one."""
    true = max(sum(tally.truth for tally in tallies), 1)
    off = sum(abs(tally.invented - tally.missed) for tally in tallies)
    wrong = sum(tally.invented + tally.missed for tally in tallies)
    return f"{100 * off / true:.1f} %", f"{100 * wrong / true:.1f} %"
