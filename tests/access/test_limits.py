from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.access import limits
from footfall.access.limits import Limit, TooMany
from servers.clock import SetClock


def outcomes(text, times_s, key="a"):
    """`.` for what was let through, seconds to wait for what was not."""
    clock = SetClock()
    limit = Limit(text, clock)
    told = []
    for clock.t_s in times_s:
        try:
            limit.hit(key)
            told.append(".")
        except TooMany as error:
            told.append(error.retry_after_s)
    return told


@pytest.mark.parametrize(
    ("text", "times_s", "expected"),
    [
        pytest.param("1/second", [0, 0.5, 1], [".", 1, "."], id="one a second"),
        pytest.param("2/minute", [0, 30, 59, 60, 61], [".", ".", 1, ".", 29], id="windows slide"),
        pytest.param("1/second;2/minute", [0, 0, 1, 2, 60], [".", 1, ".", 58, "."], id="the strictest counts"),
        pytest.param("1/second", [5, 4, 6], [".", 2, "."], id="what is refused is not counted"),
        pytest.param("3/hour", [0, 1, 2, 3, 3600], [".", ".", ".", 3597, "."], id="the wait is until the oldest ends"),
    ],
)
def test_windows(text, times_s, expected):
    assert outcomes(text, times_s) == expected


def test_callers_do_not_disturb_each_other():
    limit = Limit("1/hour", SetClock())
    limit.hit("a")
    limit.hit("b")

    with pytest.raises(TooMany):
        limit.hit("a")


def test_what_is_taken_back_does_not_count():
    limit = Limit("1/hour", SetClock())
    limit.hit("a")
    limit.take_back("a")
    limit.take_back("a")
    limit.take_back("somebody else")

    limit.hit("a")


def test_memory_is_bounded_and_the_quietest_is_forgotten(monkeypatch):
    monkeypatch.setattr(limits, "MOST_KEYS", 3)
    limit = Limit("1/hour", SetClock())
    for key in "abc":
        limit.hit(key)
    with pytest.raises(TooMany):
        limit.hit("a")
    limit.hit("d")

    limit.hit("b")
    with pytest.raises(TooMany):
        limit.hit("a")


def test_attempts_at_the_same_moment_do_not_slip_through():
    limit, let_in = Limit("5/hour", SetClock()), []

    def attempt():
        try:
            limit.hit("a")
            let_in.append(1)
        except TooMany:
            pass

    threads = [threading.Thread(target=attempt) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(let_in) == 5


@given(st.lists(st.floats(0, 30), min_size=1, max_size=60), st.integers(1, 5))
def test_no_window_ever_holds_more_than_it_may(gaps_s, amount):
    times_s = [sum(gaps_s[: i + 1]) for i in range(len(gaps_s))]
    passed = [t for t, told in zip(times_s, outcomes(f"{amount}/minute", times_s), strict=True) if told == "."]

    assert all(sum(start <= t < start + 60 - 1e-6 for t in passed) <= amount for start in passed)


@given(st.lists(st.floats(0, 30), min_size=1, max_size=40))
def test_whoever_waits_as_told_is_let_in(gaps_s):
    clock, t_s = SetClock(), 0.0
    limit = Limit("1/second;5/minute;20/hour", clock)
    for gap_s in gaps_s:
        t_s += gap_s
        clock.t_s = t_s
        try:
            limit.hit("a")
        except TooMany as error:
            t_s = clock.t_s = t_s + error.retry_after_s
            limit.hit("a")
