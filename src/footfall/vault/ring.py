"""A ring of keys that somebody else protects, and may take back.

The ring's keys wrap the keys of objects. They lie sealed in a file: by the service's key and, where the customer has
one, by the customer's on top. They are open in memory for as long as those who protect them say yes: they are asked
again every 15 s of use, a refusal counts at once, and silence counts after 40 s. Then nothing opens any more, and
whoever asked to be told drops what was decrypted earlier. When they say yes again, everything is as before.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime
from math import inf
from pathlib import Path
from typing import Final

from footfall.core.errors import ConfigError, FootfallError, Problem
from footfall.core.ports import Clock
from footfall.vault.faults import KeyAway, KeyRevoked
from footfall.vault.keys import KEY_BYTES, Keys, key_id
from footfall.vault.part import alone_in, write_whole
from footfall.vault.protectors import Protector
from footfall.vault.ring_file import Layer, RingFile, SealedKey

log = logging.getLogger(__name__)

RENEW_S: Final = 15.0
"""So long a yes is not asked again."""
LEASE_S: Final = 40.0
"""So long a yes holds against silence."""
RETRY_S: Final = 5.0
"""So long after a no, or silence, nobody asks again."""

Audit = Callable[[str, Mapping[str, object]], None]
"""Hears of every event of a key: its name in kebab-case, and what there is to say, without secrets."""


@dataclass(frozen=True, slots=True)
class Protection:
    """Who seals the ring's keys."""

    service: Protector
    customer: Protector | None = None
    """On top of the service's key, for as long as the customer wants it."""


@dataclass(frozen=True, slots=True)
class RingStatus:
    """What there is to say about a ring."""

    is_revoked: bool
    reason: str
    """Why; empty: it is not."""
    protected_by: tuple[str, ...]
    """What and where, without secrets; the last one opens first."""
    newest: str
    """Id of the key that wraps from now on, in hexadecimal; empty: the file cannot be read."""
    made: datetime | None
    """When that key was made."""
    keys: int
    """More than one: a rotation was interrupted; rotate again."""


@dataclass(frozen=True, slots=True)
class _Open:
    key: bytes
    made: datetime


