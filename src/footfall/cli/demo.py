"""See the whole pipeline at work, with no camera, no network and no download.

Draws a seeded scene, loops it as a real RTSP camera with a login, finds and follows the people in it, and shows what
they do: events on standard output, running totals on standard error, an annotated clip to look at afterwards.

Examples:
  footfall demo
  footfall demo --seconds 60 --out my-demo
  footfall demo --model yolox-nano --json
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from footfall.cli.bars import progress_bar
from footfall.cli.numbers import above_zero, whole
from footfall.cli.progress import Progress
from footfall.cli.recorders import CLIP_WIDTH_PX, Recorders
from footfall.cli.stories import EventPrinter
from footfall.cli.summary import print_summary
from footfall.cli.watch import say, verdict, watch
from footfall.config.native import parse_line, parse_zone, plan_for_target
from footfall.config.plan import GraphPlan, Plan
from footfall.runtime.folders import data_folder, models_folder
from footfall.runtime.options import Options, Taps
from footfall.runtime.runtime import Runtime
from footfall.simulator.rtsp import Login, RtspCamera
from footfall.simulator.scene import SceneFiles, SceneSpec, write_scene
from footfall.simulator.story import STORIES
from footfall.spatial.regions import SpatialSpec
from footfall.telemetry import set_up_logging

SIZE_PX = (640, 360)
"""Drawn in a few seconds on two cores."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parser.add_argument("--seconds", type=above_zero, default=30.0, metavar="S", help="how long to watch (default 30)")
    parser.add_argument("--out", type=Path, default=Path("demo-output"), metavar="FOLDER", help="default demo-output")
    parser.add_argument("--story", default="lobby", choices=sorted(STORIES), help="what happens (default lobby)")
    parser.add_argument(
        "--seed", type=whole(0, 999_999_999), default=3, metavar="N", help="other people, other ways (default 3)"
    )
    parser.add_argument("--people", type=whole(0, 100), default=4, metavar="N", help="how many (default 4)")
    parser.add_argument("--model", default="motion", metavar="NAME|PATH", help="detector (default: motion, no weights)")
    parser.add_argument("--json", action="store_true", help="print the events as they go to sinks, not in words")


def main(args: argparse.Namespace) -> int:
    """Simulate, watch, tell."""
    set_up_logging("info", as_json=False)
    spec = SceneSpec(args.story, args.seed, args.people, max(10.0, args.seconds), size_px=SIZE_PX)
    regions = draw_scene(spec, args.out)
    login = Login("viewer", "demo password")
    with RtspCamera(SceneFiles.at(args.out).clip, login=login) as camera:
        say(f"a camera is on air at {camera.url} (user {login.user}); watching it for {args.seconds:g} s")
        plan = plan_for_target(camera.login_url, spatial=regions, source_id="demo-cam", model=args.model)
        sinks = (f"jsonl:{args.out / 'events.jsonl'}", *(("-",) if args.json else ()))
        code = observe(Plan(plan.graphs, sinks), args)
    say(f"look at {args.out / 'annotated.mp4'}; the events are in {args.out / 'events.jsonl'}")
    return code


def draw_scene(spec: SceneSpec, out: Path) -> SpatialSpec:
    """Draw the clip that the camera will show; what to watch in it."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "events.jsonl").unlink(missing_ok=True)
    with progress_bar() as bar:
        task = bar.add_task("drawing a scene", total=spec.frames)
        truth = write_scene(spec, out, lambda done, _total: bar.update(task, completed=done))
    options = [argument.removeprefix("--").split("=", 1) for argument in truth.regions.arguments()]
    zones = tuple(parse_zone(text) for kind, text in options if kind == "zone")
    return SpatialSpec(zones, tuple(parse_line(text) for kind, text in options if kind == "line"))


def observe(plan: Plan, args: argparse.Namespace) -> int:
    """Run the pipeline for the time asked for; the exit code."""
    printer = EventPrinter(silent=args.json)
    with Recorders(plan, tracks=str(args.out / "tracks.jsonl"), clip=str(args.out / "annotated.mp4")) as recorders:

        def taps(graph: GraphPlan) -> Taps:
            own = recorders.taps(graph)
            return Taps(own.on_tracked, printer.before(own.on_happened))

        options = Options(
            models_folder=models_folder(),
            outbox_folder=data_folder() / "outbox",
            picture_width_px=CLIP_WIDTH_PX,
            gives_up=True,
            taps=taps,
        )
        runtime = Runtime(plan, options)
        for words in runtime.served.values():
            say(f"detector {words}")
        with Progress(None, enabled=True, alone=not (args.json and sys.stdout.isatty())) as bar:

            def show() -> None:
                bar.show(runtime.supervisor, recorders.people)

            waiting = watch(runtime, show, limit_s=args.seconds, is_over=lambda: printer.is_deserted)
    print_summary(recorders.totals, runtime, waiting)
    return verdict(runtime, is_recorded=recorders.are_whole)
