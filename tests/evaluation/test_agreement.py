from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.evaluation.agreement import agreement, consensus, flicker
from footfall.evaluation.boxes import Boxes
from footfall.evaluation.matching import Guesses, boxes_of

Row = tuple[float, float, float, float]
ANN: Row = (0, 0, 20, 60)
NEAR_ANN: Row = (2, 0, 20, 60)
BOB: Row = (200, 0, 20, 60)


@pytest.mark.parametrize(
    ("votes", "shared"),
    [
        pytest.param([[ANN]], [ANN], id="one voter decides"),
        pytest.param([[ANN], [BOB]], [], id="two must agree"),
        pytest.param([[ANN], [NEAR_ANN]], [(1, 0, 20, 60)], id="the mean of two"),
        pytest.param([[ANN, BOB], [BOB], [NEAR_ANN]], [(1, 0, 20, 60), BOB], id="two of three are enough"),
        pytest.param([[ANN], [ANN], [BOB], [BOB]], [], id="half of four is not"),
        pytest.param([[ANN, NEAR_ANN], []], [], id="nobody votes twice"),
        pytest.param([[], [], []], [], id="nobody sees anything"),
    ],
)
def test_consensus(votes: list[list[Row]], shared: list[Row]) -> None:
    assert consensus([boxes_of(boxes) for boxes in votes]).tolist() == [list(box) for box in shared]


@pytest.mark.parametrize(
    ("frames", "share"),
    [
        pytest.param([([ANN], [NEAR_ANN], [ANN])], 0.0, id="steady"),
        pytest.param([([ANN], [], [ANN])], 1.0, id="gone for a frame"),
        pytest.param([([ANN, BOB], [BOB], [ANN, BOB])], 0.5, id="one of two"),
        pytest.param([([ANN], [], [])], None, id="gone for good is no flicker"),
        pytest.param([([], [ANN], [])], None, id="seen once is none either"),
        pytest.param([], None, id="no neighbours"),
    ],
)
def test_flicker(frames: list[tuple[list[Row], list[Row], list[Row]]], share: float | None) -> None:
    assert flicker([(boxes_of(a), boxes_of(b), boxes_of(c)) for a, b, c in frames]) == share


def guesses(*boxes: Row) -> Guesses:
    return Guesses.of(boxes, [0.9] * len(boxes))


@pytest.mark.parametrize(
    ("mine", "others", "share"),
    [
        pytest.param(guesses(ANN), [[ANN]], 1.0, id="as the other"),
        pytest.param(guesses(ANN), [[BOB]], 0.0, id="something else"),
        pytest.param(guesses(ANN), [], None, id="alone"),
        pytest.param(guesses(ANN), [[], []], None, id="the others see nobody"),
        pytest.param(guesses(ANN), [[ANN], [ANN], [BOB]], 1.0, id="as most of the others"),
    ],
)
def test_agreement(mine: Guesses, others: list[list[Row]], share: float | None) -> None:
    assert agreement({"1": mine}, [{"1": boxes_of(boxes)} for boxes in others]) == share


places = st.integers(0, 30).map(lambda tens: (tens * 10.0, 0.0, 20.0, 60.0))
votes = st.lists(st.lists(places, max_size=5).map(boxes_of), min_size=1, max_size=5)


@given(votes)
def test_nobody_is_shared_more_often_than_seen(some: list[Boxes]) -> None:
    shared = consensus(some)
    assert shared.shape == (len(shared), 4)
    assert 2 * len(shared) <= 2 * sum(map(len, some)) / (len(some) // 2 + 1)


@given(st.lists(places, max_size=5, unique=True).map(boxes_of), st.integers(1, 5))
def test_the_unanimous_are_of_one_mind(boxes: Boxes, voters: int) -> None:
    apart = boxes[:1]
    shared = consensus([apart] * voters)
    assert np.array_equal(shared, apart)
