"""The real learners, in their real process: from drawn pictures to a published model that is right."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from customvision import studio
from customvision.studio import (
    BLUE,
    COMPACT,
    DETECTION,
    HandClock,
    PlainLinks,
    add,
    shapes_on_ground,
    trained,
)
from footfall.customvision.prediction import predicting
from footfall.customvision.service import CustomVision
from footfall.customvision.training import exports, performance, publishing
from footfall.customvision.training.progress import get_training_progress
from footfall.customvision.training.trainer import Means
from footfall.customvision.wire.iterations import CustomBaseModelInfo
from footfall.customvision.workspace import images, projects, tags
from footfall.customvision.workspace.intake import Box, Upload
from footfall.customvision.workspace.limits import Limits

SHAPES = ("disc", "cross")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["Multiclass", "Multilabel"])
def test_classes_of_drawn_shapes(tmp_path: Path, kind: str) -> None:
    vision = CustomVision(tmp_path, HandClock(), PlainLinks())
    vision.start()
    try:
        shop = vision.shop
        project_id = projects.create_project(shop, "shapes", None, COMPACT, kind).id
        for shape in SHAPES:
            tag_id = tags.create_tag(shop, project_id, shape, None, None).id
            uploads = [Upload(str(n), shapes_on_ground(shape, n)[0], (tag_id,)) for n in range(10)]
            assert images.create_images(shop, project_id, uploads).is_batch_successful
        iteration = trained(shop, project_id)
        assert iteration.status == "Completed", iteration.training_error_details
        publishing.publish_iteration(shop, project_id, iteration.id, "shapes", "somewhere")
        told = [
            predicting.classify_image(shop, project_id, "shapes", shapes_on_ground(shape, 500 + n)[0], store=False)
            .predictions[0]
            .tag_name
            == shape
            for shape in SHAPES
            for n in range(10)
        ]
        assert np.mean(told) >= 0.9
        figures = performance.get_iteration_performance(shop, project_id, iteration.id)
        assert (figures.average_precision or 0.0) > 0.8
        assert len(performance.get_image_performances(shop, project_id, iteration.id)) == 20
        assert exports.export_iteration(shop, project_id, iteration.id, "ONNX").status == "Exporting"
    finally:
        vision.close()


@pytest.mark.slow
def test_boxes_of_drawn_shapes(tmp_path: Path) -> None:
    vision = CustomVision(tmp_path, HandClock(), PlainLinks(), limits=Limits(images_per_tag_detection=8))
    vision.start()
    try:
        shop = vision.shop
        project_id = projects.create_project(shop, "shapes", None, DETECTION, None).id
        tag_id = tags.create_tag(shop, project_id, "disc", None, None).id
        drawn = [shapes_on_ground("disc", n) for n in range(8)]
        uploads = [Upload(str(n), jpeg, (), (Box(tag_id, *box),)) for n, (jpeg, box) in enumerate(drawn)]
        assert images.create_images(shop, project_id, uploads).is_batch_successful
        iteration = trained(shop, project_id)
        assert iteration.status == "Completed", iteration.training_error_details
        publishing.publish_iteration(shop, project_id, iteration.id, "shapes", "somewhere")
        hits = []
        for n in range(10):
            jpeg, box = shapes_on_ground("disc", 500 + n)
            best = predicting.detect_image(shop, project_id, "shapes", jpeg, store=False).predictions[0]
            assert best.bounding_box is not None
            found = best.bounding_box
            hits.append(overlap((found.left, found.top, found.width, found.height), box) > 0.3)
        assert np.mean(hits) >= 0.8
    finally:
        vision.close()


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Intersection over union of (left, top, width, height)."""
    wide = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    high = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    shared = max(0.0, wide) * max(0.0, high)
    return shared / (one[2] * one[3] + other[2] * other[3] - shared)


@pytest.mark.slow
def test_advanced_and_from_an_earlier_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fine-tuning, within a child that may write no file and has but so much memory."""
    monkeypatch.setattr(studio, "PATIENCE_S", 900.0)
    means = Means((sys.executable, str(Path(__file__).with_name("hasty.py"))), threads=1)
    vision = CustomVision(tmp_path, HandClock(), PlainLinks(), means=means)
    vision.start()
    try:
        shop = vision.shop
        project_id = projects.create_project(shop, "shapes", None, COMPACT, None).id
        for first_seed, shape in enumerate(SHAPES):
            tag_id = tags.create_tag(shop, project_id, shape, None, None).id
            add(shop, project_id, tag_id, BLUE, 5, seed=10 * first_seed)  # nothing tells them apart: all is tried
        asked = {"training_type": "Advanced", "reserved_budget_in_hours": 1}
        first = trained(shop, project_id, **asked)
        assert first.status == "Completed", first.training_error_details
        base = CustomBaseModelInfo(project_id=project_id, iteration_id=first.id)
        second = trained(shop, project_id, **asked, custom_base_model_info=base)
        assert second.status == "Completed", second.training_error_details
        assert second.custom_base_model_info == base
        was, now = (get_training_progress(shop, project_id, one.id).notes for one in (first, second))
        assert now["features"] == was["features"]
        if find_spec("torch"):
            assert "round" in was["fine-tuned"]
        else:
            assert was["fine-tuned"] == "no: torch is not installed"
    finally:
        vision.close()
