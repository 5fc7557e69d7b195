"""A folder of simulated pictures with their truth: JPEG files and COCO annotations.

Every picture has a seed of its own, so a set can be continued: what is there already is not drawn again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from footfall.core.errors import ConfigError, Problem
from footfall.core.types import Image
from footfall.simulator.snapshot import Snapshot, snapshot
from footfall.simulator.stage import Sighting

SHAPES_PX = ((416, 312), (416, 312), (416, 234), (416, 256), (416, 416), (312, 416))
"""Drawn from where no size is asked for; 4:3 twice as often."""
HARD_TO_SEE = 0.25
TINY_PX = 6.0
SAVE_EVERY = 50
PICTURES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp"})


@dataclass(frozen=True, slots=True)
class PicturesSpec:
    """What to draw.

    Raises:
        ConfigError: a value makes no sense; every problem is listed.
    """

    count: int
    seed: int = 1
    size_px: tuple[int, int] | None = None
    """(width, height); None draws it by lot, 416 pixels on the longer side."""
    backdrops: Path | None = None
    """A folder of real pictures without people; half of the pictures are put on one of them."""
    backdrop_share: float = 0.5

    def __post_init__(self) -> None:
        if problems := _problems(self):
            raise ConfigError(problems)


def write_pictures(spec: PicturesSpec, out: Path, progress: Callable[[int, int], None] | None = None) -> Path:
    """Draw what is missing of the set, and write its `annotations.json`; returns the path of that file.

    `progress` is called after each picture with (pictures there, pictures in all).

    Raises:
        ConfigError: `out` cannot be written, was drawn from another seed or size, or a backdrop cannot be read.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        return _write(spec, out, progress)
    except OSError as error:
        problem = Problem(str(out), "$", f"cannot be written: {error.strerror}", "name a folder that you may write to")
        raise ConfigError([problem]) from error


def _write(spec: PicturesSpec, out: Path, progress: Callable[[int, int], None] | None) -> Path:
    truth, backdrops = out / "annotations.json", _backdrops(spec)
    there = _resumed(truth, spec)
    for index in range(spec.count):
        name = f"{index:06d}.jpg"
        if name not in there or not (out / name).is_file():
            shot = draw_picture(spec, index, backdrops)
            (out / name).write_bytes(_jpeg(spec, index, shot.image))
            there[name] = _entry(name, shot)
            if (index + 1) % SAVE_EVERY == 0:
                _save(truth, spec, there)
        if progress is not None:
            progress(index + 1, spec.count)
    _save(truth, spec, there)
    return truth


def draw_picture(spec: PicturesSpec, index: int, backdrops: Sequence[Path] = ()) -> Snapshot:
    """Picture number `index` of the set."""
    rng = np.random.default_rng([spec.seed, index])
    size = spec.size_px or SHAPES_PX[int(rng.integers(len(SHAPES_PX)))]
    backdrop = None
    if backdrops and rng.random() < spec.backdrop_share:
        backdrop = _read(backdrops[int(rng.integers(len(backdrops)))])
    return snapshot(rng, size, backdrop)


def _jpeg(spec: PicturesSpec, index: int, image: Image) -> bytes:
    quality = int(np.random.default_rng([spec.seed, index, 1]).integers(80, 96))
    return bytes(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1])


def _entry(name: str, shot: Snapshot) -> dict[str, object]:
    height, width = shot.image.shape[:2]
    people = [note for person in shot.people if (note := _annotation(person, width, height)) is not None]
    return {"file_name": name, "width": width, "height": height, "people": people}


def _annotation(person: Sighting, width: int, height: int) -> dict[str, object] | None:
    x0, y0, x1, y1 = person.visible_xyxy_px
    x0, y0, x1, y1 = max(0.0, x0), max(0.0, y0), min(float(width), x1), min(float(height), y1)
    if x1 <= x0 or y1 <= y0:
        return None
    hard = person.visibility < HARD_TO_SEE or y1 - y0 < TINY_PX
    fx0, fy0, fx1, fy1 = person.full_xyxy_px
    return {
        "bbox": _rounded(x0, y0, x1 - x0, y1 - y0),
        "area": round((x1 - x0) * (y1 - y0), 1),
        "iscrowd": int(hard),
        "full_bbox": _rounded(fx0, fy0, fx1 - fx0, fy1 - fy0),
        "foot": _rounded(*person.foot_px),
        "head": _rounded(*person.head_px),
        "visibility": round(person.visibility, 3),
    }


