"""Detector weights: which there are, where they lie, whether they are whole.

Nothing is downloaded without being asked: `pull` is the only command that fetches, and it checks the sha256.

Examples:
  footfall models list
  footfall models pull yolox-nano
  footfall models pull yolox-nano --from http://intranet/yolox_nano.onnx
  footfall models verify
  footfall models benchmark my-clip.mp4
  footfall run shop.mp4 --model "$(footfall models path yolox-nano)" --line door=0.2,0.6,0.8,0.6
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from rich.progress import DownloadColumn, Progress, TransferSpeedColumn
from rich.table import Table

from footfall.cli import benchmark
from footfall.cli.terminal import Terminal
from footfall.cli.watch import say
from footfall.detect.catalogue import FileState, Verified, find_card, list_models, path, verify
from footfall.detect.pull import pull
from footfall.runtime.folders import models_folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="list|pull|verify|path|benchmark")
    actions.add_parser("list", help="all model cards, with licence and state")
    actions.add_parser("verify", help="check every pulled file against its card")
    benchmark.add_arguments(actions.add_parser("benchmark", help="accuracy and time on your own clip or pictures"))
    for name, text in (("pull", "fetch the files of a model, resuming"), ("path", "where a pulled model lies")):
        action = actions.add_parser(name, help=text)
        action.add_argument("name", metavar="NAME", help="as footfall models list says it")
        if name == "pull":
            action.add_argument(
                "--from", dest="url", metavar="URL", help="fetch from here instead of the card's address"
            )
            action.add_argument("--sha256", metavar="HEX", help="the file's checksum, where its card knows none")


def main(args: argparse.Namespace) -> int:
    """Do one action; the exit code."""
    actions = {"list": show_list, "pull": fetch, "verify": check, "path": show_path, "benchmark": benchmark.main}
    return actions[args.action](args)


def show_list(_args: argparse.Namespace) -> int:
    """A table of all cards."""
    table = Table("name", "what", "licence", "state", box=None, pad_edge=False)
    verified = verify(models_folder())
    for card in list_models():
        table.add_row(
            card.name, card.title, card.licence, state_of([one for one in verified if one.model == card.name])
        )
    Terminal().print(table)
    return 0


def state_of(files: Sequence[Verified]) -> str:
    """One word for all files of a model: what is wrong with the first that is not whole."""
    states = [file.state for file in files if file.state is not FileState.OK]
    if states or not files:
        return states[0].value if states else "built in"
    return "shipped" if all(file.is_shipped for file in files) else FileState.OK.value


def fetch(args: argparse.Namespace) -> int:
    """Fetch a model, with progress and its licence on standard error."""
    console = Terminal(stderr=True)
    card = find_card(args.name)
    console.print(f"{card.name}: licence {card.licence}; {card.source}\n{card.notes}", highlight=False)
    with Progress(*Progress.get_default_columns(), DownloadColumn(), TransferSpeedColumn(), console=console) as bar:
        task = bar.add_task(card.name, total=None)
        files = pull(
            card.name,
            folder=models_folder(),
            url=args.url,
            sha256=args.sha256,
            progress=lambda _file, done, total: bar.update(task, completed=done, total=total),
        )
    print(*files, sep="\n")  # noqa: T201
    return 0


def check(_args: argparse.Namespace) -> int:
    """State of every file; 2 if one is damaged."""
    states = verify(models_folder())
    for item in states:
        print(f"{item.model}: {item.path}: {item.state.value}")  # noqa: T201
    return 2 if any(item.state is FileState.WRONG for item in states) else 0


def show_path(args: argparse.Namespace) -> int:
    """The path of a pulled model on standard output."""
    file = path(args.name, models_folder())
    if not file.is_file():
        say(f"{args.name} is not on this machine; get it with `footfall models pull {args.name}`")
    print(file)  # noqa: T201
    return 0
