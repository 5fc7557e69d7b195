"""Who protects the keys of a ring. Here: a key in a file, in a secret mount or in the environment."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from footfall.vault.faults import KeyAway, KeyRevoked, UnknownKey
from footfall.vault.keys import ID_BYTES, KEY_BYTES, Keys, parse_keys
from footfall.vault.part import write_whole

log = logging.getLogger(__name__)

_GONE: Final = (FileNotFoundError, NotADirectoryError, PermissionError, IsADirectoryError)


class Protector(Protocol):
    """Holds a key that never leaves it."""

    @property
    def name(self) -> str:
        """What it is and where, without secrets."""
        ...

    def seal(self, key: bytes) -> bytes:
        """Encrypt a key, or what another protector has sealed.

        Raises:
            KeyRevoked: it is withdrawn.
            KeyAway: it does not answer.
        """
        ...

    def open(self, sealed: bytes) -> bytes:
        """What was sealed; the same errors."""
        ...


class LocalKeys:
    """A file, a mount or a variable with keys, the newest first; read anew each time: who takes it away revokes it.

    Args:
        name: what it is and where.
        read: gives the text: one key a line.
    """

    def __init__(self, name: str, read: Callable[[], str]) -> None:
        self.name = name
        self._read = read

    def seal(self, key: bytes) -> bytes:
        """As `Protector`: id of the key (8 bytes), and the wrapped one (RFC 3394)."""
        return b"".join(self._keys().wrap(key))

    def open(self, sealed: bytes) -> bytes:
        """As `Protector`."""
        try:
            return self._keys().unwrap(sealed[:ID_BYTES], sealed[ID_BYTES:])
        except UnknownKey as error:
            raise KeyRevoked(f"{self.name}: {error}") from error

    def _keys(self) -> Keys:
        try:
            return parse_keys(self._read())
        except _GONE as error:
            raise KeyRevoked(f"{self.name}: cannot be read: {error.strerror}") from error
        except OSError as error:
            raise KeyAway(f"{self.name}: cannot be read: {error.strerror}") from error
        except ValueError as error:
            what = "is no text" if isinstance(error, UnicodeDecodeError) else str(error)
            raise KeyRevoked(f"{self.name}: {what}") from None


def key_file(path: Path) -> LocalKeys:
    """Keys in a file."""
    return LocalKeys(str(path), lambda: path.read_text("ascii"))


def make_key_file(path: Path) -> None:
    """Make a file with one new key, for this user alone.

    Raises:
        OSError: it cannot be made.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(path, new_key())


def add_key(path: Path) -> None:
    """Put a new key before those in a file: from now on it seals.

    Raises:
        OSError: it cannot be written; the file is as it was.
    """
    _write(path, new_key() + path.read_text("ascii"))


def drop_keys(path: Path) -> None:
    """Leave only the newest key in a file.

    Raises:
        OSError: it cannot be written; the file is as it was.
    """
    lines = (line.strip() for line in path.read_text("ascii").splitlines())
    _write(path, next(line for line in lines if line and not line.startswith("#")) + "\n")


def new_key() -> str:
    """A new key, as a line of a file."""
    return os.urandom(KEY_BYTES).hex() + "\n"


def _write(path: Path, text: str) -> None:
    write_whole(path, text.encode())
    path.chmod(0o400)
