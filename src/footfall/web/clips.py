"""Finished clips of recorders below the data folder, in clear or sealed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from footfall.vault.keys import KeyRing
from footfall.vault.sealed import SUFFIX, opened, opened_size

FOLDER: Final = "recordings"
CHUNK: Final = 256 * 1024
PART: Final = ".part"
_NAME: Final = re.compile(r"(?P<camera>[^/]+)-(?P<begin>\d{8}T\d{6}Z)(?:-(?P<number>\d+))?\.mp4(\.enc)?")


@dataclass(frozen=True, slots=True)
class Clip:
    """One finished clip."""

    id: str
    """Where it is below the folder."""
    file: Path
    camera: str
    begin: datetime
    end: datetime
    """When it was complete."""
    stored_bytes: int
    number: int = 0
    """Of those of one camera that begin in the same second."""

    @property
    def is_sealed(self) -> bool:
        """Whether it is encrypted."""
        return self.file.name.endswith(SUFFIX)

    @property
    def plain_name(self) -> str:
        """Of the MP4 file."""
        return self.file.name.removesuffix(SUFFIX)


def clips(data: Path) -> list[Clip]:
    """All clips of a data folder, newest first. Links are not followed."""
    root = data / FOLDER
    found = (_clip(root, file, file.name) for file in root.rglob("*.mp4*"))
    return sorted((one for one in found if one is not None), key=_age, reverse=True)


def growing(data: Path) -> list[Clip]:
    """Clips that are being written, or were when the power failed."""
    root = data / FOLDER
    found = (_clip(root, file, file.name[1 : -len(PART)]) for file in root.rglob(f".*{PART}"))
    return [one for one in found if one is not None]


def plain_size(clip: Clip) -> int:
    """Bytes of the video."""
    return opened_size(clip.stored_bytes) if clip.is_sealed else clip.stored_bytes


def part(clip: Clip, wanted: range, keys: KeyRing | None) -> Iterator[bytes]:
    """Some bytes of a clip, decrypted.

    Raises:
        NotSealed, UnknownKey: it is sealed otherwise.
        OSError: it is gone.
    """
    with clip.file.open("rb") as file:
        if not clip.is_sealed:
            file.seek(wanted.start)
            left = len(wanted)
            while left > 0 and (chunk := file.read(min(CHUNK, left))):
                left -= len(chunk)
                yield chunk
            return
        assert keys is not None
        at = 0
        for chunk in opened(file, keys, clip.plain_name):
            piece = chunk[max(0, wanted.start - at) : max(0, wanted.stop - at)]
            at += len(chunk)
            if piece:
                yield piece
            if at >= wanted.stop:
                return


def _clip(root: Path, file: Path, name: str) -> Clip | None:
    match = _NAME.fullmatch(name)
    if match is None or file.is_symlink():
        return None
    with suppress(OSError, ValueError):
        status = file.stat()
        begin = datetime.strptime(match["begin"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        end = datetime.fromtimestamp(status.st_mtime, UTC)
        where, number = str(file.relative_to(root)), int(match["number"] or 0)
        return Clip(where, file, unquote(match["camera"]), begin, max(begin, end), status.st_size, number)
    return None


def _age(clip: Clip) -> tuple[datetime, str, int, str]:
    return clip.begin, clip.camera, clip.number, clip.id
