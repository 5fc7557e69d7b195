"""The measurement of intervals in small: a few cameras, loose bounds, and its own arithmetic."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.interval_cameras import Camera, cases, record, unmatched
from benchmarks.intervals import Verdict, main, report, weights

from footfall.spatial.signs import Sign

SEEDS = (8, 11, 20, 27, 49)
"""Of short scenes with few people."""
FIRST, *_ = Sign
_, _, _, FOURTH, *_ = Sign


@pytest.fixture(scope="module")
def measured() -> tuple[list, list]:
    counts, dwells = [], []
    for seed in SEEDS:
        more, visits = cases(record(Camera.draw(seed)))
        counts += more
        dwells += visits
    return counts, dwells


def test_intervals_hold_the_truth_about_as_often_as_they_say(measured: tuple[list, list]) -> None:
    verdicts = [Verdict(case) for case in measured[0]]
    assert len(verdicts) >= 50
    assert sum(verdict.holds for verdict in verdicts) >= 0.88 * len(verdicts)
    assert np.mean([verdict.high - verdict.low for verdict in verdicts]) < 4.0
    assert all(verdict.low <= verdict.told <= verdict.high for verdict in verdicts)
    assert any(verdict.told != verdict.truth for verdict in verdicts), "nothing to be unsure about: a poor test"


def test_the_table_names_every_kind_of_count(measured: tuple[list, list], capsys: pytest.CaptureFixture[str]) -> None:
    report(*measured)
    rows = [row.split(" | ")[0] for row in capsys.readouterr().out.splitlines()]
    assert rows[2] == "| all"
    assert {"| right", "| left", "| enters", "| exits", "| visits", "| now"} <= set(rows)


def test_the_same_seed_records_the_same() -> None:
    one, two = (record(Camera.draw(SEEDS[0])) for _ in range(2))
    assert one.stream == two.stream
    assert one.truth == two.truth


@pytest.mark.parametrize(
    ("told_s", "true_s", "false"),
    [
        pytest.param([], [1.0], [], id="nothing told"),
        pytest.param([1.0, 2.0], [1.1], [False, True], id="the nearer one is it"),
        pytest.param([1.0, 9.0], [1.5, 5.0], [False, True], id="too far away in time"),
        pytest.param([1.0, 2.0], [2.1, 2.2], [False, False], id="one each"),
    ],
)
def test_what_was_told_and_did_not_happen(told_s: list[float], true_s: list[float], false: list[bool]) -> None:
    assert unmatched(told_s, true_s) == false


def test_weights_are_found_again() -> None:
    rng = np.random.default_rng(3)
    signs = np.zeros((4000, len(Sign)))
    signs[:, 0], signs[:, 3] = 1.0, rng.uniform(0.0, 1.0, 4000)
    found = weights(signs, rng.poisson(signs @ np.eye(len(Sign))[0] * 0.1 + 0.4 * signs[:, 3]).astype(float))
    assert found[FIRST] == pytest.approx(0.1, abs=0.04)
    assert found[FOURTH] == pytest.approx(0.4, abs=0.06)
    assert len(found) == 2


def test_the_command_runs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--counts", "5", "--seed", "25"]) == 0
    out, err = capsys.readouterr()
    assert "| all |" in out
    assert "1 cameras, seeds 25 to 25" in err
