"""Torch and ONNX Runtime see the same network, before and after it has learned."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
import pytest

from footfall.learning.lesson import INPUT_PX, Kind
from footfall.learning.tail import SCORES, SEEN, frozen_model, tuned_model

pytest.importorskip("torch")

from footfall.learning import fine_tuning
from footfall.learning.fine_tuning import Material, Round, rounds


def session(model: onnx.ModelProto) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


def material(input_px: int, kind: Kind = Kind.MULTICLASS) -> tuple[np.ndarray, Material]:
    """Eight pictures of noise: the lower half of those with the first tag is dark."""
    rng = np.random.default_rng(0)
    pictures = rng.uniform(0, 255, (8, 3, input_px, input_px)).astype(np.float32)
    pictures[:4, :, input_px // 2 :] *= 0.2
    (maps,) = session(frozen_model(input_px)).run([SEEN], {"picture": pictures})
    truth = np.repeat(np.eye(2, dtype=bool), 4, axis=0)
    folds = np.tile([0, 1], 4).astype(np.int16)
    return pictures, Material(maps.astype(np.float16), np.arange(8), truth, folds, kind)


def first(given: Material) -> Round:
    return next(one for one in rounds(given, seed=1, threads=1) if one)


@pytest.mark.parametrize(
    ("input_px", "kind"),
    [
        pytest.param(32, Kind.MULTICLASS, id="one cell"),
        pytest.param(96, Kind.MULTILABEL, id="three cells, each tag for itself"),
        pytest.param(INPUT_PX["compact-s1"], Kind.MULTICLASS, id="the S1 size"),
    ],
)
def test_what_was_learned_is_what_the_model_tells(monkeypatch: pytest.MonkeyPatch, input_px: int, kind: Kind) -> None:
    monkeypatch.setattr(fine_tuning, "STEPS", 3)
    monkeypatch.setattr(fine_tuning, "BATCH", 8)
    pictures, given = material(input_px, kind)
    found = first(given)
    (told,) = session(tuned_model(found.tuned, input_px)).run([SCORES], {"picture": pictures})
    assert np.ptp(told) > 0.01
    assert np.abs(told - found.again).max() < 5e-3  # maps are kept in half precision
    (half,) = session(tuned_model(found.tuned.times(0.5), input_px)).run([SCORES], {"picture": pictures})
    assert np.abs(half - told / 2).max() < 1e-4


def test_it_learns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fine_tuning, "BATCH", 8)
    _, given = material(64)
    found = first(given)
    assert (found.scores.argmax(axis=1) == given.truth.argmax(axis=1)).mean() >= 0.9
    assert found.scores[given.folds == 0] != pytest.approx(found.again[given.folds == 0])


def test_the_same_material_gives_the_same_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fine_tuning, "STEPS", 2)
    _, given = material(32)
    one, other = first(given), first(given)
    assert (one.scores == other.scores).all()
    assert all((one.tuned.stages[name] == other.tuned.stages[name]).all() for name in one.tuned.stages)
