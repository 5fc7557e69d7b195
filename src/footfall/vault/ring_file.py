"""The file with the keys of a ring, each sealed by those who protect it."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import msgspec

from footfall.vault.keys import ID_BYTES

FORMAT: Final = 1

Layer = Literal["service", "customer"]


@dataclass(frozen=True, slots=True)
class SealedKey:
    """One key."""

    id: bytes
    made: datetime
    sealed: bytes


@dataclass(frozen=True, slots=True)
class RingFile:
    """All keys, the newest first."""

    layers: tuple[Layer, ...]
    """Who has sealed them, one over the other: the last one opens first."""
    keys: tuple[SealedKey, ...]

    def encode(self) -> bytes:
        """JSON that `decode` reads."""
        keys = [
            _Key(key.id.hex(), key.made.isoformat(), base64.b64encode(key.sealed).decode("ascii")) for key in self.keys
        ]
        document = msgspec.json.encode(_Document(FORMAT, self.layers, keys))
        return msgspec.json.format(document, indent=2) + b"\n"

    @classmethod
    def decode(cls, text: bytes) -> RingFile:
        """Read it.

        Raises:
            ValueError: it is none.
        """
        try:
            document = msgspec.json.decode(text, type=_Document)
            keys = tuple(map(_key, document.keys))
        except (msgspec.DecodeError, binascii.Error, UnicodeDecodeError) as error:
            raise ValueError(f"is no file of keys: {error}") from error
        if document.format != FORMAT:
            raise ValueError(f"is of format {document.format}, and this footfall knows {FORMAT}")
        if not keys or document.protected_by not in (("service",), ("service", "customer")):
            raise ValueError("is no file of keys")
        return cls(document.protected_by, keys)


class _Key(msgspec.Struct, frozen=True):
    id: str
    made: str
    sealed: str


class _Document(msgspec.Struct, frozen=True):
    format: int
    protected_by: tuple[Layer, ...]
    keys: list[_Key]


def _key(key: _Key) -> SealedKey:
    id_, made = bytes.fromhex(key.id), datetime.fromisoformat(key.made)
    if len(id_) != ID_BYTES or made.tzinfo is None:
        raise ValueError("is no file of keys: an id or a date is wrong")
    return SealedKey(id_, made, base64.b64decode(key.sealed, validate=True))
