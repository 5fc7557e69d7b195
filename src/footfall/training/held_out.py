"""Average precision on pictures that are never trained on."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from footfall.core.types import Image
from footfall.detect.candidates import DecodeSpec, Rows, suppress
from footfall.detect.grids import ltrb
from footfall.detect.imaging import InputSpec, to_tensor
from footfall.evaluation.detection import evaluate_detections
from footfall.training.pictures import SILENT, Picture
from footfall.training.recipe import Recipe

LEAST_SCORE = 0.02
NMS_IOU = 0.6


def test_ap50(network: nn.Module, pictures: Sequence[Picture], recipe: Recipe, device: str) -> float:
    """Mean over the labels of AP at IoU 0.5, at `recipe.test_size_px`, over at most `recipe.test_pictures`."""
    step = max(1, len(pictures) // recipe.test_pictures)
    chosen = [picture for picture in pictures[::step] if picture.whole]
    spec = InputSpec(recipe.test_size_px, recipe.test_size_px, fit="snug")
    training = network.training
    network.eval()
    results: list[dict[str, object]] = []
    for picture in chosen:
        found = look(network, picture.read(), spec, len(recipe.labels), device)
        results += [
            {
                "image": picture.key.replace("/", "-"),
                "category": recipe.labels[label],
                "bbox": _bbox(box),
                "score": float(score),
            }
            for box, score, label in zip(found.xyxy_px, found.score, found.label, strict=True)
        ]
    network.train(training)
    report = evaluate_detections(json.dumps(_truth(chosen, recipe)), json.dumps(results))
    return float(np.mean([score.ap50 or 0.0 for score in report.categories if score.category in recipe.labels]))


@torch.inference_mode()
def look(network: nn.Module, image: Image, spec: InputSpec, labels: int, device: str) -> Rows:
    """What the network finds in one picture, in its pixels."""
    planes, placement = to_tensor(image, spec)
    maps = network(torch.from_numpy(planes)[None].to(device))
    decode = DecodeSpec(planes.shape[2], planes.shape[1], tuple(range(labels)), LEAST_SCORE)
    found = suppress(ltrb([part.float().cpu().numpy() for part in maps], decode), NMS_IOU)
    return Rows(placement.to_picture(found.xyxy_px), found.score, found.label)


def _truth(pictures: Sequence[Picture], recipe: Recipe) -> dict[str, object]:
    boxes = [
        {"image_id": number, "category_id": category, "bbox": _bbox(box), "iscrowd": int(label == SILENT)}
        for number, picture in enumerate(pictures)
        for box, label in zip(picture.xyxy_px, picture.label, strict=True)
        for category in ([int(label)] if label != SILENT else range(len(recipe.labels)))
    ]
    return {
        "images": [{"id": n, "file_name": picture.key.replace("/", "-")} for n, picture in enumerate(pictures)],
        "annotations": boxes,
        "categories": [{"id": n, "name": name} for n, name in enumerate(recipe.labels)],
    }


def _bbox(xyxy_px: NDArray[np.float32]) -> list[float]:
    x0, y0, x1, y1 = xyxy_px.tolist()
    return [x0, y0, x1 - x0, y1 - y0]
