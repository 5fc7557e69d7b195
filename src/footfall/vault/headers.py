"""Headers of sealed files, changed in place: wrapped by another key, or made worthless.

A header is changed through a journal (`FOLDER/.rewrap`, one line a file: its path and the header in hexadecimal), which
is on the disk before the first header is touched: a crash in between leaves what `redo` completes.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from footfall.vault.faults import NotSealed
from footfall.vault.part import write_whole
from footfall.vault.sealed import HEADER_BYTES, Header

log = logging.getLogger(__name__)

JOURNAL: Final = ".rewrap"


@dataclass(frozen=True, slots=True)
class Change:
    """The header that a file is to have."""

    file: Path
    header: Header


def rewrite(folder: Path, changes: Sequence[Change]) -> None:
    """Give files other headers: all of them, though perhaps not before the next `redo`.

    Args:
        folder: all files are in it or below it.
        changes: nonces stay as they are.

    Raises:
        OSError: the disk fails, or is full.
    """
    if not changes:
        return
    lines = (f"{change.file.relative_to(folder)} {change.header.encode().hex()}\n" for change in changes)
    write_whole(folder / JOURNAL, "".join(lines).encode())
    _write(changes)
    (folder / JOURNAL).unlink()


def redo(folder: Path) -> None:
    """Complete what a crash has interrupted, if it has.

    Raises:
        OSError: the disk fails.
    """
    journal = folder / JOURNAL
    if not journal.exists():
        return
    lines = journal.read_bytes().decode("ascii", "replace").splitlines()
    _write([change for line in lines if (change := _change(folder, line))])
    journal.unlink()


def shred(file: Path) -> None:
    """Remove a file for good: its key first, so that no block of it can ever be opened.

    Raises:
        OSError: the disk fails.
    """
    if not file.is_symlink():
        descriptor = os.open(file, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            os.pwrite(descriptor, bytes(HEADER_BYTES), 0)
            os.fdatasync(descriptor)
        finally:
            os.close(descriptor)
    file.unlink()


def _change(folder: Path, line: str) -> Change | None:
    """One line of the journal; None: it is none, or leads out of the folder."""
    path, _, header = line.partition(" ")
    try:
        wanted = Header.decode(bytes.fromhex(header))
    except ValueError:
        wanted = None
    if wanted is None or path.startswith("/") or ".." in path.split("/"):
        log.error("%s: a line of it makes no sense", folder / JOURNAL)
        return None
    return Change(folder / path, wanted)


def _write(changes: Sequence[Change]) -> None:
    for change in changes:
        if change.file.is_symlink() or not change.file.is_file():
            continue
        descriptor = os.open(change.file, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            if _is_still(descriptor, change.header):
                os.pwrite(descriptor, change.header.encode(), 0)
                os.fdatasync(descriptor)
        finally:
            os.close(descriptor)


def _is_still(descriptor: int, header: Header) -> bool:
    """Whether it is the file that the header was made for, and not one that came in its place."""
    try:
        return Header.decode(os.pread(descriptor, HEADER_BYTES, 0)).prefix == header.prefix
    except NotSealed:
        return False
