r"""Find out how high a camera hangs, how far it is tilted and how wide it sees.

TARGET is a clip, a camera (stop with Ctrl-C) or recorded tracks (.jsonl): the camera is learnt from the people who walk
there. With --point, four times or more, it is measured instead: corners of something on the floor whose size is known.
Standard output gets the camera as lines to paste: CAMERA_CONFIG of an Azure document, and `camera` of footfall.yaml.
The exit code is 1 when the camera could not be found out; what is missing stands on standard error.

Examples:
  footfall calibrate lobby.mp4
  footfall calibrate lobby.mp4 --picture floor.png
  footfall calibrate rtsp://user:secret@10.0.0.7/main --seconds 600
  footfall calibrate lobby.tracks.jsonl --people-height 1.65
  footfall calibrate lobby.mp4 --point 0.31,0.55 --point 0.62,0.54 --point 0.74,0.83 --point 0.22,0.85 --rectangle 3x2
  footfall calibrate lobby.mp4 --point 0.3,0.5 --point 0.6,0.5 --point 0.7,0.8 --point 0.2,0.8 \
    --sides 3.0,2.1,2.9,2.0 --diagonal 3.6
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import degrees, inf

import cv2
import numpy as np

from footfall.cli.files import check_writable, read_bytes
from footfall.cli.floor import draw_floor
from footfall.cli.numbers import above_zero, whole
from footfall.cli.recorders import CLIP_WIDTH_PX, at_most
from footfall.cli.watch import say, say_all, verdict, watch
from footfall.config.environment import read_settings
from footfall.config.native import plan_for_target
from footfall.config.plan import DetectSpec, GroundSpec, Plan, SourceSpec
from footfall.core.errors import ConfigError, Problem
from footfall.core.geometry import Point
from footfall.core.types import Image, Observed
from footfall.engine.items import Tracked
from footfall.events.tracks import read_tracks
from footfall.runtime.folders import data_folder, models_folder
from footfall.runtime.options import Options, Taps
from footfall.runtime.runtime import Runtime
from footfall.spatial.calibration.calibrator import Calibration, CalibrationSettings, SelfCalibrator
from footfall.spatial.calibration.fit import Prior
from footfall.spatial.calibration.points import Measured, camera_from_points, quadrilateral, rectangle
from footfall.spatial.ground import FOOT_M, Camera
from footfall.spatial.regions import SpatialSpec

OK, UNKNOWN = 0, 1
PICTURES = 15
"""The empty floor is the median of so many pictures, spread over the time."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parser.add_argument("target", metavar="TARGET", help="a clip, an rtsp/http(s) URL, or recorded tracks (.jsonl)")
    parser.add_argument("--model", metavar="NAME|PATH", help="detector: `person` (default), a model card or file")
    parser.add_argument("--fps", type=above_zero, metavar="N", help="analyse at most N frames a second (default 15)")
    parser.add_argument("--seconds", type=above_zero, metavar="S", help="look for at most S seconds")
    parser.add_argument("--threads", type=whole(1, 256), default=2, metavar="N", help="CPU threads of a network")
    parser.add_argument(
        "--people-height",
        type=metres,
        metavar="M",
        help="mean height of the people, with shoes and hair (default 1.70)",
    )
    parser.add_argument("--picture", metavar="OUT.png", help="draw a grid of one metre on the empty floor")
    points = parser.add_argument_group("measuring instead of learning")
    points.add_argument(
        "--point", action="append", default=[], metavar="X,Y", help="a point of the floor, as shares of the picture"
    )
    points.add_argument(
        "--rectangle", metavar="WxD", help="the four points are corners of a rectangle: first and second side in metres"
    )
    points.add_argument("--sides", metavar="A,B,C,D", help="the four sides between the points, in metres ...")
    points.add_argument("--diagonal", type=above_zero, metavar="E", help="... and from the first to the third point")


def metres(text: str) -> float:
    """A plausible mean height of people."""
    height = above_zero(text)
    if not 0.8 <= height <= 2.2:
        raise argparse.ArgumentTypeError(f"{text} m is no mean height of people: give 0.8 to 2.2")
    return height


