"""The estimate hits the truth on average, and its interval nearly always."""

from __future__ import annotations

import numpy as np
import pytest

from footfall.evaluation.audit import tables
from footfall.spatial.audit.estimate import Answer, AuditReport, estimate
from footfall.spatial.audit.moments import Moment, Pair, Stratum, sample

SIZES = {Stratum.DOUBTFUL: 10, Stratum.TOLD: 30, Stratum.NEAR: 30, Stratum.QUIET: 80}
GOOD = {Stratum.DOUBTFUL: 0.05, Stratum.TOLD: 0.02, Stratum.NEAR: 0.03, Stratum.QUIET: 0.001}
BAD = {Stratum.DOUBTFUL: 0.3, Stratum.TOLD: 0.15, Stratum.NEAR: 0.3, Stratum.QUIET: 0.05}


def simulated(flaws: dict[Stratum, float], seed: int) -> dict[Moment, Pair]:
    """All moments of a clip and what really happened in them."""
    rng = np.random.default_rng(seed)
    truth: dict[Moment, Pair] = {}
    for kind, size in SIZES.items():
        for _ in range(size):
            something = kind in {Stratum.DOUBTFUL, Stratum.TOLD}
            told = (1, int(rng.random() < 0.3)) if something else (0, 0)
            missed = int(rng.random() < flaws[kind])
            invented = int(something and rng.random() < flaws[kind])
            moment = Moment("door", float(len(truth)), len(truth) + 1.0, told, kind)
            truth[moment] = (told[0] - invented, told[1] + missed)
    return truth


def audited(truth: dict[Moment, Pair], size: int, seed: int) -> AuditReport:
    cut = list(truth)
    return estimate(cut, [Answer(moment, truth[moment]) for moment in sample(cut, size, seed)], seed)


@pytest.mark.parametrize("flaws", [pytest.param(GOOD, id="good counts"), pytest.param(BAD, id="bad counts")])
def test_the_interval_covers_the_truth(flaws: dict[Stratum, float]) -> None:
    covered, off, rounds = np.zeros(4), 0.0, 60
    for seed in range(rounds):
        truth = simulated(flaws, seed)
        report, known = audited(truth, 24, seed), audited(truth, len(truth), seed)
        for index, name in enumerate(("true", "recall", "invented", "total_error")):
            guess, value = getattr(report, name), getattr(known, name).value
            covered[index] += guess.low - 1e-9 <= value <= guess.high + 1e-9
        off += report.true.value - known.true.value
    assert (covered >= 0.9 * rounds).all(), covered
    assert abs(off) / rounds < 4.0


def test_who_has_looked_at_everything_knows_it_exactly() -> None:
    told = Moment("door", 0.0, 4.0, (2, 1), Stratum.TOLD)
    quiet = Moment("door", 4.0, 8.0, (0, 0), Stratum.QUIET)
    report = estimate([told, quiet], [Answer(told, (1, 1)), Answer(quiet, (0, 2))], 0)
    assert report.told == 3
    for figure, value in (
        (report.true, 4.0),
        (report.recall, 50.0),
        (report.invented, 100.0 / 3.0),
        (report.total_error, -25.0),
    ):
        assert (figure.value, figure.low, figure.high) == pytest.approx((value, value, value))


def test_flawless_answers_do_not_claim_certainty_and_more_of_them_claim_more() -> None:
    truth = simulated(dict.fromkeys(Stratum, 0.0), 1)
    few, many = audited(truth, 16, 1), audited(truth, 80, 1)
    assert few.recall.value == many.recall.value == 100.0
    assert few.recall.low < many.recall.low < 100.0
    assert few.invented.high > many.invented.high > 0.0


def test_a_clip_where_nothing_happened() -> None:
    quiet = [Moment("door", float(n), n + 1.0, (0, 0), Stratum.QUIET) for n in range(10)]
    report = estimate(quiet, [Answer(moment, (0, 0)) for moment in quiet], 0)
    assert (report.told, report.true.value, report.recall.value, report.total_error.value) == (0, 0.0, 100.0, 0.0)


def test_the_tables_say_what_was_looked_at() -> None:
    report = audited(simulated(BAD, 3), 24, 3)
    text = tables(report)
    assert all(words in text for words in ("found, %", "95 % from", "nothing told, somebody near", "looked at"))
    assert sum(one.answered for one in report.kinds) == 24
    assert report.to_dict()["recall"]["low"] == report.recall.low
