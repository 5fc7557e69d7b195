"""Random secrets that people and programs show: made here, kept only as hashes."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256
from typing import Final

RANDOM_BYTES: Final = 32
"""256 bits; ASVS 11.5.1 asks for 128."""
ID_BYTES: Final = 8


def new_secret(prefix: str = "") -> str:
    """A secret as text for cookies, headers and addresses."""
    return prefix + secrets.token_urlsafe(RANDOM_BYTES)


def new_id() -> str:
    """A public name for something that has a secret."""
    return secrets.token_hex(ID_BYTES)


def hash_of(secret: str) -> bytes:
    """What is kept of a secret. Plain SHA-256: there is no guessing 256 random bits."""
    return sha256(secret.encode("utf-8", "replace")).digest()


def is_same(a: bytes, b: bytes) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(a, b)


def derived(secret: str, purpose: str) -> str:
    """Another secret that follows from one, and that does not give it away: 64 hex digits."""
    return hmac.new(secret.encode("utf-8", "replace"), purpose.encode(), sha256).hexdigest()
