"""Files encrypted at rest: AES-256-GCM in chunks, each file with a key of its own (spec/privacy-security.md section 3).

A sealed file is a header and chunks. Header, 62 bytes: `FFSEAL`, version 2, id of the wrapping key (8 bytes), the
file's own key wrapped (40 bytes, RFC 3394), a nonce prefix (7 bytes). Each chunk but the last holds 1 MiB and a tag of
16 bytes; its nonce is prefix, number (4 bytes), and 1 for the last or 0 (STREAM: Hoang, Reyhanitabar, Rogaway, Vizar
2015); its associated data are `FFSEAL`, version, the file's name, and the number again. Chunks cannot be altered, left
out, put elsewhere or taken from another file unnoticed, nor can the file be cut; and another wrapping key changes
nothing but the 48 bytes of its header.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from footfall.vault.faults import NotSealed
from footfall.vault.keys import ID_BYTES, KEY_BYTES, WRAPPED_BYTES, KeyRing
from footfall.vault.part import Writable

SUFFIX: Final = ".enc"
MAGIC: Final = b"FFSEAL\x02"
CHUNK_BYTES: Final = 2**20
TAG_BYTES: Final = 16
_PREFIX_BYTES: Final = 7
HEADER_BYTES: Final = len(MAGIC) + ID_BYTES + WRAPPED_BYTES + _PREFIX_BYTES


@dataclass(frozen=True, slots=True)
class Header:
    """What stands before the chunks."""

    key_id: bytes
    """Of the key that wraps the file's own."""
    wrapped: bytes
    prefix: bytes

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Of the first bytes of a file.

        Raises:
            NotSealed: they are no header.
        """
        if len(data) < HEADER_BYTES or not data.startswith(MAGIC):
            raise NotSealed("it was not sealed by footfall")
        at = len(MAGIC)
        key_id, at = data[at : at + ID_BYTES], at + ID_BYTES
        return cls(key_id, data[at : at + WRAPPED_BYTES], data[at + WRAPPED_BYTES : HEADER_BYTES])

    def encode(self) -> bytes:
        """The bytes again."""
        return MAGIC + self.key_id + self.wrapped + self.prefix


class Sealer:
    """Encrypts what is written and hands it on.

    Args:
        target: Takes the sealed bytes.
        ring: Wraps the file's own key.
        name: What the file is, so that none can be put in another's place.

    Raises:
        KeyRevoked: the ring gives no keys at present.
        OSError: `target` cannot be written.
    """

    def __init__(self, target: Writable, ring: KeyRing, name: str) -> None:
        self._target = target
        key = secrets.token_bytes(KEY_BYTES)
        self._header = Header(*ring.wrap(key), secrets.token_bytes(_PREFIX_BYTES))
        self._name = name.encode()
        self._cipher = AESGCM(key)
        self._number = 0
        self._waiting = bytearray()
        target.write(self._header.encode())

    @property
    def key_id(self) -> bytes:
        """Of the key that wraps the file's own."""
        return self._header.key_id

    def write(self, data: bytes | memoryview) -> int:
        """Append.

        Raises:
            OSError: `target` cannot be written.
        """
        self._waiting += data
        while len(self._waiting) > CHUNK_BYTES:
            self._put(bytes(self._waiting[:CHUNK_BYTES]), is_last=False)
            del self._waiting[:CHUNK_BYTES]
        return len(data)

    def finish(self) -> None:
        """Write the last chunk.

        Raises:
            OSError: `target` cannot be written.
        """
        self._put(bytes(self._waiting), is_last=True)

    def _put(self, chunk: bytes, *, is_last: bool) -> None:
        nonce = _nonce(self._header, self._number, is_last)
        self._target.write(self._cipher.encrypt(nonce, chunk, _associated(self._name, self._number)))
        self._number += 1


def opened_size(sealed_bytes: int) -> int:
    """How many bytes come out of a sealed file of so many."""
    body = sealed_bytes - HEADER_BYTES
    chunks = max(1, -(-body // (CHUNK_BYTES + TAG_BYTES)))
    return max(0, body - chunks * TAG_BYTES)


def opened(file: BinaryIO, ring: KeyRing, name: str) -> Iterator[bytes]:
    """What was sealed, chunk by chunk; each is genuine when it is given out, and at the end nothing is missing.

    Args:
        file: The sealed file, from its beginning.
        ring: Knows the key that wrapped the file's own.
        name: What the file must be.

    Raises:
        NotSealed: it is another file, or was altered or cut.
        UnknownKey: the ring has not the key.
        KeyRevoked: the ring gives no keys at present.
    """
    header = Header.decode(file.read(HEADER_BYTES))
    cipher = AESGCM(ring.unwrap(header.key_id, header.wrapped))
    encoded = name.encode()
    number, chunk = 0, file.read(CHUNK_BYTES + TAG_BYTES)
    while chunk:
        following = file.read(CHUNK_BYTES + TAG_BYTES)
        try:
            yield cipher.decrypt(_nonce(header, number, not following), chunk, _associated(encoded, number))
        except InvalidTag as error:
            raise NotSealed(f"it was altered or cut, or is not {name!r}") from error
        number, chunk = number + 1, following
    if not number:
        raise NotSealed("it was cut")


def _nonce(header: Header, number: int, is_last: bool) -> bytes:
    return header.prefix + number.to_bytes(4, "big") + bytes([is_last])


def _associated(name: bytes, number: int) -> bytes:
    return MAGIC + name + number.to_bytes(4, "big")
