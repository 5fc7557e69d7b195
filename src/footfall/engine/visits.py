"""Open visits that outlive a crash: two small files a camera, written in turn, gone once all is told."""

from __future__ import annotations

import logging
import os
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from zlib import crc32

import msgspec

from footfall.spatial.visits import Known

log = logging.getLogger(__name__)


class Remembered(msgspec.Struct, frozen=True):
    """What was known of a camera's people at one moment."""

    utc: datetime
    """Capture time of the frame..."""
    t_s: float
    """...and its stream time."""
    people: tuple[Known, ...]


class VisitsFile:
    """Who is in front of one camera, on disk: in two halves that are written in turn, so that one is always whole.

    A file that cannot be written is told once and does no harm. Nothing is forced to the disk: it is for a process
    that dies, not for a machine that does.

    Args:
        folder: it exists.
        source_id: the camera's name.
    """

    def __init__(self, folder: Path, source_id: str) -> None:
        name = sha256(source_id.encode()).hexdigest()[:16]
        self._halves = folder / f"{name}.0", folder / f"{name}.1"
        self._turn = 0
        self._is_clear = False
        self._is_broken = False

    def load(self) -> Remembered | None:
        """The newest that was saved; None if nothing was, or nothing whole."""
        found = [remembered for path in self._halves if (remembered := _read(path)) is not None]
        return max(found, key=lambda remembered: remembered.utc, default=None)

    def save(self, remembered: Remembered) -> None:
        """Keep it in place of what was kept before."""
        if not remembered.people and self._is_clear:
            return
        body = msgspec.msgpack.encode(remembered, enc_hook=float)
        try:
            descriptor = os.open(self._halves[self._turn], os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(crc32(body).to_bytes(4, "big") + body)
        except OSError as error:
            self._tell(error)
            return
        self._turn = 1 - self._turn
        self._is_clear, self._is_broken = not remembered.people, False

    def clear(self) -> None:
        """Nothing is open any more."""
        for path in self._halves:
            path.unlink(missing_ok=True)
        self._is_clear = True

    def _tell(self, error: OSError) -> None:
        if not self._is_broken:
            log.warning("%s: open visits are not kept (%s)", self._halves[0], error.strerror or error)
        self._is_broken = True


def _read(path: Path) -> Remembered | None:
    try:
        content = path.read_bytes()
        if crc32(content[4:]).to_bytes(4, "big") != content[:4]:
            return None
        return msgspec.msgpack.decode(content[4:], type=Remembered)
    except (OSError, msgspec.DecodeError):
        return None
