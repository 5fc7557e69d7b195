"""Lengths of visits, sorted into bins that people can read: seconds at first, hours at last."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

EDGES_S = (
    0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 15.0, 20.0, 25.0, 30.0, 40.0, 50.0,
    60.0, 75.0, 90.0, 120.0, 150.0, 180.0, 240.0, 300.0, 360.0, 480.0, 600.0, 720.0, 900.0, 1200.0, 1500.0, 1800.0,
    2400.0, 3000.0, 3600.0, 5400.0, 7200.0, 10800.0, 14400.0, 21600.0, 28800.0, 43200.0, 86400.0,
)  # fmt: skip
"""Where each bin begins, in seconds; the last one has no end. Stored with every visit: never to be changed."""


def bin_of(dwell_s: float) -> int:
    """Number of the bin that a length lies in."""
    return max(0, bisect_right(EDGES_S, dwell_s) - 1)


def median_s(visits: Sequence[int]) -> float | None:
    """About the middle length, as if lengths were spread evenly within their bin; None where there is no visit.

    Args:
        visits: how many there are in each bin.
    """
    half, before = sum(visits) / 2.0, 0
    for number, here in enumerate(visits):
        if here and before + here >= half:
            low, high = EDGES_S[number], EDGES_S[min(number + 1, len(EDGES_S) - 1)]
            return low + (high - low) * (half - before) / here
        before += here
    return None
