"""Segments of HLS under AES-128 (RFC 8216, section 4.3.2.4)."""

from __future__ import annotations

from typing import Protocol

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES128
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from footfall.core.errors import SourceUnavailable


class Readable(Protocol):
    """What is encrypted."""

    def read(self, size: int) -> bytes:
        """At most so many bytes; none: the end."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class AesSegment:
    """Clear text of a segment.

    Args:
        sealed: what is encrypted.
        key: 16 bytes, in hexadecimal.
        iv: the same.
    """

    def __init__(self, sealed: Readable, key: str, iv: str) -> None:
        self._sealed = sealed
        self._decryptor = Cipher(AES128(bytes.fromhex(key)), CBC(bytes.fromhex(iv))).decryptor()
        self._unpadder = PKCS7(AES128.block_size).unpadder()
        self._is_over = False

    def read(self, size: int) -> bytes:
        """At most so many bytes; none: the end.

        Raises:
            SourceUnavailable: it breaks off, or the key is another.
        """
        clear = b""
        while not clear and not self._is_over:
            part = self._sealed.read(size)
            clear = self._unpadder.update(self._decryptor.update(part)) if part else self._last()
        return clear

    def close(self) -> None:
        """Let go of the connection."""
        self._sealed.close()

    def _last(self) -> bytes:
        self._is_over = True
        try:
            return self._unpadder.update(self._decryptor.finalize()) + self._unpadder.finalize()
        except ValueError:
            raise SourceUnavailable("broken", "an encrypted segment is cut, or its key is another") from None
