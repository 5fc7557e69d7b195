"""What a run needs before its first step: the pictures, and the teachers' answers, asked once and written down."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import msgspec

from footfall.core.errors import ConfigError, Problem
from footfall.core.ports import Detector
from footfall.detect.build import open_detector
from footfall.training.pictures import Picture, load_taught, read_sets
from footfall.training.recipe import Recipe
from footfall.training.teachers import Rows, renamed, teach, to_rows

LEAST_SCORE = 0.1
SAVE_EVERY = 200
NAME = "taught.json"


def prepare(
    recipe: Recipe, data: Path, models: Path, folder: Path, tell: Callable[[int, int], None] = lambda _done, _of: None
) -> list[Picture]:
    """Pictures with all their labels; goes on where an earlier call was interrupted.

    Args:
        recipe: which sets and which teachers.
        data: holds the sets.
        models: holds the teachers' files.
        folder: of the run; the teachers' answers are kept there in `taught.json`.
        tell: called with how many pictures the teachers have seen, of how many.

    Raises:
        ConfigError: a set is missing or damaged, or a teacher knows no label of the recipe.
        DetectorError: a teacher does not load or run.
    """
    pictures = read_sets(recipe, data)
    if not recipe.teachers:
        return pictures
    taught = _written(folder / NAME)
    missing = [picture for picture in pictures if not picture.exact and picture.key not in taught]
    if missing:
        teachers, positions = _open(recipe, models)
        for number, picture in enumerate(missing, 1):
            answer = teach(teachers, picture.read(), closer=recipe.teachers_look_closer)
            taught[picture.key] = to_rows(renamed(answer, positions), LEAST_SCORE)
            tell(number, len(missing))
            if number % SAVE_EVERY == 0 or number == len(missing):
                (folder / NAME).write_text(json.dumps(taught), "utf-8")
    return load_taught(pictures, taught, recipe)


def _written(path: Path) -> dict[str, Rows]:
    if not path.is_file():
        return {}
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Rows])
    except msgspec.DecodeError as error:
        raise ConfigError([Problem(str(path), "$", f"is damaged: {error}", "remove it: it is made again")]) from error


def _open(recipe: Recipe, models: Path) -> tuple[list[Detector], list[int]]:
    """The teachers, and our position of each of their labels."""
    detectors: list[Detector] = []
    orders: set[tuple[str, ...]] = set()
    for name in recipe.teachers:
        detector, card = open_detector(str(models / name), folder=models, min_score=LEAST_SCORE / 2)
        detectors.append(detector)
        orders.add(card.labels)
    if len(orders) != 1 or not set(next(iter(orders))) & set(recipe.labels):
        cure = f"all of them must have the same labels, among them one of {', '.join(recipe.labels)}"
        raise ConfigError([Problem(recipe.name, "$.teachers", f"their labels are {sorted(orders)}", cure)])
    (labels,) = orders
    return detectors, [recipe.labels.index(label) if label in recipe.labels else -1 for label in labels]
