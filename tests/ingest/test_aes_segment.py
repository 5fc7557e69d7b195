"""Encrypted segments: whatever their size, and however they arrive."""

from __future__ import annotations

from io import BytesIO

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES128
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7
from hypothesis import given
from hypothesis import strategies as st

from footfall.core.errors import SourceUnavailable
from footfall.ingest.aes_segment import AesSegment

KEY, IV = bytes(range(16)), bytes(range(16, 32))


def sealed(clear: bytes) -> bytes:
    padder, encryptor = PKCS7(128).padder(), Cipher(AES128(KEY), CBC(IV)).encryptor()
    return encryptor.update(padder.update(clear) + padder.finalize()) + encryptor.finalize()


@given(clear=st.binary(max_size=200), sizes=st.lists(st.integers(1, 50), min_size=1))
def test_what_was_encrypted_comes_out(clear: bytes, sizes: list[int]) -> None:
    segment = AesSegment(BytesIO(sealed(clear)), KEY.hex(), IV.hex())
    found = b""
    while part := segment.read(sizes[len(found) % len(sizes)]):
        found += part
    assert found == clear
    assert segment.read(1) == b""


@pytest.mark.parametrize("cut", [1, 15, 16])
def test_a_segment_that_is_cut_is_broken(cut: int) -> None:
    segment = AesSegment(BytesIO(sealed(b"a" * 32)[:-cut]), KEY.hex(), IV.hex())
    with pytest.raises(SourceUnavailable) as why:
        list(iter(lambda: segment.read(64), b""))
    assert why.value.reason == "broken"


def test_another_key() -> None:
    with pytest.raises(SourceUnavailable):
        AesSegment(BytesIO(sealed(b"a")), IV.hex(), IV.hex()).read(64) or pytest.fail("nothing came")
