"""New keys for old: contents stay as they are, only the keys of objects are wrapped anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, Protocol

from footfall.vault.protectors import add_key, drop_keys
from footfall.vault.ring import LEASE_S, RETRY_S, Audit, Ring

SETTLED_S: Final = LEASE_S + RETRY_S
"""After so long every process that uses a ring has read its file again."""


class Rewrappable(Protocol):
    """Holds what a ring's keys have wrapped."""

    def rewrap(self) -> int:
        """Have the newest key wrap all of it; how much that was."""
        ...


def nothing() -> None:
    """Nobody else uses the ring."""


def rotate(
    ring: Ring,
    stores: Iterable[Rewrappable],
    audit: Audit,
    service_key: Path | None = None,
    settle: Callable[[], None] = nothing,
) -> int:
    """Make a new key, have it wrap the key of every object, then forget the older ones; how many objects that were.

    Interrupted anywhere, nothing is lost: old and new keys open until all is done. Simply rotate again.

    Args:
        ring: all of whose users are among `stores`.
        stores: what its keys have wrapped.
        audit: hears of `keys-rewrapped`.
        service_key: the file with the service's key, for a new one there too.
        settle: returns when every other process that uses the ring knows the new key: after `SETTLED_S`.

    Raises:
        KeyRevoked: those who protect the keys do not open them.
        OSError: the disk is full, or fails.
    """
    if service_key is not None:
        add_key(service_key)
    ring.rotate()
    settle()
    rewrapped = sum(store.rewrap() for store in stores)
    audit("keys-rewrapped", {"objects": rewrapped, "key": ring.newest.hex()})
    ring.retire()
    if service_key is not None:
        drop_keys(service_key)
    return rewrapped
