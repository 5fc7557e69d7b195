"""Waits grow, are jittered, and never grow beyond what the caller allows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from footfall.core.retry import backoff_s

ANY_LIMIT = st.floats(0.5, 60.0)


@given(st.integers(1, 10**6), st.floats(0, 1), ANY_LIMIT)
def test_a_wait_is_never_nothing_and_never_too_long(attempt: int, chance: float, longest_s: float) -> None:
    assert 0.1 < backoff_s(attempt, chance, longest_s) <= longest_s


@given(st.floats(0, 1), ANY_LIMIT)
def test_waits_grow(chance: float, longest_s: float) -> None:
    waits = [backoff_s(attempt, chance, longest_s) for attempt in range(1, 12)]
    assert waits == sorted(waits)
    assert waits[-1] == longest_s * (0.5 + 0.5 * chance)


def test_chance_spreads_a_wait_over_its_upper_half() -> None:
    assert [backoff_s(3, chance, 5.0) for chance in (0.0, 0.5, 1.0)] == [0.5, 0.75, 1.0]
