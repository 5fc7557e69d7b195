"""Files that only the service may read: all or nothing, never readable to others, not even for a moment."""

from __future__ import annotations

from pathlib import Path

from footfall.vault.part import write_whole


def write_private(path: Path, data: bytes, mode: int = 0o400) -> None:
    """Put a file in place, on the disk when this returns."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(path, data, mode)
