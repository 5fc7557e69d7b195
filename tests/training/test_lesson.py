import json
from collections.abc import Callable
from pathlib import Path

import pytest

from footfall.core.errors import ConfigError
from footfall.training.lesson import prepare
from footfall.training.pictures import SILENT
from footfall.training.recipe import Recipe, SetSpec
from networks import white_finder

CARD = """
decoder = "ltrb"
labels = ["person"]
classes = [0]
[input]
width_px = 64
height_px = 64
fit = "snug"
"""
Tiny = Callable[..., Recipe]
MakeSet = Callable[..., Path]


@pytest.fixture
def asked(tmp_path: Path, make_set: MakeSet) -> tuple[Path, Path, Path]:
    """Data, models and run folder; nobody labelled the pictures."""
    data = make_set(boxes="none", count=4).parent
    models, run = tmp_path / "models", tmp_path / "run"
    models.mkdir()
    run.mkdir()
    white_finder(models / "teacher.onnx")
    (models / "teacher.toml").write_text(CARD)
    return data, models, run


def test_teachers_are_asked_once_and_what_they_said_is_kept(asked: tuple[Path, Path, Path], tiny: Tiny) -> None:
    data, models, run = asked
    recipe, told = tiny(teachers=("teacher.onnx",)), list[tuple[int, int]]()
    first = prepare(recipe, data, models, run, lambda done, of: told.append((done, of)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    again = prepare(recipe, data, models, run, lambda done, of: told.append((done, of)))
    assert len(told) == 4
    assert [p.label.tolist() for p in first] == [p.label.tolist() for p in again]


def test_an_interrupted_lesson_asks_only_for_the_rest(asked: tuple[Path, Path, Path], tiny: Tiny) -> None:
    data, models, run = asked
    (run / "taught.json").write_text(json.dumps({"bars/000.png": [[1, 2, 30, 40, 0.3, 0]]}))
    told: list[int] = []
    pictures = prepare(tiny(teachers=("teacher.onnx",)), data, models, run, lambda done, _of: told.append(done))
    assert told == [1, 2, 3]
    assert pictures[0].label.tolist()[-1] == SILENT


def test_made_pictures_need_no_teacher(asked: tuple[Path, Path, Path], tiny: Tiny) -> None:
    data, models, run = asked
    recipe = tiny(teachers=("teacher.onnx",), sets=(SetSpec("bars", "Apache-2.0", made=True),))
    told: list[int] = []
    prepare(recipe, data, models, run, lambda done, _of: told.append(done))
    assert told == []


def test_a_teacher_of_something_else_is_told(asked: tuple[Path, Path, Path], tiny: Tiny) -> None:
    data, models, run = asked
    with pytest.raises(ConfigError, match="must have the same labels"):
        prepare(tiny(teachers=("teacher.onnx",), labels=("face_mask",)), data, models, run)


def test_damaged_answers_are_told(asked: tuple[Path, Path, Path], tiny: Tiny) -> None:
    data, models, run = asked
    (run / "taught.json").write_text('{"bars/000.png": 3}')
    with pytest.raises(ConfigError, match=r"taught\.json.*remove it"):
        prepare(tiny(teachers=("teacher.onnx",)), data, models, run)