@dataclass
class Seen:
    """What was seen of a camera."""

    prior: Prior
    source_id: str = "camera"
    size_px: tuple[int, int] = (0, 0)
    calibrator: SelfCalibrator | None = None
    pictures: list[Image] | None = None
    _every: int = 1
    _frames: int = 0

    def take(self, observed: Observed, picture: Image | None = None) -> None:
        """Look at one frame."""
        if self.calibrator is None or observed.size_px != self.size_px:
            self.source_id, self.size_px = observed.source_id or self.source_id, observed.size_px
            settings = CalibrationSettings(recalibrate=False, queue_size=2000, prior=self.prior)
            self.calibrator = SelfCalibrator(observed.size_px[1] / observed.size_px[0], settings)
        self.calibrator.step(observed.people, observed.t_s)
        if self.pictures is not None and picture is not None:
            self._keep(picture)

    def _keep(self, picture: Image) -> None:
        """Some pictures, evenly over the time: each second one goes when there are twice as many as wanted."""
        assert self.pictures is not None
        if self._frames % self._every == 0:
            self.pictures.append(at_most(picture, CLIP_WIDTH_PX).copy())
        if len(self.pictures) >= 2 * PICTURES:
            self.pictures, self._every = self.pictures[::2], self._every * 2
        self._frames += 1

    @property
    def aspect(self) -> float:
        """Height / width."""
        return self.size_px[1] / self.size_px[0]

    @property
    def calibration(self) -> Calibration:
        """What was learnt."""
        return self.calibrator.calibration if self.calibrator else Calibration(missing=("a picture: there was none",))


def main(args: argparse.Namespace) -> int:
    """Learn or measure a camera; print it."""
    floor = floor_points(args)
    picture = check_writable(args.picture, "--picture") if args.picture else None
    prior = Prior(people_m=args.people_height) if args.people_height else Prior()
    seen = Seen(prior, pictures=[] if picture else None)
    is_tracks = args.target.lower().endswith(".jsonl")
    if is_tracks and picture:
        raise _wrong("--picture", "recorded tracks have no pictures", "name the clip instead")
    code = look_at_tracks(args, seen) if is_tracks else look_at_video(args, seen, measures=bool(floor))
    if seen.size_px == (0, 0):
        raise _wrong(args.target, "has no frames", "name a clip, a camera, or tracks that were recorded")
    camera = measured(args, floor, seen.aspect) if floor else learnt(seen)
    if camera is None:
        return UNKNOWN
    print_camera(camera, seen)
    if picture is not None and seen.pictures:
        empty = np.median(np.stack(seen.pictures), axis=0).astype(np.uint8)
        cv2.imwrite(str(picture), draw_floor(empty, camera))
        say(f"{picture}: the floor, one metre a square")
    return code


def floor_points(args: argparse.Namespace) -> tuple[Point, ...]:
    """Where the points lie on the floor; none when the camera is to be learnt.

    Raises:
        ConfigError: lengths are missing, too many, or make no figure.
    """
    if not args.point:
        if args.rectangle or args.sides or args.diagonal:
            raise _wrong(
                "--point", "lengths are given, but no points", "give the four corners: --point X,Y, four times"
            )
        return ()
    if bool(args.rectangle) == bool(args.sides or args.diagonal):
        cure = "give --rectangle WxD, or --sides A,B,C,D and --diagonal E"
        raise _wrong("--point", "one way to say how large the figure is must be there", cure)
    try:
        if args.rectangle:
            width, depth = numbers(args.rectangle.lower().split("x"), 2, "--rectangle")
            return rectangle(width, depth)
        return quadrilateral(numbers((args.sides or "").split(","), 4, "--sides"), args.diagonal or math.nan)
    except ValueError as error:
        raise _wrong("--rectangle/--sides", str(error), "measure again") from error


def numbers(parts: Sequence[str], count: int, option: str) -> list[float]:
    """So many finite numbers.

    Raises:
        ConfigError: there are others.
    """
    try:
        values = [float(part) for part in parts]
    except ValueError:
        values = []
    if len(values) != count or not all(map(math.isfinite, values)):
        raise _wrong(option, f"is not {count} numbers", "see footfall calibrate --help")
    return values


def look_at_tracks(args: argparse.Namespace, seen: Seen) -> int:
    """Learn from recorded tracks."""
    lines = read_bytes(args.target).splitlines()
    for observed in read_tracks(lines, file=args.target):
        if observed.t_s <= (args.seconds or inf):
            seen.take(observed)
    return OK


