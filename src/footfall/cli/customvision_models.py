"""`footfall customvision use`: an iteration takes the place of the model that cameras ask; or the one before again."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from footfall.cli.customvision_pair import service_of
from footfall.cli.watch import say
from footfall.core.errors import ConfigError, DetectorError, Problem
from footfall.customvision.moving.comparing import find_iteration
from footfall.customvision.moving.far import FarError
from footfall.customvision.moving.using import back, before, fetch_export, put
from footfall.detect.attributes import AttributeReader
from footfall.detect.exported import read_archive


def add_iteration_arguments(parser: argparse.ArgumentParser) -> None:
    """Which iteration of which service."""
    parser.add_argument("project", nargs="?", metavar="PROJECT", help="its name or id")
    parser.add_argument("iteration", nargs="?", default="newest", metavar="ITERATION", help="default: the newest")
    parser.add_argument("--at", metavar="ENDPOINT", default="http://127.0.0.1:8973", help="where it was trained")
    parser.add_argument("--key-file", metavar="FILE", help="holds a training key of that service")
    parser.add_argument("--ca", type=Path, metavar="PEM", help="believe its certificate")


def add_use_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    add_iteration_arguments(parser)
    parser.add_argument(
        "--as", required=True, type=Path, metavar="ZIP", dest="target", help="the zip that cameras name"
    )
    parser.add_argument("--back", action="store_true", help="exchange it and the one before")


def use(args: argparse.Namespace) -> int:
    """Put an iteration into the place of the model that cameras ask, or the one before back."""
    if args.back:
        back(args.target)
        say(f"{args.target}: the model from before answers again; {before(args.target).name} is the other one")
        return 0
    if not args.project:
        raise ConfigError([Problem("command line", "PROJECT", "is missing", "name the project, or say --back")])
    with service_of(args) as service:
        project_id, iteration = find_iteration(service, args.project, args.iteration)
        archive = fetch_export(service, project_id, str(iteration["id"]), time.sleep)
    reader = _reader(archive, str(iteration["name"]))
    is_first = not args.target.exists()
    put(args.target, archive)
    kept = "" if is_first else f"; {before(args.target).name} is the one before, --back brings it back"
    say(f"{args.target}: {iteration['name']} answers: {', '.join(reader.tags)}{kept}")
    return 0


def _reader(archive: bytes, name: str) -> AttributeReader:
    try:
        return AttributeReader(Path(name), export=read_archive(archive, Path(name)))
    except DetectorError as error:
        raise FarError(name, f"cannot be asked about people: {error}") from error
