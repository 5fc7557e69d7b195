r"""Hold a model that may take the place of another against it: on labelled images, or on a clip.

The new model is an iteration of a project, fetched from the service where it was trained, or a zip (--new). Models that
tell whole pictures (attributes of people) and models that find boxes (detectors of people) are both compared, each with
its like. On labelled images it is told how right each is. On a clip nobody knows what is right: the same people are put
before both, in memory alone, and it is told how far they agree, how steady they are, and at which people to look.

The exit code is 1 where there is nothing to compare by: no labelled images, or no people in the clip.

Examples:
  footfall customvision compare coats --with models/coats.zip --key-file ours.key
  footfall customvision compare coats --with models/coats.zip --key-file ours.key --clip door.mp4
  footfall customvision compare --new coats-2.zip --with coats.zip --clip door.mp4 --tracks door.tracks.jsonl
  footfall customvision compare --new coats-2.zip --with coats.zip --clip door.mp4 --sheet look-at-these.png
  footfall customvision compare --new people.zip --with person --clip door.mp4 --line door=0.2,0.6,0.8,0.6
  footfall customvision compare --new people.zip --with person --clip clips/door-20261121T093005Z.mp4.enc --keys our.key
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from footfall.cli import customvision_boxes as boxes
from footfall.cli import customvision_people as people
from footfall.cli.customvision_models import add_iteration_arguments
from footfall.cli.customvision_pair import Model, find_boxes, model_from, model_of, service_of, told_apart
from footfall.cli.files import check_writable
from footfall.cli.numbers import above_zero, whole
from footfall.cli.options import add_regions
from footfall.cli.playback import readable
from footfall.cli.replay import graph_of
from footfall.cli.watch import say
from footfall.config.environment import read_settings
from footfall.core.errors import ConfigError, Problem
from footfall.customvision.moving.comparing import find_iteration

OK, NOTHING = 0, 1
OF_A_CLIP = ("tracks", "keys", "sheet", "config", "graph", "lenient", "model", "fps", "line", "zone")


def add_compare_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    add_iteration_arguments(parser)
    parser.add_argument("--new", metavar="ZIP", help="instead of PROJECT: a model that was exported")
    parser.add_argument(
        "--with", required=True, metavar="ZIP|NAME", dest="running", help="the model that runs: a zip, or a detector"
    )
    parser.add_argument("--json", action="store_true", help="figures as JSON instead of a table")
    clip = parser.add_argument_group("on a clip instead of labelled images")
    add = clip.add_argument
    add("--clip", metavar="VIDEO", help="a video file, or a sealed clip (.enc)")
    add("--keys", metavar="FILE", help="keys of a sealed clip")
    add(
        "--tracks",
        metavar="FILE",
        help="people recorded of this clip (`footfall run --tracks`); else they are found now",
    )
    add("--sheet", metavar="OUT.png", help="write pictures of those to look at: this stores pictures")
    add("--config", metavar="FILE", help="the camera's: its lines, zones, masks and detector")
    add("--graph", metavar="ID", help="which camera of that file, if it has several")
    add("--lenient", action="store_true", help="tolerate trailing commas and the like in that file")
    add(
        "--model",
        metavar="NAME|PATH",
        help="who finds the people that both are asked about (default: as `footfall run`)",
    )
    add("--fps", type=above_zero, metavar="N", help="look at N frames a second at most")
    add("--threads", type=whole(1, 256), default=2, metavar="N", help="CPU threads of that detector (default 2)")
    add("--no-progress", action="store_true", help="no progress on standard error")
    add_regions(parser)


class Report(Protocol):
    """What came of a comparison."""

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        ...

    def table(self) -> str:
        """For people."""
        ...

    def advice(self) -> str:
        """What to do about it."""
        ...


def compare(args: argparse.Namespace) -> int:
    """Compare what was asked; the exit code."""
    _check(args)
    running = model_of(args.running)
    nobody = f"{args.clip}: nobody is in it, or nobody is large enough to be told anything of"
    if args.new:
        return _told(_on_clip(args, told_apart(running, model_of(args.new))), nobody, args)
    with service_of(args) as service:
        project_id, iteration = find_iteration(service, args.project, args.iteration)
        models = told_apart(running, model_from(service, project_id, iteration))
        if args.clip is None:
            on_images = boxes.on_images if find_boxes(*models) else people.on_images
            found = on_images(service, project_id, iteration, models)
            nothing = (
                f"{args.project}: no tagged images to judge by: tag some that {models[1].name} has not learned from"
            )
            return _told(found, nothing, args)
    return _told(_on_clip(args, models), nobody, args)


def _on_clip(args: argparse.Namespace, models: tuple[Model, Model]) -> Report | None:
    finds = find_boxes(*models)
    if finds:
        _refuse(args, ("tracks", "model"), "is for classifiers: detectors find people themselves", "leave it out")
    settings = read_settings(os.environ)
    graph = graph_of(args, settings, "")
    with readable(args.clip, args.keys) as path:
        on_clip = boxes.on_clip if finds else people.on_clip
        return on_clip(args, path, graph, settings, models)


def _told(report: Report | None, nothing: str, args: argparse.Namespace) -> int:
    if report is None:
        say(nothing)
        return NOTHING
    told = json.dumps(report.to_dict(), indent=2, ensure_ascii=False) if args.json else report.table()
    print(told)  # noqa: T201 - what was asked for
    if not args.json:
        say(report.advice())
    return OK


def _check(args: argparse.Namespace) -> None:
    """Refuse what does not go together.

    Raises:
        ConfigError: with the first problem.
    """
    if bool(args.project) == bool(args.new):
        what, cure = "one new model must be named", "name a PROJECT, or a zip with --new"
        raise _wrong("PROJECT/--new", what, cure)
    if args.clip is None:
        if args.new:
            raise _wrong("--new", "has no labelled images", "name a clip with --clip, or a PROJECT instead")
        _refuse(args, OF_A_CLIP, "is for a clip", "name one with --clip, or leave it out")
    if args.sheet:
        if Path(args.sheet).suffix.lower() != ".png":
            raise _wrong("--sheet", f"{args.sheet} is not a .png", "name it OUT.png")
        if not Path(args.sheet).exists():
            check_writable(args.sheet, "--sheet").unlink()


def _refuse(args: argparse.Namespace, options: Iterable[str], what: str, cure: str) -> None:
    for option in options:
        if getattr(args, option):
            raise _wrong(f"--{option}", what, cure)


def _wrong(option: str, what: str, cure: str) -> ConfigError:
    return ConfigError([Problem("command line", option, what, cure)])
