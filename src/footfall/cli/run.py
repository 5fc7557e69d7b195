"""Video in, events out.

TARGET is a video file, an rtsp/http(s) URL, or a configuration file (deployment manifest, module twin, footfall.yaml).
Events go to standard output as JSON lines, everything else to standard error. A file runs once, as fast as it can, and
ends with a table of totals; a camera runs until you press Ctrl-C.

Examples:
  footfall run shop.mp4 --line door=0.2,0.6,0.8,0.6
  footfall run shop.mp4 --zone 'till=0.3,0.5;0.7,0.5;0.7,0.9;0.3,0.9' --save-video out.mp4 --tracks shop.jsonl
  footfall run shop.mp4 --line door=0.2,0.6,0.8,0.6 --clips clips --clip-before 5 --clip-after 10
  footfall run rtsp://user:secret@10.0.0.7/main --line door=0.2,0.6,0.8,0.6 --sink mqtt://broker/shop --sink -
  footfall run rtsp://10.0.0.7/main --line door=0.2,0.6,0.8,0.6 --occupancy shop=door+ --occupancy-anchor 04:00=0
  footfall run deployment.json --model yolox-nano
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from footfall.cli.clips import add_clips, clips_wish, in_words
from footfall.cli.files import read_text
from footfall.cli.numbers import above_zero, whole
from footfall.cli.options import add_occupancy, add_regions, places, regions
from footfall.cli.progress import Progress
from footfall.cli.recorders import CLIP_WIDTH_PX, Recorders, enabled
from footfall.cli.summary import print_inside, print_summary
from footfall.cli.watch import say, say_all, verdict, watch
from footfall.config.availability import not_yet
from footfall.config.environment import Settings, read_settings
from footfall.config.load import Kind, load_plan, recognise
from footfall.config.native import plan_for_target, with_attributes, with_face_mask
from footfall.config.places import check_places
from footfall.config.plan import DetectSpec, EventSpec, FaceMaskSpec, GraphPlan, LookAt, OnEnd, Plan, SourceSpec
from footfall.core.errors import ConfigError, Problem
from footfall.ingest.container import Address, probe
from footfall.runtime.folders import data_folder, models_folder
from footfall.runtime.inside import Inside
from footfall.runtime.options import Options
from footfall.runtime.runtime import Runtime
from footfall.spatial.regions import SpatialSpec
from footfall.telemetry import set_up_logging

CONFIG_SUFFIXES = {".json", ".yaml", ".yml"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parser.add_argument("target", metavar="TARGET", help="a video file, an rtsp/http(s) URL or a configuration file")
    add_regions(parser)
    add_occupancy(parser)
    parser.add_argument(
        "--config", metavar="FILE", help="take the regions from a SPACEANALYTICS_CONFIG, manifest or yaml"
    )
    parser.add_argument(
        "--lenient", action="store_true", help="tolerate trailing commas and the like in configuration files"
    )
    parser.add_argument(
        "--model", metavar="NAME|PATH", help="detector: `person` (default), `motion`, a model card or file"
    )
    parser.add_argument(
        "--look",
        choices=[look.value for look in LookAt],
        help="show a network the whole picture, or crops of interest (default whole)",
    )
    parser.add_argument("--fps", type=above_zero, metavar="N", help="analyse at most N frames a second (default 15)")
    parser.add_argument(
        "--threads", type=whole(1, 256), default=2, metavar="N", help="CPU threads of a network (default 2)"
    )
    faces = parser.add_argument_group("face masks")
    faces.add_argument("--face-mask", action="store_true", help="tell who wears a face mask, on frames 1920 wide")
    faces.add_argument(
        "--face-model", metavar="NAME|PATH", help="network that tells masked from bare faces (default face-mask)"
    )
    parser.add_argument(
        "--attributes", metavar="MODEL", help="tell of people what a classifier tells that Custom Vision exported"
    )
    add_clips(parser)
    out = parser.add_argument_group("output")
    out.add_argument(
        "--sink",
        action="append",
        default=[],
        metavar="SPEC",
        help="- | jsonl:PATH | mqtt(s)://user:pw@host:port/topic | http(s)://... (may be repeated; default -)",
    )
    out.add_argument("--tracks", metavar="FILE", help="record tracks as JSON lines for `footfall replay`; never pixels")
    out.add_argument("--save-video", metavar="FILE", help="write an annotated clip (this stores pictures)")
    out.add_argument("--report", metavar="FOLDER", help="write maps and counts as `footfall report` does, at the end")
    out.add_argument("--media-time", action="store_true", help="event times are the epoch plus the media time")
    out.add_argument("--intervals", action="store_true", help="events also say how sure they are")
    out.add_argument("--no-progress", action="store_true", help="no progress on standard error")
    out.add_argument("--log-format", choices=("text", "json"), default="text", help="default text")


def main(args: argparse.Namespace) -> int:
    """Run until the end of the file, or until interrupted."""
    settings = read_settings(os.environ)
    set_up_logging(settings.platform_log_level, as_json=args.log_format == "json")
    plan = plan_of(args, settings)
    say_all(plan.warnings)
    watched = [graph.spec(SpatialSpec) for graph in enabled(plan)]
    if not (plan.recorders or any(spatial.zones or spatial.lines for spatial in watched)):
        say("nothing to watch for, so no events will come: give --line, --zone or --config")
    return run_plan(plan, args)


def plan_of(args: argparse.Namespace, settings: Settings) -> Plan:
    """What the command line asks for.

    Raises:
        ConfigError: all problems of it.
    """
    if Path(args.target).suffix.lower() in CONFIG_SUFFIXES and "://" not in args.target:
        if args.line or args.zone or args.config:
            what, cure = "regions are given beside a configuration file", "put them into the file, or name a video"
            raise ConfigError([Problem("command line", "--line/--zone/--config", what, cure)])
        if args.face_mask:
            what, cure = (
                "stands beside a configuration file",
                "say it in the file: ENABLE_FACE_MASK_CLASSIFIER, face_mask",
            )
            raise ConfigError([Problem("command line", "--face-mask", what, cure)])
        if args.attributes:
            what, cure = "stands beside a configuration file", "say it in the file: VISION_MODEL_ID, attributes"
            raise ConfigError([Problem("command line", "--attributes", what, cure)])
        plan = plan_of_file(args, settings)
    else:
        plan = plan_for_target(args.target, spatial=regions(args, settings), settings=settings)
        if args.face_mask:
            plan = replace(plan, graphs=tuple(with_face_mask(graph, settings) for graph in plan.graphs))
        if args.attributes:
            plan = replace(plan, graphs=tuple(with_attributes(graph, args.attributes) for graph in plan.graphs))
    graphs = tuple(_overridden(graph, args) for graph in plan.graphs)
    inside = (*plan.places, *places(args))
    check_places(inside, graphs, args.target if plan.places else "command line")
    return replace(plan, graphs=graphs, places=inside, sinks=tuple(args.sink) or plan.sinks or ("-",))


def plan_of_file(args: argparse.Namespace, settings: Settings) -> Plan:
    """What a configuration file asks for, with what there is to say about it.

    Raises:
        ConfigError: the file is wrong, or nothing of it can run in this version.
    """
    text = read_text(args.target)
    plan = load_plan(text, file=args.target, settings=settings, lenient=args.lenient)
    missing = (*not_yet(plan, args.target), *_no_snapshots(plan, args.target))
    if errors := [problem for problem in missing if not problem.is_warning]:
        raise ConfigError(errors)
    notes = () if recognise(text, lenient=args.lenient) is Kind.FOOTFALL else settings.warnings
    return replace(plan, warnings=(*notes, *plan.warnings, *missing))


def _no_snapshots(plan: Plan, file: str) -> Iterator[Problem]:
    for graph in plan.graphs:
        if graph.snapshots is not None:
            what, cure = "no pictures are taken to learn from: only the service does", "footfall serve --customvision"
            yield Problem(file, graph.id, what, f"start it with: {cure}", is_warning=True)


def _overridden(graph: GraphPlan, args: argparse.Namespace) -> GraphPlan:
    """The graph with --model, --look, --face-model, --fps and --intervals applied."""
    nodes = []
    for node in graph.nodes:
        spec = node.spec
        if isinstance(spec, DetectSpec) and args.model:
            spec = replace(spec, model=args.model)
        if isinstance(spec, DetectSpec) and args.look:
            spec = replace(spec, look=LookAt(args.look))
        if isinstance(spec, SourceSpec) and args.fps:
            spec = replace(spec, max_fps=args.fps)
        if isinstance(spec, EventSpec) and args.intervals:
            spec = replace(spec, intervals=True)
        if isinstance(spec, FaceMaskSpec) and args.face_model:
            spec = replace(spec, model=args.face_model)
        nodes.append(replace(node, spec=spec))
    return replace(graph, nodes=tuple(nodes))


def run_plan(plan: Plan, args: argparse.Namespace) -> int:
    """Run a plan with the recorders and the progress that the command line asks for."""
    inside = Inside(plan.places, data_folder() / "occupancy" if is_live(plan) else None)
    clips = clips_wish(args)
    with Recorders(
        plan, tracks=args.tracks, clip=args.save_video, report=args.report, inside=inside, clips=clips
    ) as recorders:
        options = Options(
            models_folder=models_folder(),
            outbox_folder=data_folder() / "outbox",
            calibration_folder=data_folder() / "calibration",
            threads=args.threads,
            media_time=args.media_time,
            gives_up=len(enabled(plan)) == 1,
            picture_width_px=CLIP_WIDTH_PX if args.save_video else 0,
            taps=recorders.taps,
        )
        frames = length(plan)
        runtime = Runtime(plan, options)
        for graph, words in runtime.served.items():
            say(f"{graph}: detector {words}")
        with Progress(frames, enabled=not args.no_progress, alone=not prints_events(plan)) as bar:
            waiting = watch(runtime, lambda: bar.show(runtime.supervisor, recorders.people))
    print_summary(recorders.totals, runtime, waiting)
    print_inside(inside.states)
    if recorders.recorded is not None:
        say(f"{args.clips}: {in_words(recorders.recorded)}")
    return verdict(runtime, is_recorded=recorders.are_whole)


def prints_events(plan: Plan) -> bool:
    """Whether events go to the terminal that a progress bar would be on."""
    return "-" in plan.sinks and sys.stdout.isatty()


def is_live(plan: Plan) -> bool:
    """Whether a restart goes on where this run ends: with cameras, not with recorded video."""
    return any(graph.spec(SourceSpec).on_end is OnEnd.RECONNECT for graph in enabled(plan))


def length(plan: Plan) -> int | None:
    """How many frames the run will read; None for cameras, several sources, or where nobody knows.

    Raises:
        SourceUnavailable: the file cannot be opened.
    """
    sources = [graph.spec(SourceSpec) for graph in enabled(plan)]
    if len(sources) != 1 or sources[0].on_end is not OnEnd.STOP:
        return None
    info = probe(Address(sources[0].url))
    return info.frames or (round(info.duration_s * info.fps) if info.duration_s else None)
