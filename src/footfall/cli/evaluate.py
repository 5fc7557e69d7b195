"""Measure results against the truth.

  detections   COCO json               against what `footfall detect` writes     -> AP50, AP50-95, recall
  tracks       MOTChallenge gt.txt     against what `footfall track` writes      -> HOTA, IDF1, MOTA, IDSW
  events       footfall-truth-1 json   against JSON lines of `footfall run --media-time`
                                       -> crossings, enters, exits, dwell and count errors

Examples:
  footfall run clip.mp4 --line door=0.8,0.3,0.8,1.0 --media-time > events.jsonl
  footfall evaluate events truth.json events.jsonl
  footfall evaluate detections coco.json found.json --json
"""

from __future__ import annotations

import argparse
import json
from typing import Any, Protocol

from footfall.cli.files import read_text
from footfall.evaluation.detection import evaluate_detections
from footfall.evaluation.documents import parse_json
from footfall.evaluation.event import evaluate_events
from footfall.evaluation.tracking import evaluate_tracks


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parser.add_argument("kind", choices=("detections", "tracks", "events"))
    parser.add_argument("truth", metavar="TRUTH")
    parser.add_argument("result", metavar="RESULT", help="or - for standard input")
    parser.add_argument("--json", action="store_true", help="figures as JSON instead of a table")


def main(args: argparse.Namespace) -> int:
    """Compare and print."""
    report = compare(args.kind, args.truth, args.result)
    print(json.dumps(report.to_dict(), indent=2) if args.json else report.table())  # noqa: T201
    return 0


class Report(Protocol):
    """Figures of one comparison."""

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        ...

    def table(self) -> str:
        """For people."""
        ...


def compare(kind: str, truth: str, result: str) -> Report:
    """Read both files and score."""
    truth_text, result_text = read_text(truth), read_text(result)
    if kind == "detections":
        return evaluate_detections(truth_text, result_text, truth_file=truth, result_file=result)
    if kind == "tracks":
        return evaluate_tracks(truth_text, result_text, truth_file=truth, result_file=result)
    cure = "write one event a line, as `footfall run --media-time` does"
    events = [
        parse_json(line, dict, f"{result} line {number}", cure)
        for number, line in enumerate(result_text.splitlines(), 1)
        if line.strip()
    ]
    document = parse_json(truth_text, dict, truth, "write a footfall-truth-1 document")
    return evaluate_events(document, events, truth_file=truth, result_file=result)
