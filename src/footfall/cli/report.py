"""Heat maps, dwell maps, flows and counts from recorded tracks: a page, pictures, CSV and JSON.

TRACKS.jsonl is what `footfall run --tracks` writes. Files that name the same source are one camera's and follow each
other in time. Maps show only what at least --least people share: no identity, no single path, no pixel of
the video. With a calibrated camera there are maps of the floor in metres, too.

Examples:
  footfall run shop.mp4 --zone 'till=0.3,0.5;0.7,0.5;0.7,0.9;0.3,0.9' --tracks shop.jsonl
  footfall report shop.jsonl --zone 'till=0.3,0.5;0.7,0.5;0.7,0.9;0.3,0.9' --out shop-report
  footfall report monday-1.jsonl monday-2.jsonl --config deployment.json --start 2026-11-23T08:00
  footfall report hall.jsonl --line door=0.2,0.6,0.8,0.6 --camera 3.2,0.8,1.13 --cell 0.25 --every 15
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from math import inf, isfinite, pi
from pathlib import Path

import cv2
import numpy as np

from footfall.cli.files import read_bytes
from footfall.cli.graphs import Graphs
from footfall.cli.numbers import above_zero, size, whole
from footfall.cli.options import add_regions
from footfall.cli.recordings import Clock, Reading, Recording, by_camera, open_recording
from footfall.cli.surveys import LEAST, Surveyor, since_midnight
from footfall.cli.watch import say
from footfall.config.environment import read_settings
from footfall.config.plan import GraphPlan
from footfall.core.errors import ConfigError, Problem
from footfall.core.types import Image
from footfall.engine.items import Tracked
from footfall.events.ids import replay_ids
from footfall.report.document import FLOOR, CameraReport, overview
from footfall.report.folder import write_report
from footfall.runtime.options import Taps
from footfall.runtime.wiring import replay_graph
from footfall.spatial.ground import Camera
from footfall.spatial.survey import SurveySpec
from footfall.telemetry import set_up_logging


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parser.add_argument("tracks", nargs="+", metavar="TRACKS.jsonl", help="recorded tracks, or - for standard input")
    parser.add_argument("--out", type=Path, default=Path("footfall-report"), metavar="FOLDER", help="where to write")
    parser.add_argument(
        "--config", metavar="FILE", help="a manifest, a footfall.yaml or a SPACEANALYTICS_CONFIG object"
    )
    parser.add_argument("--graph", metavar="ID", help="which graph of the manifest, if the tracks do not tell")
    parser.add_argument("--lenient", action="store_true", help="tolerate trailing commas and the like")
    add_regions(parser)
    when = parser.add_argument_group("time")
    when.add_argument("--from", dest="from_s", type=seconds, default=0.0, metavar="S", help="leave out what is earlier")
    when.add_argument("--to", dest="to_s", type=seconds, default=inf, metavar="S", help="leave out what is later")
    when.add_argument(
        "--start",
        action="append",
        default=[],
        type=moment,
        metavar="TIME",
        help="when the first file begins, as 2026-11-23T08:00; may be repeated, once for every file",
    )
    when.add_argument("--every", type=above_zero, default=60.0, metavar="MIN", help="minutes a row (default 60)")
    when.add_argument(
        "--gap", type=above_zero, default=2.0, metavar="S", help="unseen for longer counts as absent (default 2)"
    )
    maps = parser.add_argument_group("maps")
    maps.add_argument(
        "--camera",
        type=camera,
        metavar="H,F,T",
        help="height in metres, focal length in picture widths, tilt from straight down in radians: for the floor",
    )
    maps.add_argument("--cell", type=above_zero, default=0.5, metavar="METRES", help="cells of the floor (default 0.5)")
    maps.add_argument(
        "--columns", type=whole(1, 400), default=40, metavar="N", help="cells across the picture (default 40)"
    )
    maps.add_argument(
        "--least", type=whole(1, 10**6), default=LEAST, metavar="N", help="people who share what is shown (default 3)"
    )
    maps.add_argument("--background", metavar="IMAGE", help="put this under the maps of the picture")
    tracks = parser.add_argument_group("tracks")
    tracks.add_argument("--same-camera", action="store_true", help="all files are of one camera, whatever they call it")
    tracks.add_argument(
        "--frame-size", type=size, metavar="WxH", help="size of the processing frame (default: as recorded)"
    )


def main(args: argparse.Namespace) -> int:
    """Read tracks, write a report."""
    settings = read_settings(os.environ)
    set_up_logging(settings.platform_log_level, as_json=False)
    check_arguments(args)
    background = read_picture(args.background) if args.background else None
    graphs = Graphs(args, settings)
    with Reading(args.tracks) as reading:
        recordings = [open_recording(path, args.frame_size, reading.advance) for path in args.tracks]
        cameras = by_camera(recordings, is_one=args.same_camera)
        check_cameras(args, len(cameras))
        reports = [survey(name, files, graphs.of(name, files[0].path), args) for name, files in cameras.items()]
        written = write_report(reports, args.out, background, reading.say)
    for report in reports:
        if report.survey.frames > 1 and overview(report)["observed_s"] == 0.0:
            say(f"{report.name}: no two frames are within {args.gap:g} s, so no time was counted: give a longer --gap")
    if not any(FLOOR in report.maps for report in reports):
        say("no maps of the floor, because the camera is not known: give --camera, or a configuration that has it")
    print(written[0])  # noqa: T201
    return 0


def survey(name: str, recordings: Sequence[Recording], graph: GraphPlan, args: argparse.Namespace) -> CameraReport:
    """Send one camera's recordings through its rules and sum up.

    Raises:
        ConfigError: a recording is broken, or has no frame between --from and --to.
    """
    midnight = since_midnight(args.start[0])[0] if args.start else None
    starts = [] if midnight is None else [(start - midnight).total_seconds() for start in args.start]
    spec = SurveySpec(args.cell, args.columns, args.gap, args.every * 60.0)
    surveyor, clock = Surveyor(graph, spec, midnight), Clock(starts)
    zero_s = starts[0] if starts else 0.0
    for recording in recordings:
        rules = replay_graph(graph, replay_ids(name), Taps(on_happened=surveyor))
        is_new = True
        for observed in recording.frames:
            if is_new:
                surveyor.begin(clock.begin(observed.t_s))
                is_new = False
            at_s = clock.see(observed.t_s) - zero_s
            if args.from_s <= at_s < args.to_s:
                exhaust(rules.push(Tracked(observed)))
        exhaust(rules.flush())
    report = surveyor.report(name, tuple(Path(recording.path).name for recording in recordings), args.least)
    if report is None:
        what = f"no frames of {name} from {args.from_s:g} s to {args.to_s:g} s"
        raise ConfigError([Problem(recordings[0].path, "--from/--to", what, "choose a time that was recorded")])
    return report


def check_arguments(args: argparse.Namespace) -> None:
    """What argparse cannot see.

    Raises:
        ConfigError: options do not go together.
    """
    problems = []
    if args.from_s >= args.to_s:
        problems.append(("--from/--to", f"{args.from_s:g} is not before {args.to_s:g}", "give an earlier --from"))
    if len(args.start) > 1 and len(args.start) != len(args.tracks):
        what = f"{len(args.start)} times for {len(args.tracks)} files"
        problems.append(("--start", what, "give it once, for the first file, or once for every file"))
    if args.start != sorted(args.start):
        problems.append(("--start", "the files do not follow each other", "name the earliest file first"))
    if args.tracks.count("-") > 1:
        problems.append(("TRACKS.jsonl", "standard input is named twice", "write - once"))
    if len(set(args.tracks)) < len(args.tracks):
        problems.append(("TRACKS.jsonl", "a file is named twice", "name every file once"))
    if args.cell < 0.05:
        problems.append(("--cell", f"{args.cell:g} m is less than feet need", "give 0.05 or more"))
    if problems:
        raise ConfigError([Problem("command line", *problem) for problem in problems])


def check_cameras(args: argparse.Namespace, count: int) -> None:
    """What can be told only now that the files are known.

    Raises:
        ConfigError: an option is meant for one camera, and there are several.
    """
    cure = "report on one camera at a time, or add --same-camera if they are one"
    options = {"--camera": args.camera, "--background": args.background, "--start": len(args.start) > 1}
    given = [option for option, value in options.items() if value]
    if count > 1 and given:
        what = f"is for one camera, and the files are of {count}"
        raise ConfigError([Problem("command line", option, what, cure) for option in given])


def read_picture(path: str) -> Image:
    """A background.

    Raises:
        ConfigError: it is no picture.
    """
    picture = cv2.imdecode(np.frombuffer(read_bytes(path) or b"\0", np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise ConfigError([Problem(path, "--background", "is no picture that can be read", "give a PNG or JPEG file")])
    return np.asarray(picture, np.uint8)


def exhaust(items: Iterable[object]) -> None:
    """Let a graph work; its messages go nowhere."""
    for _ in items:
        pass


def camera(text: str) -> Camera:
    """`height_m,focal_w,tilt_rad`."""
    try:
        height_m, focal_w, tilt_rad = (float(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not HEIGHT,FOCAL,TILT, as in 3.2,0.8,1.13") from None
    if not (0.1 <= height_m <= 300.0 and 0.05 <= focal_w <= 50.0 and 0.0 <= tilt_rad < pi):
        what = "a height is 0.1 to 300 m, a focal length 0.05 to 50 picture widths, a tilt 0 to 3.14 radians"
        raise argparse.ArgumentTypeError(f"{text!r}: {what}")
    return Camera(height_m, focal_w, tilt_rad)


def seconds(text: str) -> float:
    """A time of the recording, 0 or later."""
    try:
        number = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds") from None
    if not (isfinite(number) and number >= 0.0):
        raise argparse.ArgumentTypeError(f"{text!r} is not 0 or more seconds")
    return number


def moment(text: str) -> datetime:
    """A time of day in the place where the camera hangs; a time zone is taken off."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time such as 2026-11-23T08:00") from None
