"""Which way of learning is taken, by what pictures that were held out say of each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.learning.search import Trial, is_more_than_chance, least_surprised, proven

SURPRISES = st.lists(st.floats(0, 5), min_size=6, max_size=6)


def trial(name: str, surprises: Sequence[float]) -> Trial:
    return Trial((name,), 1.0, np.zeros((len(surprises), 2)), 1.0, np.array(surprises))


@pytest.mark.parametrize(
    ("others", "taken"),
    [
        pytest.param({}, "usual", id="nothing else was tried"),
        pytest.param({"luck": [0.0, 1.9, 0.9, 1.1, 0.9, 1.1]}, "usual", id="one picture of six was luckier"),
        pytest.param({"even": [0.9] * 6}, "even", id="a little better, and on every picture"),
        pytest.param({"same": [1.0] * 6}, "usual", id="no difference proves nothing"),
        pytest.param({"worse": [1.2] * 6}, "usual", id="worse on every picture"),
        pytest.param({"good": [0.8] * 6, "best": [0.5] * 6}, "best", id="of two that are proven, the better"),
        pytest.param({"best": [0.5] * 6, "other": [0.5] * 6}, "best", id="of two that are proven alike, the earlier"),
        pytest.param(
            {"lucky": [0.0, 0.0, 1.6, 1.6, 0.0, 1.6], "good": [0.9] * 6}, "good", id="less surprised, but not proven"
        ),
    ],
)
def test_the_usual_way_stays_unless_another_is_proven(others: dict[str, list[float]], taken: str) -> None:
    tried = [trial(name, surprises) for name, surprises in others.items()]
    assert proven(trial("usual", [1.0] * 6), tried).groups == (taken,)


@pytest.mark.parametrize(
    ("gains", "is_more"),
    [
        pytest.param([1.0, 0.0, 0.0, -0.5], False, id="half of its standard error"),
        pytest.param([1.0, 1.0, 0.0, 0.0], True, id="twice its standard error"),
        pytest.param([-1.0, -1.0, 0.0, 0.0], False, id="a loss"),
        pytest.param([0.0, 0.0], False, id="nothing gained"),
        pytest.param([1e-9], True, id="one picture cannot vary"),
    ],
)
def test_gains_are_held_against_their_standard_error(gains: list[float], is_more: bool) -> None:
    assert is_more_than_chance(np.array(gains)) is is_more


@given(st.lists(SURPRISES, min_size=1, max_size=5))
def test_who_is_taken_is_never_more_surprised_than_the_usual_way(tried: list[list[float]]) -> None:
    usual, *others = (trial(str(i), surprises) for i, surprises in enumerate(tried))
    taken = proven(usual, others)
    assert least_surprised([usual, *others]).surprise <= taken.surprise <= usual.surprise


@given(SURPRISES, SURPRISES, st.integers(20, 40))
def test_with_many_pictures_the_same_gains_are_proof(before: list[float], after: list[float], times: int) -> None:
    """Pictures of the same kind again and again: what is better on average is taken in the end."""
    gain = np.array(before) - np.array(after)
    if gain.mean() > gain.std() / np.sqrt(6 * times):
        other = trial("other", after * times)
        assert proven(trial("usual", before * times), [other]) is other
