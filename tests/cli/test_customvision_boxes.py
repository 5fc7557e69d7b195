"""Two detectors on labelled images of a project, which a stand-in of the service gives out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from footfall.cli.customvision_boxes import OnImages, on_images
from footfall.cli.customvision_pair import model_of
from footfall.customvision.moving.far import Far
from footfall.learning.bundle import make_bundle
from footfall.learning.lesson import Kind
from takeaways import encoded, white_finder, with_white

AT = datetime(2026, 11, 21, tzinfo=UTC)
SIZE = (640, 320)
BOXES = [(80, 40, 160, 200), (240, 80, 320, 280), (400, 40, 480, 160), (80, 80, 200, 240)]


class Service:
    """Gives out images with one block each; `learned` of them were learned from."""

    endpoint = "http://127.0.0.1:1"

    def __init__(self, learned: int, tag: str = "Person") -> None:
        self.learned = learned
        self.tag = tag
        self.fetched: list[str] = []

    def get(self, _path: str, skip: int = 0, iterationId: str = "", **_query: object) -> list[dict[str, Any]]:
        count = self.learned if iterationId else len(BOXES) + 1
        return [self._image(number) for number in range(count)][skip:]

    def picture(self, image: Mapping[str, Any], _project_id: str) -> bytes:
        number = int(image["id"])
        self.fetched.append(image["id"])
        return encoded(with_white(BOXES[number], SIZE)) if number < len(BOXES) else b"no picture"

    def _image(self, number: int) -> dict[str, Any]:
        x0, y0, x1, y1 = BOXES[number % len(BOXES)]
        region = {
            "tagName": self.tag, "left": x0 / SIZE[0], "top": y0 / SIZE[1],
            "width": (x1 - x0) / SIZE[0], "height": (y1 - y0) / SIZE[1],
        }  # fmt: skip
        return {"id": str(number), "originalImageUri": "x", "regions": [region]}


def found(service: Service, tmp_path: Path) -> OnImages | None:
    """One that finds what is white, against one that looks for what is there in half of the images."""
    for name, side_px in (("fine.zip", 320), ("coarse.zip", 32)):
        (tmp_path / name).write_bytes(make_bundle(white_finder(0, side_px), ("person",), Kind.DETECTION, "1", AT, None))
    models = model_of(str(tmp_path / "coarse.zip")), model_of(str(tmp_path / "fine.zip"))
    return on_images(cast(Far, service), "p", {"id": "i", "name": "fine.zip"}, models)


def test_average_precision_of_both_on_images_that_the_new_one_has_not_seen(tmp_path: Path) -> None:
    service = Service(learned=1)
    done = found(service, tmp_path)
    assert done is not None
    assert service.fetched == ["1", "2", "3", "4"]
    coarse, fine = (model.of("person") for model in done.figures.models)
    assert coarse is not None
    assert fine is not None
    assert (fine.images, fine.truths, fine.ap50) == (3, 3, pytest.approx(1.0))
    assert coarse.ap50 is not None
    assert coarse.ap50 < 0.7
    assert done.advice() == f"fine.zip finds people better (AP50 1.00 against {coarse.ap50:.2f})"
    assert "AP50" in done.table()
    told = done.to_dict()
    assert [one["model"] for one in told["models"]] == ["coarse.zip", "fine.zip"]
    assert told["learned"] is False


def test_images_that_were_learned_from_say_little_and_that_is_said(tmp_path: Path) -> None:
    done = found(Service(learned=5), tmp_path)
    assert done is not None
    assert "fine.zip has learned from all of these images" in done.advice()


def test_images_without_people_say_nothing(tmp_path: Path) -> None:
    assert found(Service(learned=0, tag="bottle"), tmp_path) is None


def test_two_alike(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(make_bundle(white_finder(), ("person",), Kind.DETECTION, "1", AT, None))
    model = model_of(str(tmp_path / "a.zip"))
    done = on_images(cast(Far, Service(learned=0)), "p", {"id": "i", "name": "a.zip"}, (model, model))
    assert done is not None
    assert done.advice() == "both find people alike (AP50 1.00 and 1.00)"
    assert np.isfinite(done.figures.models[0].ratio or np.nan)
