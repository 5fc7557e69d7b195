from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
import onnxruntime
import pytest
import torch

from footfall.core.errors import TrainingError
from footfall.core.types import Frame
from footfall.detect.build import open_detector
from footfall.training.curves import draw_curves
from footfall.training.export import calibration_pictures, export_int8, export_onnx, load_best, write_card
from footfall.training.loop import Machine, Progress, learning_rate, train
from footfall.training.network import Detector
from footfall.training.pictures import Picture, read_sets
from footfall.training.recipe import NetworkSpec, Recipe
from footfall.training.teachers import NO_TIME

Tiny = Callable[..., Recipe]
MakeSet = Callable[..., Path]
HERE = Machine("cpu", workers=0)


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return torch.load(folder / "last.pt", weights_only=True)["mean"]


def pictures_of(recipe: Recipe, make_set: MakeSet) -> list[Picture]:
    return read_sets(recipe, make_set().parent)


def test_an_interrupted_run_ends_as_one_that_was_not(tiny: Tiny, make_set: MakeSet, tmp_path: Path) -> None:
    torch.set_num_threads(1)
    recipe = tiny(decay_share=0.0001)
    pictures = pictures_of(recipe, make_set)
    once, twice = tmp_path / "once", tmp_path / "twice"
    once.mkdir()
    twice.mkdir()
    train(recipe, pictures, once, HERE)
    train(msgspec.structs.replace(recipe, steps=3), pictures, twice, HERE)
    steps: list[int] = []
    train(recipe, pictures, twice, HERE, lambda step, _loss: steps.append(step))
    assert steps == [4, 5, 6]
    for name, tensor in weights(once).items():
        torch.testing.assert_close(tensor, weights(twice)[name], msg=name)


def test_tests_are_told_written_and_drawn(tiny: Tiny, make_set: MakeSet, tmp_path: Path) -> None:
    recipe, told = tiny(), list[Progress]()
    best = train(recipe, pictures_of(recipe, make_set), tmp_path, HERE, told=told.append)
    assert [progress.step for progress in told] == [3, 6]
    assert best.ap50 == max(progress.ap50 for progress in told)
    assert len((tmp_path / "progress.jsonl").read_text().splitlines()) == 2
    draw_curves(tmp_path / "progress.jsonl", tmp_path / "curves.png", "tiny")
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("change", "what"),
    [
        pytest.param({"learning_rate": float("inf")}, "the loss is", id="a loss that is no number ends the run"),
    ],
)
def test_a_run_that_goes_wrong_says_so(
    tiny: Tiny, make_set: MakeSet, tmp_path: Path, change: dict[str, object], what: str
) -> None:
    recipe = tiny(**change)
    with pytest.raises(TrainingError, match=what):
        train(recipe, pictures_of(recipe, make_set), tmp_path, HERE)


def test_nothing_held_out_is_told(tiny: Tiny, make_set: MakeSet, tmp_path: Path) -> None:
    recipe = tiny()
    pictures = [replace(picture, held_out=False) for picture in pictures_of(recipe, make_set)]
    with pytest.raises(TrainingError, match="0 held out"):
        train(recipe, pictures, tmp_path, HERE)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda path: path.write_bytes(path.read_bytes()[:2000]), id="cut off"),
        pytest.param(lambda path: path.write_bytes(b""), id="empty"),
        pytest.param(lambda path: torch.save({"step": 3}, path), id="of something else"),
    ],
)
def test_a_checkpoint_that_does_not_fit_is_told(
    tiny: Tiny, make_set: MakeSet, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    recipe = tiny(steps=3)
    pictures = pictures_of(recipe, make_set)
    train(recipe, pictures, tmp_path, HERE)
    spoil(tmp_path / "last.pt")
    with pytest.raises(TrainingError, match=r"last\.pt"):
        train(recipe, pictures, tmp_path, HERE)


def test_another_network_does_not_go_on_from_this_one(tiny: Tiny, make_set: MakeSet, tmp_path: Path) -> None:
    recipe = tiny(steps=3)
    pictures = pictures_of(recipe, make_set)
    train(recipe, pictures, tmp_path, HERE)
    other = msgspec.structs.replace(recipe, network=NetworkSpec((8, 8, 16, 16, 32), (0, 1, 1, 1), 16), steps=4)
    with pytest.raises(TrainingError, match="does not fit the recipe"):
        train(other, pictures, tmp_path, HERE)


def test_the_learning_rate_warms_up_stays_and_falls(tiny: Tiny) -> None:
    recipe = tiny(steps=100, warm_up_steps=10, decay_share=0.2, learning_rate=1.0)
    rates = [learning_rate(recipe, step) for step in range(100)]
    assert rates[0] == pytest.approx(0.1)
    assert rates[10:80] == [1.0] * 70
    assert all(a > b for a, b in pairwise(rates[80:]))
    assert rates[-1] == pytest.approx(0.05)


def test_the_export_opens_as_any_model_and_says_what_torch_says(tiny: Tiny, make_set: MakeSet, tmp_path: Path) -> None:
    recipe = tiny(steps=3)
    data = make_set().parent
    train(recipe, read_sets(recipe, data), tmp_path, HERE)
    network = load_best(recipe, tmp_path)
    full = export_onnx(network, tmp_path / "tiny.onnx")
    small = export_int8(network, full.path, tmp_path / "tiny-int8.onnx", calibration_pictures(recipe, data, 4), 64)
    write_card(recipe, full, tmp_path / "tiny.toml")
    assert full.difference < 2e-3
    assert b"QuantizeLinear" in small.path.read_bytes()
    kinds = {tensor.type for tensor in onnxruntime.InferenceSession(str(small.path)).get_inputs()}
    assert kinds == {"tensor(float)"}
    detector, card = open_detector(str(full.path), folder=tmp_path, min_score=0.0)
    assert (card.name, card.decoder, card.labels) == ("tiny", "ltrb", ("person",))
    (found,) = detector.detect([Frame("x", 0, 0.0, NO_TIME, np.zeros((48, 96, 3), np.uint8))])
    assert found.frame_size == (96, 48)


def test_an_export_without_weights_is_told(tiny: Tiny, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="train first"):
        load_best(tiny(), tmp_path)


def test_an_export_that_differs_is_not_given_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("footfall.training.export.MOST_DIFFERENCE", -1.0)
    with pytest.raises(TrainingError, match="differ"):
        export_onnx(Detector(NetworkSpec((8, 8, 16, 16, 16), (0, 1, 1, 1), 16), 1).eval(), tmp_path / "x.onnx")
