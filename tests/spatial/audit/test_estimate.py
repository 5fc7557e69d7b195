"""From answers to figures, to the digit: what is weighed, what is held possible, where an interval ends."""

from __future__ import annotations

import numpy as np
import pytest

from footfall.spatial.audit.estimate import Answer, Coverage, Figure, _figures, _prior, _rest, estimate
from footfall.spatial.audit.moments import Moment, Pair, Stratum


def moments(number: int, stratum: Stratum, told: Pair = (0, 0)) -> list[Moment]:
    return [Moment("door", float(k), k + 1.0, told, stratum) for k in range(number)]


@pytest.mark.parametrize(
    ("told", "counted", "outcome"),
    [
        pytest.param((2, 1), (2, 1), (0, 0), id="right"),
        pytest.param((2, 1), (3, 1), (1, 0), id="one to the right was missed"),
        pytest.param((2, 1), (2, 3), (2, 0), id="two to the left were missed"),
        pytest.param((2, 1), (1, 0), (0, 2), id="one of each was invented"),
        pytest.param((1, 0), (0, 1), (1, 1), id="the wrong way is missed and invented"),
    ],
)
def test_missed_and_invented(told: Pair, counted: Pair, outcome: tuple[int, int]) -> None:
    [moment] = moments(1, Stratum.TOLD, told)
    assert Answer(moment, counted).outcome == outcome


@pytest.mark.parametrize(
    ("kind", "missed", "invented"),
    [
        (Stratum.DOUBTFUL, 0.35, 0.35),
        (Stratum.TOLD, 0.35, 0.35),
        (Stratum.NEAR, 0.25, None),
        (Stratum.QUIET, 0.1, None),
    ],
)
def test_what_is_held_possible_beforehand(kind: Stratum, missed: float, invented: float | None) -> None:
    for share in (1.0, 0.1):
        known = {(0, 0): 1.0, (1, 0): missed * share} | ({(0, 1): invented * share} if invented else {})
        assert _prior(kind, share) == pytest.approx(known)


def test_figures_of_errors() -> None:
    """Of ten told: as many right, missed, invented as here."""
    errors = np.array([[0.0, 0.0], [5.0, 0.0], [0.0, 4.0], [2.0, 4.0], [3.0, 12.0]])
    assert _figures(10, errors).T.tolist() == [
        [10.0, 100.0, 0.0, 0.0],
        [15.0, 100.0 * 10 / 15, 0.0, 100.0 * -5 / 15],
        [6.0, 100.0, 40.0, 100.0 * 4 / 6],
        [8.0, 75.0, 40.0, 25.0],
        [3.0, 0.0, 100.0, 100.0 * 7 / 3],
    ]
    assert _figures(1, np.array([[0.0, 1.0]])).T.tolist() == [[0.0, 100.0, 100.0, 100.0]]
    assert _figures(0, np.array([[0.5, 0.0]])).T.tolist() == [[0.5, 0.0, 0.0, -50.0]]


def test_what_nobody_looked_at() -> None:
    rng = np.random.default_rng(3)
    seen = [(0, 0), (0, 0), (1, 0), (0, 2)]
    assert not _rest(seen, {(0, 0): 1.0}, 0, rng).any()
    drawn = _rest(seen, {(0, 0): 1.0, (1, 0): 1.0}, 60, rng)
    assert drawn.shape == (4000, 2)
    assert drawn.mean(axis=0) == pytest.approx([60 * 2 / 6, 60 * 2 * 1 / 6], rel=0.05)
    assert _rest([], {(0, 0): 3.0, (1, 0): 1.0}, 40, rng).mean(axis=0) == pytest.approx([10.0, 0.0], rel=0.05)


def test_answers_stand_for_their_stratum() -> None:
    told, quiet, near = moments(6, Stratum.TOLD, (1, 0)), moments(10, Stratum.QUIET), moments(4, Stratum.NEAR)
    answers = [Answer(told[0], (0, 0)), *(Answer(one, (1, 0)) for one in told[1:3])]
    answers += [Answer(quiet[0], (1, 0)), Answer(quiet[1], (0, 0)), Answer(quiet[2], (0, 0)), Answer(quiet[3], (0, 0))]
    report = estimate([*told, *quiet, *near], answers, 1)
    assert report.told == 6
    assert report.true.value == 6 - 2 + 2.5
    assert report.recall.value == pytest.approx(100 * 4 / 6.5)
    assert report.invented.value == pytest.approx(100 * 2 / 6)
    assert report.total_error.value == pytest.approx(-100 * 0.5 / 6.5)
    assert report.kinds == (
        Coverage("something told", 6, 3, 0, 1),
        Coverage("nothing told, nobody near", 10, 4, 1, 0),
        Coverage("nothing told, somebody near", 4, 0, 0, 0),
    )
    for figure in (report.true, report.recall, report.invented, report.total_error):
        assert figure.low < figure.value < figure.high


@pytest.mark.parametrize(("looked_at", "high"), [(1, 1.0), (2, 1.0), (5, 0.0)])
def test_flawless_answers_and_one_quiet_moment_more(looked_at: int, high: float) -> None:
    """A tenth of an answer says that one was missed: 1 in 21, in 31, in 61; told is what 1 in 40 exceeds."""
    quiet = moments(looked_at + 1, Stratum.QUIET)
    report = estimate(quiet, [Answer(one, (0, 0)) for one in quiet[:looked_at]], 5)
    assert report.true == Figure(0.0, 0.0, high)


def test_an_estimate_lies_in_its_interval_whatever_is_drawn() -> None:
    near = moments(2, Stratum.NEAR)
    for counted in ((0, 0), (1, 0), (3, 0)):
        figure = estimate(near, [Answer(near[0], counted)], 7).true
        assert figure.low <= figure.value == 2.0 * counted[0] <= figure.high


def test_figures_in_words() -> None:
    assert Figure(12.34, 0.0, 100.0).spelt() == ("12.3", "0.0", "100.0")


def test_flaws_wherever_somebody_looked_and_one_moment_more() -> None:
    """One in 28 says that the last moment was flawless: more than what 1 in 40 falls below, less than 1 in 20."""
    quiet = moments(28, Stratum.QUIET)
    report = estimate(quiet, [Answer(one, (1, 0)) for one in quiet[:27]], 5)
    assert report.true == Figure(28.0, 27.0, 28.0)


def test_the_wider_of_two_intervals_counts() -> None:
    """A third of an answer says that one was missed, 1 in 19; a thirtieth says it once in 170 times."""
    told = moments(6, Stratum.TOLD, (1, 0))
    report = estimate(told, [Answer(one, (1, 0)) for one in told[:5]], 5)
    assert report.recall == Figure(100.0, pytest.approx(100 * 6 / 7), 100.0)
    assert report.to_dict()["told"] == 6
