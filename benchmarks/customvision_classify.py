"""Few-shot classification: `python -m benchmarks customvision-classify [--data FOLDER] [--per-tag N]... [--advanced]`.

A few pictures of each tag are learned from, the rest is told: our classifier beside histograms of oriented gradients,
colours and logistic regression, on the same pictures in the same run. FOLDER holds `train` and `test` picture sets;
without it only the sets that are made or come with a library are run. One thread; read times as ratios.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks import customvision_pictures as pictures
from benchmarks.customvision_pictures import Pictures, Rgb
from footfall.learning.classifier import learn_classifier
from footfall.learning.lesson import INPUT_PX, Example, Kind, Lesson
from footfall.learning.model import open_model

Labelled: TypeAlias = tuple[list[Rgb], NDArray[np.int64]]
Told: TypeAlias = NDArray[np.int64]
Ways: TypeAlias = dict[str, Callable[[Labelled, Labelled], Told]]

MOST_TESTED = 40
"""Of each tag and split."""
RESULTS = Path(__file__).with_name("results")


@dataclass(frozen=True, slots=True)
class Source:
    """A set of pictures to learn from and one to be tested on; the same one where they are drawn apart by chance."""

    train: Pictures
    test: Pictures

    def split(self, per_tag: int, rng: np.random.Generator) -> tuple[Labelled, Labelled] | None:
        """So many of each tag, and others; None where there are too few."""
        known: Labelled = [], np.zeros(0, np.int64)
        asked: Labelled = [], np.zeros(0, np.int64)
        for tag, name in enumerate(self.train):
            order = rng.permutation(len(self.train[name]))
            if len(order) < per_tag + (MOST_TESTED // 4 if self.train is self.test else 0):
                return None
            known = _with(known, [self.train[name][i] for i in order[:per_tag]], tag)
            rest = order[per_tag:] if self.train is self.test else rng.permutation(len(self.test[name]))
            asked = _with(asked, [self.test[name][i] for i in rest[:MOST_TESTED]], tag)
        return known, asked


def sources(data: Path | None) -> dict[str, Source]:
    """All sets that can be had."""
    digits, things = pictures.digits(), pictures.things(90, seed=5)
    found = {"digits": Source(digits, digits), "drawn things": Source(things, things)}
    if data:
        train, test = pictures.faces(data / "train/mask"), pictures.faces(data / "test/mask")
        helmets = pictures.helmets(data / "train/css_construction")
        parts = pictures.scene_parts(data / "train/css_construction", seed=5)
        people = pictures.scene_parts(data / "test/coco_people", seed=5)
        found |= {"masks": Source(train, test), "helmets": Source(helmets, helmets)}
        found |= {"scene parts": Source(parts, parts), "people in photographs": Source(people, people)}
    return found


def ours(known: Labelled, asked: Labelled, *, is_advanced: bool = False) -> Told:
    """What our classifier tells."""
    given, tags = known
    examples = tuple(Example(str(i), (int(tag),), np.zeros((0, 4), np.float32)) for i, tag in enumerate(tags))
    names = tuple(str(tag) for tag in range(int(tags.max()) + 1))
    side = INPUT_PX["compact"]
    lesson = Lesson(Kind.MULTICLASS, names, examples, lambda one: given[int(one)], side, is_advanced=is_advanced)
    model = open_model(learn_classifier(lesson, lambda _share, _what: None).onnx)
    return np.array([model.classify(picture).argmax() for picture in asked[0]])


def advanced(known: Labelled, asked: Labelled) -> Told:
    """What it tells after an advanced training, with fine-tuning where torch is there."""
    return ours(known, asked, is_advanced=True)


def usual(known: Labelled, asked: Labelled) -> Told:
    """Histograms of oriented gradients and of colours, standardised, and logistic regression."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 an optional extra
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415
    from sklearn.preprocessing import StandardScaler  # noqa: PLC0415

    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    model.fit(np.stack([described(picture) for picture in known[0]]), known[1])
    return np.asarray(model.predict(np.stack([described(picture) for picture in asked[0]])))


def described(picture: Rgb) -> NDArray[np.float32]:
    """Nine orientations in cells of 8 at 64x64 pixels, blocks of 2x2, and 8x8x8 colours."""
    small = np.asarray(cv2.resize(picture, (64, 64), interpolation=cv2.INTER_AREA), np.uint8)
    colours, _ = np.histogramdd(small.reshape(-1, 3), bins=(8, 8, 8), range=[(0, 256)] * 3)
    gradients = oriented(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32))
    return np.concatenate([gradients, np.sqrt(colours.ravel() / 4096)]).astype(np.float32)


