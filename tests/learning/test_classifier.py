from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import onnx
import onnxruntime
import pytest

from footfall.learning import classifier, tuning
from footfall.learning.classifier import FEATURES_KEY, at_most, base_groups, learn_classifier
from footfall.learning.lesson import Kind, Learned, Lesson, Rgb, TooLittle
from footfall.learning.metrics import classification
from footfall.learning.model import open_model
from lessons import FORMS, drawn, lesson, quiet

PAIRS = [(), ("disc",), ("cross",), ("disc", "cross")]


@pytest.fixture(autouse=True)
def one_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of fine-tuning: it has tests of its own."""
    monkeypatch.setattr(tuning, "MOST_ROUNDS", 1)


@pytest.fixture(scope="module")
def forms() -> Lesson:
    return lesson([(form,) for form in FORMS for _ in range(10)])


@pytest.fixture(scope="module")
def learned(forms: Lesson) -> Learned:
    return learn_classifier(forms, quiet)


def right(model: bytes, seeds: range) -> float:
    opened = open_model(model)
    return float(
        np.mean([FORMS[opened.classify(drawn([form], seed)).argmax()] == form for form in FORMS for seed in seeds])
    )


def test_forms_are_told_apart(learned: Learned) -> None:
    assert right(learned.onnx, range(1000, 1010)) >= 0.9


def test_held_out_figures_agree_with_new_pictures(forms: Lesson, learned: Learned) -> None:
    figures = classification(forms.examples, len(FORMS), learned.held_out)
    assert figures.overall.average_precision is not None
    assert figures.overall.average_precision >= 0.9
    assert abs(figures.overall.recall - right(learned.onnx, range(1000, 1010))) < 0.2


def test_every_picture_is_held_out_once(forms: Lesson, learned: Learned) -> None:
    assert sorted(set(learned.held_out.fold.tolist())) == [0, 1, 2, 3, 4]
    assert learned.held_out.probabilities.shape == (len(forms.examples), len(FORMS))
    assert learned.held_out.probabilities.sum(axis=1) == pytest.approx(1.0, abs=1e-5)


def test_the_same_lesson_gives_the_same_model(forms: Lesson, learned: Learned) -> None:
    again = learn_classifier(forms, quiet)
    assert again.onnx == learned.onnx
    assert (again.held_out.probabilities == learned.held_out.probabilities).all()
    assert again.notes == learned.notes


def test_the_contract(learned: Learned) -> None:
    model = onnx.load_from_string(learned.onnx)
    onnx.checker.check_model(model, full_check=True)
    assert [(one.domain, one.version <= 13) for one in model.opset_import] == [("", True)]
    assert model.ir_version <= 8
    noted = {entry.key: entry.value for entry in model.metadata_props}
    assert noted["Image.BitmapPixelFormat"] == "Bgr8"
    assert noted["Image.NominalPixelRange"] == "NominalRange_0_255"
    assert noted["Image.ColorSpaceGamma"] == "SRGB"


def test_readers_of_the_file_get_the_same_answers(learned: Learned) -> None:
    """Swap to BGR, stretch, NCHW: with ONNX Runtime and OpenCV alone."""

    session = onnxruntime.InferenceSession(learned.onnx, providers=["CPUExecutionProvider"])
    (source,) = session.get_inputs()
    assert (source.name, source.shape, source.type) == ("data", [1, 3, 96, 96], "tensor(float)")
    (answer,) = session.get_outputs()
    assert (answer.name, answer.shape) == ("model_output", [1, 3])
    picture = drawn(["cross"], 77)
    bgr = cv2.resize(picture, (96, 96), interpolation=cv2.INTER_LINEAR)[..., ::-1]
    told = session.run(None, {"data": bgr.transpose(2, 0, 1)[None].astype(np.float32)})[0]
    assert told[0] == pytest.approx(open_model(learned.onnx).classify(picture), abs=1e-6)
    assert told.sum() == pytest.approx(1.0, abs=1e-5)


def test_several_tags_on_a_picture() -> None:
    truths = [PAIRS[i % 4] for i in range(40)]
    given = lesson(truths, tags=("disc", "cross"), kind=Kind.MULTILABEL)
    learned = learn_classifier(given, quiet)
    figures = classification(given.examples, 2, learned.held_out)
    assert figures.overall.average_precision is not None
    assert figures.overall.average_precision >= 0.85
    model = open_model(learned.onnx)
    both = np.mean([model.classify(drawn(["disc", "cross"], seed)) for seed in range(900, 910)], axis=0)
    neither = np.mean([model.classify(drawn([], seed)) for seed in range(900, 910)], axis=0)
    assert (both > 0.5).all()
    assert (neither < 0.5).all()


def test_pictures_without_the_only_tag() -> None:
    truths = [("disc",) if i % 2 else () for i in range(20)]
    learned = learn_classifier(lesson(truths, tags=("disc",), kind=Kind.MULTILABEL), quiet)
    assert learned.held_out.probabilities.shape == (20, 1)


def test_one_tag_and_the_negative_tag() -> None:
    truths = [("disc",) if i % 2 else ("Negative",) for i in range(20)]
    learned = learn_classifier(lesson(truths, tags=("disc", "Negative")), quiet)
    assert open_model(learned.onnx).classify(drawn(["disc"], 500)).shape == (2,)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        pytest.param(lesson([("disc",)] * 9, tags=("disc",)), "one tag", id="one tag alone"),
        pytest.param(
            lesson([("disc",)] * 9, tags=("disc",), kind=Kind.MULTILABEL),
            "one tag",
            id="every picture has the only tag",
        ),
        pytest.param(lesson([("disc",)] * 9 + [("cross",)] * 4, tags=FORMS[:2]), r"cross \(4\)", id="four of a tag"),
        pytest.param(lesson([("disc",)] * 9, tags=FORMS[:2]), r"cross \(0\)", id="none of a tag"),
        pytest.param(lesson([]), r"disc \(0\)", id="nothing at all"),
    ],
)
def test_too_little(given: Lesson, why: str) -> None:
    with pytest.raises(TooLittle, match=why):
        learn_classifier(given, quiet)


def test_a_picture_with_two_tags_is_no_multiclass_picture() -> None:
    with pytest.raises(ValueError, match="exactly one tag"):
        learn_classifier(lesson([("disc", "cross")] * 9, tags=FORMS[:2]), quiet)


def test_boxes_are_not_learned_here() -> None:
    with pytest.raises(ValueError, match="learn_detector"):
        learn_classifier(replace(lesson([]), kind=Kind.DETECTION), quiet)


def test_unreadable_pictures_are_skipped_with_a_note(forms: Lesson) -> None:
    def read(one: str) -> Rgb:
        if one == "3":
            raise ValueError("truncated")
        return np.zeros((0, 5, 3), np.uint8) if one == "14" else forms.read(one)

    learned = learn_classifier(replace(forms, read=read), quiet)
    assert np.flatnonzero(learned.held_out.fold < 0).tolist() == [3, 14]
    assert "2 pictures" in learned.notes["warning.skipped"]
    assert classification(forms.examples, 3, learned.held_out).overall.recall > 0.8


def test_unreadable_pictures_may_leave_too_little() -> None:
    given = lesson([(form,) for form in FORMS for _ in range(5)])

    def read(one: str) -> Rgb:
        if one == "0":
            raise OSError("gone")
        return given.read(one)

    with pytest.raises(TooLittle, match=r"disc \(4\)"):
        learn_classifier(replace(given, read=read), quiet)


def test_strange_pictures_are_learned_from() -> None:
    """Identical, black, white, one pixel, thin, huge contrast: numbers all the same."""
    same = drawn(["disc"], 1)
    odd = {
        "10": np.zeros((50, 50, 3), np.uint8),
        "11": np.full((1, 1, 3), 255, np.uint8),
        "12": np.full((3, 400, 3), 9, np.uint8),
    }
    given = lesson(
        [("disc",)] * 10 + [("cross",)] * 10, tags=FORMS[:2], pictures={str(i): same for i in range(10)} | odd
    )
    learned = learn_classifier(given, quiet)
    assert np.isfinite(learned.held_out.probabilities).all()
    assert "disc" in learned.notes["warning.alike"]
    model = open_model(learned.onnx)
    for picture in (*odd.values(), same):
        assert np.isfinite(model.classify(picture)).all()


def test_nothing_to_tell_apart_gives_humble_answers() -> None:
    """The same pictures under both tags."""
    pictures = {str(i): drawn(["disc"], i % 8) for i in range(16)}
    given = lesson([("disc",)] * 8 + [("cross",)] * 8, tags=FORMS[:2], pictures=pictures)
    learned = learn_classifier(given, quiet)
    assert open_model(learned.onnx).classify(pictures["0"]).max() < 0.9


def test_chance_is_no_proof() -> None:
    """Tags that have nothing to do with the pictures: learned by heart, and said so."""
    pictures = {str(i): drawn(["disc"], i) for i in range(24)}
    given = lesson([("heads",), ("tails",)] * 12, tags=("heads", "tails"), pictures=pictures)
    learned = learn_classifier(given, quiet)
    assert "learned from are told much better" in learned.notes["warning.overfit"]


def test_uneven_and_few_pictures_are_noted(learned: Learned) -> None:
    assert "disc (10)" in learned.notes["warning.few"]
    assert learned.notes.keys() & {"warning.unbalanced", "warning.alike", "warning.skipped", "warning.overfit"} == set()
    uneven = learn_classifier(lesson([("disc",)] * 20 + [("cross",)] * 6, tags=FORMS[:2]), quiet)
    assert "20 pictures of disc, 6 of cross" in uneven.notes["warning.unbalanced"]


def test_progress_rises_and_what_it_raises_stops(forms: Lesson) -> None:
    shares: list[float] = []

    class Stopped(Exception):
        pass

    def report(share: float, what: str) -> None:
        assert what
        shares.append(share)
        if share > 0.5:
            raise Stopped

    with pytest.raises(Stopped):
        learn_classifier(forms, report)
    assert shares[0] == 0.0
    assert shares == sorted(shares)


def test_of_too_many_pictures_rare_tags_are_kept() -> None:
    tag = np.array([0] * 900 + [1] * 80 + [2] * 7 + [3] * 13)
    truth = np.eye(4, dtype=bool)[tag][:, :3]  # the last have none
    chosen = at_most(truth, 100, seed=1)
    counts = np.bincount(tag[chosen], minlength=4)
    assert (len(chosen), counts[2], counts[3]) == (100, 7, 13)
    assert counts[:2].tolist() == [40, 40]
    assert chosen == sorted(set(chosen)) == at_most(truth, 100, seed=1)
    assert at_most(truth, 1000, seed=1) == list(range(1000))


@pytest.mark.parametrize(("most", "rows"), [(35, 30), (60, 60), (75, 60)], ids=["none", "one each", "no half views"])
def test_views_are_so_many_that_all_pictures_have_some(
    forms: Lesson, monkeypatch: pytest.MonkeyPatch, most: int, rows: int
) -> None:
    monkeypatch.setattr(classifier, "MOST_VIEWS", most)
    learned = learn_classifier(replace(forms, budget_s=0.0, is_advanced=True), quiet)
    assert int(learned.notes["views"]) == rows
    assert sorted(set(learned.held_out.fold.tolist())) == [0, 1, 2, 3, 4]


def test_advanced_training_tries_more(forms: Lesson, learned: Learned) -> None:
    said: set[str] = set()
    given = replace(forms, is_advanced=True, examples=forms.examples[::2])
    thorough = learn_classifier(given, lambda _, what: said.add(what))
    assert sum(what.startswith("trying") for what in said) > 10
    assert "looking at views turned any way" in said
    assert right(thorough.onnx, range(1000, 1006)) >= 0.8


def test_stripes_are_told_by_how_they_lie() -> None:
    """Views turned any way are given up where turning decides."""
    upright = {str(i): np.rot90(drawn(["stripes"], i, (120, 120)), i // 8) for i in range(16)}
    given = lesson([("lying",)] * 8 + [("standing",)] * 8, tags=("lying", "standing"), pictures=upright)
    learned = learn_classifier(replace(given, is_advanced=True), quiet)
    assert learned.notes["turned"] == "up to 12 degrees either way"
    assert "average precision" in learned.notes


def test_no_budget_takes_the_first_way(forms: Lesson) -> None:
    learned = learn_classifier(replace(forms, budget_s=0.0), quiet)
    assert learned.notes["features"] == "things and faces and edges and colours"
    assert right(learned.onnx, range(1000, 1005)) > 0.5


def test_an_earlier_model_spares_the_search(forms: Lesson, learned: Learned) -> None:
    said: list[str] = []
    given = replace(forms, base=learned.onnx)
    again = learn_classifier(given, lambda _, what: said.append(what))
    assert sum(what.startswith("trying") for what in set(said)) == 2  # these features, then strengths
    assert base_groups(again.onnx) == base_groups(learned.onnx)


def test_a_base_that_is_none_of_ours_is_passed_over(forms: Lesson) -> None:
    assert base_groups(b"no model") == ()
    assert base_groups(onnx.ModelProto().SerializeToString()) == ()
    other = onnx.ModelProto()
    onnx.helper.set_model_props(other, {FEATURES_KEY: "smells"})
    assert base_groups(other.SerializeToString()) == ()
