"""`python -m benchmarks detectors [--shared FOLDER] [--model NAME|PATH]...`: detectors on labelled pictures.

Side by side: same pictures, same run, one thread each, in turn. Our own `person` and `face-mask` take part if their
weights are in the package. Writes `benchmarks/results/detectors.json` and prints the tables of RESULTS.md.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from benchmarks.machine import fingerprint
from footfall.cli.contest import able, hold, named_contestants
from footfall.cli.labelled import find_files, frames, read_truth
from footfall.core.errors import ConfigError
from footfall.detect.catalogue import path
from footfall.evaluation.comparison import ModelScore, compare, images_that_count
from footfall.evaluation.detection import CategoryScore
from footfall.evaluation.labelled import CocoImage, CocoTruth
from footfall.runtime.folders import models_folder

RESULTS = Path(__file__).with_name("results")
LARGE_PX = 120_000
"""From so many pixels on (400x300) a picture of the mask set counts as large: three faces each; the others hold six."""
PEOPLE = (
    "yolox_nano/yolox_nano.onnx",
    "fastestdet/FastestDet.onnx",
    "nanodet_m/nanodet_m.onnx",
    "person-detection-retail-0013/person-detection-retail-0013.xml",
)
FACES = (
    "yunet/face_detection_yunet_2026may.onnx",
    "ultralight_face/RFB-640-masked_face-v2.onnx",
    "face-detection-retail-0004/face-detection-retail-0004.xml",
)


@dataclass(frozen=True, slots=True)
class TestSet:
    """Pictures to measure on; held out from training by source."""

    title: str
    truth: str
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    """Copies of pictures that are in another set, which may be trained on."""
    faces: bool = False


SETS = (
    TestSet("COCO people", "test/coco_people/annotations.json"),
    TestSet(
        "cheap cameras, three sources held out", "train/capston2_own/annotations.json", ("clip", "opencv_", "output")
    ),
    TestSet(
        "building sites",
        "train/css_construction/annotations.json",
        without=("_ppe_", "_004424.", "_02646.", "_image_53.", "_image_55."),
    ),
    TestSet("furniture shop from above", "train/tcc_person/annotations.json"),
    TestSet("masks", "test/mask", faces=True),
)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks detectors", description=__doc__)
    shared = os.environ.get("FOOTFALL_SHARED", str(Path(__file__).resolve().parents[2] / "shared"))
    parser.add_argument("--shared", type=Path, default=Path(shared), help="folder with data/ and models/")
    parser.add_argument("--model", action="append", default=[], help="one more, such as a checkpoint; may be repeated")
    args = parser.parse_args(arguments)
    report = {"machine": fingerprint(), "sets": {one.title: measure(one, args.shared, args.model) for one in SETS}}
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "detectors.json").write_text(json.dumps(report, indent=2) + "\n")
    return 0


def measure(one: TestSet, shared: Path, more: Sequence[str]) -> dict[str, object]:
    """One set: all models in turn; prints its table."""
    target = str(shared / "data" / one.truth)
    truth = read_truth(target, argparse.Namespace(label=[], only=one.only, without=one.without))
    peers = [str(shared / "models" / file) for file in (FACES if one.faces else PEOPLE)]
    models = [*peers, *ours("face-mask" if one.faces else "person"), *more]
    contestants = able(truth, named_contestants(models, thorough=True))
    files = find_files(truth, images_that_count(truth, contestants, target), target, None)
    hold(frames(files), contestants, len(files))
    report = compare(truth, contestants, one.title)
    print("\n".join(markdown(one.title, report.models)))
    said = report.to_dict()
    if one.faces:
        for title, part in by_size(truth).items():
            report = compare(part, contestants, f"{one.title}, {title}")
            print("\n".join(markdown(f"{one.title}, {title}", report.models)))
            said[title] = report.to_dict()
    return said


def ours(name: str) -> list[str]:
    """Our own model of that name, if its weights are there."""
    try:
        return [name] if path(name, models_folder()).is_file() else []
    except ConfigError:
        return []


def by_size(truth: CocoTruth) -> dict[str, CocoTruth]:
    """The truth split at `LARGE_PX`."""

    def part(images: tuple[CocoImage, ...]) -> CocoTruth:
        kept = {image.id for image in images}
        return replace(truth, images=images, annotations=tuple(a for a in truth.annotations if a.image_id in kept))

    is_large = {image: image.width * image.height >= LARGE_PX for image in truth.images}
    return {
        f"pictures of {LARGE_PX:,} px and more": part(tuple(image for image, large in is_large.items() if large)),
        "smaller pictures": part(tuple(image for image, large in is_large.items() if not large)),
    }


def markdown(title: str, models: Sequence[ModelScore]) -> list[str]:
    """Tables for RESULTS.md, one a category."""
    lines = []
    for category in dict.fromkeys(score.category for model in models for score in model.categories):
        rows = [(model, score) for model in models if (score := model.of(category))]
        first = rows[0][1]
        lines += [f"\n{title}, {category}: {first.images} pictures, {first.truths} boxes\n"]
        lines += [
            "| model | AP50 | AP50-95 | R at P 0.8 | P / R, wrong a picture | AP50 <40 / 40-96 / >=96 px | ms | ratio |"
        ]
        lines += ["|---|---|---|---|---|---|---|---|"]
        lines += [row(model, score) for model, score in rows]
    return lines


def row(model: ModelScore, score: CategoryScore) -> str:
    sure, heights = score.confident, " / ".join(map(spell, score.ap50_by_height.values()))
    assert sure is not None
    at = f"{spell(sure.precision)} / {spell(sure.recall)}, {spell(sure.false_per_image)}"
    cells = (model.model, spell(score.ap50), spell(score.ap50_95), spell(score.recall_at_precision), at, heights)
    return f"| {' | '.join(cells)} | {model.ms:.1f} | {model.ratio:.2f} |"


def spell(number: float | None) -> str:
    return "-" if number is None else f"{number:.3f}"
