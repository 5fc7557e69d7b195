"""The file of a ring: what is written is read again, anything else is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.vault.ring_file import Layer, RingFile, SealedKey

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ONE = RingFile(("service",), (SealedKey(bytes(8), NOON, b"sealed"),))

keys = st.builds(
    SealedKey, st.binary(min_size=8, max_size=8), st.datetimes(timezones=st.just(UTC)), st.binary(max_size=200)
)
layers = st.sampled_from([("service",), ("service", "customer")])
rings = st.builds(RingFile, layers, st.lists(keys, min_size=1, max_size=3).map(tuple))


@given(rings)
def test_what_is_written_is_read_again(ring: RingFile) -> None:
    assert RingFile.decode(ring.encode()) == ring


@given(st.binary(max_size=300))
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - in whatever words
        RingFile.decode(data)


@given(st.integers(0, 200), st.binary(min_size=1, max_size=3))
def test_a_changed_file_is_read_or_refused(at: int, change: bytes) -> None:
    text = ONE.encode()
    try:
        ring = RingFile.decode(text[:at] + change + text[at + len(change) :])
    except ValueError:
        return
    assert all(len(key.id) == 8 and key.made.tzinfo for key in ring.keys)
    assert set(ring.layers) <= set(get_args(Layer))


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        pytest.param(b'"format": 1', b'"format": 2', "is of format 2", id="of a later footfall"),
        pytest.param(b'"service"', b'"customer"', "no file of keys", id="without the service's key"),
        pytest.param(b'"service"', b'"nobody"', "no file of keys", id="of somebody unknown"),
        pytest.param(b"00000000", b"0000", "an id or a date", id="a short id"),
        pytest.param(b"+00:00", b"", "an id or a date", id="a date without a zone"),
        pytest.param(b"c2VhbGVk", b"c2VhbGV", "no file of keys", id="no Base64"),
    ],
)
def test_what_is_wrong_is_said(old: bytes, new: bytes, what: str) -> None:
    text = ONE.encode()
    assert old in text
    with pytest.raises(ValueError, match=what):
        RingFile.decode(text.replace(old, new, 1))


def test_a_ring_without_keys_is_none() -> None:
    with pytest.raises(ValueError, match="no file of keys"):
        RingFile.decode(RingFile(("service",), ()).encode())


def test_times_keep_their_moment() -> None:
    made = datetime(2026, 3, 1, 13, tzinfo=timezone(timedelta(hours=1)))
    ring = RingFile(("service",), (SealedKey(bytes(8), made, b""),))
    assert RingFile.decode(ring.encode()).keys[0].made == NOON
