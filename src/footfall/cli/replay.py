"""Apply spatial rules to recorded tracks. Deterministic: the same input gives the same bytes.

TRACKS.jsonl is what `footfall run --tracks` writes; only `frame`, `t` and each person's `id` and `box` are needed.

Examples:
  footfall run shop.mp4 --zone 'till=0.3,0.5;0.7,0.5;0.7,0.9;0.3,0.9' --tracks shop.tracks.jsonl
  footfall replay shop.tracks.jsonl --config other-zones.json
  footfall replay shop.tracks.jsonl --config deployment.json --sink jsonl:events.jsonl
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from footfall.cli.files import read_lines, read_text
from footfall.cli.numbers import size
from footfall.cli.options import add_regions, regions
from footfall.cli.recorders import TotalsRecorder
from footfall.cli.summary import print_totals
from footfall.cli.watch import say, say_all
from footfall.config.environment import Settings, read_settings
from footfall.config.load import Kind, load_plan, recognise
from footfall.config.native import plan_for_target
from footfall.config.plan import GraphPlan, SourceSpec
from footfall.core.errors import ConfigError, Problem
from footfall.core.types import Message, Observed
from footfall.engine.clock import SystemClock
from footfall.engine.items import Tracked
from footfall.events.ids import replay_ids
from footfall.events.tracks import read_tracks
from footfall.runtime.delivery import open_delivery
from footfall.runtime.folders import data_folder
from footfall.runtime.options import Taps
from footfall.runtime.wiring import replay_graph
from footfall.spatial.regions import SpatialSpec
from footfall.telemetry import set_up_logging


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parser.add_argument("tracks", metavar="TRACKS.jsonl", help="recorded tracks, or - for standard input")
    parser.add_argument(
        "--config", metavar="FILE", help="a manifest, a footfall.yaml or a SPACEANALYTICS_CONFIG object"
    )
    parser.add_argument("--graph", metavar="ID", help="which graph of the manifest, if it has several")
    parser.add_argument("--lenient", action="store_true", help="tolerate trailing commas and the like")
    parser.add_argument(
        "--frame-size", type=size, metavar="WxH", help="size of the processing frame (default: as recorded)"
    )
    parser.add_argument("--sink", action="append", default=[], metavar="SPEC", help="as for `footfall run`; default -")
    parser.add_argument("--intervals", action="store_true", help="events also say how sure they are")
    add_regions(parser)


def main(args: argparse.Namespace) -> int:
    """Read tracks, write events."""
    settings = read_settings(os.environ)
    settings = replace(settings, events=replace(settings.events, intervals=args.intervals or settings.events.intervals))
    set_up_logging(settings.platform_log_level, as_json=False)
    recorded, source_id = peek(read_lines(args.tracks), args)
    graph_plan = graph_of(args, settings, source_id)
    spatial = graph_plan.spec(SpatialSpec)
    if not (spatial.zones or spatial.lines):
        say("nothing to watch for, so no events will come: give --line, --zone or --config")
    totals = TotalsRecorder(spatial)
    graph = replay_graph(graph_plan, replay_ids(graph_plan.spec(SourceSpec).source_id), Taps(on_happened=totals))
    delivery = open_delivery(args.sink or ["-"], data_folder() / "outbox", os.environ, SystemClock())
    try:
        for observed in recorded:
            messages = [item for item in graph.push(Tracked(observed)) if isinstance(item, Message)]
            if messages:
                delivery(messages)
            if delivery.is_deserted:
                break
        delivery([item for item in graph.flush() if isinstance(item, Message)])
    finally:
        delivery.close()
    print_totals({graph_plan.id: totals})
    if delivery.lost:
        say(f"{delivery.lost} events were lost, because they could not be written")
    return 0


def graph_of(args: argparse.Namespace, settings: Settings, source_id: str) -> GraphPlan:
    """The graph whose rules are applied; where the configuration names no camera, it is called as in the recording.

    Raises:
        ConfigError: the configuration is wrong, or it is not clear which graph is meant.
    """
    text = read_text(args.config) if args.config else ""
    if not args.config or recognise(text) is Kind.SPACEANALYTICS:
        watched = regions(args, settings)
        target = args.tracks or "-"
        return plan_for_target(target, spatial=watched, source_id=source_id or None, settings=settings).graphs[0]
    if args.line or args.zone:
        what, cure = "regions are given beside a whole configuration", "put them into the file, or leave --config away"
        raise ConfigError([Problem("command line", "--line/--zone", what, cure)])
    plan = load_plan(text, file=args.config, settings=settings, lenient=args.lenient)
    say_all(plan.warnings)
    graphs = {graph.id: graph for graph in plan.graphs}
    if args.graph is None and len(graphs) == 1:
        return plan.graphs[0]
    if args.graph not in graphs:
        what = f"{len(graphs)} graphs, and --graph is {args.graph or 'missing'}"
        raise ConfigError([Problem(args.config, "$.graphs", what, f"choose one: --graph {' | '.join(graphs)}")])
    return graphs[args.graph]


def peek(lines: Iterable[bytes], args: argparse.Namespace) -> tuple[Iterator[Observed], str]:
    """The recorded frames, and the source that the recording names, if it does."""
    recorded = read_tracks(lines, file=args.tracks, size_px=args.frame_size)
    first = next(recorded, None)
    if first is None:
        cure = "record some with `footfall run VIDEO --tracks FILE`"
        raise ConfigError([Problem(args.tracks, "$", "no recorded frames", cure)])
    return chain([first], recorded), first.source_id
