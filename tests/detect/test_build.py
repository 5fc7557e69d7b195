"""Every public model we claim to run, on a real picture; and every way in which a model file can be wrong."""

from __future__ import annotations

import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from footfall.core.errors import ConfigError, DetectorError
from footfall.core.ports import Detector
from footfall.core.types import Frame
from footfall.detect.build import open_detector
from footfall.detect.catalogue import find_card, list_models, path
from footfall.detect.motion import MotionDetector
from footfall.detect.onnx import OnnxDetector
from footfall.detect.openvino import OpenvinoDetector
from footfall.detect.pictures import read_picture

FAR = {"d-fine-n", "rt-detr-r18", "rf-detr-nano", "yolox-tiny", "yolox-s", "nanodet-plus-m-416"}
"""Networks whose weights are not at hand: `test_public` proves them on graphs of the same outputs."""
NETWORKS = [card.name for card in list_models() if card.files and card.source and card.name not in FAR]
PERSON_NETWORKS = [name for name in NETWORKS if find_card(name).labels == ("person",)]
PERSON = "000000010764.jpg", (640, 424), [218.5, 80.8, 483.6, 395.6]
"""A picture of one person: file, size, box in pixels."""
FACE = "maksssksksss236.jpg", (301, 400), [163, 164, 269, 299]


def frame(image: np.ndarray, index: int = 0) -> Frame:
    return Frame("camera", index, index / 10, datetime.fromtimestamp(index, UTC), image)


def model_file(shared: Path, name: str) -> Path:
    (found,) = (shared / "models").rglob(find_card(name).files[0].name)
    return found


def picture(shared: Path, name: str) -> np.ndarray:
    (found,) = (shared / "data" / "test").rglob(name)
    return read_picture(found)


def overlap(box: np.ndarray, other: list[float]) -> float:
    size = np.clip(np.minimum(box[2:], other[2:]) - np.maximum(box[:2], other[:2]), 0, None)
    inter = float(size[0] * size[1])
    areas = (box[2] - box[0]) * (box[3] - box[1]) + (other[2] - other[0]) * (other[3] - other[1])
    return inter / (float(areas) - inter)


@pytest.mark.parametrize("name", PERSON_NETWORKS)
def test_every_person_network_finds_the_person(shared: Path, name: str) -> None:
    detector, card = open_detector(str(model_file(shared, name)), folder=Path("unused"))
    (found,) = detector.detect([frame(picture(shared, PERSON[0]))])
    best = found.xyxy_px[found.score.argmax()]
    assert isinstance(detector, Detector)
    assert (card.name, card.origin, found.frame_size) == (name, "shipped", PERSON[1])
    assert found.score.max() >= 0.5
    assert overlap(best, PERSON[2]) >= 0.5
    assert (found.label == 0).all()


@pytest.mark.parametrize("name", NETWORKS)
def test_no_network_finds_anybody_in_grey(shared: Path, name: str) -> None:
    detector, _ = open_detector(str(model_file(shared, name)), folder=Path("unused"), min_score=0.6)
    assert [len(one) for one in detector.detect([frame(np.full((240, 320, 3), 114, np.uint8))])] == [0]


@pytest.mark.parametrize("side", ["", "@256", "@640"])
def test_our_own_network_finds_the_person_at_every_size(shared: Path, side: str) -> None:
    image = read_picture(shared / "data" / "train" / "capston2_own" / "00000_clip1_mp4-13.jpg")  # held out
    detector, card = open_detector(f"person{side}", folder=Path("nowhere"))
    (found,) = detector.detect([frame(image)])
    sure = found.xyxy_px[found.score >= card.confident_score]
    assert card.name == "person"
    assert max(overlap(box, [33.0, 161.4, 102.6, 365.4]) for box in sure) > 0.5


def test_our_own_network_finds_the_face(shared: Path) -> None:
    name, _, box = FACE
    detector, card = open_detector("face-mask", folder=Path("nowhere"))
    (found,) = detector.detect([frame(picture(shared, name))])
    assert card.labels[found.label[found.score.argmax()]] == "face_nomask"
    assert overlap(found.xyxy_px[found.score.argmax()], box) > 0.5


@pytest.mark.parametrize(
    ("model", "what"),
    [
        pytest.param("person@300", "in steps of 32", id="no multiple of 32"),
        pytest.param("person@1280", "256 to 640 pixels", id="too large"),
        pytest.param("nobody@320", "no such model", id="a name nobody knows"),
    ],
)
def test_sizes_that_cannot_be(model: str, what: str) -> None:
    with pytest.raises(ConfigError, match=what):
        open_detector(model, folder=Path("nowhere"))


