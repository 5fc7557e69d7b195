"""Headers of sealed files, changed in place: wrapped by another key, or made worthless.

A header is changed through a journal (`FOLDER/.rewrap`, one line a file: its path and the header in hexadecimal), which
is on the disk before the first header is touched: a crash in between leaves what `redo` completes.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from footfall.vault.faults import NotSealed
from footfall.vault.part import write_whole
from footfall.vault.sealed import HEADER_BYTES, Header

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
    lines = (line.split(" ") for line in journal.read_text("ascii").splitlines())
    _write([Change(folder / path, Header.decode(bytes.fromhex(header))) for path, header in lines])
    journal.unlink()


def shred(file: Path) -> None:
    """Remove a file for good: its key first, so that no block of it can ever be opened.

    Raises:
        OSError: the disk fails.
    """
    descriptor = os.open(file, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        os.pwrite(descriptor, bytes(min(HEADER_BYTES, os.fstat(descriptor).st_size)), 0)
        os.fdatasync(descriptor)
    finally:
        os.close(descriptor)
    file.unlink()


def _write(changes: Sequence[Change]) -> None:
    for change in changes:
        try:
            descriptor = os.open(change.file, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
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
