from __future__ import annotations

from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.evaluation.matching import ANY_HEIGHT, AT_HALF, Guesses, Heights, Target, boxes_of, curve, judge

Row = tuple[float, float, float, float]
CHILD: Row = (0, 0, 10, 30)
ANN: Row = (100, 0, 30, 90)
NOBODY: Row = (300, 0, 30, 90)
NO_CHILD: Row = (300, 0, 10, 30)
CROWD: Row = (280, 0, 200, 200)
SMALL: Heights = (0, 40)
LARGE: Heights = (40, inf)


def target(*single: Row, crowd: tuple[Row, ...] = ()) -> Target:
    return Target(boxes_of(single), boxes_of(crowd))


def guesses(*boxes: Row) -> Guesses:
    return Guesses.of(boxes, [0.9 - 0.1 * k for k in range(len(boxes))])


@pytest.mark.parametrize(
    ("known", "found", "heights", "said"),
    [
        pytest.param(target(ANN), guesses(ANN, NOBODY), ANY_HEIGHT, "hit wrong", id="found, and one invented"),
        pytest.param(target(ANN), guesses(ANN, ANN), ANY_HEIGHT, "hit wrong", id="found twice: the second is wrong"),
        pytest.param(target(ANN, crowd=(CROWD,)), guesses(NOBODY), ANY_HEIGHT, "-", id="in a crowd it does not count"),
        pytest.param(target(ANN, CHILD), guesses(ANN, CHILD), SMALL, "- hit", id="small: the grown-up does not count"),
        pytest.param(target(ANN, CHILD), guesses(ANN, CHILD), LARGE, "hit -", id="large: the child does not count"),
        pytest.param(target(), guesses(NOBODY, NO_CHILD), SMALL, "- wrong", id="an invented giant is no small mistake"),
        pytest.param(
            target((0, 0, 10, 39)), guesses((0, 0, 10, 45)), SMALL, "hit", id="a small one found too large is found"
        ),
        pytest.param(
            target((0, 0, 10, 41)), guesses((0, 0, 10, 39)), SMALL, "-", id="a large one found too small is no mistake"
        ),
        pytest.param(
            target((0, 0, 10, 41)), guesses((0, 0, 10, 39), (0, 0, 10, 38)), SMALL, "- wrong", id="but twice is one"
        ),
    ],
)
def test_each_guess_is_judged(known: Target, found: Guesses, heights: Heights, said: str) -> None:
    outcome = judge(known, found, AT_HALF, heights)
    words = [
        "hit" if hit else "-" if ignored else "wrong"
        for hit, ignored in zip(*outcome.hit, *outcome.ignored, strict=True)
    ]
    assert " ".join(words) == said


def test_guesses_are_sorted_cut_and_thinned() -> None:
    found = Guesses.of([(0, 0, k, 1) for k in range(120)], [k / 120 for k in range(120)])
    assert len(found.score) == 100
    assert found.xywh[0, 2] == 119
    assert len(found.at_least(0.5).score) == 60
    assert found.without(np.array([0])).xywh[0, 2] == 118


sides = st.integers(1, 12).map(lambda tens: tens * 10.0)
rows = st.tuples(sides, sides, sides, sides)
pictures = st.tuples(st.lists(rows, max_size=5), st.lists(st.tuples(rows, st.floats(0, 1)), max_size=7))


@given(pictures)
def test_every_true_box_lies_in_one_range_of_heights(picture: tuple[list[Row], list[tuple[Row, float]]]) -> None:
    known, found = target(*picture[0]), Guesses.of([box for box, _ in picture[1]], [score for _, score in picture[1]])
    whole = judge(known, found, AT_HALF)
    parts = [judge(known, found, AT_HALF, heights) for heights in (SMALL, LARGE)]
    assert sum(known.count(heights) for heights in (SMALL, LARGE)) == known.count() == len(picture[0])
    for part in parts:
        assert not (part.hit & part.ignored).any()
        assert part.hit.sum() <= len(picture[0])
    wrong = [(~part.hit & ~part.ignored)[0] for part in (whole, *parts)]
    assert not (wrong[1] & wrong[2]).any()


@given(st.lists(rows, min_size=1, max_size=5, unique=True))
def test_the_truth_itself_is_perfect(boxes: list[Row]) -> None:
    outcome = judge(target(*boxes), guesses(*boxes))
    for threshold in range(len(outcome.hit)):
        assert curve([outcome], len(boxes), threshold).average_precision() == 1.0


@given(pictures)
def test_stricter_overlap_never_finds_more(picture: tuple[list[Row], list[tuple[Row, float]]]) -> None:
    outcome = judge(target(*picture[0]), Guesses.of([b for b, _ in picture[1]], [s for _, s in picture[1]]))
    assert outcome.hit.sum(axis=1)[0] >= outcome.hit.sum(axis=1)[-1]
