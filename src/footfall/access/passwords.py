"""Passwords: Argon2id, second recommendation of RFC 9106 (64 MiB, three passes, four lanes); no rules but length."""

from __future__ import annotations

import unicodedata
from functools import cached_property
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from footfall.access.faults import unfit

SHORTEST: Final = 12
LONGEST: Final = 256
BESIDE_NAME: Final = 8
"""So much of a password is left when the name is taken out of it."""


class Passwords:
    """Makes and checks hashes.

    Args:
        hasher: with the cost of a check; the library's own default is RFC 9106's for little memory.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()

    @cached_property
    def _nobody(self) -> str:
        return self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """A salted hash with its parameters."""
        return self._hasher.hash(_normal(password))

    def check(self, password: str, against: str | None) -> bool:
        """Whether it is the one; without a hash it takes as long and is not."""
        nobody = self._nobody  # made by the first login, whoever that is: it tells nothing about the name
        try:
            self._hasher.verify(against or nobody, _normal(password[:LONGEST]))
        except (VerificationError, InvalidHashError):
            return False
        return against is not None and len(password) <= LONGEST

    def is_outdated(self, made: str) -> bool:
        """Whether a hash was made with other parameters: then it is made anew at the next login."""
        return self._hasher.check_needs_rehash(made)


def require_fit(password: str, name: str, path: str = "$.password") -> None:
    """Let a new password pass, or not. Longer is better; nothing else is asked (NIST SP 800-63B, 3.1.1.2).

    Raises:
        ConfigError: it is too short, too long, or little else than the account's name.
    """
    if not SHORTEST <= len(_normal(password)) <= LONGEST:
        cure = f"take {SHORTEST} to {LONGEST} characters; a few words are fine"
        raise unfit(path, f"a password has {SHORTEST} to {LONGEST} characters", cure)
    if len(_normal(password).casefold().replace(name.casefold(), "")) < BESIDE_NAME:
        raise unfit(path, "the password is little else than the name", "take one that nobody guesses from the name")


def _normal(password: str) -> str:
    """The same bytes whatever keyboard typed it; a half character that no keyboard types becomes a question mark."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "replace").decode()