def _rounded(*values: float) -> list[float]:
    return [round(value, 1) for value in values]


def _save(truth: Path, spec: PicturesSpec, there: dict[str, dict[str, object]]) -> None:
    """COCO's layout; the file is replaced in one step."""
    images: list[dict[str, object]] = []
    annotations: list[dict[str, object]] = []
    for number, (name, entry) in enumerate(sorted(there.items()), 1):
        size = {"width": entry["width"], "height": entry["height"]}
        images.append({"id": number, "file_name": name, **size, "boxes": "full"})
        people = entry["people"]
        for note in people if isinstance(people, list) else ():
            annotations.append({"id": len(annotations) + 1, "image_id": number, "category_id": 1, **note})
    document = {
        "info": {"description": "simulated people", **_origin(spec)},
        "images": images,
        "annotations": annotations,
        "categories": [{"id": 1, "name": "person"}],
    }
    draft = truth.with_suffix(".part")
    draft.write_text(json.dumps(document), encoding="utf-8")
    draft.replace(truth)


def _origin(spec: PicturesSpec) -> dict[str, object]:
    size = "x".join(map(str, spec.size_px)) if spec.size_px else "by lot"
    return {"seed": spec.seed, "size": size, "backdrops": spec.backdrops.name if spec.backdrops else None}


def _resumed(truth: Path, spec: PicturesSpec) -> dict[str, dict[str, object]]:
    """File name -> what is known of pictures that were drawn before, within the count."""
    if not truth.is_file():
        return {}
    try:
        document = json.loads(truth.read_text(encoding="utf-8"))
        origin = {key: document["info"][key] for key in _origin(spec)}
        names = {image["id"]: image["file_name"] for image in document["images"]}
        there = {i["file_name"]: {**i, "people": []} for i in document["images"]}
        for note in document["annotations"]:
            kept = {k: v for k, v in note.items() if k not in {"id", "image_id", "category_id"}}
            there[names[note["image_id"]]]["people"].append(kept)
    except (ValueError, KeyError, TypeError) as error:
        problem = Problem(str(truth), "$", "was not written by this command", "name another folder")
        raise ConfigError([problem]) from error
    if origin != _origin(spec):
        what, cure = f"holds a set of {origin}", "give the same --seed, --size and --backdrops, or another folder"
        raise ConfigError([Problem(str(truth), "$.info", what, cure)])
    wanted = {f"{index:06d}.jpg" for index in range(spec.count)}
    return {name: entry for name, entry in there.items() if name in wanted}


def _backdrops(spec: PicturesSpec) -> list[Path]:
    if spec.backdrops is None:
        return []
    files = sorted(p for p in spec.backdrops.rglob("*") if p.suffix.lower() in PICTURES)
    if not files:
        what, cure = "holds no pictures", f"name a folder with {', '.join(sorted(PICTURES))}"
        raise ConfigError([Problem(str(spec.backdrops), "--backdrops", what, cure)])
    return files


def _read(path: Path) -> Image:
    data = np.frombuffer(path.read_bytes(), np.uint8)
    picture = cv2.imdecode(data, cv2.IMREAD_COLOR) if len(data) else None
    if picture is None:
        raise ConfigError([Problem(str(path), "--backdrops", "is not a picture", "remove it or mend it")])
    return np.asarray(picture, np.uint8)


def _problems(spec: PicturesSpec) -> list[Problem]:
    width, height = spec.size_px or (416, 416)
    checks = (
        ("count", 1 <= spec.count <= 1_000_000, f"{spec.count} pictures", "give 1 to 1000000"),
        ("seed", spec.seed >= 0, f"seed {spec.seed} is negative", "give 0 or more"),
        (
            "size",
            min(width, height) >= 64 and max(width, height) <= 1920,
            f"{width}x{height}",
            "give 64 to 1920 pixels",
        ),
    )
    return [Problem("simulate pictures", f"--{option}", what, cure) for option, ok, what, cure in checks if not ok]
