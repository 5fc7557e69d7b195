"""`footfall customvision compare|use`: an iteration against the model that cameras ask; put in its place; back."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import cv2
import numpy as np
from rich.table import Table

from footfall.cli.customvision_copy import key_of
from footfall.cli.terminal import Terminal
from footfall.cli.watch import say
from footfall.core.errors import ConfigError, DetectorError, Problem
from footfall.customvision.moving.comparing import Comparison, Guess, candidates, compare, find_iteration
from footfall.customvision.moving.far import Far, FarError
from footfall.customvision.moving.using import back, before, fetch_export, put
from footfall.detect.attributes import AttributeReader
from footfall.detect.exported import read_archive


def add_model_arguments(comparing: argparse.ArgumentParser, using: argparse.ArgumentParser) -> None:
    """Declare options of both."""
    for parser, count in ((comparing, None), (using, "?")):
        parser.add_argument("project", nargs=count, metavar="PROJECT", help="of classification; its name or id")
        parser.add_argument("iteration", nargs="?", default="newest", metavar="ITERATION", help="default: the newest")
        parser.add_argument("--at", metavar="ENDPOINT", default="http://127.0.0.1:8973", help="where it was trained")
        parser.add_argument("--key-file", metavar="FILE", help="holds a training key of that service")
        parser.add_argument("--ca", type=Path, metavar="PEM", help="believe its certificate")
    comparing.add_argument(
        "--with", required=True, type=Path, metavar="ZIP", dest="running", help="the model that runs"
    )
    using.add_argument("--as", required=True, type=Path, metavar="ZIP", dest="target", help="the zip that cameras name")
    using.add_argument("--back", action="store_true", help="exchange it and the one before")


def show_comparison(args: argparse.Namespace) -> int:
    """Say how both do on labelled pictures; exit code 1 where there are none."""
    running = AttributeReader(args.running)
    with _service(args) as service:
        project_id, iteration = find_iteration(service, args.project, args.iteration)
        archive = fetch_export(service, project_id, str(iteration["id"]), time.sleep)
        new = _reader(archive, str(iteration["name"]))
        found = candidates(service, project_id, str(iteration["id"]))
        images = found.unseen or found.learned
        judged = tuple(compare(service, project_id, images, _guess(running), _guess(new)))
    if not judged:
        say(f"{args.project}: no tagged images to judge by: tag some that {iteration['name']} has not learned from")
        return 1
    _print(Comparison(judged, bool(found.unseen)), str(iteration["name"]), args.running)
    return 0


def use(args: argparse.Namespace) -> int:
    """Put an iteration into the place of the model that cameras ask, or the one before back."""
    if args.back:
        back(args.target)
        say(f"{args.target}: the model from before answers again; {before(args.target).name} is the other one")
        return 0
    if not args.project:
        raise ConfigError([Problem("command line", "PROJECT", "is missing", "name the project, or say --back")])
    with _service(args) as service:
        project_id, iteration = find_iteration(service, args.project, args.iteration)
        archive = fetch_export(service, project_id, str(iteration["id"]), time.sleep)
    reader = _reader(archive, str(iteration["name"]))
    is_first = not args.target.exists()
    put(args.target, archive)
    kept = "" if is_first else f"; {before(args.target).name} is the one before, --back brings it back"
    say(f"{args.target}: {iteration['name']} answers: {', '.join(reader.tags)}{kept}")
    return 0


def _service(args: argparse.Namespace) -> Far:
    if not args.key_file:
        raise ConfigError([Problem("command line", "--key-file", "is missing", "name a file with a training key")])
    return Far(args.at, key_of(args.key_file), args.ca, pause=time.sleep)


def _reader(archive: bytes, name: str) -> AttributeReader:
    try:
        return AttributeReader(Path(name), export=read_archive(archive, Path(name)))
    except DetectorError as error:
        raise FarError(name, f"cannot be asked about people: {error}") from error


def _guess(reader: AttributeReader) -> Guess:
    def guess(content: bytes) -> str:
        try:
            picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
        except cv2.error as error:
            raise ValueError("no picture") from error
        if picture is None:
            raise ValueError("no picture")
        best = reader.read([np.asarray(picture, np.uint8)])[0][0]
        return f"{best.task}:{best.label}" if best.task else best.label

    return guess


def _print(found: Comparison, name: str, running: Path) -> None:
    table = Table("tag", "images", running.name, name, box=None, pad_edge=False)
    for tag in (*found.tags, None):
        count = found.count(tag)
        shares = [f"{found.right(which, tag) / count:.0%}" for which in ("running", "new")]
        table.add_row("all" if tag is None else tag, str(count), *shares)
    Terminal(width=None if Terminal().is_terminal else 120).print(table)
    say(f"{found.mended} images only {name} tells right, {found.broken} only {running.name}")
    if not found.is_unseen:
        say(f"{name} has learned from all of these images: tag new ones for an honest comparison")
