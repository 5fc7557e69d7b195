"""Recordings encrypted at rest, file by file: AES-256-GCM in chunks (spec/privacy-security.md section 3).

A sealed file is a header and chunks. Header: `FFSEAL`, version 1, id of the wrapping key (8 bytes), the file's own key
wrapped (40 bytes, RFC 3394), a nonce prefix (7 bytes), length of its name (2 bytes, big endian), the name. Each chunk
but the last holds 1 MiB and a tag of 16 bytes; its nonce is prefix, number (4 bytes), and 1 for the last or 0 (STREAM:
Hoang, Reyhanitabar, Rogaway, Vizar 2015); its associated data is the header. Chunks cannot be altered, left out, put
elsewhere or taken from another file unnoticed, nor can the file be cut.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from footfall.recording.keys import ID_BYTES, KEY_BYTES, WRAPPED_BYTES, KeyRing
from footfall.recording.mux import Writable

SUFFIX: Final = ".enc"
MAGIC: Final = b"FFSEAL\x01"
CHUNK_BYTES: Final = 2**20
TAG_BYTES: Final = 16
_PREFIX_BYTES: Final = 7
_FIXED_BYTES: Final = len(MAGIC) + ID_BYTES + WRAPPED_BYTES + _PREFIX_BYTES + 2


class NotSealed(ValueError):
    """No file of ours, or not as it was written."""


class Sealer:
    """Encrypts what is written and hands it on.

    Args:
        target: Takes the sealed bytes.
        ring: Wraps the file's own key.
        name: What the file is, so that none can be put in another's place.

    Raises:
        OSError: `target` cannot be written.
    """

    def __init__(self, target: Writable, ring: KeyRing, name: str) -> None:
        self._target = target
        key = secrets.token_bytes(KEY_BYTES)
        key_id, wrapped = ring.wrap(key)
        self._prefix = secrets.token_bytes(_PREFIX_BYTES)
        encoded = name.encode()
        self._header = b"".join((MAGIC, key_id, wrapped, self._prefix, len(encoded).to_bytes(2, "big"), encoded))
        self._cipher = AESGCM(key)
        self._number = 0
        self._waiting = bytearray()
        target.write(self._header)

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
        self._target.write(self._cipher.encrypt(_nonce(self._prefix, self._number, is_last), chunk, self._header))
        self._number += 1


@dataclass(frozen=True, slots=True)
class _Header:
    key_id: bytes
    wrapped: bytes
    prefix: bytes
    name: str
    encoded: bytes


def opened_size(sealed_bytes: int, name: str) -> int:
    """How many bytes come out of a sealed file of so many, by its name."""
    body = sealed_bytes - _FIXED_BYTES - len(name.encode())
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
    """
    header = _read_header(file)
    if header.name != name:
        raise NotSealed(f"it is {header.name!r}, under another name")
    cipher = AESGCM(ring.unwrap(header.key_id, header.wrapped))
    number, chunk = 0, file.read(CHUNK_BYTES + TAG_BYTES)
    while chunk:
        following = file.read(CHUNK_BYTES + TAG_BYTES)
        try:
            yield cipher.decrypt(_nonce(header.prefix, number, not following), chunk, header.encoded)
        except InvalidTag as error:
            raise NotSealed("it was altered or cut") from error
        number, chunk = number + 1, following
    if not number:
        raise NotSealed("it was cut")


def _read_header(file: BinaryIO) -> _Header:
    fixed = file.read(_FIXED_BYTES)
    if len(fixed) < _FIXED_BYTES or not fixed.startswith(MAGIC):
        raise NotSealed("it was not sealed by footfall")
    encoded = file.read(int.from_bytes(fixed[-2:], "big"))
    try:
        name = encoded.decode()
    except UnicodeDecodeError as error:
        raise NotSealed("it was altered or cut") from error
    at = len(MAGIC)
    key_id, at = fixed[at : at + ID_BYTES], at + ID_BYTES
    wrapped, at = fixed[at : at + WRAPPED_BYTES], at + WRAPPED_BYTES
    return _Header(key_id, wrapped, fixed[at : at + _PREFIX_BYTES], name, fixed + encoded)


def _nonce(prefix: bytes, number: int, is_last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([is_last])
