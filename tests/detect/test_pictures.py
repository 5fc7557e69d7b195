from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from footfall.core.errors import ConfigError
from footfall.core.types import Detections, Frame
from footfall.detect.catalogue import find_card
from footfall.detect.pictures import detect_pictures, find_pictures, read_picture


class Corners:
    """Finds a weak small and a strong big thing in every picture."""

    def detect(self, frames: Sequence[Frame]) -> list[Detections]:
        boxes = np.array([[0, 0, 1, 2], [1.5, 2, 10, 20.255]], np.float32)
        return [
            Detections(boxes, np.array([0.25, 0.75], np.float32), np.array([1, 0], np.int16), one.size_px)
            for one in frames
        ]


@pytest.fixture
def album(tmp_path: Path) -> Path:
    (tmp_path / "deep").mkdir()
    for name in ("b.jpg", "a.PNG", "deep/c.bmp"):
        cv2.imwrite(str(tmp_path / name), np.full((30, 20, 3), 99, np.uint8))
    (tmp_path / "notes.txt").write_text("no picture")
    return tmp_path


def test_folders_are_searched_and_sorted(album: Path) -> None:
    assert find_pictures([album]) == [album / "a.PNG", album / "b.jpg", album / "deep" / "c.bmp"]
    assert find_pictures([album / "b.jpg", album / "deep"]) == [album / "b.jpg", album / "deep" / "c.bmp"]


def test_all_wrong_targets_are_told_at_once(album: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigError) as wrong:
        find_pictures([album / "none.jpg", tmp_path / "empty", album])
    assert [problem.what for problem in wrong.value.problems] == ["does not exist", "holds no picture"]


def test_results_are_a_coco_list(album: Path) -> None:
    results = list(detect_pictures([album / "b.jpg"], Corners(), find_card("ultralight-rfb-640-mask"), []))
    assert results == [
        {"image": str(album / "b.jpg"), "category": "face_nomask", "bbox": [1.5, 2.0, 8.5, 18.25], "score": 0.75},
        {"image": str(album / "b.jpg"), "category": "face_mask", "bbox": [0.0, 0.0, 1.0, 2.0], "score": 0.25},
    ]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(b"no picture", "not a whole picture", id="a text"),
        pytest.param(b"", "not a whole picture", id="an empty file"),
        pytest.param(None, "cannot be read", id="gone meanwhile"),
    ],
)
def test_what_is_no_picture_is_named(tmp_path: Path, data: bytes | None, says: str) -> None:
    path = tmp_path / "x.jpg"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(ConfigError, match=rf"x\.jpg: \$: .*{says}"):
        read_picture(path)
