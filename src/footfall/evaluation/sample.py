"""Which frames of many to look at."""

from __future__ import annotations

from collections.abc import Sequence


def spread(total: int, count: int, run: int) -> list[int]:
    """At most `count` of `total` numbers from 0, evenly spread, in runs of `run` neighbours as far as they fit."""
    if total <= count:
        return list(range(total))
    run = min(run, count)
    places = count // run
    starts = [place * (total - run) // max(1, places - 1) for place in range(places)]
    return sorted({start + step for start in starts for step in range(run)})


def triples(numbers: Sequence[int]) -> list[tuple[int, int, int]]:
    """All three neighbours among ascending numbers."""
    return [(a, b, c) for a, b, c in zip(numbers, numbers[1:], numbers[2:], strict=False) if (b - a, c - b) == (1, 1)]
