"""`footfall customvision copy`: projects of one Custom Vision service become projects of another."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Final

from footfall.cli.files import read_text
from footfall.cli.watch import say
from footfall.core.errors import ConfigError, Problem
from footfall.customvision.moving.copying import Found, Outcome, copy_project, projects_named
from footfall.customvision.moving.far import Far
from footfall.customvision.moving.notebook import Notebook
from footfall.customvision.moving.retraining import retrain

OK, INCOMPLETE = 0, 1
_LINE_EVERY_S: Final = 2.0


def add_copy_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    for end, words in (("from", "the service that is copied from"), ("to", "the service that is copied to")):
        parser.add_argument(f"--{end}", required=True, metavar="ENDPOINT", dest=f"{end}_endpoint", help=words)
        parser.add_argument(f"--{end}-key-file", required=True, metavar="FILE", help="holds its training key")
        parser.add_argument(f"--{end}-ca", type=Path, metavar="PEM", help="believe its certificate")
    parser.add_argument(
        "--project", action="append", default=[], metavar="NAME", help="may be repeated (default: all projects)"
    )
    parser.add_argument("--train", action="store_true", help="train the copies, and publish them as the originals are")
    parser.add_argument(
        "--prediction-id", default="footfall", metavar="ID", help="resource to publish to (Azure wants one of its own)"
    )
    parser.add_argument(
        "--notes", type=Path, default=Path(), metavar="FOLDER", help="where it notes how far it is (default: here)"
    )


def copy(args: argparse.Namespace) -> int:
    """Copy what was asked; the exit code: 1 where images are missing over there."""
    from_key, to_key = key_of(args.from_key_file), key_of(args.to_key_file)
    missed = 0
    with (
        Far(args.from_endpoint, from_key, args.from_ca, pause=time.sleep) as source,
        Far(args.to_endpoint, to_key, args.to_ca, pause=time.sleep) as target,
    ):
        for project in projects_named(source, args.project):
            outcome = _copied(source, target, project, args.notes)
            missed += len(outcome.missed)
            if args.train:
                _train(source, target, project, outcome, args.prediction_id)
    return INCOMPLETE if missed else OK


def _copied(source: Far, target: Far, project: Found, folder: Path) -> Outcome:
    name = str(project["name"])
    notebook = Notebook(
        folder / f"copy-of-{project['id']}.notes", f"{source.endpoint} {project['id']} {target.endpoint}"
    )
    if notebook.images:
        say(f"{name}: going on after {len(notebook.images)} images")
    try:
        outcome = copy_project(source, target, project, notebook, _Progress(name).show)
    finally:
        notebook.close()
    for line in (*outcome.notes, *(f"not copied: {one}" for one in outcome.missed)):
        say(f"{name}: {line}")
    say(f"{name}: {outcome.images} images, {outcome.tags} tags, {outcome.labels} labels are at {target.endpoint}")
    if not outcome.missed:
        notebook.remove()
    return outcome


def _train(source: Far, target: Far, project: Found, outcome: Outcome, prediction_id: str) -> None:
    name = str(project["name"])
    made = retrain(source, target, str(project["id"]), outcome.target_id, prediction_id, time.sleep)
    if not made.iteration:
        say(f"{name}: was never trained, so neither is the copy")
    else:
        say(f"{name}: {made.iteration} is trained" + (f" and answers as {made.published}" if made.published else ""))


def key_of(path: str) -> str:
    """A key that a file holds.

    Raises:
        ConfigError: it cannot be read, or holds something else.
    """
    text = read_text(path).strip()
    if not text or len(text.split()) != 1 or not text.isascii():
        raise ConfigError([Problem(path, "$", "holds no key", "put the training key into it, and nothing else")])
    return text


class _Progress:
    """A line on standard error: rewritten on a terminal, now and then elsewhere."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._said_s = 0.0

    def show(self, done: int, total: int) -> None:
        """So many images are over there."""
        now_s = time.monotonic()
        if sys.stderr.isatty():
            end = "\n" if done >= total else ""
            sys.stderr.write(f"\r{self._name}: {done} of {total} images{end}")
            sys.stderr.flush()
        elif now_s - self._said_s >= _LINE_EVERY_S or done >= total:
            self._said_s = now_s
            say(f"{self._name}: {done} of {total} images")
