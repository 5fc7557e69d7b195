from __future__ import annotations

from dataclasses import replace

import numpy as np
import onnx
import pytest
from benchmarks.shelf import Scene, products, scenes

from footfall.learning.box_notes import notes_for
from footfall.learning.detector import FAR, NEAR, calibrated, calibration, fair_share, learn_detector, scale_for
from footfall.learning.lesson import Example, HeldOut, Kind, Learned, Lesson, TooLittle
from footfall.learning.metrics import right_boxes
from footfall.learning.model import open_model
from footfall.learning.second_look import overlaps

WANTED = products(2, seed=1)


def lesson(pictures: list[Scene], tags: tuple[str, ...] = ("tea", "soap")) -> Lesson:
    shelf = {f"shelf-{index}": one for index, one in enumerate(pictures)}
    examples = tuple(Example(name, one.tags, one.xyxy_n) for name, one in shelf.items())
    return Lesson(Kind.DETECTION, tags, examples, lambda name: shelf[name].rgb, 320)


def quiet(_share: float, _what: str) -> None:
    """Nobody listens."""


@pytest.fixture(scope="module")
def small() -> Lesson:
    return lesson(scenes(WANTED, 14, seed=5, size=(320, 240)))


@pytest.fixture(scope="module")
def learned(small: Lesson) -> Learned:
    return learn_detector(small, quiet)


def test_it_finds_things_on_shelves_it_never_saw(learned):
    model = open_model(learned.onnx)
    hits = truths = 0
    for scene in scenes(WANTED, 12, seed=6, size=(320, 240)):
        found = model.detect(scene.rgb)
        for tag, box in zip(scene.tags, scene.xyxy_n, strict=True):
            same = found.xyxy_n[(found.tags == tag) & (found.scores >= 0.2)]
            hits += bool(len(same)) and overlaps(same, box[None]).max() >= 0.5
            truths += 1
    assert truths > 20
    assert hits / truths > 0.5


def test_what_is_held_out_is_told_once(small, learned):
    held_out = learned.held_out
    count = len(small.examples)
    assert held_out.fold.shape == (count,)
    assert sorted(set(held_out.fold.tolist())) == [0, 1, 2]
    assert held_out.probabilities.shape == (0, 2)
    lengths = {len(held_out.box_example), len(held_out.box_tag), len(held_out.box_score), len(held_out.boxes_xyxy_n)}
    assert len(lengths) == 1
    assert set(held_out.box_example.tolist()) <= set(range(count))
    assert ((held_out.box_score > 0) & (held_out.box_score < 1)).all()
    assert ((held_out.boxes_xyxy_n >= 0) & (held_out.boxes_xyxy_n <= 1)).all()
    assert right_boxes(small.examples, held_out, 0.5).sum() > 0.3 * sum(len(one.labels) for one in small.examples)


def test_a_score_says_how_often_it_is_right(small, learned):
    held_out = learned.held_out
    assert right_boxes(small.examples, held_out, 0.5).mean() == pytest.approx(held_out.box_score.mean(), abs=0.01)


@pytest.mark.slow
def test_the_same_lesson_gives_the_same_model():
    few_shelves = lesson(scenes(WANTED[:1], 6, seed=8, size=(200, 150)), tags=("tea",))
    one, other = (learn_detector(few_shelves, quiet) for _ in range(2))
    assert one.onnx == other.onnx
    assert (one.held_out.box_score == other.held_out.box_score).all()
    assert (one.held_out.boxes_xyxy_n == other.held_out.boxes_xyxy_n).all()


def test_the_model_is_what_the_contract_says(learned):
    model = onnx.load_from_string(learned.onnx)
    onnx.checker.check_model(model, full_check=True)
    assert [opset.version for opset in model.opset_import] == [13]
    assert len(learned.onnx) < 8_000_000