def test_a_network_of_one_size_keeps_it(shared: Path) -> None:
    with pytest.raises(ConfigError, match="takes pictures of one size only"):
        open_detector(f"{model_file(shared, 'yolox-nano')}@320", folder=Path("nowhere"))


@pytest.mark.parametrize("name", sorted({*NETWORKS} - {*PERSON_NETWORKS}))
def test_every_face_network_finds_the_face(shared: Path, name: str) -> None:
    detector, card = open_detector(str(model_file(shared, name)), folder=Path("unused"), min_score=0.5)
    (found,) = detector.detect([frame(picture(shared, FACE[0]))])
    overlaps = [overlap(box, FACE[2]) for box in found.xyxy_px]
    assert max(overlaps) >= 0.5
    assert card.labels[found.label[int(np.argmax(overlaps))]] in {"face", "face_nomask"}


def test_a_pulled_model_opens_by_name(shared: Path, tmp_path: Path) -> None:
    with pytest.raises(DetectorError, match="footfall models pull yolox-nano"):
        open_detector("yolox-nano", folder=tmp_path)
    path("yolox-nano", tmp_path).parent.mkdir()
    shutil.copy(model_file(shared, "yolox-nano"), path("yolox-nano", tmp_path))
    detector, card = open_detector("yolox-nano", folder=tmp_path, min_score=0.3, threads=2)
    assert card.name == "yolox-nano"
    assert detector.min_score == 0.3


def test_several_frames_of_several_sizes_keep_their_order(shared: Path) -> None:
    detector, _ = open_detector(str(model_file(shared, "yolox-nano")), folder=Path("unused"), min_score=0.5)
    person = picture(shared, PERSON[0])
    empty = np.full((100, 300, 3), 128, np.uint8)
    found = detector.detect([frame(empty), frame(person), frame(empty)])
    assert [len(one) > 0 for one in found] == [False, True, False]
    assert [one.frame_size for one in found] == [(300, 100), PERSON[1], (300, 100)]
    assert detector.detect([]) == []


@pytest.mark.parametrize("name", ["yolox-nano", "fastestdet", "nanodet-m-416", "nanodet-m-320"])
def test_a_model_nobody_knows_is_guessed_right(shared: Path, tmp_path: Path, name: str) -> None:
    stranger = tmp_path / "my model.onnx"
    stranger.write_bytes(model_file(shared, name).read_bytes() + b"\x72\x00")
    detector, card = open_detector(str(stranger), folder=tmp_path)
    known = find_card(name)
    assert (card.origin, card.name, card.decoder) == ("guessed", "my-model", known.decoder)
    assert card.input == known.input
    (found,) = detector.detect([frame(picture(shared, PERSON[0]))])
    assert overlap(found.xyxy_px[found.score.argmax()], PERSON[2]) >= 0.5


def test_an_openvino_model_nobody_knows_is_guessed_right(shared: Path, tmp_path: Path) -> None:
    known = model_file(shared, "person-detection-retail-0013")
    (tmp_path / "mine.xml").write_text(known.read_text() + "\n")
    shutil.copy(known.with_suffix(".bin"), tmp_path / "mine.bin")
    _, card = open_detector(str(tmp_path / "mine.xml"), folder=tmp_path)
    assert (card.origin, card.decoder, card.input) == (
        "guessed", "ssd", find_card("person-detection-retail-0013").input,
    )  # fmt: skip


