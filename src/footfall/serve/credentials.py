"""Secrets that the configuration names: sealed in the database, open in memory, never shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Protocol

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Secrets(Protocol):
    """Where secrets are sealed."""

    def keep(self, name: str, value: str) -> None:
        """Seal one; one that is there is replaced."""
        ...

    def open(self, name: str) -> str:
        """One of them."""
        ...

    def forget(self, name: str) -> None:
        """Remove one, if it is there."""
        ...

    def names(self) -> Sequence[str]:
        """Of all."""
        ...


class Credentials:
    """The secrets whose names a configuration can write as `${NAME}`.

    Args:
        secrets: where they are sealed.
    """

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._lock = Lock()
        self._open = {name: secrets.open(name) for name in secrets.names() if _NAME.fullmatch(name)}

    def known(self) -> Mapping[str, str]:
        """Name -> secret."""
        with self._lock:
            return dict(self._open)

    def keep(self, fresh: Mapping[str, str]) -> None:
        """Seal further secrets."""
        with self._lock:
            for name, value in fresh.items():
                self._secrets.keep(name, value)
                self._open[name] = value

    def forget(self, name: str) -> None:
        """Remove one, if it is there."""
        with self._lock:
            self._secrets.forget(name)
            self._open.pop(name, None)


def name_of(wish: str) -> str:
    """A name that a configuration can write, like the one that is wished for.

    >>> name_of("front door password"), name_of("7/ü")
    ('FRONT_DOOR_PASSWORD', 'SECRET_7_FC')
    """
    plain = re.sub(r"[^A-Za-z0-9]", lambda c: "_" if c[0].isascii() else f"{ord(c[0]):X}", wish.strip()).upper()
    return plain if _NAME.fullmatch(plain) else f"SECRET_{plain}"
