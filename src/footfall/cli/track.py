"""Give the detections of a MOTChallenge text file their identities.

Reads `frame,-1,x,y,w,h,score,...` and writes `frame,id,x,y,w,h,score,-1,-1,-1`; boxes in pixels, frames from 1.

examples:
  footfall track det.txt --fps 30 --out tracks.txt --image-size 1920x1080
  footfall evaluate tracks gt.txt tracks.txt
"""

from __future__ import annotations

import argparse
from itertools import count

import numpy as np

from footfall.cli.files import check_writable, read_text
from footfall.cli.options import size
from footfall.core.errors import ConfigError, Problem
from footfall.core.ports import Tracker
from footfall.core.types import Detections
from footfall.evaluation.motchallenge import MotRow, format_rows, parse_rows
from footfall.track.settings import TrackerSettings
from footfall.track.tracker import PeopleTracker


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parser.add_argument("detections", metavar="DETECTIONS.txt", help="MOTChallenge detections, or - for standard input")
    parser.add_argument("--fps", type=float, required=True, metavar="F", help="frames a second of the video")
    parser.add_argument("--out", required=True, metavar="TRACKS.txt", help="where to write the tracks")
    parser.add_argument("--image-size", type=size, metavar="WxH", help="default: what the boxes span")
    parser.add_argument("--tracker", default="footfall", choices=["footfall"], help="which tracker")


def main(args: argparse.Namespace) -> int:
    """Read detections, write tracks."""
    if args.fps <= 0:
        raise ConfigError([Problem("command line", "--fps", f"{args.fps} is not above zero", "give frames a second")])
    rows = parse_rows(read_text(args.detections), file=args.detections)
    target = check_writable(args.out, "--out")
    numbers = count(1)
    tracker = PeopleTracker(TrackerSettings(), lambda: str(next(numbers)))
    target.write_text(format_rows(followed(rows, tracker, args.fps, args.image_size)), encoding="utf-8")
    return 0
