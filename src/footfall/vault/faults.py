"""What goes wrong with keys and with what they seal.

FootfallError
├── KeyRevoked   the key that protects all others is withdrawn or out of reach: nothing opens, nothing is sealed
│   └── KeyAway  nobody has refused it, but nobody answers either: what was allowed a moment ago may still be
├── NoObject     there is none of that name
└── Altered      an object is not as it was written
ValueError
├── NotSealed    a file is none of ours, or not as it was written
└── UnknownKey   the key that a file was sealed with is not in the ring
"""

from __future__ import annotations

from footfall.core.errors import FootfallError


class KeyRevoked(FootfallError):
    """The key that protects all others is withdrawn or out of reach; when it is back, so is everything else."""


class KeyAway(KeyRevoked):
    """Whoever holds the key that protects all others does not answer; perhaps in a moment."""


class NoObject(FootfallError):
    """There is no such object, or no longer."""


class Altered(FootfallError):
    """An object is not as it was written: its bytes were changed or cut, or another one was put in its place."""


class NotSealed(ValueError):
    """No file of ours, or not as it was written."""


class UnknownKey(ValueError):
    """The key that a file was sealed with is not in the ring."""
