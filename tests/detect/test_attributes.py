"""A customer's classifier: every form it comes in, what it tells, and what is refused before anybody walks in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from footfall.core.errors import DetectorError
from footfall.core.types import Attribute
from footfall.detect.attributes import AttributeReader
from footfall.learning.bundle import make_bundle
from footfall.learning.lesson import Kind
from takeaways import colour_teller, white_finder

AT = datetime(2026, 11, 21, tzinfo=UTC)
TAGS = ("red", "green", "vest:blue")
ORANGE_BGR = (10, 120, 250)


@pytest.fixture
def zipped(tmp_path: Path) -> Path:
    file = tmp_path / "clothes.zip"
    file.write_bytes(make_bundle(colour_teller(scale=0.01), TAGS, Kind.MULTICLASS, "1", AT, None))
    return file


def as_folder(zipped: Path) -> Path:
    with ZipFile(zipped) as archive:
        archive.extractall(zipped.with_suffix(""))
    return zipped.with_suffix("")


def crop(bgr: tuple[int, int, int] = ORANGE_BGR) -> np.ndarray:
    return np.full((90, 40, 3), bgr, np.uint8)


def expected() -> dict[str, float]:
    shares = np.exp(np.array([250, 120, 10]) * 0.01)
    return dict(zip(("red", "green", "blue"), (shares / shares.sum()).tolist(), strict=True))


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(lambda zipped: zipped, id="a zip"),
        pytest.param(as_folder, id="a folder"),
        pytest.param(lambda zipped: as_folder(zipped) / "model.onnx", id="a file with its labels beside it"),
    ],
)
def test_all_classes_are_told_the_likeliest_first(zipped: Path, form: Callable[[Path], Path]) -> None:
    reader = AttributeReader(form(zipped))
    (told,) = reader.read([crop()])
    assert [(one.label, one.task) for one in told] == [("red", ""), ("green", ""), ("blue", "vest")]
    assert {one.label: one.confidence for one in told} == pytest.approx(expected(), abs=1e-5)
    assert reader.tags == TAGS


def test_several_people_are_told_in_order(zipped: Path) -> None:
    first, second = AttributeReader(zipped).read([crop((255, 0, 0)), crop((0, 0, 255))])
    assert (first[0].label, second[0].label) == ("blue", "red")


def test_a_model_with_maps_by_tag_is_read(tmp_path: Path) -> None:
    """Exports for Windows ML answer with a map of tags beside the name of the best."""
    model = onnx.load_from_string(colour_teller(scale=0.01))
    del model.graph.output[:]
    model.graph.node.append(
        helper.make_node("ZipMap", ["model_output"], ["loss"], domain="ai.onnx.ml", classlabels_strings=list(TAGS))
    )
    kind = helper.make_sequence_type_proto(
        helper.make_map_type_proto(TensorProto.STRING, helper.make_tensor_type_proto(TensorProto.FLOAT, []))
    )
    model.graph.output.append(helper.make_value_info("loss", kind))
    model.opset_import.append(helper.make_opsetid("ai.onnx.ml", 1))
    (tmp_path / "model.onnx").write_bytes(model.SerializeToString())
    (tmp_path / "labels.txt").write_text("\r\n".join(TAGS))
    (told,) = AttributeReader(tmp_path / "model.onnx").read([crop()])
    assert {one.label: one.confidence for one in told} == pytest.approx(expected(), abs=1e-5)


@pytest.mark.parametrize(
    ("properties", "first"),
    [
        pytest.param({}, "red", id="nothing said: an input called data is blue first"),
        pytest.param({"Image.BitmapPixelFormat": "Rgb8"}, "blue", id="red first"),
        pytest.param({"Image.NominalPixelRange": "Normalized_0_1"}, "red", id="pixels from 0 to 1"),
    ],
)
def test_pixels_are_put_as_the_model_says(tmp_path: Path, properties: dict[str, str], first: str) -> None:
    model = onnx.load_from_string(colour_teller())
    del model.metadata_props[:]
    helper.set_model_props(model, properties)
    (tmp_path / "model.onnx").write_bytes(model.SerializeToString())
    (tmp_path / "labels.txt").write_text("red\ngreen\nblue\n")
    (told,) = AttributeReader(tmp_path / "model.onnx").read([crop()])
    assert told[0].label == first
    is_scaled = "Image.NominalPixelRange" in properties
    assert told[0].confidence == pytest.approx(0.34, abs=0.01) if is_scaled else told[0].confidence > 0.99


def broken(zipped: Path, name: str) -> Path:
    folder = as_folder(zipped)
    if name == "labels":
        (folder / "labels.txt").write_text("red\n")
    if name == "nameless":
        (folder / "labels.txt").unlink()
        return folder / "model.onnx"
    if name == "range":
        (folder / "cvexport.manifest").unlink()
        model = onnx.load(str(folder / "model.onnx"))
        del model.metadata_props[:]
        helper.set_model_props(model, {"Image.NominalPixelRange": "NominalRange_16_235"})
        onnx.save(model, str(folder / "model.onnx"))
    if name == "missing":
        return folder / "no.onnx"
    if name == "boxes":
        zipped.write_bytes(make_bundle(white_finder(), ("person",), Kind.DETECTION, "1", AT, None))
        return zipped
    return folder


@pytest.mark.parametrize(
    ("name", "says"),
    [
        pytest.param("labels", "gives no probabilities of 1 classes", id="fewer names than classes"),
        pytest.param("nameless", "put labels.txt beside it", id="no names"),
        pytest.param("range", "wants pixels in NominalRange_16_235", id="a range nobody knows"),
        pytest.param("missing", "no such model file", id="no file"),
        pytest.param("boxes", "finds things; attributes need a classification", id="a detector"),
    ],
)
def test_what_is_no_such_classifier_is_refused_at_the_start(zipped: Path, name: str, says: str) -> None:
    with pytest.raises(DetectorError, match=says):
        AttributeReader(broken(zipped, name))


@pytest.mark.parametrize(
    ("tag", "attribute"),
    [
        ("head:helmet", Attribute("helmet", 1.0, "head")),
        ("head: no helmet", Attribute("no helmet", 1.0, "head")),
        ("a:b:c", Attribute("b:c", 1.0, "a")),
        (":helmet", Attribute(":helmet", 1.0)),
        ("helmet:", Attribute("helmet:", 1.0)),
        ("no_helmet", Attribute("no_helmet", 1.0)),
    ],
)
def test_tags_with_a_colon_name_a_question(tmp_path: Path, tag: str, attribute: Attribute) -> None:
    tags = ("x", "y", tag)
    (tmp_path / "a.zip").write_bytes(make_bundle(colour_teller(), tags, Kind.MULTICLASS, "1", AT, None))
    (told,) = AttributeReader(tmp_path / "a.zip").read([crop((255, 0, 0))])
    assert (told[0].label, told[0].task) == (attribute.label, attribute.task)
