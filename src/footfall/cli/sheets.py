"""Writes contact sheets beside the path that the user names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import cv2

from footfall.cli.files import check_writable
from footfall.core.errors import ConfigError, Problem
from footfall.core.types import Image
from footfall.detect.pictures import read_picture
from footfall.evaluation.cases import find_cases
from footfall.evaluation.in_turn import Contestant
from footfall.evaluation.labelled import CocoTruth, categories
from footfall.evaluation.sheet import draw_page


def check_sheet(target: str) -> Path:
    """The path of --sheet, found to be good before anything runs.

    Raises:
        ConfigError: no .png, or its folder cannot be written.
    """
    path = Path(target)
    if path.suffix.lower() != ".png":
        raise ConfigError([Problem(target, "--sheet", "is not a .png", "name it OUT.png")])
    probe = path.with_name(f"{path.stem}.missed.png")
    existed = probe.exists()
    check_writable(str(probe), "--sheet")
    if not existed:
        probe.unlink()
    return path


def write_sheets(
    target: Path, truth: CocoTruth, files: Mapping[str, Path], contestants: Sequence[Contestant]
) -> list[Path]:
    """Pages missed, false and hits of each model and category that it finds; the files written.

    `out.png` becomes `out.missed.png` and so on; with several models `out.MODEL.missed.png`, with several categories
    `out.MODEL.CATEGORY.missed.png`.
    """
    shown = [(one, category) for category in categories(truth) for one in contestants if one.finds(category)]
    models, kinds = {one.name for one, _ in shown}, {category for _, category in shown}
    written = []
    for one, category in shown:
        words = [_plain(one.name)] * (len(models) > 1) + [category] * (len(kinds) > 1)
        stem = ".".join([target.stem, *words])
        for word, page in _pages(one, category, truth, files):
            path = target.with_name(f"{stem}.{word}.png")
            path.write_bytes(cv2.imencode(".png", page)[1].tobytes())
            written.append(path)
    return written


def _pages(one: Contestant, category: str, truth: CocoTruth, files: Mapping[str, Path]) -> Iterator[tuple[str, Image]]:
    cases = find_cases(truth, category, one.found, one.card.confident_score)
    at = f"{one.name}, {category}, score {one.card.confident_score:g} and more"
    for word, title, some in (
        ("missed", "missed, highest first", cases.missed),
        ("false", "not in the truth, best score first", cases.false),
        ("hits", "found, at random", cases.hits),
    ):
        yield word, draw_page(f"{at}: {title}", some, lambda name: read_picture(files[name]))


def _plain(name: str) -> str:
    """A name as a part of a file name."""
    return "".join(sign if sign.isalnum() or sign in "-_." else "_" for sign in name)
