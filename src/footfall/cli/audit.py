"""How right are the counts of a clip? Look at a few short moments of it and count; out come figures with an interval.

Moments are drawn by lot, more of them where counts are uncertain. Each is shown as a picture of its frames, and asked
about in the terminal; what was told is not shown, so that nobody is led. Answers are kept in a file: stop and go on as
you like, ask for more samples later, or write the file with another tool (--list says what is wanted).

Examples:
  footfall audit shop.mp4 --tracks shop.tracks.jsonl --line door=0.2,0.6,0.8,0.6
  footfall audit shop.mp4 --events events.jsonl --config rules.json --samples 40 --answers shop.audit.jsonl
  footfall audit shop.mp4 --tracks shop.tracks.jsonl --config rules.json --list > wanted.jsonl
"""

from __future__ import annotations

import argparse
import json
import os
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from footfall.cli.answers import Answers, Reply, ask
from footfall.cli.files import check_writable, read_lines, read_text
from footfall.cli.moments import draw_moments, duration_s
from footfall.cli.numbers import above_zero, whole
from footfall.cli.options import add_regions
from footfall.cli.replay import graph_of
from footfall.cli.watch import say
from footfall.config.environment import read_settings
from footfall.config.plan import GraphPlan, SourceSpec
from footfall.core.errors import ConfigError, Problem
from footfall.engine.ground import aspect_of
from footfall.engine.items import Happened, Tracked
from footfall.evaluation.audit import tables, told_by_events
from footfall.evaluation.sightings import read_lines as read_event_lines
from footfall.events.ids import replay_ids
from footfall.events.tracks import read_tracks
from footfall.runtime.options import Taps
from footfall.runtime.wiring import replay_graph
from footfall.spatial.audit.estimate import estimate
from footfall.spatial.audit.moments import (
    Hints,
    Lookout,
    Moment,
    Told,
    moments,
    sample,
    told_by_insights,
)
from footfall.spatial.regions import SpatialSpec


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parser.add_argument("clip", metavar="CLIP", help="the video")
    parser.add_argument(
        "--tracks", metavar="FILE", help="tracks recorded from it (`footfall run --tracks`); rules are applied to them"
    )
    parser.add_argument(
        "--events", metavar="FILE", help="events of it, as `footfall run --media-time` writes them; counted as they are"
    )
    parser.add_argument(
        "--config", metavar="FILE", help="a manifest, a footfall.yaml or a SPACEANALYTICS_CONFIG object"
    )
    parser.add_argument("--graph", metavar="ID", help="which graph of the manifest, if it has several")
    parser.add_argument("--lenient", action="store_true", help="tolerate trailing commas and the like")
    parser.add_argument("--samples", type=whole(1, 100_000), default=24, metavar="N", help="how many moments (24)")
    parser.add_argument("--seconds", type=above_zero, default=4.0, metavar="S", help="length of a moment (4)")
    parser.add_argument("--seed", type=whole(0, 999_999_999), default=0, metavar="N", help="of the draw (0)")
    parser.add_argument(
        "--answers", metavar="FILE", help="where answers are kept; those in it are not asked again (CLIP.audit.jsonl)"
    )
    parser.add_argument("--keep", action="store_true", help="keep the pictures of the moments")
    parser.add_argument("--list", action="store_true", help="print the moments as JSON lines to fill in, and end")
    parser.add_argument("--json", action="store_true", help="figures as JSON instead of tables")
    add_regions(parser)


@dataclass(frozen=True, slots=True)
class Known:
    """What the system said about the clip."""

    told: Sequence[Told]
    hints: Hints | None
    """None without tracks."""
    end_s: float
    """Last frame of the tracks."""


