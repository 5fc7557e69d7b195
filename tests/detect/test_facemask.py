"""Networks that tell masks: a real one opens, one that cannot tell them is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from footfall.core.errors import ConfigError, DetectorError
from footfall.detect.facemask import open_face_reader


def test_a_public_network_tells_both(shared: Path, tmp_path: Path) -> None:
    model = shared / "models" / "ultralight_face" / "RFB-640-masked_face-v2.onnx"
    reader = open_face_reader(str(model), folder=tmp_path)
    assert set(reader.card.labels) == {"face_mask", "face_nomask"}


@pytest.mark.parametrize(
    ("model", "said"),
    [
        pytest.param("ultralight_face/version-RFB-320.onnx", "finds face, but tells no masks", id="faces alone"),
        pytest.param("yolox_nano/yolox_nano.onnx", "finds person, but tells no masks", id="people"),
    ],
)
def test_one_that_tells_no_masks_is_refused(shared: Path, tmp_path: Path, model: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        open_face_reader(str(shared / "models" / model), folder=tmp_path)


def test_motion_tells_no_masks(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="face_mask and face_nomask"):
        open_face_reader("motion", folder=tmp_path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DetectorError, match="no such model file"):
        open_face_reader(str(tmp_path / "mine.onnx"), folder=tmp_path)
