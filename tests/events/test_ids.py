from __future__ import annotations

import re
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.events.ids import replay_ids, wire_id


def take(seed: str, count: int) -> list[str]:
    make = replay_ids(seed)
    return [make() for _ in range(count)]


def test_replays_repeat_and_seeds_differ() -> None:
    assert take("a", 50) == take("a", 50)
    assert not set(take("a", 50)) & set(take("b", 50))
    assert len(set(take("a", 50))) == 50


@given(st.text(), st.integers(1, 5))
def test_ids_are_32_hex_digits(seed: str, count: int) -> None:
    assert all(re.fullmatch("[0-9a-f]{32}", one) for one in islice(take(seed, count), count))


@pytest.mark.parametrize(
    ("track_id", "expected"),
    [
        pytest.param("5ad0e9c47b1f4a3f8e6d2c1b0a9f8e7d", "5ad0e9c47b1f4a3f8e6d2c1b0a9f8e7d", id="our own pass"),
        pytest.param("7", "00000000000000000000000000000007", id="numbers stay recognisable"),
        pytest.param("0", "00000000000000000000000000000000", id="zero"),
    ],
)
def test_wire_id(track_id: str, expected: str) -> None:
    assert wire_id(track_id) == expected


@given(st.sets(st.text(max_size=4) | st.integers(0, 99).map(str), max_size=30))
def test_different_tracks_stay_different(track_ids: set[str]) -> None:
    wired = {wire_id(track_id) for track_id in track_ids}
    assert len(wired) == len(track_ids)
    assert all(re.fullmatch("[0-9a-f]{32}", one) for one in wired)
