"""Secrets that are written and never shown: passwords of cameras, keys of webhooks, the secret of single sign-on.

Each is sealed by AES-256-GCM with a key of its own, which the service's key wraps (RFC 3394); its name is authenticated
with it, so that no secret can be put in another's place. The service's key is a file beside the database, not in it:
another key means wrapping anew, never sealing anew.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Engine, delete, select
from sqlalchemy.dialects.sqlite import insert

from footfall.access.audit import Audit
from footfall.access.faults import NotThere
from footfall.access.files import write_private
from footfall.access.tables import secrets
from footfall.core.errors import ConfigError, FootfallError, Problem
from footfall.store.database import reading, writing
from footfall.vault.faults import UnknownKey
from footfall.vault.keys import KEY_BYTES, Keys, parse_keys

KEY_FILE: Final = "service-key"
NONCE_BYTES: Final = 12
_FORM: Final = b"footfall secret 1\0"


class Damaged(FootfallError):
    """A sealed secret does not open: it was changed, or its key is gone."""


class Secrets:
    """The sealed secrets of one data folder.

    Args:
        engine: the database with accounts.
        keys: folder of the service's key, made where it is missing.
        audit: hears of new keys.

    Raises:
        ConfigError: the key cannot be read or made.
    """

    def __init__(self, engine: Engine, keys: Path, audit: Audit) -> None:
        self._engine = engine
        self._audit = audit
        self._file = keys / KEY_FILE
        self._lock = threading.Lock()
        self._keys = parse_keys(_read_or_make(self._file))

    def keep(self, name: str, value: str) -> None:
        """Seal a secret under a name; one that is there is replaced."""
        key, nonce = os.urandom(KEY_BYTES), os.urandom(NONCE_BYTES)
        sealed = AESGCM(key).encrypt(nonce, value.encode("utf-8", "surrogatepass"), _FORM + name.encode())
        with self._lock:
            key_id, wrapped = self._keys.wrap(key)
            row = {"key_id": key_id, "wrapped": wrapped, "nonce": nonce, "sealed": sealed}
            with writing(self._engine) as connection:
                put = insert(secrets).values(name=name, **row)
                connection.execute(put.on_conflict_do_update(index_elements=["name"], set_=row))

    def open(self, name: str) -> str:
        """A secret, for whoever must use it.

        Raises:
            NotThere: there is none.
            Damaged: it does not open.
        """
        with self._lock, reading(self._engine) as connection:
            row = connection.execute(select(secrets).where(secrets.c.name == name)).first()
            if row is None:
                raise NotThere("there is no such secret")
            try:
                key = self._keys.unwrap(row.key_id, row.wrapped)
                value = AESGCM(key).decrypt(row.nonce, row.sealed, _FORM + name.encode())
            except (UnknownKey, InvalidTag, ValueError) as error:
                raise Damaged(f"the secret {name!r} does not open: give it anew") from error
        return value.decode("utf-8", "surrogatepass")

    def forget(self, name: str) -> None:
        """Remove a secret, if there is one."""
        with writing(self._engine) as connection:
            connection.execute(delete(secrets).where(secrets.c.name == name))

    def names(self) -> Sequence[str]:
        """Of all secrets."""
        with reading(self._engine) as connection:
            return list(connection.execute(select(secrets.c.name).order_by(secrets.c.name)).scalars())

    def rotate(self, author: str) -> int:
        """Make a new service key and wrap every secret's key with it; how many there are.

        A crash in between loses nothing: both keys are in the file until all is done.

        Raises:
            Damaged: a key does not open with the one that was; nothing was changed.
        """
        with self._lock:
            old = self._file.read_text("ascii")
            new = os.urandom(KEY_BYTES).hex() + "\n"
            ring = parse_keys(new + old)
            write_private(self._file, (new + old).encode())
            with writing(self._engine) as connection:
                rows = connection.execute(select(secrets)).all()
                for row in rows:
                    key_id, wrapped = ring.wrap(_unwrapped(ring, row.key_id, row.wrapped, row.name))
                    again = secrets.update().where(secrets.c.name == row.name)
                    connection.execute(again.values(key_id=key_id, wrapped=wrapped))
            write_private(self._file, new.encode())
            self._keys = parse_keys(new)
        self._audit.record("key-rotated", author, {"secrets": len(rows)})
        return len(rows)


def _unwrapped(ring: Keys, key_id: bytes, wrapped: bytes, name: str) -> bytes:
    try:
        return ring.unwrap(key_id, wrapped)
    except (UnknownKey, ValueError) as error:
        raise Damaged(f"the secret {name!r} does not open: remove it first") from error


def _read_or_make(file: Path) -> str:
    cure = "put the file back from a backup; without it the secrets are lost"
    try:
        if not file.exists():
            write_private(file, (os.urandom(KEY_BYTES).hex() + "\n").encode())
        elif file.stat().st_mode & 0o077:
            file.chmod(0o400)
        text = file.read_text("ascii")
        parse_keys(text)
    except OSError as error:
        raise ConfigError([Problem(str(file), "$", f"cannot be used: {error.strerror}", cure)]) from error
    except ValueError:
        raise ConfigError([Problem(str(file), "$", "holds no key", cure)]) from None
    return text