def main(args: argparse.Namespace) -> int:
    """Draw, ask, estimate, print."""
    plan = graph_of(args, read_settings(os.environ), "")
    spatial = plan.spec(SpatialSpec)
    words = {line.name: ("right", "left") for line in spatial.lines} | {
        zone.name: ("in", "out") for zone in spatial.zones
    }
    _check(args, words)
    length_s = duration_s(args.clip)
    known = known_of(args, plan)
    told = [one for one in known.told if one.region in words]
    if strangers := sorted({one.region for one in known.told} - set(words)):
        say(f"left out, because no line or zone is called so here: {', '.join(strangers)}")
    length_s = max([length_s, known.end_s, *(one.t_s for one in told)])
    cut = moments(list(words), length_s, told, known.hints, args.seconds)
    wanted = sample(cut, args.samples, args.seed)
    path = Path(args.answers or f"{Path(args.clip).stem}.audit.jsonl")
    answers = Answers(path, words)
    if args.list:
        for moment in wanted:
            print(answers.worded(moment).decode())  # noqa: T201
        return 0
    pending = [moment for moment in wanted if not answers.has(moment)]
    if pending:
        check_writable(str(path), "--answers")
    with pictures(args, pending, spatial) as drawn:
        interview(wanted, words, answers, drawn)
    given = [answer for moment in wanted if (answer := answers.of(moment)) is not None]
    if not given:
        what, cure = "no moment was answered", "answer some, or fill in what --list prints and give it with --answers"
        raise ConfigError([Problem("command line", "--answers", what, cure)])
    report = estimate(cut, given, args.seed)
    print(json.dumps(report.to_dict(), indent=2) if args.json else tables(report))  # noqa: T201
    return 0


def _check(args: argparse.Namespace, words: Mapping[str, tuple[str, str]]) -> None:
    """Refuse what cannot be audited.

    Raises:
        ConfigError: with the first problem.
    """
    if not (args.tracks or args.events):
        what, cure = "neither --tracks nor --events", "record some: footfall run CLIP --tracks FILE"
        raise ConfigError([Problem("command line", "--tracks", what, cure)])
    if not words:
        what, cure = "no line and no zone", "give --line, --zone or --config as for the run"
        raise ConfigError([Problem("command line", "--line", what, cure)])


def known_of(args: argparse.Namespace, plan: GraphPlan) -> Known:
    """What was told, from events or by applying the rules to tracks, and where the tracks say that it is uncertain.

    Raises:
        ConfigError: a file cannot be read, or holds something else.
    """
    known = replayed(args.tracks, plan) if args.tracks else Known([], None, 0.0)
    if not args.events:
        return known
    bodies = read_event_lines(read_text(args.events), args.events)
    return Known(told_by_events(bodies, args.events), known.hints, known.end_s)


def replayed(tracks: str, plan: GraphPlan) -> Known:
    """Apply the rules to recorded tracks."""
    told: list[Told] = []

    def on_happened(item: object) -> None:
        assert isinstance(item, Happened)
        told.extend(told_by_insights(item.insights))

    graph = replay_graph(plan, replay_ids(plan.spec(SourceSpec).source_id), Taps(on_happened=on_happened))
    lookout, last = None, None
    for last in read_tracks(read_lines(tracks), file=tracks):
        lookout = lookout or Lookout(plan.spec(SpatialSpec), aspect_of(last))
        lookout.step(last)
        deque(graph.push(Tracked(last)), maxlen=0)
    deque(graph.flush(), maxlen=0)
    if lookout is None or last is None:
        cure = "record some with `footfall run CLIP --tracks FILE`"
        raise ConfigError([Problem(tracks, "$", "no recorded frames", cure)])
    return Known(told, lookout.hints(), last.t_s)


@contextmanager
def pictures(args: argparse.Namespace, pending: Sequence[Moment], spatial: SpatialSpec) -> Iterator[dict[Moment, Path]]:
    """The pending moments as PNG files in a folder that is deleted afterwards, unless it is to be kept."""
    if not pending:
        yield {}
        return
    folder = Path(mkdtemp(prefix="footfall-audit-"))
    try:
        say(f"drawing {len(pending)} moments into {folder}")
        yield dict(draw_moments(args.clip, pending, spatial, folder))
    finally:
        if args.keep:
            say(f"the pictures stay in {folder}")
        else:
            rmtree(folder)


def interview(
    wanted: Sequence[Moment], words: Mapping[str, tuple[str, str]], answers: Answers, drawn: Mapping[Moment, Path]
) -> None:
    """Ask about every moment that has no answer yet, until somebody has had enough."""
    for number, moment in enumerate(wanted, 1):
        if answers.has(moment):
            continue
        reply = ask(moment, words[moment.region], drawn.get(moment), f"{number}/{len(wanted)}")
        if reply is Reply.QUIT:
            say("stopped; the same command goes on from here")
            return
        answers.add(moment, None if isinstance(reply, Reply) else reply)