def test_a_side_car_is_obeyed(shared: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.onnx"
    mine.write_bytes(model_file(shared, "yolox-nano").read_bytes() + b"\x72\x00")
    mine.with_suffix(".toml").write_text(
        'name = "dogs"\n'
        'decoder = "yolox"\nlabels = ["person"]\nclasses = [16]\n[input]\nwidth_px = 416\nheight_px = 416'
    )
    detector, card = open_detector(str(mine), folder=tmp_path, min_score=0.5)
    assert (card.name, card.origin) == ("dogs", "side-car")
    assert len(detector.detect([frame(picture(shared, PERSON[0]))])[0]) == 0


def test_the_built_in_detector_is_new_for_every_camera(tmp_path: Path) -> None:
    detector, card = open_detector("motion", folder=tmp_path)
    other, _ = open_detector("motion", folder=tmp_path, min_score=0.6)
    assert isinstance(detector, MotionDetector)
    assert other is not detector
    assert (card.name, card.labels, other.min_score) == ("motion", ("person",), 0.6)


def test_an_unknown_word_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such model; take one of"):
        open_detector("yolo", folder=tmp_path)


@pytest.mark.parametrize("name", ["missing.onnx", "missing.xml"])
def test_a_file_that_is_not_there(tmp_path: Path, name: str) -> None:
    with pytest.raises(DetectorError, match=rf"{name}: no such model file"):
        open_detector(str(tmp_path / name), folder=tmp_path)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_a_truncated_onnx_file(shared: Path, tmp_path: Path, share: float) -> None:
    data = model_file(shared, "yolox-nano").read_bytes()
    cut = tmp_path / "cut.onnx"
    cut.write_bytes(data[: int(share * len(data))])
    with pytest.raises(DetectorError, match=r"cut\.onnx: is not a whole ONNX model"):
        open_detector(str(cut), folder=tmp_path)


def test_a_text_that_calls_itself_onnx(tmp_path: Path) -> None:
    (tmp_path / "page.onnx").write_text("<html>not found</html>")
    with pytest.raises(DetectorError, match="is not a whole ONNX model"):
        open_detector(str(tmp_path / "page.onnx"), folder=tmp_path)


def test_a_truncated_openvino_model(shared: Path, tmp_path: Path) -> None:
    known = model_file(shared, "person-detection-retail-0013")
    (tmp_path / "cut.xml").write_text(known.read_text()[:5000])
    with pytest.raises(DetectorError, match=r"cut\.bin: no such model file"):
        open_detector(str(tmp_path / "cut.xml"), folder=tmp_path)
    shutil.copy(known.with_suffix(".bin"), tmp_path / "cut.bin")
    with pytest.raises(DetectorError, match="is not a whole OpenVINO model"):
        open_detector(str(tmp_path / "cut.xml"), folder=tmp_path)


def test_without_the_package_openvino_the_cure_is_named(
    shared: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(DetectorError, match=r"install footfall\[openvino\]"):
        open_detector(str(model_file(shared, "person-detection-retail-0013")), folder=tmp_path)


@pytest.mark.parametrize(
    ("kind", "model", "card"),
    [
        pytest.param(OnnxDetector, "yolox-nano", "fastestdet", id="ONNX"),
        pytest.param(OpenvinoDetector, "person-detection-retail-0013", "pedestrian-detection-adas-0002", id="OpenVINO"),
    ],
)
def test_the_card_of_another_size(shared: Path, kind: type, model: str, card: str) -> None:
    with pytest.raises(DetectorError, match=f"but the card '{card}' feeds"):
        kind(find_card(card), model_file(shared, model))


def test_the_card_of_another_head(shared: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.onnx"
    wrong.write_bytes(model_file(shared, "yolox-nano").read_bytes() + b"\x72\x00")
    wrong.with_suffix(".toml").write_text(
        'name = "wrong"\ndecoder = "ssd"\nlabels = ["person"]\nclasses = [1]\n[input]\nwidth_px = 416\nheight_px = 416'
    )
    detector, _ = open_detector(str(wrong), folder=tmp_path)
    with pytest.raises(DetectorError, match=r"wrong: ssd: .*\(1, 3549, 85\).*card does not fit"):
        detector.detect([frame(np.zeros((10, 10, 3), np.uint8))])


def test_a_model_that_guesses_cannot_read(shared: Path, tmp_path: Path) -> None:
    stranger = tmp_path / "faces.onnx"
    stranger.write_bytes(model_file(shared, "yunet").read_bytes() + b"\x72\x00")
    with pytest.raises(DetectorError, match=r"fit no head that footfall knows; write a side-car faces\.toml"):
        open_detector(str(stranger), folder=tmp_path)


def test_an_input_the_network_cannot_take_is_reported_while_running(shared: Path, tmp_path: Path) -> None:
    odd = tmp_path / "odd.onnx"
    odd.write_bytes(model_file(shared, "yunet").read_bytes() + b"\x72\x00")
    odd.with_suffix(".toml").write_text(
        'decoder = "yunet"\nlabels = ["face"]\nclasses = [0]\n[input]\nwidth_px = 33\nheight_px = 17'
    )
    detector, _ = open_detector(str(odd), folder=tmp_path)
    with pytest.raises(DetectorError, match=r"odd"):
        detector.detect([frame(np.zeros((10, 10, 3), np.uint8))])


def test_a_frame_that_is_no_picture(shared: Path) -> None:
    detector, _ = open_detector(str(model_file(shared, "fastestdet")), folder=Path("unused"))
    with pytest.raises(DetectorError, match="expected a"):
        detector.detect([frame(np.zeros((0, 0, 3), np.uint8))])
