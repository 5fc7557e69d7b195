"""Find people in pictures; writes a COCO result list.

    [{"image": path, "category": "person", "bbox": [x, y, w, h], "score": s}, …]   boxes in pixels of the picture

What is no picture is named on standard error, the others are searched all the same; the exit code is then 2.

Examples:
  footfall detect photo.jpg --out found.json
  footfall detect pictures/ --model ./my-detector.onnx --out found.json
  footfall evaluate detections coco.json found.json
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from rich.progress import track

from footfall.cli.files import check_writable
from footfall.cli.numbers import whole
from footfall.cli.terminal import Terminal
from footfall.cli.watch import say, say_all
from footfall.core.errors import ConfigError, Problem
from footfall.detect.build import open_detector
from footfall.detect.pictures import detect_pictures, find_pictures
from footfall.runtime.folders import models_folder

OK, BAD_INPUT = 0, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parser.add_argument("pictures", nargs="+", metavar="IMAGE_OR_FOLDER", type=Path, help="what to look at")
    parser.add_argument("--out", required=True, metavar="FILE.json", help="where to write the results, - for stdout")
    parser.add_argument("--model", metavar="NAME|PATH", default="person", help="model card or file (default person)")
    parser.add_argument("--min-score", type=float, metavar="S", help="drop detections below S (default: the card's)")
    parser.add_argument("--threads", type=whole(1, 256), default=2, metavar="N", help="CPU threads (default 2)")


def main(args: argparse.Namespace) -> int:
    """Detect in every picture."""
    pictures = find_pictures(args.pictures)
    target = None if args.out == "-" else check_writable(args.out, "--out")
    detector, card = open_detector(args.model, folder=models_folder(), min_score=args.min_score, threads=args.threads)
    if card.decoder == "motion":
        cure = "name a network, for instance --model person (footfall models list)"
        raise ConfigError([Problem("command line", "--model", "motion needs video, not single pictures", cure)])
    say(f"detector {card.name} ({card.licence})")
    console = Terminal(stderr=True)
    shown = track(pictures, "detecting", console=console, transient=True) if console.is_terminal else pictures
    problems: list[Problem] = []
    text = json.dumps(list(detect_pictures(shown, detector, card, problems)), indent=1)
    if target is None:
        print(text)  # noqa: T201
    else:
        target.write_text(text + "\n", encoding="utf-8")
    say_all(problems)
    return BAD_INPUT if problems else OK
