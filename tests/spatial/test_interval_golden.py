"""Intervals of every kind of doubt, written down: the arithmetic changes only on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from footfall.spatial.interval import Estimate, Interval, Mistakes, mean_interval
from written import assert_as_written, in_json


def doubtful(lot: Random) -> Estimate:
    """Some told, with doubts from hardly any to thousands."""
    size = lot.choice((1.0, 10.0, 100.0, 1500.0))
    told = lot.randrange(int(3 * size))
    extra, missed = (lot.choice((0.0, 1e-12, lot.uniform(0.0, size))) for _ in range(2))
    spread = lot.choice((0.3, 1.0, 1.4))
    return Estimate(told, extra, extra * spread, missed, missed * spread)


def ends(estimate: Estimate) -> list[Interval]:
    least = (0, None, 3, estimate.told, -5)
    return [estimate.interval(level, number) for level in (0.5, 0.95, 0.999) for number in least]


def sums() -> Iterator[str]:
    lot = Random(31)
    before = Estimate()
    for _ in range(150):
        here = doubtful(lot)
        yield in_json(here, here.interval(), ends(here), before + here, before - here, (before - here).expected)
        yield in_json(ends(before - here), (before - here).interval(least=None))
        before = here


def events() -> Iterator[str]:
    yield in_json(Estimate.of(), Estimate.of(told=3), Estimate.of(extra=0.2), Estimate.of(missed=0.7, told=0))
    total = Estimate()
    lot = Random(32)
    for number in range(60):
        total += Estimate.of(extra=lot.random() ** 3, missed=lot.random() ** 3, told=number % 3)
        yield in_json(total, total.interval(), total.expected, str(total.interval(0.9)))


def means() -> Iterator[str]:
    lot = Random(33)
    for _ in range(120):
        visits = doubtful(lot)
        stays_s = [lot.uniform(0.5, 1.0) * lot.choice((2.0, 60.0)) for _ in range(min(visits.told, 50))]
        scale = visits.told / max(1, len(stays_s))
        total, squares = sum(stays_s) * scale, sum(s * s for s in stays_s) * scale
        yield in_json(mean_interval(total, squares, visits), mean_interval(total, squares, visits, 0.5))


def laws() -> Iterator[str]:
    lot = Random(34)
    for _ in range(60):
        mean = lot.choice((1e-10, 0.3, 2.0, 40.0)) * lot.uniform(0.5, 1.0)
        law = Mistakes(mean, mean * lot.choice((0.0, 0.4, 1.0, 3.0))).law()
        yield in_json(mean, len(law), [float(p) for p in law[:40]])


def test_sums_and_their_intervals() -> None:
    assert_as_written("spatial/intervals-sums", sums())


def test_single_events() -> None:
    assert_as_written("spatial/intervals-events", events())


def test_means() -> None:
    assert_as_written("spatial/intervals-means", means())


def test_laws() -> None:
    assert_as_written("spatial/intervals-laws", laws())
