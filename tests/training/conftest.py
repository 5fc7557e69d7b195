"""Small worlds to learn from: grey walls with bright bars on them, which stand for people."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed: ./dev test installs it")

from footfall.training.recipe import NetworkSpec, Recipe, SetSpec

TINY = NetworkSpec(widths=(8, 8, 16, 16, 16), depths=(0, 1, 1, 1), neck=16)


def draw_set(folder: Path, count: int, seed: int = 1, *, boxes: str = "full", side: int = 96) -> Path:
    """`count` pictures with one to three bars each, and their COCO annotations."""
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True)
    images, annotations = [], []
    for number in range(count):
        image = rng.normal(90, 8, (side, side, 3)).clip(0, 255).astype(np.uint8)
        for _ in range(int(rng.integers(1, 4))):
            width, height = int(rng.integers(10, 20)), int(rng.integers(30, 50))
            x, y = int(rng.integers(0, side - width)), int(rng.integers(0, side - height))
            cv2.rectangle(image, (x, y), (x + width - 1, y + height - 1), (40, 60, 230), -1)
            box = {"image_id": number, "category_id": 1, "bbox": [x, y, width, height], "iscrowd": 0}
            annotations.append(box)
        name = f"{number:03}.png"
        cv2.imwrite(str(folder / name), image)
        images.append({"id": number, "file_name": name, "boxes": boxes, "source": f"walk{number % 4}"})
    truth = {"images": images, "annotations": annotations, "categories": [{"id": 1, "name": "person"}]}
    (folder / "annotations.json").write_text(json.dumps(truth))
    return folder


@pytest.fixture
def make_set(tmp_path: Path) -> Callable[..., Path]:
    """Draws a set below the data folder `tmp_path / "data"`."""
    return lambda name="bars", count=12, **options: draw_set(tmp_path / "data" / name, count, **options)


@pytest.fixture
def tiny() -> Callable[..., Recipe]:
    """A recipe that is done in seconds; keywords change it."""
    settings: dict[str, object] = {
        "name": "tiny",
        "labels": ("person",),
        "sets": (SetSpec("bars", "Apache-2.0", hold_out=("walk3",)),),
        "network": TINY,
        "steps": 6,
        "batch": 4,
        "sizes_px": (64,),
        "test_size_px": 64,
        "test_every": 3,
        "warm_up_steps": 2,
        "precision": "fp32",
    }
    return lambda **changes: Recipe(**{**settings, **changes})
