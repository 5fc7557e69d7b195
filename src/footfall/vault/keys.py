"""Keys that wrap the keys of files. They come from a file or from the environment, and are shown nowhere."""

from __future__ import annotations

import base64
import binascii
import logging
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final, Protocol

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from footfall.core.errors import ConfigError, Problem
from footfall.vault.faults import UnknownKey

log = logging.getLogger(__name__)

KEY_VARIABLE: Final = "FOOTFALL_RECORDING_KEY"
KEY_FILE_VARIABLE: Final = "FOOTFALL_RECORDING_KEY_FILE"
KEY_BYTES: Final = 32
ID_BYTES: Final = 8
WRAPPED_BYTES: Final = KEY_BYTES + 8


class KeyRing(Protocol):
    """Whoever keeps the keys: wraps the key of a file, and gives it back."""

    @property
    def newest(self) -> bytes:
        """Id of the key that wraps from now on, 8 bytes.

        Raises:
            KeyRevoked: no keys are given at present.
        """
        ...

    @property
    def epoch(self) -> int:
        """Grows with every revocation: what was decrypted before, and is still in memory, must go."""
        ...

    def check(self) -> None:
        """See whether keys may still be used; cheap enough for every use of what was decrypted earlier.

        Raises:
            KeyRevoked: they may not.
        """
        ...

    def wrap(self, key: bytes) -> tuple[bytes, bytes]:
        """Wrap a key of 32 bytes: (id of the ring's key in 8 bytes, wrapped key in 40).

        Raises:
            KeyRevoked: no keys are given at present.
        """
        ...

    def unwrap(self, key_id: bytes, wrapped: bytes) -> bytes:
        """The key again.

        Raises:
            UnknownKey: this ring's keys do not fit.
            KeyRevoked: no keys are given at present.
        """
        ...


class Keys:
    """A ring of AES-256 keys: the first one seals, all of them open (RFC 3394).

    Args:
        keys: 32 bytes each, the newest first.
    """

    def __init__(self, *keys: bytes) -> None:
        self._keys = {key_id(key): key for key in keys}
        self._newest = key_id(keys[0])

    @property
    def newest(self) -> bytes:
        """As `KeyRing`."""
        return self._newest

    @property
    def epoch(self) -> int:
        """As `KeyRing`: keys that are in memory are never revoked."""
        return 0

    def check(self) -> None:
        """As `KeyRing`."""

    def wrap(self, key: bytes) -> tuple[bytes, bytes]:
        """As `KeyRing`."""
        return self._newest, aes_key_wrap(self._keys[self._newest], key)

    def unwrap(self, key_id: bytes, wrapped: bytes) -> bytes:
        """As `KeyRing`."""
        if key_id not in self._keys:
            raise UnknownKey(f"it was sealed with the key {key_id.hex()}, which is not among yours")
        try:
            return aes_key_unwrap(self._keys[key_id], wrapped)
        except InvalidUnwrap as error:
            raise UnknownKey("its own key does not open: the file is damaged") from error


def key_id(key: bytes) -> bytes:
    """Tells keys apart and says nothing of them."""
    return sha256(b"footfall recording key" + key).digest()[:ID_BYTES]


def parse_keys(text: str) -> Keys:
    """Read one key a line, in Base64 or hexadecimal, the newest first; lines with # are comments.

    Raises:
        ValueError: a line is no key of 32 bytes, or there is none; the line is not repeated.
    """
    lines = [line.strip() for line in text.splitlines()]
    keys = [_key(number, line) for number, line in enumerate(lines, 1) if line and not line.startswith("#")]
    if not keys:
        raise ValueError("there is no key in it")
    return Keys(*keys)


def _key(number: int, line: str) -> bytes:
    try:
        key = bytes.fromhex(line) if len(line) == 2 * KEY_BYTES else base64.b64decode(line, validate=True)
    except (ValueError, binascii.Error):
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError(f"line {number} is no key of {KEY_BYTES} bytes in Base64 or hexadecimal")
    return key


def keys_of(environ: Mapping[str, str], file: str | None = None) -> Keys | None:
    """The keys in `file`, in the file that FOOTFALL_RECORDING_KEY_FILE names, or in FOOTFALL_RECORDING_KEY itself.

    None: nobody named any; recordings are kept in clear.

    Raises:
        ConfigError: a file that cannot be read, or that holds no keys.
    """
    path = file or environ.get(KEY_FILE_VARIABLE)
    where = path or KEY_VARIABLE
    cure = "make one with: footfall recordings key FILE"
    try:
        text = Path(path).read_text("ascii") if path else environ.get(KEY_VARIABLE, "")
        if path and Path(path).stat().st_mode & 0o007:
            log.warning("%s: everybody on this machine may read the keys of recordings; chmod 600 it", path)
        return parse_keys(text) if path or text else None
    except OSError as error:
        raise ConfigError([Problem(where, "$", f"cannot be read: {error.strerror or error}", cure)]) from error
    except ValueError as error:
        what = "is no text" if isinstance(error, UnicodeDecodeError) else str(error)
        raise ConfigError([Problem(where, "$", what, cure)]) from None
