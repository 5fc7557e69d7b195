"""Whoever has left is forgotten: four times as many people leave no more behind."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from benchmarks.crowds import reachable_bytes
from benchmarks.ids import through_rules, through_tracker

KEPT_BYTES = 2_000_000


def after(stream: Iterator[tuple[int, object]], ids: int) -> int:
    """Bytes that are kept when so many people have come."""
    return next(reachable_bytes(kept) for so_far, kept in stream if so_far >= ids)


@pytest.mark.parametrize(
    ("stream", "ids"),
    [
        pytest.param(partial(through_rules, window_s=60.0), 600, id="floor, rules, events, totals, mannequins"),
        pytest.param(through_tracker, 2000, id="tracker"),
    ],
)
def test_memory_does_not_grow_with_the_people_who_left(stream: partial[Iterator[tuple[int, object]]], ids: int) -> None:
    running = stream()
    early = after(running, ids)
    late = after(running, 4 * ids)
    assert late < 1.15 * early
    assert late < KEPT_BYTES


def test_what_is_kept_is_seen() -> None:
    kept: list[tuple[str, float]] = [(f"{n}", float(n)) for n in range(1000)]
    assert reachable_bytes(kept) > 100_000
