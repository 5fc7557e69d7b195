from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, precision_score, recall_score

from footfall.learning.lesson import Example, HeldOut
from footfall.learning.metrics import average_precision, classification, detection, ious, right_boxes

NO_BOXES = np.zeros((0, 4), np.float32)
LEFT, RIGHT = (0.0, 0.0, 0.4, 0.4), (0.5, 0.5, 0.9, 0.9)


def labelled(*labels: tuple[int, ...]) -> list[Example]:
    return [Example(str(i), own, NO_BOXES) for i, own in enumerate(labels)]


def told(probabilities: list[list[float]], folds: list[int]) -> HeldOut:
    none = np.zeros(0, np.int32)
    return HeldOut(
        np.array(folds, np.int16), np.array(probabilities, np.float32), none, none, none.astype(np.float32), NO_BOXES
    )


def boxed(*found: tuple[int, int, float, tuple[float, ...]], folds: list[int]) -> HeldOut:
    """Found: example, tag, score, box."""
    return HeldOut(
        np.array(folds, np.int16),
        np.zeros((0, 2), np.float32),
        np.array([one[0] for one in found], np.int32),
        np.array([one[1] for one in found], np.int32),
        np.array([one[2] for one in found], np.float32),
        np.array([one[3] for one in found], np.float32).reshape(-1, 4),
    )


def pictures(*truths: list[tuple[int, tuple[float, ...]]]) -> list[Example]:
    return [
        Example(str(i), tuple(tag for tag, _ in truth), np.array([box for _, box in truth], np.float32).reshape(-1, 4))
        for i, truth in enumerate(truths)
    ]


def test_two_tags_one_mistake() -> None:
    examples = labelled((0,), (0,), (1,), (1,))
    held_out = told([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8], [0.3, 0.7]], [0, 1, 0, 1])
    figures = classification(examples, 2, held_out)
    assert (figures.tags[0].precision, figures.tags[0].recall) == (1.0, 0.5)
    assert (figures.tags[1].precision, figures.tags[1].recall) == (pytest.approx(2 / 3), 1.0)
    assert (figures.overall.precision, figures.overall.recall) == (0.75, 0.75)
    assert figures.overall.precision_std == pytest.approx(0.25)  # right in the first fold, half right in the second
    assert figures.tags[0].average_precision == 1.0  # both pictures of it come before all others
    assert figures.overall.average_precision == 1.0


@pytest.mark.parametrize(
    ("threshold", "precision", "recall"),
    [
        pytest.param(0.0, 0.5, 1.0, id="everything is told"),
        pytest.param(0.7, 1.0, 0.75, id="exactly at the threshold counts"),
        pytest.param(0.95, 0.0, 0.0, id="nothing is told"),
    ],
)
def test_threshold(threshold: float, precision: float, recall: float) -> None:
    examples = labelled((0,), (0,), (1,), (1,))
    held_out = told([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8], [0.3, 0.7]], [0, 1, 0, 1])
    overall = classification(examples, 2, held_out, np.float32(threshold)).overall
    assert (overall.precision, overall.recall) == (precision, recall)


def test_pictures_that_were_left_out_count_for_nothing() -> None:
    examples = labelled((0,), (1,), (1,))
    whole = classification(examples[:2], 2, told([[0.9, 0.1], [0.2, 0.8]], [0, 0]))
    left = classification(examples, 2, told([[0.9, 0.1], [0.2, 0.8], [0.0, 0.0]], [0, 0, -1]))
    assert left == whole


def test_a_tag_without_truth_has_no_area() -> None:
    figures = classification(labelled((0,), (0,)), 2, told([[0.9, 0.1], [0.8, 0.2]], [0, 1]))
    assert figures.tags[1].average_precision is None
    assert figures.overall.average_precision == 1.0
    assert (figures.tags[1].precision, figures.tags[1].recall) == (0.0, 0.0)


def test_nothing_at_all() -> None:
    none = np.zeros(0, np.int32)
    held_out = HeldOut(
        none.astype(np.int16), np.zeros((0, 2), np.float32), none, none, none.astype(np.float32), NO_BOXES
    )
    figures = classification([], 2, held_out)
    assert figures.overall.average_precision is None
    assert figures.overall.precision == 0.0


