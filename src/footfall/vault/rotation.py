"""New keys for old: contents stay as they are, only the keys of objects are wrapped anew."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from footfall.vault.protectors import add_key, drop_keys
from footfall.vault.ring import Audit, Ring


class Rewrappable(Protocol):
    """Holds what a ring's keys have wrapped."""

    def rewrap(self) -> int:
        """Have the newest key wrap all of it; how much that was."""
        ...


def rotate(ring: Ring, stores: Iterable[Rewrappable], audit: Audit, service_key: Path | None = None) -> int:
    """Make a new key, have it wrap the key of every object, then forget the older ones; how many objects that were.

    Interrupted anywhere, nothing is lost: old and new keys open until all is done. Simply rotate again. Other processes
    may go on with the same ring and stores: they see at their next use that the ring's file is another one.

    Args:
        ring: all of whose users are among `stores`.
        stores: what its keys have wrapped.
        audit: hears of `keys-rewrapped`.
        service_key: the file with the service's key, for a new one there too.

    Raises:
        KeyRevoked: those who protect the keys do not open them.
        OSError: the disk is full, or fails.
    """
    with ring.exclusive():
        if service_key is not None:
            add_key(service_key)
        ring.rotate()
        rewrapped = sum(store.rewrap() for store in stores)
        audit("keys-rewrapped", {"objects": rewrapped, "key": ring.newest.hex()})
        ring.retire()
        if service_key is not None:
            drop_keys(service_key)
    return rewrapped
