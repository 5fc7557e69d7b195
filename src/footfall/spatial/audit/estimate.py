"""From the moments somebody looked at to all of them: how many events are missed and invented, and how sure that is.

The estimate weighs every answer with the number of moments that it stands for; it is unbiased. The interval treats
what is unknown about the other moments as chance: the share of each outcome (one missed, one invented, ...) in a
stratum has a Dirichlet distribution around what was seen there, and the moments nobody looked at are drawn from it
(Ericson, "Subjective Bayesian Models in Sampling Finite Populations", JRSS B 1969). A small prior weight on "one
missed" and "one invented" keeps it from claiming certainty because a few answers happened to be flawless. How large
that weight should be nobody knows, so the interval covers what a small and a larger one say (Walley, "Inferences from
Multinomial Data: Learning about a Bag of Marbles", JRSS B 1996).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from footfall.spatial.audit.moments import Moment, Pair, Stratum, by_stratum

Outcome: TypeAlias = tuple[int, int]
"""(missed, invented) in one moment."""

DRAWS = 4000
PRIOR_FLAWLESS = 1.0
PRIOR_FLAW = {Stratum.DOUBTFUL: 0.35, Stratum.TOLD: 0.35, Stratum.NEAR: 0.25, Stratum.QUIET: 0.1}
PRIOR_SHARES = 0.1, 1.0
"""The small and the larger prior weight, as shares of those."""
TAILS = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody counted in one moment."""

    moment: Moment
    counted: Pair

    @property
    def outcome(self) -> Outcome:
        """Missed and invented, either way of passing by itself."""
        pairs = list(zip(self.counted, self.moment.told, strict=True))
        return sum(max(0, true - told) for true, told in pairs), sum(max(0, told - true) for true, told in pairs)


@dataclass(frozen=True, slots=True)
class Figure:
    """An estimate with its 95 % interval."""

    value: float
    low: float
    high: float

    def spelt(self) -> tuple[str, str, str]:
        """One decimal each."""
        return f"{self.value:.1f}", f"{self.low:.1f}", f"{self.high:.1f}"


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many moments of one kind there are, and how many were looked at."""

    kind: str
    moments: int
    answered: int
    missed: int
    invented: int


@dataclass(frozen=True, slots=True)
class AuditReport:
    """How right the counts are. Shares in percent."""

    told: int
    true: Figure
    recall: Figure
    """Of what happened, how much was told."""
    invented: Figure
    """Of what was told, how much did not happen."""
    total_error: Figure
    """Told less true, over true: what is off in a total, where misses and inventions make up for each other."""
    kinds: tuple[Coverage, ...]

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self)


def estimate(cut: Sequence[Moment], answers: Sequence[Answer], seed: int) -> AuditReport:
    """Missed, invented and true events of all moments from the answers about some of them.

    Args:
        cut: all moments.
        answers: those looked at: of each stratum a part that was drawn by lot.
        seed: of the draws behind the interval.
    """
    rng = np.random.default_rng(seed)
    told = sum(sum(moment.told) for moment in cut)
    weighted, drawn, kinds = np.zeros(2), np.zeros((len(PRIOR_SHARES), DRAWS, 2)), []
    for kind, members in by_stratum(cut).items():
        seen = [answer.outcome for answer in answers if answer.moment.stratum is kind]
        found = np.array(seen, np.float64).reshape(-1, 2)
        weighted += len(members) * (found.mean(axis=0) if seen else 0.0)
        rest = [_rest(seen, _prior(kind, share), len(members) - len(seen), rng) for share in PRIOR_SHARES]
        drawn += found.sum(axis=0) + np.array(rest)
        kinds.append(Coverage(kind.value, len(members), len(seen), *found.sum(axis=0).astype(int).tolist()))
    values = _figures(told, weighted[None])[:, 0]
    bounds = np.array([np.percentile(_figures(told, one), TAILS, axis=1) for one in drawn])
    low, high = np.minimum(values, bounds[:, 0].min(axis=0)), np.maximum(values, bounds[:, 1].max(axis=0))
    true, recall, invented, off = (Figure(*map(float, three)) for three in zip(values, low, high, strict=True))
    return AuditReport(told, true, recall, invented, off, tuple(kinds))


def _prior(kind: Stratum, share: float) -> dict[Outcome, float]:
    """What is held possible in a stratum before anybody looked."""
    flaw = share * PRIOR_FLAW[kind]
    can_invent = kind in {Stratum.DOUBTFUL, Stratum.TOLD}
    return {(0, 0): PRIOR_FLAWLESS, (1, 0): flaw} | ({(0, 1): flaw} if can_invent else {})


def _rest(
    seen: Sequence[Outcome], prior: dict[Outcome, float], unseen: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """(draws, 2): missed and invented in the moments of one stratum that nobody looked at."""
    weights = dict(prior)
    for outcome in seen:
        weights[outcome] = weights.get(outcome, 0.0) + 1.0
    shares = rng.dirichlet(list(weights.values()), DRAWS)
    return np.asarray(rng.multinomial(unseen, shares) @ np.array(list(weights), np.float64), np.float64)


def _figures(told: int, errors: NDArray[np.float64]) -> NDArray[np.float64]:
    """(4, n): true events, recall, invented share and total error, from (n, 2) missed and invented."""
    missed, invented = errors[:, 0], np.minimum(errors[:, 1], told)
    found = told - invented
    true = found + missed
    some = np.maximum(true, 1.0)
    recall = np.where(true > 0.0, 100.0 * found / some, 100.0)
    return np.stack([true, recall, 100.0 * invented / max(told, 1), 100.0 * (told - true) / some])
