"""Which arguments for living mutants are still needed."""

from __future__ import annotations

import pytest
from benchmarks.mutation.__main__ import stale

VERDICTS = {"f: 1 -> 2": "survived", "f: 2 -> 3": "killed", "g: 1 -> 2": "killed", "g: 2 -> 3": "killed"}
KEYS = [*VERDICTS, "h: 1 -> 2"]


@pytest.mark.parametrize(
    ("pattern", "trouble"),
    [
        pytest.param("f: 1 -> 2", None, id="it lives"),
        pytest.param("f: 2 -> 3", "argues away what a test kills", id="a test kills it by now"),
        pytest.param("f: 2 -> 4", "matches no mutant", id="the code has changed"),
        pytest.param("f: *", None, id="one of many lives"),
        pytest.param("g: *", "argues away what a test kills", id="all of many are killed"),
        pytest.param("k: *", "matches no mutant", id="none of many is there"),
        pytest.param("h: 1 -> 2", None, id="never tried: nobody knows"),
    ],
)
def test_arguments_that_nobody_needs(pattern: str, trouble: str | None) -> None:
    expected = [] if trouble is None else [(pattern, trouble)]
    assert list(stale([pattern], KEYS, VERDICTS)) == expected