@st.composite
def answers(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    rows = draw(st.lists(st.tuples(st.booleans(), st.integers(0, 8)), min_size=1, max_size=40))
    return np.array([row[0] for row in rows]), np.array([row[1] / 8 for row in rows], np.float32)


@given(answers())
def test_average_precision_is_that_of_scikit_learn(given_answers: tuple[np.ndarray, np.ndarray]) -> None:
    is_right, scores = given_answers
    area = average_precision(is_right, scores, int(is_right.sum()))
    if is_right.any():
        assert area == pytest.approx(average_precision_score(is_right, scores), abs=1e-12)
    else:
        assert area is None


@given(answers(), st.integers(0, 10))
def test_what_is_never_told_lowers_the_area(given_answers: tuple[np.ndarray, np.ndarray], missed: int) -> None:
    is_right, scores = given_answers
    found = int(is_right.sum())
    area = average_precision(is_right, scores, found + missed)
    if found:
        whole = average_precision(is_right, scores, found)
        assert area == pytest.approx(whole * found / (found + missed))


@given(
    st.lists(st.tuples(st.integers(0, 2), st.lists(st.integers(0, 10), min_size=3, max_size=3)), min_size=1),
    st.integers(0, 10),
)
def test_precision_and_recall_are_those_of_scikit_learn(rows: list[tuple[int, list[int]]], threshold: int) -> None:
    examples = labelled(*[(tag,) for tag, _ in rows])
    probabilities = [[score / 10 for score in scores] for _, scores in rows]
    overall = classification(examples, 3, told(probabilities, [0] * len(rows)), np.float32(threshold / 10)).overall
    truth = np.eye(3, dtype=int)[[tag for tag, _ in rows]]
    loud = np.array(probabilities, np.float32) >= np.float32(threshold / 10)
    assert overall.precision == pytest.approx(precision_score(truth, loud, average="micro", zero_division=0))
    assert overall.recall == pytest.approx(recall_score(truth, loud, average="micro", zero_division=0))


@pytest.mark.parametrize(
    ("found", "right"),
    [
        pytest.param([(0, 0, 0.9, LEFT)], [True], id="on the spot"),
        pytest.param([(0, 1, 0.9, LEFT)], [False], id="right place, wrong tag"),
        pytest.param([(0, 0, 0.9, (0.2, 0.2, 0.6, 0.6))], [False], id="too far off"),
        pytest.param([(0, 0, 0.5, LEFT), (0, 0, 0.9, LEFT)], [False, True], id="twice: the surer one is right"),
        pytest.param([(1, 0, 0.9, LEFT)], [False], id="in a picture without any"),
        pytest.param([(0, 0, 0.9, LEFT), (0, 1, 0.2, RIGHT)], [True, True], id="one of each"),
        pytest.param([], [], id="nothing found"),
    ],
)
def test_right_boxes(found: list[tuple[int, int, float, tuple[float, ...]]], right: list[bool]) -> None:
    examples = pictures([(0, LEFT), (1, RIGHT)], [])
    assert right_boxes(examples, boxed(*found, folds=[0, 1]), 0.3).tolist() == right


def test_overlap_decides() -> None:
    examples = pictures([(0, (0.0, 0.0, 0.4, 0.4))])
    held_out = boxed((0, 0, 0.9, (0.0, 0.0, 0.4, 0.2)), folds=[0])  # half of it
    assert detection(examples, 1, held_out, overlap=0.5).overall.recall == 1.0
    assert detection(examples, 1, held_out, overlap=0.51).overall.recall == 0.0


def test_a_detector() -> None:
    examples = pictures([(0, LEFT), (1, RIGHT)], [(0, LEFT)], [(0, LEFT)])
    held_out = boxed((0, 0, 0.9, LEFT), (0, 1, 0.8, RIGHT), (1, 0, 0.7, RIGHT), (2, 0, 0.6, LEFT), folds=[0, 1, -1])
    figures = detection(examples, 2, held_out, threshold=0.5)
    assert (figures.tags[0].precision, figures.tags[0].recall) == (0.5, 0.5)
    assert figures.tags[0].average_precision == 0.5
    assert figures.tags[1].average_precision == 1.0
    assert figures.overall.average_precision == 0.75
    assert figures.overall.recall_std == pytest.approx(0.5)


@given(st.lists(st.floats(0, 1, width=32), min_size=8, max_size=8))
def test_overlap_is_a_share_and_mutual(sides: list[float]) -> None:
    def box(a: list[float]) -> np.ndarray:
        return np.array([min(a[0], a[2]), min(a[1], a[3]), max(a[0], a[2]), max(a[1], a[3])], np.float32)

    a, b = box(sides[:4]), box(sides[4:])
    (there,), (back,) = ious(a, b[None]), ious(b, a[None])
    assert 0.0 <= there <= 1.0 + 1e-6
    assert there == pytest.approx(back)