class Ring:
    """A `KeyRing`; safe to use from many threads.

    Args:
        file: its keys, sealed; made with one new key where it is missing.
        protection: who seals them.
        clock: of the process.
        audit: hears of `key-created`, `key-rotated`, `key-retired`, `key-enabled`, `key-disabled`, `key-revoked`,
            `key-restored`.

    Raises:
        ConfigError: the file was sealed by a customer's key, and none is given.
        KeyRevoked: there is no file yet, and nobody seals a new key. (An older file opens later, perhaps.)
        OSError: the file cannot be written.
    """

    def __init__(self, file: Path, protection: Protection, clock: Clock, audit: Audit) -> None:
        self._file, self._protection, self._clock, self._audit = file, protection, clock, audit
        self._asking = threading.RLock()
        self._opened: Keys | None = None
        self._confirmed_s = self._tried_s = -inf
        self._seen: tuple[int, int] | None = None
        """The file whose keys are open."""
        self._last_no = self._reason = ""
        self._epoch = 0
        if not file.exists():
            layers: tuple[Layer, ...] = ("service",) if protection.customer is None else ("service", "customer")
            self._store([_Open(secrets.token_bytes(KEY_BYTES), clock.now())], layers)
            self._tell("key-created")
        with suppress(KeyRevoked):
            self.check()

    @property
    def newest(self) -> bytes:
        """As `KeyRing`."""
        return self._keys().newest

    @property
    def epoch(self) -> int:
        """As `KeyRing`; it grows when `check` or a use finds out."""
        return self._epoch

    @property
    def is_revoked(self) -> bool:
        """Whether it was, when somebody asked last."""
        return bool(self._reason)

    def wrap(self, key: bytes) -> tuple[bytes, bytes]:
        """As `KeyRing`."""
        return self._keys().wrap(key)

    def unwrap(self, key_id: bytes, wrapped: bytes) -> bytes:
        """As `KeyRing`."""
        return self._keys().unwrap(key_id, wrapped)

    def check(self) -> None:
        """As `KeyRing`: asks those who protect the keys, if it is time to. Call it every 15 s, used or not."""
        if self._holds(RENEW_S):
            return
        if self._asking.acquire(blocking=not self._holds(LEASE_S)):  # else another thread asks already
            try:
                self._ask()
            finally:
                self._asking.release()

    def exclusive(self) -> AbstractContextManager[None]:
        """No other thread or process changes the ring meanwhile; not to be entered twice."""
        return alone_in(self._file.parent)

    def rotate(self) -> None:
        """Make a new key; the older ones go on opening until they are retired. All are sealed anew.

        To be called while `exclusive`.

        Raises:
            KeyRevoked: those who protect the keys do not open them, or do not seal them.
            OSError: the file cannot be written; nothing has changed.
        """
        with self._asking:
            new, document = _Open(secrets.token_bytes(KEY_BYTES), self._clock.now()), self._read()
            self._store([new, *self._unsealed(document)], document.layers)
            self._tell("key-rotated")

    def retire(self) -> int:
        """Forget all keys but the newest, after every object was wrapped by that; how many there were.

        To be called while `exclusive`.

        Raises:
            As `rotate`.
        """
        with self._asking:
            document = self._read()
            newest, *others = self._unsealed(document)
            if others:
                self._store([newest], document.layers)
                self._tell("key-retired", retired=[key_id(each.key).hex() for each in others])
            return len(others)

    def enable_customer_key(self) -> None:
        """Put the customer's key on top of the service's, if there is one and it is not there yet.

        Raises:
            As `rotate`.
        """
        if self._protection.customer is None or "customer" in self._read().layers:
            return
        with self.exclusive(), self._asking:
            document = self._read()
            if "customer" not in document.layers:
                self._store(self._unsealed(document), ("service", "customer"))
                self._tell("key-enabled", customer=self._protection.customer.name)

    def disable_customer_key(self) -> None:
        """Fall back to the service's key alone; the customer's must open for that one last time.

        Raises:
            As `rotate`.
        """
        with self.exclusive(), self._asking:
            document = self._read()
            if "customer" in document.layers:
                self._store(self._unsealed(document), ("service",))
                self._tell("key-disabled", customer=self._protector("customer").name)

    def status(self) -> RingStatus:
        """How it is; asks nobody."""
        try:
            document = self._read()
        except KeyRevoked as error:
            return RingStatus(True, str(error), (), "", None, 0)
        by = tuple(self._protector(layer).name for layer in document.layers)
        newest = document.keys[0]
        return RingStatus(self.is_revoked, self._reason, by, newest.id.hex(), newest.made, len(document.keys))

    def _holds(self, seconds: float) -> bool:
        """Whether there was a yes so lately, to the keys that are in the file: another process may have rotated."""
        is_fresh = self._opened is not None and self._clock.monotonic_s() - self._confirmed_s < seconds
        return is_fresh and _identity(self._file) == self._seen

    def _keys(self) -> Keys:
        if not self._holds(LEASE_S):
            self.check()
        opened = self._opened
        if opened is None:
            raise KeyRevoked(self._reason)
        return opened

    def _ask(self) -> None:
        now_s = self._clock.monotonic_s()
        if self._holds(RENEW_S):
            return
        if now_s - self._tried_s >= RETRY_S:
            try:
                opened, seen = self._asked()
            except KeyRevoked as error:
                self._last_no, self._tried_s = str(error), self._clock.monotonic_s()
                if isinstance(error, KeyAway) and self._holds(LEASE_S):
                    left_s = self._confirmed_s + LEASE_S - now_s
                    log.warning("%s: for %.0f s more its last yes holds", self._last_no, left_s)
                    return
            else:
                self._admit(opened, seen, now_s)
                return
        elif self._holds(LEASE_S):
            return
        self._revoke(self._last_no)
        raise KeyRevoked(self._reason)

    def _asked(self) -> tuple[list[_Open], tuple[int, int] | None]:
        """The keys, and which file they were in."""
        while True:
            seen = _identity(self._file)
            try:
                return self._unsealed(self._read()), seen
            except KeyRevoked:
                if _identity(self._file) == seen:  # else another process has rotated in between
                    raise

    def _admit(self, opened: Sequence[_Open], seen: tuple[int, int] | None, now_s: float) -> None:
        was_revoked, self._reason = self.is_revoked, ""
        self._opened, self._seen, self._confirmed_s = Keys(*(each.key for each in opened)), seen, now_s
        if was_revoked:
            log.warning("keys are back: %s", self._file)
            self._tell("key-restored")

    def _revoke(self, reason: str) -> None:
        was_revoked, self._reason, self._opened = self.is_revoked, reason, None
        if was_revoked:
            return
        self._epoch += 1
        log.error("keys are revoked: %s", reason)
        self._note("key-revoked", {"reason": reason})

    def _tell(self, event: str, **what: object) -> None:
        status = self.status()
        self._note(event, {"key": status.newest, "protected_by": list(status.protected_by), **what})

    def _note(self, event: str, what: Mapping[str, object]) -> None:
        try:
            self._audit(event, what)
        except FootfallError as error:  # a full disk must not keep keys in use
            log.error("%s is not in the audit log: %s", event, error)  # noqa: TRY400 - the cause is in the line

    def _protector(self, layer: Layer) -> Protector:
        if layer == "service":
            return self._protection.service
        if self._protection.customer is None:
            what, cure = "was sealed by a customer's key", "name that key, or disable it first while it is named"
            raise ConfigError([Problem(str(self._file), "$.protected_by", what, cure)])
        return self._protection.customer

    def _read(self) -> RingFile:
        try:
            return RingFile.decode(self._file.read_bytes())
        except OSError as error:
            raise KeyRevoked(f"{self._file}: cannot be read: {error.strerror}") from error
        except ValueError as error:
            raise KeyRevoked(f"{self._file}: {error}") from error

    def _unsealed(self, document: RingFile) -> list[_Open]:
        return [_Open(self._unseal(key, document.layers), key.made) for key in document.keys]

    def _unseal(self, key: SealedKey, layers: tuple[Layer, ...]) -> bytes:
        opened = key.sealed
        for layer in reversed(layers):
            opened = self._protector(layer).open(opened)
        if len(opened) != KEY_BYTES or key_id(opened) != key.id:
            raise KeyRevoked(f"{self._file}: the key {key.id.hex()} is damaged")
        return opened

    def _store(self, keys: Sequence[_Open], layers: tuple[Layer, ...]) -> None:
        """Seal keys, see that they open again, and put them into the file."""
        sealed = []
        for each in keys:
            data = each.key
            for layer in layers:
                data = self._protector(layer).seal(data)
            sealed.append(SealedKey(key_id(each.key), each.made, data))
            self._unseal(sealed[-1], layers)
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(self._file, RingFile(layers, tuple(sealed)).encode())
        self._admit(keys, _identity(self._file), self._clock.monotonic_s())


def _identity(file: Path) -> tuple[int, int] | None:
    """Tells a file from the one that was there before under its name."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns
