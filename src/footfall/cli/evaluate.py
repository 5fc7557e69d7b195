"""Measure results against the truth.

  detections   COCO json               against what `footfall detect` writes     -> AP50, AP50-95, recall
  tracks       MOTChallenge gt.txt     against what `footfall track` writes      -> HOTA, IDF1, MOTA, IDSW
  events       footfall-truth-1 json   against JSON lines of `footfall run --media-time`
                                       -> crossings, enters, exits, dwell and count errors

examples:
  footfall run clip.mp4 --line door=0.8,0.3,0.8,1.0 --media-time > events.jsonl
  footfall evaluate events truth.json events.jsonl
  footfall evaluate detections coco.json found.json --json
"""

from __future__ import annotations

import argparse
import json

from footfall.cli.files import read_text
from footfall.evaluation.detection import evaluate_detections
from footfall.evaluation.event import evaluate_events
from footfall.evaluation.tracking import evaluate_tracks

KINDS = {"detections": evaluate_detections, "tracks": evaluate_tracks, "events": evaluate_events}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("truth", metavar="TRUTH")
    parser.add_argument("result", metavar="RESULT", help="or - for standard input")
    parser.add_argument("--json", action="store_true", help="figures as JSON instead of a table")


def main(args: argparse.Namespace) -> int:
    """Compare and print."""
    report = KINDS[args.kind](read_text(args.truth), read_text(args.result))
    print(json.dumps(report.to_dict(), indent=2) if args.json else report.table())  # noqa: T201
    return 0
