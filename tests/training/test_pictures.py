import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from footfall.core.errors import ConfigError
from footfall.training.pictures import SILENT, Picture, load_taught, read_sets, with_teachers
from footfall.training.recipe import Recipe, SetSpec
from footfall.training.teachers import Labels

VOC = """<annotation><filename>a.png</filename><size><width>10</width><height>10</height></size>
<object><name>{name}</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>5</xmax><ymax>8</ymax></bndbox></object></annotation>"""


def test_whole_sources_are_held_out_and_copies_left_out(
    make_set: Callable[..., Path], tiny: Callable[..., Recipe]
) -> None:
    data = make_set(count=12).parent
    spec = SetSpec("bars", "CC0", hold_out=("walk3",), leave_out=("001.",))
    pictures = read_sets(tiny(sets=(spec,)), data)
    assert [picture.path.name for picture in pictures if picture.held_out] == ["003.png", "007.png", "011.png"]
    assert "001.png" not in [picture.path.name for picture in pictures]
    assert all(picture.whole and picture.set == "bars" for picture in pictures)
    assert pictures[0].read().shape == (96, 96, 3)


@pytest.mark.parametrize(
    ("name", "labels", "expected", "whole"),
    [
        pytest.param("with_mask", ("face_mask", "face_nomask"), [0], True, id="masked"),
        pytest.param("sin_mascarilla", ("face_mask", "face_nomask"), [1], True, id="bare, in Spanish"),
        pytest.param(
            "mask_weared_incorrect", ("face_mask", "face_nomask"), [SILENT], False, id="worn wrongly says nothing"
        ),
        pytest.param("with_mask", ("person",), [], False, id="faces say nothing of people"),
    ],
)
def test_voc(
    tmp_path: Path, tiny: Callable[..., Recipe], name: str, labels: tuple[str, ...], expected: list[int], whole: bool
) -> None:
    (tmp_path / "faces").mkdir()
    (tmp_path / "faces" / "a.xml").write_text(VOC.format(name=name))
    (picture,) = read_sets(
        tiny(labels=labels, sets=(SetSpec("faces", "CC0"),), categories={"face": "ignore"}), tmp_path
    )
    assert (picture.label.tolist(), picture.whole) == (expected, whole)
    assert picture.xyxy_px.tolist() == [[1, 2, 5, 8]][: len(expected)]


def test_a_missing_set_is_told_unless_it_may_be_missing(tmp_path: Path, tiny: Callable[..., Recipe]) -> None:
    with pytest.raises(ConfigError, match=r"--data"):
        read_sets(tiny(), tmp_path)
    assert read_sets(tiny(sets=(SetSpec("bars", "CC0", made=True),)), tmp_path) == []


def test_a_picture_that_is_none_is_told(make_set: Callable[..., Path], tiny: Callable[..., Recipe]) -> None:
    folder = make_set()
    (folder / "000.png").write_bytes(b"no picture")
    pictures = read_sets(tiny(), folder.parent)
    with pytest.raises(ConfigError, match=r"000\.png.*is not a picture"):
        pictures[0].read()


KNOWN = (0.0, 0.0, 10.0, 20.0)
ELSEWHERE = (50.0, 0.0, 60.0, 20.0)


@pytest.mark.parametrize(
    ("whole", "box", "score", "expected"),
    [
        pytest.param(True, KNOWN, 0.9, [0], id="everybody is labelled: the teacher repeats"),
        pytest.param(True, ELSEWHERE, 0.9, [0, SILENT], id="everybody is labelled: a sure teacher makes us doubt"),
        pytest.param(True, ELSEWHERE, 0.3, [0], id="everybody is labelled: a doubtful teacher is not heard"),
        pytest.param(False, ELSEWHERE, 0.9, [0, 0], id="some are labelled: a sure teacher adds"),
        pytest.param(False, ELSEWHERE, 0.3, [0, SILENT], id="some are labelled: a doubtful one makes us doubt"),
        pytest.param(False, ELSEWHERE, 0.1, [0], id="some are labelled: a guess is not heard"),
        pytest.param(False, (1.0, 0.0, 9.0, 12.0), 0.9, [0], id="the upper half of somebody known is nobody new"),
    ],
)
def test_what_teachers_add(
    tiny: Callable[..., Recipe], whole: bool, box: tuple[float, ...], score: float, expected: list[int]
) -> None:
    picture = Picture(Path("a.png"), "s", np.array([KNOWN], np.float32), np.zeros(1, np.int64), whole, False, 1.0)
    taught = Labels(np.array([box], np.float32), np.array([score], np.float32), np.zeros(1, np.int16))
    assert with_teachers(picture, taught, tiny()).label.tolist() == expected
    rows = {"s/a.png": [[*box, score, 0]]}
    assert load_taught([picture], rows, tiny())[0].label.tolist() == expected
    assert load_taught([replace(picture, set="other")], rows, tiny())[0].label.tolist() == [0]


def test_truth_of_the_wrong_form_is_told(tmp_path: Path, tiny: Callable[..., Recipe]) -> None:
    (tmp_path / "bars").mkdir()
    (tmp_path / "bars" / "annotations.json").write_text(json.dumps({"images": []}))
    with pytest.raises(ConfigError, match=r"annotations\.json"):
        read_sets(tiny(), tmp_path)