def oriented(grey: NDArray[np.float32], cell: int = 8, bins: int = 9) -> NDArray[np.float32]:
    """Histograms of oriented gradients (Dalal and Triggs 2005): blocks of 2x2 cells, clipped and normalised."""
    gx, gy = np.gradient(grey, axis=1), np.gradient(grey, axis=0)
    strength, place = np.hypot(gx, gy), (np.arctan2(gy, gx) % np.pi) / np.pi * bins - 0.5
    below = np.floor(place).astype(int)
    planes = np.zeros((bins, *grey.shape), np.float32)
    y, x = np.indices(grey.shape)
    for number, share in ((below, 1 - (place - below)), (below + 1, place - below)):
        np.add.at(planes, (number % bins, y, x), strength * share)
    cells = planes.reshape(bins, grey.shape[0] // cell, cell, grey.shape[1] // cell, cell).sum(axis=(2, 4))
    corners = [cells[:, :-1, :-1], cells[:, 1:, :-1], cells[:, :-1, 1:], cells[:, 1:, 1:]]
    blocks = np.concatenate(corners).reshape(4 * bins, -1)
    clipped = np.minimum(blocks / np.sqrt((blocks**2).sum(axis=0) + 1.0), 0.2)
    return np.asarray((clipped / np.sqrt((clipped**2).sum(axis=0) + 1e-6)).ravel(), np.float32)


def compare(source: Source, per_tag: int, splits: int, ways: Ways) -> dict[str, float] | None:
    """Shares of right answers, mean and spread over splits, and processor seconds."""
    shares: dict[str, list[float]] = {name: [] for name in ways}
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for split in range(splits):
        parts = source.split(per_tag, np.random.default_rng(1000 + split))
        if parts is None:
            return None
        for name, way in ways.items():
            begun_s = time.process_time()
            right = way(*parts) == parts[1][1]
            spent[name].append(time.process_time() - begun_s)
            shares[name].append(float(right.mean()))
    ratios = np.array(shares["ours"]) / np.array(shares["usual"])
    figures = {f"{name}_{what}": value for name in ways for what, value in _mean_spread(shares[name], spent[name])}
    return figures | {"ratio": float(ratios.mean()), "ratio_spread": float(ratios.std())}


def _mean_spread(shares: Sequence[float], spent_s: Sequence[float]) -> list[tuple[str, float]]:
    return [("mean", float(np.mean(shares))), ("spread", float(np.std(shares))), ("cpu_s", float(np.mean(spent_s)))]


def training_cost(images: int = 100, tags: int = 10) -> float:
    """Processor seconds of a quick training of drawn things."""
    given = pictures.things(images // tags, seed=9)
    known: Labelled = [], np.zeros(0, np.int64)
    for tag, drawn in enumerate(given.values()):
        known = _with(known, drawn, tag)
    begun_s = time.process_time()
    ours(known, ([], np.zeros(0, np.int64)))
    return time.process_time() - begun_s


def _with(some: Labelled, more: Sequence[Rgb], tag: int) -> Labelled:
    return [*some[0], *more], np.append(some[1], np.full(len(more), tag, np.int64))


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks customvision-classify", description=__doc__)
    parser.add_argument("--data", type=Path, metavar="FOLDER")
    parser.add_argument("--per-tag", type=int, action="append", metavar="N", help="default: 5, 20, 50")
    parser.add_argument("--splits", type=int, default=5, metavar="N")
    parser.add_argument("--set", action="append", default=[], metavar="NAME", help="default: all")
    parser.add_argument("--advanced", action="store_true", help="advanced training as well; one to two minutes each")
    args = parser.parse_args(argv)
    ways: Ways = {"ours": ours, "usual": usual}
    if args.advanced:
        ways["advanced"] = advanced
    cv2.setNumThreads(1)
    report: dict[str, object] = {"training 100 pictures of ten tags, processor seconds": training_cost()}
    print(json.dumps(report), flush=True)
    for name, source in sources(args.data).items():
        for per_tag in args.per_tag or (5, 20, 50):
            figures = compare(source, per_tag, args.splits, ways) if not args.set or name in args.set else None
            if figures:
                report[f"{name}, {per_tag} a tag"] = figures
                print(f"{name}, {per_tag} a tag:", json.dumps({k: round(v, 3) for k, v in figures.items()}), flush=True)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "customvision-classify.json").write_text(json.dumps(report, indent=2) + "\n")
    return 0
