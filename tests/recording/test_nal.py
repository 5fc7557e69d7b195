"""Start codes become lengths; nothing else changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.recording.nal import length_prefixed


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"\0\0\0\1\x67ab\0\0\1\x65c", b"\0\0\0\3\x67ab\0\0\0\2\x65c", id="both lengths of start codes"),
        pytest.param(b"\0\0\1\x65c\0\0\0", b"\0\0\0\2\x65c", id="padding at the end"),
        pytest.param(b"\0\0\1\x65\0\0\3\1c", b"\0\0\0\6\x65\0\0\3\1c", id="escaped start code in a unit"),
        pytest.param(b"", b"", id="nothing"),
    ],
)
def test_examples(data: bytes, expected: bytes) -> None:
    assert length_prefixed(data) == expected


@given(st.lists(st.binary(min_size=1, max_size=20).filter(lambda unit: 0 not in unit), max_size=8))
def test_units_come_out_as_they_went_in(units: list[bytes]) -> None:
    data = length_prefixed(b"".join(b"\0\0\0\1" + unit for unit in units))
    for unit in units:
        assert data[:4] == len(unit).to_bytes(4, "big")
        assert data[4 : 4 + len(unit)] == unit
        data = data[4 + len(unit) :]
    assert data == b""