def flat(count: int, tags: int, boxes_xyxy_n: list[list[float]]) -> Lesson:
    """Pictures of one colour; boxes take tags in turn."""
    examples = []
    for index in range(count):
        labels = tuple((index * len(boxes_xyxy_n) + place) % tags for place in range(len(boxes_xyxy_n)))
        examples.append(Example(str(index), labels, np.array(boxes_xyxy_n, np.float32)))
    names = tuple(f"tag {tag}" for tag in range(tags))
    return Lesson(Kind.DETECTION, names, tuple(examples), lambda _: np.full((64, 96, 3), 90, np.uint8), 320)


ODD = [
    pytest.param(flat(6, 1, [[0.2, 0.2, 0.8, 0.9]]), id="pictures of one colour"),
    pytest.param(flat(6, 1, [[-0.5, -0.5, 1.5, 1.5]]), id="a box beyond the picture"),
    pytest.param(flat(6, 1, [[0.5, 0.5, 0.51, 0.505]]), id="a box of three pixels"),
    pytest.param(flat(6, 1, [[0.1, 0.1, 0.7, 0.7]] * 4), id="the same box four times"),
    pytest.param(
        flat(15, 50, [[x / 5, y / 4, x / 5 + 0.18, y / 4 + 0.2] for x in range(5) for y in range(4)]),
        id="fifty tags",
        marks=pytest.mark.slow,
    ),
]


@pytest.mark.parametrize("odd", ODD)
def test_odd_lessons_are_learned(odd):
    told: list[float] = []
    learned = learn_detector(odd, lambda share, _: told.append(share))
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0.0, 1.0)
    assert np.diff(told).max() <= 0.1, "it never stands still for long"
    found = open_model(learned.onnx).detect(odd.read("0"))
    assert np.isfinite(found.scores).all()
    assert np.isfinite(found.xyxy_n).all()
    assert len(found.scores) <= 200
    assert set(found.tags.tolist()) <= set(range(len(odd.tags)))


BOX = np.array([[0.1, 0.1, 0.7, 0.7]], np.float32)


def few(count: int, **changes: object) -> Lesson:
    examples = tuple(Example(str(index), (0,), BOX) for index in range(count))
    return replace(Lesson(Kind.DETECTION, ("tea",), examples, lambda _: np.zeros((9, 9, 3), np.uint8), 320), **changes)


@pytest.mark.parametrize(
    ("refused", "error", "message"),
    [
        pytest.param(few(4), TooLittle, "tag tea: boxes in 4 readable", id="too few pictures"),
        pytest.param(few(9, tags=("tea", "soap")), TooLittle, "tag soap: boxes in 0", id="a tag without boxes"),
        pytest.param(few(9, tags=()), TooLittle, "no tags", id="no tags"),
        pytest.param(few(9, kind=Kind.MULTICLASS), ValueError, "multiclass", id="another kind"),
        pytest.param(few(9, examples=(Example("x", (0,), BOX * np.nan),)), ValueError, "example x", id="not a number"),
        pytest.param(few(9, examples=(Example("x", (0, 0), BOX),)), ValueError, "example x", id="a label without box"),
        pytest.param(few(9, examples=(Example("x", (1,), BOX),)), ValueError, "names none", id="a label of no tag"),
        pytest.param(
            few(9, examples=tuple(Example(str(i), (0,), BOX + 2) for i in range(9))), TooLittle, "boxes in 0",
            id="boxes outside their pictures are none",
        ),
    ],
)  # fmt: skip
def test_refusals(refused, error, message):
    with pytest.raises(error, match=message):
        learn_detector(refused, quiet)


def test_who_listens_may_stop_it():
    class Enough(Exception):
        pass

    def stop(share: float, _what: str) -> None:
        if share > 0:
            raise Enough

    with pytest.raises(Enough):
        learn_detector(flat(6, 1, [[0.2, 0.2, 0.8, 0.9]]), stop)


