"""Train a detector from its recipe: draw pictures, learn, test on held-out ones, export.

Needs the extra `train` (torch, onnx, matplotlib): pip install 'footfall[train]'. Interrupted, it goes on where it was
when started again with the same --out. Everything lands in that folder: last.pt, best.pt, progress.jsonl, curves.png,
NAME.onnx, NAME-int8.onnx, NAME.toml (its card).

Examples:
  footfall train person --data pictures --models models        # three hours on two cores
  footfall train person --data pictures --device cuda          # 25 minutes on a data-centre GPU
  footfall train mask --steps 200                              # a taste of it
  footfall train person my-recipe.toml --out runs/mine
  footfall train person --export --out runs/mine               # only write the files of the best weights so far
  footfall run shop.mp4 --model runs/mine/person.onnx --line door=0.2,0.6,0.8,0.6
"""

from __future__ import annotations

import argparse
import importlib.util
import os
from importlib import resources
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import msgspec
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from footfall.cli.files import read_text
from footfall.cli.numbers import whole
from footfall.cli.terminal import Terminal
from footfall.cli.watch import say
from footfall.core.errors import TrainingError
from footfall.training.recipe import Recipe, parse_recipe

if TYPE_CHECKING:
    from footfall.training.loop import Progress

RECIPES = ("person", "mask")
NEEDS = ("torch", "onnx", "matplotlib")
LINE_EVERY_S = 30.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parser.add_argument("what", choices=RECIPES, help="what it is to find: people, or faces with and without a mask")
    parser.add_argument("recipe", nargs="?", metavar="RECIPE.toml", help="instead of the one in the package")
    parser.add_argument("--data", type=Path, default=Path("data"), metavar="FOLDER", help="holds the recipe's sets")
    parser.add_argument("--models", type=Path, default=Path("models"), metavar="FOLDER", help="holds the teachers")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="of the run; default: runs/WHAT")
    parser.add_argument("--steps", type=whole(1, 10_000_000), metavar="N", help="instead of the recipe's")
    parser.add_argument("--device", default="cpu", metavar="cpu|cuda", help="where the network learns")
    parser.add_argument(
        "--threads", type=whole(1, 256), default=os.cpu_count() or 1, metavar="N", help="of the network"
    )
    parser.add_argument("--workers", type=whole(0, 64), default=1, metavar="N", help="processes that prepare pictures")
    parser.add_argument("--export", action="store_true", help="do not train: write the files of the best weights")


def main(args: argparse.Namespace) -> int:
    """Train, test, export."""
    missing = [name for name in NEEDS if importlib.util.find_spec(name) is None]
    if missing:
        raise TrainingError(f"training needs {', '.join(missing)}: pip install 'footfall[train]'")
    recipe = read_recipe(args.what, args.recipe)
    if args.steps:
        recipe = msgspec.structs.replace(recipe, steps=args.steps)
    folder = args.out or Path("runs") / args.what
    folder.mkdir(parents=True, exist_ok=True)
    if not args.export:
        learn(recipe, args, folder)
    write_files(recipe, args, folder)
    return 0


def read_recipe(what: str, file: str | None) -> Recipe:
    """A recipe by its file, or the package's own.

    Raises:
        ConfigError: it is wrong.
    """
    if file:
        return parse_recipe(read_text(file), file)
    name = f"{what}.toml"
    return parse_recipe((resources.files("footfall.training") / "recipes" / name).read_text("utf-8"), name)


def learn(recipe: Recipe, args: argparse.Namespace, folder: Path) -> None:
    """Ask the teachers, train, draw the curves."""
    import torch  # noqa: PLC0415 an optional extra

    from footfall.training.curves import draw_curves  # noqa: PLC0415
    from footfall.training.lesson import prepare  # noqa: PLC0415
    from footfall.training.loop import Machine, train  # noqa: PLC0415

    torch.set_num_threads(args.threads)
    with Counter("teachers look") as counter:
        pictures = prepare(recipe, args.data, args.models, folder, counter.show)
    held_out = sum(picture.held_out for picture in pictures)
    say(f"{len(pictures) - held_out} pictures to learn from, {held_out} held out; writing to {folder}")
    (folder / "recipe.toml.json").write_bytes(msgspec.json.format(msgspec.json.encode(recipe)))

    def told(progress: Progress) -> None:
        say(
            f"step {progress.step}: loss {progress.loss:.3f}, held-out AP50 {progress.ap50:.3f}, "
            f"{progress.pictures_per_s:.0f} pictures/s"
        )
        draw_curves(folder / "progress.jsonl", folder / "curves.png", f"{recipe.name}, {recipe.steps} steps")

    with Counter("steps") as counter:
        best = train(
            recipe,
            pictures,
            folder,
            Machine(args.device, args.workers),
            lambda step, _: counter.show(step, recipe.steps),
            told,
        )
    say(f"best: held-out AP50 {best.ap50:.3f} at step {best.step}")


def write_files(recipe: Recipe, args: argparse.Namespace, folder: Path) -> None:
    """ONNX files and their card from the best weights."""
    from footfall.training.export import calibration_pictures, export_int8, export_onnx, load_best, write_card  # noqa: PLC0415

    network = load_best(recipe, folder)
    full = export_onnx(network, folder / f"{recipe.name}.onnx")
    pictures = calibration_pictures(recipe, args.data)
    small = export_int8(network, full.path, folder / f"{recipe.name}-int8.onnx", pictures, recipe.test_size_px)
    write_card(recipe, full, folder / f"{recipe.name}.toml")
    for file in (full, small):
        say(f"{file.path}: {file.size_bytes / 1e6:.2f} MB, sha256 {file.sha256}, off by {file.difference:.2g}")


class Counter:
    """A bar on a terminal, a line every half minute elsewhere; on standard error."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._console = Terminal(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bar = Bar(*columns, console=self._console, transient=True, disable=not self._console.is_terminal)
        self._task = self._bar.add_task(what, total=None)
        self._line_s = monotonic()

    def __enter__(self) -> Counter:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def show(self, done: int, total: int) -> None:
        """So much is done."""
        self._bar.update(self._task, completed=done, total=total)
        if not self._console.is_terminal and monotonic() - self._line_s >= LINE_EVERY_S:
            self._line_s = monotonic()
            say(f"{self._what}: {done} of {total}")
