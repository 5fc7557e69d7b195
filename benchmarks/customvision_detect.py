"""`python -m benchmarks customvision-detect [--shared FOLDER] [--quick]`: detectors learned from a few pictures.

Shelves that are drawn (products among others alike), and, where the shared data is, heads on building sites and faces
in crowds. Each learner sees the same pictures, in turn, one thread: AP50 on pictures that it never saw, and processor
seconds. The baseline is one plain linear look: logistic regression and ridge on every cell of the same backbone's maps,
without surroundings, views, or a second look. Writes `benchmarks/results/customvision_detect.json`.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import cv2
import numpy as np

from benchmarks.machine import fingerprint
from benchmarks.plain_look import learn_plain
from benchmarks.shelf import Scene, products, scenes
from footfall.cli.labelled import find_files, read_truth
from footfall.evaluation.labelled import CocoTruth
from footfall.learning.detector import learn_detector
from footfall.learning.lesson import Example, HeldOut, Kind, Lesson, Rgb
from footfall.learning.metrics import detection
from footfall.learning.model import Boxes, open_model

ANY_FACE = {"face_mask": "face", "face_nomask": "face"}
COPIES = ["_ppe_", "_004424.", "_02646.", "_image_53.", "_image_55."]
"""Pictures of which the backbone has seen a copy."""
RESULTS = Path(__file__).with_name("results")
Detect = Callable[[Rgb], Boxes]


@dataclass(frozen=True, slots=True)
class Task:
    """Pictures to learn from, and others to be asked about."""

    title: str
    tags: tuple[str, ...]
    train: tuple[Example, ...]
    test: tuple[Example, ...]
    read: Callable[[str], Rgb]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks customvision-detect", description=__doc__)
    shared = os.environ.get("FOOTFALL_SHARED", str(Path(__file__).resolve().parents[2] / "shared"))
    parser.add_argument("--shared", type=Path, default=Path(shared), help="folder with data/")
    parser.add_argument("--quick", action="store_true", help="one drawn shelf only")
    parser.add_argument("--only", default="", help="tasks whose title holds this")
    args = parser.parse_args(arguments)
    rows = []
    print("| task | pictures | baseline AP50 | AP50 | AP75 | training, processor s | one picture, ms | baseline = 1 |")
    print("|---|---|---|---|---|---|---|---|")
    for task in tasks(args.shared, quick=args.quick):
        if args.only in task.title:
            rows.append(measure(task))
            print("| " + " | ".join(str(cell) for cell in rows[-1].values()) + " |", flush=True)
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps({"machine": fingerprint(), "rows": rows}, indent=2)
    (RESULTS / "customvision_detect.json").write_text(text + "\n")
    return 0


def tasks(shared: Path, *, quick: bool) -> Iterator[Task]:
    yield shelves(1, 30, seed=1)
    if quick:
        return
    yield shelves(1, 30, seed=2)
    yield shelves(2, 30, seed=3)
    yield shelves(3, 30, seed=4)
    if not (shared / "data").is_dir():
        return
    sites = shared / "data/train/css_construction/annotations.json"
    for count in (30, 60):
        yield labelled("heads on building sites", (sites,), ("head",), count)
    faces = shared / "data/train/mask", shared / "data/test/mask"
    for count in (30, 100):
        yield labelled("faces in crowds", faces, ("face",), count, ANY_FACE)
    yield labelled("faces with and without masks", faces, ("face_mask", "face_nomask"), 100)


def shelves(tags: int, count: int, seed: int) -> Task:
    """Drawn shelves with so many products that are asked for."""
    wanted = products(tags, seed)
    pictures: dict[str, Rgb] = {}

    def examples(drawn: list[Scene], part: str) -> tuple[Example, ...]:
        pictures.update({f"{part}-{index}": scene.rgb for index, scene in enumerate(drawn)})
        return tuple(Example(f"{part}-{index}", scene.tags, scene.xyxy_n) for index, scene in enumerate(drawn))

    train, test = examples(scenes(wanted, count, seed), "train"), examples(scenes(wanted, 40, seed + 1000), "test")
    names = tuple(f"product {tag + 1}" for tag in range(tags))
    return Task(f"shelf, {tags} tag{'s' * (tags > 1)}", names, train, test, pictures.__getitem__)


def labelled(
    title: str, sets: tuple[Path, ...], tags: tuple[str, ...], count: int, words: Mapping[str, str] | None = None
) -> Task:
    """Photographs: some of the first set are learned from; asked about is the second, or others of the first."""
    options = argparse.Namespace(label=list((words or {}).items()), only=[], without=COPIES)
    parts = [_examples(read_truth(str(one), options), str(one), tags) for one in sets]
    learned = [parts[0][index] for index in np.random.default_rng(7).permutation(len(parts[0]))]
    asked = parts[1] if len(parts) > 1 else learned[60:]
    return Task(title, tags, tuple(learned[:count]), tuple(asked[:100]), _read)


def _examples(truth: CocoTruth, target: str, tags: tuple[str, ...]) -> list[Example]:
    names = {kind.id: kind.name for kind in truth.categories}
    files = find_files(truth, {image.name for image in truth.images}, target, None)
    examples = []
    for image in truth.images:
        boxes = [box for box in truth.annotations if box.image_id == image.id and names[box.category_id] in tags]
        height, width = _read(str(files[image.name])).shape[:2]
        xywh = np.array([box.bbox for box in boxes], np.float32).reshape(-1, 4)
        xyxy_n = np.concatenate([xywh[:, :2], xywh[:, :2] + xywh[:, 2:]], axis=1) / [width, height, width, height]
        labels = tuple(tags.index(names[box.category_id]) for box in boxes)
        if labels:
            examples.append(Example(str(files[image.name]), labels, xyxy_n.astype(np.float32)))
    return examples


def _read(name: str) -> Rgb:
    bgr = cv2.imread(name)
    assert bgr is not None, name
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)


def measure(task: Task) -> dict[str, object]:
    """Both learners on one task."""
    lesson = Lesson(Kind.DETECTION, task.tags, task.train, task.read, 320)
    start = time.process_time()
    plain = learn_plain(lesson)
    plain_s = time.process_time() - start
    start = time.process_time()
    learned = learn_detector(lesson, lambda _share, _what: None)
    ours_s = time.process_time() - start
    model = open_model(learned.onnx)
    start = time.process_time()
    for example in task.test:
        model.detect(task.read(example.id))
    one_ms = (time.process_time() - start) / len(task.test) * 1000
    return {
        "task": task.title,
        "pictures": f"{len(task.train)}, asked about {len(task.test)}",
        "baseline AP50": round(average_precision(task, plain, 0.5), 3),
        "AP50": round(average_precision(task, model.detect, 0.5), 3),
        "AP75": round(average_precision(task, model.detect, 0.75), 3),
        "training s": round(ours_s, 1),
        "one picture ms": round(one_ms),
        "ratio": round(ours_s / plain_s, 1),
    }


def average_precision(task: Task, detect: Detect, overlap: float) -> float:
    """Mean over tags, on pictures that were not learned from."""
    answers = [detect(task.read(example.id)) for example in task.test]
    told = HeldOut(
        fold=np.zeros(len(answers), np.int16),
        probabilities=np.zeros((0, len(task.tags)), np.float32),
        box_example=np.repeat(np.arange(len(answers)), [len(one.scores) for one in answers]).astype(np.int32),
        box_tag=np.concatenate([one.tags for one in answers]).astype(np.int32),
        box_score=np.concatenate([one.scores for one in answers]),
        boxes_xyxy_n=np.concatenate([one.xyxy_n for one in answers]),
    )
    figures = detection(task.test, len(task.tags), told, overlap=overlap)
    return mean(tag.average_precision for tag in figures.tags if tag.average_precision is not None)
