"""`python -m benchmarks intervals [--counts N] [--fit]`: how often the intervals of counts hold the truth.

Seeded cameras watch simulated stories through a detector with faults (misses in streaks, people who are hard to see,
trembling boxes, things that are nobody, ids exchanged and lost, gaps, low frame rates), each fault drawn by lot; the
real tracker and the real rules make counts of it, and each count's interval is held against the truth. Weights were
fixed on seeds that are not measured here; `--fit` finds them again from those.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import mean

import numpy as np
from numpy.typing import NDArray

from benchmarks.interval_cameras import Camera, Case, DwellCase, cases, record
from footfall.spatial.certainty import weigh
from footfall.spatial.interval import Estimate, mean_interval
from footfall.spatial.signs import Evidence, Sign, What

FIT_SEED, FIT_CAMERAS = 1000, 180
MEASURE_SEED = 2000
GROUPS = {
    "LINE": (What.RIGHT, What.LEFT),
    "PASSAGE": (What.ENTER, What.EXIT),
    "VISIT": (What.VISIT,),
    "NOW": (What.NOW,),
}
ROUNDS = 3000
LEAST_WEIGHT = 0.003


def main(arguments: Sequence[str]) -> int:
    """Measure, or fit."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks intervals", description=__doc__)
    parser.add_argument("--counts", type=int, default=2000, metavar="N", help="at least so many counts (default 2000)")
    parser.add_argument("--seed", type=int, default=MEASURE_SEED, help="of the first camera")
    parser.add_argument("--fit", action="store_true", help="find the weights again, on other cameras, and print them")
    args = parser.parse_args(arguments)
    if args.fit:
        fit([case for seed in range(FIT_SEED, FIT_SEED + FIT_CAMERAS) for case in cases(record(Camera.draw(seed)))[0]])
        return 0
    counts: list[Case] = []
    dwells: list[DwellCase] = []
    seed = args.seed
    while len(counts) + len(dwells) < args.counts:
        more, visits = cases(record(Camera.draw(seed)))
        counts, dwells, seed = counts + more, dwells + visits, seed + 1
        print(f"\r{len(counts) + len(dwells)} counts", end="", file=sys.stderr)
    print(f"\n{seed - args.seed} cameras, seeds {args.seed} to {seed - 1}", file=sys.stderr)
    report(counts, dwells)
    return 0


@dataclass(frozen=True, slots=True)
class Balance:
    """People over a line to the right less those to the left: what an occupancy is made of."""

    camera: Camera
    inward: Case
    outward: Case


def balances(counts: Iterable[Case]) -> Iterator[Balance]:
    """Of every line of every camera."""
    sides = {(id(case.camera), case.region, case.what): case for case in counts}
    for (camera, region, what), case in sides.items():
        if what is What.RIGHT:
            yield Balance(case.camera, case, sides[camera, region, What.LEFT])


def estimate_of(evidence: Iterable[Evidence]) -> Estimate:
    """All of it together."""
    return sum((weigh(item) for item in evidence), Estimate())


class Verdict:
    """One interval against the truth."""

    def __init__(self, case: Case | DwellCase | Balance) -> None:
        self.camera = case.camera
        low: float
        high: float
        if isinstance(case, Case):
            estimate = estimate_of((*case.told, *case.missed))
            low, high = estimate.interval()
            self.what, self.told, self.truth = case.what.value, float(estimate.told), float(case.truth)
        elif isinstance(case, Balance):
            sides = (estimate_of((*side.told, *side.missed)) for side in (case.inward, case.outward))
            estimate = next(sides) - next(sides)
            low, high = estimate.interval(least=None)
            self.what, self.told = "in less out", float(estimate.told)
            self.truth = float(case.inward.truth - case.outward.truth)
        else:
            visits = estimate_of(case.visits)
            low, high = mean_interval(case.total_s, case.squares_s2, visits) or (0.0, 0.0)
            self.what, self.told, self.truth = "mean dwell", case.total_s / max(visits.told, 1), case.truth_s
        self.low, self.high = float(low), float(high)

    @property
    def holds(self) -> bool:
        """Whether the truth lies within."""
        return self.low <= self.truth <= self.high


