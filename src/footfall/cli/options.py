"""Options that several commands share."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from footfall.cli.files import read_text
from footfall.cli.watch import say_all
from footfall.config.environment import Settings
from footfall.config.load import check, load_spatial
from footfall.config.native import parse_line, parse_zone
from footfall.config.places import parse_anchor, parse_place, with_anchors
from footfall.core.errors import ConfigError, Problem
from footfall.spatial.occupancy import Place
from footfall.spatial.regions import SpatialSpec


def add_regions(parser: argparse.ArgumentParser) -> None:
    """--line, --zone."""
    group = parser.add_argument_group("what to watch (coordinates are fractions of the picture, origin top left)")
    group.add_argument(
        "--line",
        action="append",
        default=[],
        metavar="NAME=x1,y1,x2,y2",
        help="count crossings of a line; stand at x1,y1 and look to x2,y2 to tell left from right",
    )
    group.add_argument(
        "--zone",
        action="append",
        default=[],
        metavar="NAME=x,y;x,y;x,y...",
        help="count, enter, exit and dwell of a zone",
    )


def add_occupancy(parser: argparse.ArgumentParser) -> None:
    """--occupancy, --occupancy-anchor."""
    group = parser.add_argument_group("how many are inside")
    group.add_argument(
        "--occupancy",
        action="append",
        default=[],
        metavar="NAME=DOOR,DOOR...",
        help="count a place through its doors: door+ (in is to the right, or into the zone) or door- (the other way)",
    )
    group.add_argument(
        "--occupancy-anchor",
        action="append",
        default=[],
        metavar="HH:MM=PEOPLE|ZONE",
        help="at this time every day so many are inside, or as many as a zone's count says",
    )


def places(args: argparse.Namespace) -> tuple[Place, ...]:
    """What --occupancy and --occupancy-anchor ask for.

    Raises:
        ConfigError: with all problems of them.
    """
    problems: list[Problem] = []
    found = tuple(parsed(args.occupancy, parse_place, problems))
    anchors = tuple(parsed(args.occupancy_anchor, parse_anchor, problems))
    if problems:
        raise ConfigError(problems)
    return with_anchors(found, anchors)


def regions(args: argparse.Namespace, settings: Settings) -> SpatialSpec:
    """What --config, --line and --zone ask for together; warnings about the file go to standard error.

    Raises:
        ConfigError: with all problems of all of them; a name that is used twice is one.
    """
    spec = SpatialSpec()
    if args.config:
        text = read_text(args.config)
        spec = load_spatial(text, file=args.config, settings=settings, lenient=args.lenient)
        say_all(check(text, file=args.config, settings=settings, lenient=args.lenient))
    problems: list[Problem] = []
    lines = list(parsed(args.line, partial(parse_line, settings=settings), problems))
    zones = list(parsed(args.zone, partial(parse_zone, settings=settings), problems))
    names = [zone.name for zone in (*spec.zones, *zones)] + [line.name for line in (*spec.lines, *lines)]
    problems += [
        Problem("command line", f"--line/--zone {name}", "the name is used twice", "give every region its own name")
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    if problems:
        raise ConfigError(problems)
    return SpatialSpec((*spec.zones, *zones), (*spec.lines, *lines), spec.forget_after_s)


T = TypeVar("T")


def parsed(texts: Sequence[str], parse: Callable[[str], T], problems: list[Problem]) -> Iterator[T]:
    """What can be parsed; what cannot goes to `problems`."""
    for text in texts:
        try:
            yield parse(text)
        except ConfigError as error:
            problems += error.problems
