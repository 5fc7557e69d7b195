"""On a full disk people can still log in, see why, make room, and what they do is written down.

Two things are kept for that. The file with accounts and audit log holds room for thousands of entries, which no other
writer can take (`store.room`). And a file of nothing, `disk.reserve`, is given up when the service starts on a full
disk, or when somebody wants less to be kept: opening databases takes a little room, and deleting too.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from footfall.core.ports import Clock
from footfall.store.faults import StoreUnavailable
from footfall.store.room import ROOM_BYTES, hold_room, room

log = logging.getLogger(__name__)

FILE: Final = "disk.reserve"
FILE_BYTES: Final = 16 * 1024 * 1024
EVERY_S: Final = 60.0
SOON_S: Final = 10.0
"""After a start, which has other things to write."""
LOW: Final = "reserve-low"
"""Reason in the service's health."""


def give_up_if_full(folder: Path) -> bool:
    """At the start, before anything is opened; whether the disk is full."""
    is_full = _free(folder) < FILE_BYTES
    if is_full:
        _give_up(folder / FILE)
    return is_full


class Reserve:
    """Makes what is missing, where there is room.

    Args:
        folder: the data folder.
        own: accounts and audit log.
        clock: of the service.
        note: hears what is missing, by its code.
    """

    def __init__(self, folder: Path, own: Engine, clock: Clock, note: Callable[[str, str], None]) -> None:
        self._folder = folder
        self._file = folder / FILE
        self._own = own
        self._clock = clock
        self._note = note
        self._next_s = clock.monotonic_s() + SOON_S

    def tick(self) -> None:
        """Look when it is time; to be called every second."""
        now_s = self._clock.monotonic_s()
        if now_s >= self._next_s:
            self._next_s = now_s + EVERY_S
            self.look()

    def look(self) -> None:
        """Make what is missing, and say what is missing still."""
        left = self._hold()
        if not self._file.exists() and _free(self._folder) > 2 * FILE_BYTES:
            self._make()
        self._note(LOW, self._missing(left))

    def give_up(self) -> bool:
        """For whoever deletes, which takes room at first; whether there was some."""
        return _give_up(self._file)

    def _hold(self) -> int:
        """Room for accounts and audit log."""
        try:
            if room(self._own) < ROOM_BYTES and _free(self._folder) > 3 * ROOM_BYTES:
                hold_room(self._own)
            return room(self._own)
        except StoreUnavailable as error:
            log.info("no room is kept for accounts: %s", error)
            return 0

    def _missing(self, left: int) -> str:
        if left < ROOM_BYTES // 2:
            return f"{left // 1024} KiB are left for accounts and the audit log: make room on the disk"
        if not self._file.exists():
            return "the reserve was given up: the service may not start again before there is room on the disk"
        return ""

    def _make(self) -> None:
        part = self._file.with_name(f"{FILE}.part")
        try:
            with part.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, FILE_BYTES)
            part.rename(self._file)
        except OSError as error:
            log.info("no reserve is kept: %s", error.strerror or error)
            with suppress(OSError):
                part.unlink()


def _give_up(file: Path) -> bool:
    try:
        file.unlink()
    except OSError:
        return False
    log.warning("the disk is full: %s is given up", file)
    return True


def _free(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0