def test_a_budget_that_is_spent_costs_views_and_the_second_look(small):
    learned = learn_detector(replace(small, budget_s=0.0, is_advanced=True), quiet)
    assert learned.notes["views"].startswith("14 of 14 pictures")
    assert "no second look" in learned.notes["warning.budget"]
    assert open_model(learned.onnx).detect(small.read(small.examples[0].id)).scores.max() > 0.1


def test_pictures_that_cannot_be_read_are_left_out():
    def read(name: str) -> np.ndarray:
        if name == "3":
            raise OSError("gone")
        return np.zeros((40, 40, 3), np.uint8)

    empty = tuple(Example(f"without boxes {index}", (), BOX[:0]) for index in range(3))
    learned = learn_detector(few(7, read=read, examples=few(7).examples + empty), quiet)
    assert np.flatnonzero(learned.held_out.fold == -1).tolist() == [3]
    assert 3 not in learned.held_out.box_example
    assert set(learned.held_out.fold[[0, 1, 2, 4, 5, 6]].tolist()) == {0, 1, 2}
    assert learned.notes["warning.skipped"].startswith("1 picture")
    with pytest.raises(TooLittle, match="boxes in 4 readable"):
        learn_detector(few(5, read=read), quiet)


def test_tiny_boxes_are_told():
    both = np.concatenate([BOX, [[0.5, 0.5, 0.51, 0.505]]]).astype(np.float32)
    crowd = few(6, examples=tuple(Example(str(index), (0, 0), both) for index in range(6)))
    none = HeldOut(
        np.zeros(6, np.int16), np.zeros((0, 1), np.float32), np.zeros(0, np.int32), np.zeros(0, np.int32),
        np.zeros(0, np.float32), np.zeros((0, 4), np.float32),
    )  # fmt: skip
    assert notes_for(crowd, none)["warning.tiny"].startswith("6 of 12 boxes are under 8 px")
    assert "warning.tiny" not in notes_for(few(6), none)


@pytest.mark.parametrize(
    ("side", "scale"),
    [
        pytest.param(0.4, NEAR, id="128 px: enlarged"),
        pytest.param(0.7, FAR, id="224 px: as it comes"),
    ],
)
def test_small_boxes_are_looked_at_from_nearer(side, scale):
    box = np.array([[0.1, 0.1, 0.1 + side, 0.1 + side]], np.float32)
    assert scale_for(few(1, examples=(Example("x", (0,), box),))) == scale


def test_a_fair_share_keeps_rare_tags():
    truth = np.zeros((100, 3), bool)
    truth[:70, 0] = truth[70:76, 1] = truth[60:66, 2] = True
    assert fair_share(truth, 200, seed=1) == list(range(100))
    chosen = np.array(fair_share(truth, 40, seed=1))
    assert len(chosen) == 40
    assert truth[chosen][:, 1:].sum(axis=0).tolist() == [6, 6]
    assert (~truth[chosen].any(axis=1)).sum() == 14
    assert fair_share(truth, 40, seed=1) == chosen.tolist()


def test_calibration_says_the_share_that_is_right():
    rng = np.random.default_rng(2)
    scores = rng.uniform(0.05, 0.95, 2000).astype(np.float32)
    is_right = rng.random(2000) < scores**2
    told = calibrated(scores, *calibration(is_right, scores))
    for low in (0.1, 0.3, 0.5, 0.7):
        some = (told >= low) & (told < low + 0.2)
        assert told[some].mean() == pytest.approx(is_right[some].mean(), abs=0.06)
    assert (np.argsort(told) == np.argsort(scores)).all()


@pytest.mark.parametrize("is_right", [True, False], ids=["all right", "none right"])
def test_where_all_is_alike_there_is_nothing_to_calibrate(is_right):
    assert calibration(np.full(9, is_right), np.linspace(0.1, 0.9, 9, dtype=np.float32)) == (1.0, 0.0)


def test_scores_that_mislead_stay_as_they_are():
    scores = np.linspace(0.1, 0.9, 40, dtype=np.float32)
    assert calibration(scores < 0.5, scores) == (1.0, 0.0)
