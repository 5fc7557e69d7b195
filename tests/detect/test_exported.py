"""Models of Custom Vision as detectors: zips, folders and bare files, and all that can be wrong with them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import pytest

from footfall.annotate import VideoWriter
from footfall.cli.main import main
from footfall.core.errors import DetectorError
from footfall.core.types import Frame
from footfall.detect.build import open_detector
from footfall.detect.candidates import DecodeSpec
from footfall.detect.exported import read_export
from footfall.detect.tables import exported
from footfall.learning.bundle import make_bundle
from footfall.learning.lesson import Kind
from takeaways import colour_teller, white_finder, with_white

AT = datetime(2026, 11, 21, tzinfo=UTC)
BLOCK = (160, 80, 320, 240)
NOWHERE = Path("nowhere")


def bundle(flavor: str | None = None, *, tags: tuple[str, ...] = ("shelf", "Person"), tag: int = 1) -> bytes:
    return make_bundle(white_finder(tag), tags, Kind.DETECTION, "1", AT, flavor)


def frame(rgb: np.ndarray) -> Frame:
    return Frame("camera", 0, 0.0, AT, np.ascontiguousarray(rgb[:, :, ::-1]))


@pytest.fixture
def zipped(tmp_path: Path) -> Path:
    file = tmp_path / "people.zip"
    file.write_bytes(bundle())
    return file


def as_folder(zipped: Path) -> Path:
    folder = zipped.with_suffix("")
    with ZipFile(zipped) as archive:
        archive.extractall(folder)
    return folder


def as_file(zipped: Path) -> Path:
    return as_folder(zipped) / "model.onnx"


def as_container(zipped: Path) -> Path:
    zipped.write_bytes(bundle("Linux"))
    return zipped


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(lambda zipped: zipped, id="a zip"),
        pytest.param(as_folder, id="a folder"),
        pytest.param(as_file, id="the model with its labels beside it"),
        pytest.param(as_container, id="a container's zip"),
    ],
)
def test_an_exported_model_finds_people(zipped: Path, form: Callable[[Path], Path]) -> None:
    detector, card = open_detector(str(form(zipped)), folder=NOWHERE)
    (found,) = detector.detect([frame(with_white(BLOCK))])
    assert (card.labels, card.classes, card.origin) == (("person",), (1,), "guessed")
    assert found.xyxy_px.tolist() == [pytest.approx(list(BLOCK), abs=0.01)]
    assert found.score.tolist() == [pytest.approx(0.97)]


def test_nobody_is_found_where_nobody_is(zipped: Path) -> None:
    detector, _ = open_detector(str(zipped), folder=NOWHERE)
    assert len(detector.detect([frame(np.zeros((90, 160, 3), np.uint8))])[0]) == 0


def test_what_is_not_called_person_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(bundle(tag=0))
    detector, _ = open_detector(str(tmp_path / "a.zip"), folder=NOWHERE)
    assert len(detector.detect([frame(with_white(BLOCK))])[0]) == 0


def test_a_side_car_says_which_tag_is_a_person(tmp_path: Path) -> None:
    file = tmp_path / "staff.zip"
    file.write_bytes(bundle(tags=("shelf", "worker")))
    with pytest.raises(
        DetectorError, match=r"finds shelf, worker; none .* called person: write a side-car staff\.toml"
    ):
        open_detector(str(file), folder=NOWHERE)
    side_car = 'decoder = "exported"\nlabels = ["person"]\nclasses = [1]\n[input]\nwidth_px = 320\nheight_px = 320\n'
    file.with_suffix(".toml").write_text(side_car + 'colour = "rgb"\nfit = "stretch"\n')
    detector, card = open_detector(str(file), folder=NOWHERE)
    assert len(detector.detect([frame(with_white(BLOCK))])[0]) == 1
    assert card.name == "staff"


def test_a_bare_file_without_labels_finds_its_first_class(tmp_path: Path) -> None:
    (tmp_path / "a.onnx").write_bytes(white_finder(0))
    detector, card = open_detector(str(tmp_path / "a.onnx"), folder=NOWHERE)
    assert (card.decoder, card.classes) == ("exported", (0,))
    assert len(detector.detect([frame(with_white(BLOCK))])[0]) == 1


def test_masks_are_told_by_tags_of_their_names(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(bundle(tags=("face_nomask", "face_mask")))
    _, card = open_detector(str(tmp_path / "a.zip"), folder=NOWHERE)
    assert dict(zip(card.labels, card.classes, strict=True)) == {"face_mask": 1, "face_nomask": 0}


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r\n\r\n"], ids=["as on Windows", "as on Linux", "and an empty line"])
def test_labels_of_former_years_are_read(zipped: Path, end: str) -> None:
    folder = as_folder(zipped)
    (folder / "labels.txt").write_bytes(f"\ufeffshelf{end}person{end}".encode())
    assert read_export(folder).tags == ("shelf", "person")


def test_a_name_of_a_model_is_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "motion").mkdir()
    monkeypatch.chdir(tmp_path)
    _, card = open_detector("motion", folder=NOWHERE)
    assert card.name == "motion"


def rewritten(zipped: Path, **changes: bytes | None) -> Path:
    """The zip with files changed, or left out (None)."""
    with ZipFile(zipped) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files |= {name.replace("_dot_", "."): content for name, content in changes.items() if content is not None}
    left_out = {name.replace("_dot_", ".") for name, content in changes.items() if content is None}
    with ZipFile(zipped, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            if name not in left_out:
                archive.writestr(name, content)
    return zipped


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        pytest.param({"model_dot_onnx": None}, "holds no model.onnx", id="no model"),
        pytest.param({"labels_dot_txt": None}, "holds no labels.txt", id="no labels"),
        pytest.param({"labels_dot_txt": b"\xff\xfe\xff"}, "no UTF-8 text", id="labels that are no text"),
        pytest.param({"cvexport_dot_manifest": b"{"}, "is not JSON", id="a broken manifest"),
        pytest.param({"model_dot_onnx": white_finder(0)}, "checksum differs", id="another model"),
        pytest.param(
            {"cvexport_dot_manifest": b"[]", "model_dot_onnx": b"nothing"},
            "not a whole ONNX model",
            id="no model at all",
        ),
        pytest.param(
            {"cvexport_dot_manifest": json.dumps({"ModelFileName": "../../etc/passwd"}).encode()},
            r"holds no \.\./\.\./etc/passwd",
            id="a path out of it",
        ),
    ],
)
@pytest.mark.parametrize("is_folder", [False, True], ids=["zip", "folder"])
def test_damaged_exports(zipped: Path, changes: dict[str, bytes | None], says: str, *, is_folder: bool) -> None:
    path = rewritten(zipped, **changes)
    path = as_folder(path) if is_folder else path
    with pytest.raises(DetectorError, match=says):
        open_detector(str(path), folder=NOWHERE)


def test_a_model_that_tells_pictures_finds_nobody(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(make_bundle(colour_teller(), ("r", "g", "b"), Kind.MULTICLASS, "1", AT, None))
    with pytest.raises(DetectorError, match="tells tags of whole pictures, not where people are"):
        open_detector(str(tmp_path / "a.zip"), folder=NOWHERE)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off"], ids=["empty", "cut off"])
def test_what_is_no_zip(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(DetectorError, match=r"a\.zip: cannot be read: File is not a zip file; export"):
        open_detector(str(tmp_path / "a.zip"), folder=NOWHERE)


def test_a_zip_that_claims_more_than_a_model_can_be_is_not_unpacked(
    zipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("footfall.detect.exported._LARGEST_BYTES", 1000)
    with pytest.raises(DetectorError, match=r"model\.onnx is larger than"):
        open_detector(str(zipped), folder=NOWHERE)


@pytest.mark.parametrize(
    "outputs",
    [
        pytest.param([np.zeros((1, 2, 4)), np.zeros((1, 2)), np.zeros((1, 2))], id="classes that are no whole numbers"),
        pytest.param([np.zeros((1, 2, 4)), np.zeros((1, 3), np.int64), np.zeros((1, 2))], id="more classes than boxes"),
        pytest.param([np.zeros((1, 2, 5)), np.zeros((1, 2), np.int64), np.zeros((1, 2))], id="five corners"),
        pytest.param([np.zeros((1, 2, 4)), np.zeros((1, 2), np.int64)], id="no scores"),
    ],
)
def test_outputs_that_are_not_such_boxes(outputs: list[np.ndarray]) -> None:
    with pytest.raises(ValueError, match="exported"):
        exported(outputs, DecodeSpec(320, 320, (0,), 0.1))


def test_outputs_come_in_any_order() -> None:
    boxes, classes = np.array([[[0.1, 0.2, 0.3, 0.4]]], np.float32), np.array([[7]])
    rows = exported([np.array([[0.5]], np.float32), classes, boxes], DecodeSpec(320, 160, (3, 7), 0.1))
    assert rows.xyxy_px.tolist() == [pytest.approx([32, 32, 96, 64])]
    assert rows.label.tolist() == [1]


def test_a_line_is_crossed_before_an_exported_model(zipped: Path, tmp_path: Path) -> None:
    clip, events = tmp_path / "clip.mp4", tmp_path / "events.jsonl"
    with VideoWriter(clip, 10.0, (640, 360)) as writer:
        for number in range(40):
            x = 40 + 13 * number
            picture = with_white((x, 120, x + 60, 280), (640, 360))
            writer.write(np.ascontiguousarray(picture[:, :, ::-1]), number / 10)
    shutil.rmtree(tmp_path / "people", ignore_errors=True)
    line = "--line=door=0.5,0.98,0.5,0.02"
    assert main(["run", str(clip), line, f"--model={zipped}", "--media-time", f"--sink=jsonl:{events}"]) == 0
    told = [json.loads(text) for text in events.read_text().splitlines()]
    crossed = [one["events"][0] for one in told if one["events"][0]["type"] == "personLineEvent"]
    assert [one["properties"]["status"] for one in crossed] == ["CrossRight"]


def test_a_zip_in_memory_is_never_unpacked(zipped: Path) -> None:
    before = sorted(zipped.parent.iterdir())
    open_detector(str(zipped), folder=NOWHERE)
    assert sorted(zipped.parent.iterdir()) == before
    assert read_export(zipped).onnx == ZipFile(BytesIO(zipped.read_bytes())).read("model.onnx")