DIFFERENT = ("mean dwell", "in less out")
CONDITIONS: dict[str, Callable[[Verdict], bool]] = {
    "all": lambda v: True,
    "all but people now": lambda v: v.what != What.NOW.value,
    "misses < 5 %": lambda v: v.camera.flaws.miss < 0.05,
    "misses >= 15 %": lambda v: v.camera.flaws.miss >= 0.15,
    "tremble >= 2 % of the height": lambda v: v.camera.flaws.tremble >= 0.02,
    "a ghost every 10 s or more often": lambda v: v.camera.flaws.ghosts_per_s >= 0.1,
    "people who meet swap ids, 20 % or more": lambda v: v.camera.flaws.swap >= 0.2,
    "an id cut every 50 s or more often": lambda v: v.camera.flaws.cut_per_s >= 0.02,
    "gaps, one in 100 s or more": lambda v: v.camera.flaws.gaps_per_s >= 0.01,
    "4 or 6 frames a second": lambda v: v.camera.flaws.fps < 8.0,
    "10 or 15 frames a second": lambda v: v.camera.flaws.fps > 8.0,
    "few in truth, 0 to 3": lambda v: v.truth <= 3 and v.what not in DIFFERENT,
    "many in truth, 10 and more": lambda v: v.truth >= 10 and v.what not in DIFFERENT,
}


def report(counts: Iterable[Case], dwells: Iterable[DwellCase]) -> None:
    """Coverage overall, by what was counted and by condition."""
    counts = list(counts)
    cases: list[Case | DwellCase | Balance] = [*counts, *dwells, *balances(counts)]
    verdicts = [Verdict(case) for case in cases]
    kinds = dict.fromkeys(verdict.what for verdict in verdicts)
    rows = {name: [v for v in verdicts if test(v)] for name, test in CONDITIONS.items()}
    rows |= {kind: [v for v in verdicts if v.what == kind] for kind in kinds}
    print("| counts | number | told is the truth | interval holds the truth | mean width | truth below, above |")
    print("|---|---|---|---|---|---|")
    for name, chosen in rows.items():
        if chosen:
            exact, held = (
                100 * mean(hits) for hits in ([v.told == v.truth for v in chosen], [v.holds for v in chosen])
            )
            width = mean(v.high - v.low for v in chosen)
            below, above = sum(v.truth < v.low for v in chosen), sum(v.truth > v.high for v in chosen)
            print(f"| {name} | {len(chosen)} | {exact:.1f} % | {held:.1f} % | {width:.2f} | {below}, {above} |")


def fit(counts: Sequence[Case]) -> None:
    """Print the tables of `spatial.certainty`."""
    extra: dict[str, dict[Sign, float]] = {}
    missed: dict[str, dict[Sign, float]] = {}
    for group, whats in GROUPS.items():
        chosen = [case for case in counts if case.what in whats]
        told = [(vector([item]), label) for case in chosen for item, label in zip(case.told, case.labels, strict=True)]
        extra[group] = weights(np.array([x for x, _ in told]), np.array([y for _, y in told], np.float64))
        sums = np.array([vector([*case.told, *case.missed]) for case in chosen])
        missed[group] = weights(sums, np.array([case.unseen for case in chosen], np.float64))
    for name, tables in (("EXTRA", extra), ("MISSED", missed)):
        for group, table in tables.items():
            print(f"{name}_{group} = {{" + ", ".join(f"Sign.{sign.name}: {w:.3f}" for sign, w in table.items()) + "}")


def vector(evidence: Iterable[Evidence]) -> NDArray[np.float64]:
    """(signs,) the signs of all of it together."""
    total: dict[Sign, float] = defaultdict(float)
    for item in evidence:
        for sign, value in item.signs.items():
            total[sign] += value
    return np.array([total[sign] for sign in Sign])


def weights(signs: NDArray[np.float64], mistakes: NDArray[np.float64]) -> dict[Sign, float]:
    """Weights w >= 0 of greatest likelihood for mistakes ~ Poisson(signs @ w); small ones are left out."""
    seen = signs.sum(axis=0)
    w = np.where(seen > 0.0, 0.1, 0.0)
    for _ in range(ROUNDS):
        ratio = mistakes / np.maximum(signs @ w, 1e-12)
        w = w * (signs.T @ ratio) / np.maximum(seen, 1e-9)
    return {sign: round(float(value), 3) for sign, value in zip(Sign, w, strict=True) if value >= LEAST_WEIGHT}
