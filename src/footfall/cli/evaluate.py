"""Measure results against the truth, or detectors against labelled pictures.

  detections   COCO json or Pascal VOC folder   against what `footfall detect` writes      -> AP50, AP50-95, recall
               the same                         against models, side by side on its pictures
  tracks       MOTChallenge gt.txt              against what `footfall track` writes       -> HOTA, IDF1, MOTA, IDSW
  events       footfall-truth-1 json            against JSON lines of `footfall run --media-time`
                                                -> crossings, enters, exits, dwell and count errors
  jitter       nothing: people are made up, and disturbed   -> how far the rules are off when boxes tremble, ids switch,
                                                sights are missing, nobody is there, or frames are few

Examples:
  footfall run clip.mp4 --line door=0.8,0.3,0.8,1.0 --media-time > events.jsonl
  footfall evaluate events truth.json events.jsonl
  footfall evaluate detections coco.json found.json --json
  footfall evaluate detections coco.json --model yolox-nano --model mine.onnx --sheet look.png
  footfall evaluate jitter --sigma 2,4,6 --switches 5 --people 300
"""

from __future__ import annotations

import argparse
import json
from typing import Any, Protocol

from footfall.cli.contest import able, hold, named_contestants, refuse_motion
from footfall.cli.files import read_text
from footfall.cli.jitter import add_jitter_options, run_jitter
from footfall.cli.labelled import add_truth_options, find_files, frames, read_truth
from footfall.cli.sheets import check_sheet, write_sheets
from footfall.cli.watch import say
from footfall.core.errors import ConfigError, Problem
from footfall.evaluation.comparison import compare, images_that_count
from footfall.evaluation.detection import evaluate_detections
from footfall.evaluation.documents import parse_json
from footfall.evaluation.event import evaluate_events
from footfall.evaluation.tracking import evaluate_tracks


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parser.add_argument("kind", choices=("detections", "tracks", "events", "jitter"), help="what is measured")
    parser.add_argument("truth", metavar="TRUTH", nargs="?", help="not with jitter")
    parser.add_argument("result", metavar="RESULT", nargs="?", help="or - for standard input; not with --model")
    parser.add_argument("--json", action="store_true", help="figures as JSON instead of a table")
    group = parser.add_argument_group("detections")
    group.add_argument(
        "--model", action="append", default=[], metavar="NAME|PATH", help="run this on the pictures; may be repeated"
    )
    group.add_argument("--sheet", metavar="OUT.png", help="contact sheets of hits, misses and false ones; with --model")
    add_truth_options(parser)
    add_jitter_options(parser)


def main(args: argparse.Namespace) -> int:
    """Compare and print."""
    if args.kind == "jitter":
        report: Report = run_jitter(args)
    else:
        _check(args)
        report = run_models(args) if args.model else score(args)
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


def run_models(args: argparse.Namespace) -> Report:
    """Run the models on the pictures of the truth and score what they find."""
    sheet = check_sheet(args.sheet) if args.sheet else None
    truth = read_truth(args.truth, args)
    entered = named_contestants(args.model, thorough=True)
    files = find_files(truth, images_that_count(truth, entered, args.truth), args.truth, args.images)
    contestants = able(truth, entered)
    hold(frames(files), contestants, len(files))
    if sheet:
        for path in write_sheets(sheet, truth, files, contestants):
            say(f"wrote {path}")
    return compare(truth, contestants, args.truth)


def score(args: argparse.Namespace) -> Report:
    """Read truth and result and score."""
    if args.kind == "detections":
        truth = read_truth(args.truth, args)
        return evaluate_detections(truth, read_text(args.result), truth_file=args.truth, result_file=args.result)
    truth_text, result_text = read_text(args.truth), read_text(args.result)
    if args.kind == "tracks":
        return evaluate_tracks(truth_text, result_text, truth_file=args.truth, result_file=args.result)
    cure = "write one event a line, as `footfall run --media-time` does"
    events = [
        parse_json(line, dict, f"{args.result} line {number}", cure)
        for number, line in enumerate(result_text.splitlines(), 1)
        if line.strip()
    ]
    document = parse_json(truth_text, dict, args.truth, "write a footfall-truth-1 document")
    return evaluate_events(document, events, truth_file=args.truth, result_file=args.result)


def _check(args: argparse.Namespace) -> None:
    """Refuse options that do not go together.

    Raises:
        ConfigError: with the first problem.
    """
    given = {"--model": args.model, "--only": args.only, "--without": args.without, "--label": args.label}
    wrong = next((option for option, value in given.items() if value), None) if args.kind != "detections" else None
    if wrong:
        raise ConfigError([Problem("command line", wrong, f"does not go with {args.kind}", "take detections")])
    jitter = {f"--{name}": getattr(args, name) for name in ("seed", "people", "sigma", "switches", "fps")}
    if astray := next((option for option, value in jitter.items() if value is not None), None):
        raise ConfigError([Problem("command line", astray, f"does not go with {args.kind}", "take jitter")])
    if bool(args.model) == bool(args.result):
        what = "both a result and models" if args.model else "neither a result nor a model"
        cure = "give a RESULT file, or --model to run detectors on the pictures of the truth"
        raise ConfigError([Problem("command line", "RESULT", what, cure)])
    if args.truth is None:
        raise ConfigError([Problem("command line", "TRUTH", "is missing", f"say what {args.kind} are held against")])
    if (args.sheet or args.images) and not args.model:
        option = "--sheet" if args.sheet else "--images"
        raise ConfigError([Problem("command line", option, "needs pictures to run models on", "give --model too")])
    refuse_motion(args.model)
