"""A data folder out of an archive (`serve.archive`): all of it, as it was, or nothing."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from tempfile import mkdtemp
from typing import Any, BinaryIO, Final

from footfall.recording.names import numbered
from footfall.serve.archive import (
    CHUNK_BYTES,
    FORMAT,
    MAGIC,
    MANIFEST,
    NAME,
    SALT_BYTES,
    Entry,
    Manifest,
    key_of,
    wrong,
)
from footfall.serve.checkup.house import holder_of
from footfall.vault.faults import NotSealed, UnknownKey
from footfall.vault.sealed import opened

COSTS_LOG2: Final = range(14, 21)
MOST_MANIFEST: Final = 64 << 20
DAMAGED: Final = "take another copy: this one was altered or cut"


def verify_archive(file: Path, passphrase: str, scratch: Path) -> Manifest:
    """Read all of an archive and check every file; nothing stays.

    Args:
        file: the archive.
        passphrase: of it; empty if it has none.
        scratch: a folder with room for all of it.

    Raises:
        ConfigError: it is none, was altered or cut, the passphrase is wrong, or a later footfall made it.
    """
    folder = Path(mkdtemp(prefix=".footfall-verify-", dir=scratch))
    try:
        return _unpacked(file, passphrase, folder)
    finally:
        shutil.rmtree(folder)


def restore_archive(file: Path, passphrase: str, data: Path, now: datetime) -> tuple[Manifest, Path | None]:
    """Put an archive in the place of a data folder; what it holds, and where the old folder is now.

    Raises:
        ConfigError: a service runs on the folder; or as `verify_archive`. Nothing has changed.
        OSError: the disk is full, or the folder cannot be written. Nothing has changed.
    """
    if holder_of(data):
        raise wrong(str(data), "a service runs on it", "stop it first")
    data.absolute().parent.mkdir(parents=True, exist_ok=True)
    folder = Path(mkdtemp(prefix=f".{data.name}-restoring-", dir=data.absolute().parent))
    try:
        manifest = _unpacked(file, passphrase, folder)
        before = _moved_away(data, now)
        folder.rename(data)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return manifest, before


def _moved_away(data: Path, now: datetime) -> Path | None:
    if not data.exists():
        return None
    if not any(data.iterdir()):
        data.rmdir()
        return None
    names = numbered(f"{data.name}.before-{now:%Y%m%dT%H%M%SZ}")
    before = next(free for name in names if not (free := data.with_name(name)).exists())
    data.rename(before)
    return before


def _unpacked(file: Path, passphrase: str, folder: Path) -> Manifest:
    found: dict[str, Entry] = {}
    manifest: Manifest | None = None
    try:
        with _opened(file, passphrase) as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
            for info in tar:
                content = tar.extractfile(info) if info.isreg() else None
                if content is None or manifest is not None:
                    raise wrong(str(file), f"{info.name!r} does not belong into it", DAMAGED)
                if info.name == MANIFEST:
                    manifest = _read_manifest(file, content.read(MOST_MANIFEST))
                else:
                    found[info.name] = _written(file, info, content, folder)
            _drain(packed)
    except (tarfile.TarError, zlib.error, EOFError, NotSealed, gzip.BadGzipFile) as error:
        raise wrong(str(file), f"cannot be read: {error}", DAMAGED) from error
    except UnknownKey as error:
        raise wrong(str(file), "the passphrase is wrong", "try another one") from error
    if manifest is None or {entry.name: entry for entry in manifest.files} != found:
        raise wrong(str(file), "its files are not those that it lists", DAMAGED)
    return manifest


def _drain(packed: BinaryIO) -> None:
    """Read on to the end: only there gzip's checksum, and the last sealed chunk, are looked at."""
    while packed.read(CHUNK_BYTES):
        pass


@contextmanager
def _opened(file: Path, passphrase: str) -> Iterator[BinaryIO]:
    with file.open("rb") as raw:
        head = raw.read(len(MAGIC))
        if head != MAGIC:
            raw.seek(0)
            with gzip.GzipFile(fileobj=raw) as packed:
                yield packed  # type: ignore[misc]
            return
        if not passphrase:
            raise wrong(str(file), "is encrypted", "give its passphrase")
        facts = raw.read(1 + SALT_BYTES)
        if len(facts) <= SALT_BYTES or facts[0] not in COSTS_LOG2:
            raise wrong(str(file), "is cut or altered", DAMAGED)
        chunks = opened(raw, key_of(passphrase, facts[1:], facts[0]), NAME)
        with gzip.GzipFile(fileobj=io.BufferedReader(_Chunks(chunks))) as packed:
            yield packed  # type: ignore[misc]


class _Chunks(io.RawIOBase):
    """Chunks as a file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


def _written(file: Path, info: tarfile.TarInfo, content: Any, folder: Path) -> Entry:
    path = PurePosixPath(info.name)
    if path.is_absolute() or ".." in path.parts or "\0" in info.name or not path.parts:
        raise wrong(str(file), f"{info.name!r} leads out of the folder", DAMAGED)
    target = folder.joinpath(*path.parts)
    for parent in reversed([part for part in target.parents if folder in part.parents]):
        parent.mkdir(mode=0o700, exist_ok=True)
    digest, size, mode = hashlib.sha256(), 0, info.mode & 0o700
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while chunk := content.read(CHUNK_BYTES):
            out.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        out.flush()
        os.fsync(out.fileno())
    target.chmod(mode)
    return Entry(info.name, size, digest.hexdigest(), mode)


def _read_manifest(file: Path, text: bytes) -> Manifest:
    try:
        document = json.loads(text)
        files = tuple(Entry(**entry) for entry in document.pop("files"))
        manifest = Manifest(**document, files=files)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise wrong(str(file), "is no backup of footfall", DAMAGED) from error
    if manifest.format != FORMAT or _number(manifest.footfall) > _number(version("footfall")):
        raise wrong(str(file), f"was made by footfall {manifest.footfall}", "update footfall first")
    return manifest


def _number(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:2] if part.isdigit())
