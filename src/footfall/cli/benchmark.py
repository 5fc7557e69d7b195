"""`footfall models benchmark`: every installed model on the user's own pictures or clip."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from footfall.cli.contest import able, hold, installed_contestants, named_contestants, refuse_motion
from footfall.cli.labelled import add_truth_options, find_files, frames, is_labelled, read_truth
from footfall.cli.numbers import whole
from footfall.config.plan import OnEnd, Pace, SourceSpec
from footfall.core.errors import ConfigError, Problem
from footfall.core.types import Frame
from footfall.detect.pictures import SUFFIXES, find_pictures
from footfall.engine.clock import SystemClock
from footfall.evaluation.agreement import Behaviour, behaviour
from footfall.evaluation.comparison import Comparison, compare, images_that_count
from footfall.evaluation.in_turn import Contestant
from footfall.evaluation.labelled import evenly
from footfall.evaluation.sample import spread, triples
from footfall.ingest.container import Address, open_video, translated
from footfall.ingest.decode import VideoSource

EVERY_FRAME_FPS = 1e6
FRAMES = 300


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parser.add_argument(
        "target", metavar="CLIP_OR_FOLDER_OR_TRUTH", help="a video, a folder of pictures, or as for evaluate detections"
    )
    parser.add_argument(
        "--model", action="append", default=[], metavar="NAME|PATH", help="instead of every installed one; repeatable"
    )
    parser.add_argument(
        "--frames", type=whole(1, 1_000_000), default=FRAMES, metavar="N", help=f"at most N, evenly (default {FRAMES})"
    )
    parser.add_argument("--json", action="store_true", help="figures as JSON instead of a table")
    add_truth_options(parser)


def main(args: argparse.Namespace) -> int:
    """Measure and print."""
    if is_labelled(args.target):
        report: Comparison | Behaviour = with_labels(args)
    else:
        _refuse_truth_options(args)
        report = without_labels(args)
    print(json.dumps(report.to_dict(), indent=2) if args.json else report.table())  # noqa: T201
    return 0


def with_labels(args: argparse.Namespace) -> Comparison:
    """Accuracy and time."""
    refuse_motion(args.model)
    truth = evenly(read_truth(args.target, args), args.frames)
    entered = named_contestants(args.model, thorough=True) if args.model else installed_contestants(thorough=True)
    files = find_files(truth, images_that_count(truth, entered, args.target), args.target, args.images)
    contestants = able(truth, entered)
    hold(frames(files), contestants, len(files))
    return compare(truth, contestants, args.target)


def without_labels(args: argparse.Namespace) -> Behaviour:
    """People found, agreement, steadiness and time."""
    path = Path(args.target)
    if path.is_dir() or path.suffix.lower() in SUFFIXES:
        refuse_motion(args.model)
        pictures = find_pictures([path])
        files = {str(index): pictures[index] for index in spread(len(pictures), args.frames, run=1)}
        contestants = _entered(args.model, with_motion=False)
        hold(frames(files), contestants, len(files))
        return behaviour(contestants, list(files), [], args.target)
    clip = Clip(args.target, count_frames(args.target))
    chosen = spread(clip.frames, args.frames, run=3)
    if len(chosen) < clip.frames:
        refuse_motion(args.model, f"--frames {clip.frames}, which are all frames of the clip")
    contestants = _entered(args.model, with_motion=len(chosen) == clip.frames)
    widest = max(one.card.input.width_px for one in contestants)
    hold(clip.play(chosen, widest), contestants, len(chosen))
    seen = [index for index in chosen if index < clip.played]
    groups = [(str(a), str(b), str(c)) for a, b, c in triples(seen)]
    return behaviour(contestants, [str(index) for index in seen], groups, args.target)


@dataclass(slots=True)
class Clip:
    """A video file whose frames are looked at here and there."""

    path: str
    frames: int
    """As many as its container holds."""
    played: int = 0
    """As many as could be decoded."""

    def play(self, chosen: Sequence[int], width_px: int) -> Iterator[Frame]:
        """The chosen frames, `width_px` wide or less, each under its number."""
        wanted = set(chosen)
        spec = SourceSpec("clip", self.path, on_end=OnEnd.STOP, pace=Pace.FAST, max_fps=EVERY_FRAME_FPS)
        for frame in VideoSource(spec, image_width_px=width_px, clock=SystemClock()).frames():
            self.played = frame.index + 1
            if frame.index in wanted:
                yield replace(frame, source_id=str(frame.index))


def count_frames(path: str) -> int:
    """Frames of a video file, counted without decoding.

    Raises:
        ConfigError: there is no such file.
        SourceUnavailable: it is not video, or broken.
    """
    if not Path(path).is_file():
        raise ConfigError([Problem(path, "$", "does not exist", "give a video, a folder of pictures or a truth file")])
    with open_video(Address(path)) as video, translated(path):
        return sum(1 for packet in video.packets if packet.size)


def _entered(models: Sequence[str], *, with_motion: bool) -> list[Contestant]:
    if models:
        return named_contestants(models, thorough=False)
    return installed_contestants(thorough=False, with_motion=with_motion)


def _refuse_truth_options(args: argparse.Namespace) -> None:
    given = {"--images": args.images, "--only": args.only, "--without": args.without, "--label": args.label}
    wrong = next((option for option, value in given.items() if value), None)
    if wrong:
        what = f"{args.target} has no labels"
        raise ConfigError([Problem("command line", wrong, what, "give a COCO json or a folder of Pascal VOC xml")])