def look_at_video(args: argparse.Namespace, seen: Seen, *, measures: bool) -> int:
    """Learn from a clip or a camera; to measure, a few pictures are enough."""
    plan = plan_of(args)
    say_all(plan.warnings)

    def on_tracked(item: object) -> None:
        assert isinstance(item, Tracked)
        seen.take(item.observed, item.frame.picture if item.frame else None)

    options = Options(
        models_folder=models_folder(),
        outbox_folder=data_folder() / "outbox",
        threads=args.threads,
        gives_up=True,
        picture_width_px=CLIP_WIDTH_PX if args.picture else 0,
        taps=lambda _: Taps(on_tracked=on_tracked),
    )
    runtime = Runtime(plan, options)
    told = [""]

    def show() -> None:
        now = seen.calibration
        step = f"{now.state.value} {int(now.progress * 10)}"
        if step != told[0] and not measures:
            told[0] = step
            say("; ".join([f"{now.state.value} {now.progress:.0%}", *now.missing]))

    limit = args.seconds or (20.0 if measures else inf)
    watch(runtime, show, is_over=lambda: is_long_enough(runtime, limit, args))
    return verdict(runtime, is_recorded=True)


def is_long_enough(runtime: Runtime, limit_s: float, args: argparse.Namespace) -> bool:
    """Whether as many seconds of stream time were looked at as were asked for."""
    fps = args.fps or 15.0
    return any(runner.metrics.counts["frames_analysed"] >= limit_s * fps for runner in runtime.supervisor.runners)


def plan_of(args: argparse.Namespace) -> Plan:
    """One camera without rules and without events."""
    settings = read_settings(os.environ)
    plan = plan_for_target(args.target, spatial=SpatialSpec(), model=args.model, settings=settings)
    (graph,) = plan.graphs
    nodes = []
    for node in graph.nodes:
        spec = node.spec
        if isinstance(spec, GroundSpec):
            spec = GroundSpec(calibrate=False)
        if isinstance(spec, SourceSpec) and args.fps:
            spec = replace(spec, max_fps=args.fps)
        if isinstance(spec, DetectSpec) and args.model:
            spec = replace(spec, model=args.model)
        nodes.append(replace(node, spec=spec))
    return replace(plan, graphs=(replace(graph, nodes=tuple(nodes)),), sinks=("-",))


def learnt(seen: Seen) -> Camera | None:
    """The camera that people taught, with what there is to say about it."""
    found = seen.calibration
    if found.camera is None:
        say("the camera could not be found out. Missing:")
        for words in found.missing:
            say(f"  {words}")
        say("look longer, or measure four points of the floor: --point and --rectangle")
        return None
    assert found.error is not None
    say(f"distances on the floor are known to {found.error:.1%} (one standard error)")
    return found.camera


def measured(args: argparse.Namespace, floor: tuple[Point, ...], aspect: float) -> Camera:
    """The camera that sees the given points where they are.

    Raises:
        ConfigError: there is none.
    """
    pairs = [numbers(text.split(","), 2, f"--point {text}") for text in args.point]
    try:
        found: Measured = camera_from_points([(x, y) for x, y in pairs], floor, aspect)
    except ValueError as error:
        raise _wrong("--point", str(error), "look at the points in the picture again") from error
    say(f"the points miss their places by {found.off_m:.2f} m; distances are known to {found.error:.1%}")
    return found.camera


def print_camera(camera: Camera, seen: Seen) -> None:
    """The figures for people on standard error, and what to paste on standard output."""
    width = seen.size_px[0]
    say(
        f"height {camera.height_m:.2f} m, tilt {degrees(camera.tilt_rad):.1f} degrees from straight down, focal length "
        f"{camera.focal_w * width:.0f} px of {width} (sees {degrees(2 * math.atan(0.5 / camera.focal_w)):.0f} degrees)"
    )
    entry = {
        "source_id": seen.source_id,
        "camera_height": round(camera.height_m / FOOT_M, 3),
        "camera_focal_length": round(camera.focal_w * width, 2),
        "camera_tiltup_angle": round(camera.tilt_rad, 5),
    }
    figures = f"height_m: {camera.height_m:.3f}, tilt_deg: {degrees(camera.tilt_rad):.2f}"
    yaml = f"camera: {{{figures}, focal_px: {camera.focal_w * width:.1f}, frame_width: {width}}}"
    sys.stdout.write(json.dumps({"CAMERA_CONFIG": {"cameras": [entry], "frame_width": width}}) + "\n" + yaml + "\n")


def _wrong(option: str, what: str, cure: str) -> ConfigError:
    return ConfigError([Problem("command line", option, what, cure)])
