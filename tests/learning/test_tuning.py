"""Fine-tuning within a training: taken where it pays, left where it does not, stopped when it is to."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import onnx
import pytest

from footfall.learning import classifier, tuning
from footfall.learning.classifier import Plan, learn_classifier
from footfall.learning.lesson import Kind, Learned, Lesson
from footfall.learning.model import open_model
from lessons import FORMS, drawn, lesson, quiet

pytest.importorskip("torch")

BLIND = Plan(candidates=(("colours",),), strengths=(1.0,), views=1)
"""Sees colours alone, and forms have any."""


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classifier, "THOROUGH", BLIND)
    monkeypatch.setattr(classifier, "QUICK", BLIND)
    monkeypatch.setattr(tuning, "MOST_ROUNDS", 1)
    monkeypatch.setattr(tuning, "VIEWS", 3)


def advanced(**more: object) -> Lesson:
    return replace(lesson([(form,) for form in FORMS for _ in range(8)], input_px=64), is_advanced=True, **more)


@pytest.fixture(scope="module")
def learned() -> Learned:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(classifier, "THOROUGH", BLIND)
        patch.setattr(tuning, "MOST_ROUNDS", 3)
        patch.setattr(tuning, "VIEWS", 3)
        return learn_classifier(advanced(), quiet)


def share_right(model: bytes, seeds: range) -> float:
    opened = open_model(model)
    return float(
        np.mean([FORMS[opened.classify(drawn([form], seed)).argmax()] == form for form in FORMS for seed in seeds])
    )


def test_what_frozen_features_cannot_see_is_learned(learned: Learned) -> None:
    before = learn_classifier(replace(advanced(), is_advanced=False), quiet)
    assert "fine-tuned" not in before.notes
    assert " rounds: surprise 1." in learned.notes["fine-tuned"]
    assert share_right(learned.onnx, range(1000, 1010)) > share_right(before.onnx, range(1000, 1010)) + 0.1


def test_held_out_pictures_were_told_by_who_had_not_learned_from_them(learned: Learned) -> None:
    told = learned.held_out.probabilities
    held_out = (told.argmax(axis=1) == np.repeat(range(3), 8)).mean()
    assert told.sum(axis=1) == pytest.approx(1.0, abs=1e-5)
    assert abs(held_out - share_right(learned.onnx, range(1000, 1020))) < 0.3


def test_the_model_keeps_the_contract(learned: Learned) -> None:
    model = onnx.load_from_string(learned.onnx)
    onnx.checker.check_model(model, full_check=True)
    assert [(one.domain, one.version <= 13) for one in model.opset_import] == [("", True)]
    assert model.ir_version <= 8
    assert [one.name for one in model.graph.input] == ["data"]
    assert [one.name for one in model.graph.output] == ["model_output"]


def test_the_same_lesson_gives_the_same_model(learned: Learned, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "MOST_ROUNDS", 3)
    again = learn_classifier(advanced(), quiet)
    assert again.onnx == learned.onnx
    assert (again.held_out.probabilities == learned.held_out.probabilities).all()


def test_several_tags_on_a_picture() -> None:
    truths = [[(), ("disc",), ("cross",), ("disc", "cross")][i % 4] for i in range(20)]
    given = lesson(truths, tags=FORMS[:2], kind=Kind.MULTILABEL, input_px=64, is_advanced=True)
    found = learn_classifier(given, quiet)
    assert "fine-tuned" in found.notes
    assert open_model(found.onnx).classify(drawn(["disc"], 900)).shape == (2,)


def test_what_pays_by_chance_alone_is_left() -> None:
    """Tags that have nothing to do with the pictures."""
    given = lesson([(form,) for form in FORMS for _ in range(6)], input_px=64)
    labels = np.random.default_rng(4).permutation([one.labels[0] for one in given.examples]).tolist()
    examples = tuple(replace(one, labels=(tag,)) for one, tag in zip(given.examples, labels, strict=True))
    plain = learn_classifier(replace(given, examples=examples), quiet)
    tuned = learn_classifier(replace(given, examples=examples, is_advanced=True), quiet)
    assert "no better" in tuned.notes["fine-tuned"]
    assert len(onnx.load_from_string(tuned.onnx).graph.node) == len(onnx.load_from_string(plain.onnx).graph.node)


def test_no_budget_leaves_it_out() -> None:
    found = learn_classifier(advanced(budget_s=0.0), quiet)
    assert found.notes["fine-tuned"] == "no: the budget was spent"


def test_nothing_is_left_to_learn() -> None:
    """What frozen features tell without a fault needs no network."""
    colours = {str(i): np.full((40, 40, 3), 250 if i % 2 else 5, np.uint8) for i in range(12)}
    given = lesson([("disc",), ("cross",)] * 6, tags=FORMS[:2], input_px=64, pictures=colours, is_advanced=True)
    found = learn_classifier(given, quiet)
    assert found.notes["fine-tuned"].startswith("no need")


def test_one_tag_of_two_leaves_something_to_learn() -> None:
    """A picture is not told rightly where its brightness tells one of its tags and nothing the other."""
    truths = [[(), ("disc",), ("cross",), ("disc", "cross")][i % 4] for i in range(20)]
    pictures = {str(i): np.full((40, 40, 3), 250 if "disc" in truth else 5, np.uint8) for i, truth in enumerate(truths)}
    given = lesson(truths, tags=FORMS[:2], kind=Kind.MULTILABEL, input_px=64, pictures=pictures, is_advanced=True)
    found = learn_classifier(given, quiet)
    assert found.notes["fine-tuned"].startswith("tried for 1 rounds")


def test_a_budget_that_ends_in_the_first_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "MOST_S", 0.0)
    found = learn_classifier(advanced(), quiet)
    assert found.notes["fine-tuned"] == "tried for 0 rounds, and no better on pictures held out"


def test_progress_rises_and_who_listens_may_stop_it() -> None:
    class Enough(Exception):
        pass

    shares = []

    def stop(share: float, what: str) -> None:
        shares.append(share)
        if what == "fine-tuning" and share > 0.7:
            raise Enough

    with pytest.raises(Enough):
        learn_classifier(advanced(), stop)
    assert shares == sorted(shares)
    assert {type(share) for share in shares} == {float}, "it goes through a pipe"


def test_without_torch_it_is_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "footfall.learning.fine_tuning", raising=False)
    monkeypatch.setitem(sys.modules, "torch", None)
    found = learn_classifier(advanced(), quiet)
    assert found.notes["fine-tuned"] == "no: torch is not installed"
    assert open_model(found.onnx).classify(drawn(["disc"], 900)).shape == (3,)


def test_who_serves_never_loads_torch() -> None:
    source = (
        "import sys, footfall.cli.serve, footfall.serve.service, footfall.serve.vision, footfall.customvision.service, "
        "footfall.customvision.training.teaching, footfall.learning.classifier, footfall.learning.detector; "
        "sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", source], check=False, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
