"""A copy of a data folder in one file, made while the service runs.

The file is a tar, packed by gzip: the files, then `manifest.json` with their lengths and SHA-256. Databases are copied
with SQLite's online backup, each as it was at one moment. With a passphrase the whole is encrypted: `FFBACKUP`,
version 1, log2 of scrypt's cost (1 byte), its salt (16 bytes), and what `vault.sealed` makes of the rest; the key
that wraps that is scrypt(passphrase, salt, r=8, p=1) (RFC 7914).
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import secrets
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from footfall.core.errors import ConfigError, Problem
from footfall.vault.keys import KEY_BYTES, Keys
from footfall.vault.part import PartFile, Writable, clear, part_of
from footfall.vault.sealed import Sealer

MANIFEST: Final = "manifest.json"
FORMAT: Final = 1
MAGIC: Final = b"FFBACKUP\x01"
NAME: Final = "footfall-backup"
"""What the sealed part says it is."""
COST_LOG2: Final = 17
SALT_BYTES: Final = 16
LEAST_PASSPHRASE: Final = 12
SECRET_FOLDERS: Final = ("keys", "tls", "customvision/keys", "customvision/tls")
RECORDINGS: Final = "recordings"
OWN: Final = "own.sqlite"
LEFT_OUT: Final = ("-wal", "-shm", "-journal", ".part", ".lock", ".reserve")
VISITS: Final = "visits"
"""Who is in a zone at this moment: nobody of them is there any more after a restore."""
SQLITE: Final = b"SQLite format 3\0"
CHUNK_BYTES: Final = 1 << 20
PAGES: Final = 1000
PAUSE_S: Final = 0.005
"""So many pages are copied at once, and others may write in between."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of an archive."""

    name: str
    bytes: int
    sha256: str
    mode: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive holds."""

    footfall: str
    """Version that made it."""
    made: str
    """When, RFC 3339."""
    has_keys: bool
    files: tuple[Entry, ...]
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be copied, and how."""

    data: Path
    out: Path
    passphrase: str = field(default="", repr=False)
    """Empty: not encrypted."""
    with_keys: bool = False
    with_recordings: bool = False


def make_archive(wish: Wish, now: datetime) -> Manifest:
    """Copy a data folder into a file, which is there whole or not at all.

    Raises:
        ConfigError: there is no data folder, the file exists, keys are asked for without a good passphrase.
        OSError: the disk is full.
        sqlite3.Error: a database is damaged.
    """
    _check(wish)
    clear(part_of(wish.out))
    part = PartFile(wish.out)
    try:
        with _sealed(part, wish.passphrase) as target, gzip.GzipFile("", "wb", 3, _Stream(target), mtime=0) as packed:
            manifest = _fill(packed, wish, now)
    except BaseException:
        part.discard()
        raise
    part.finish()
    return manifest


def key_of(passphrase: str, salt: bytes, cost_log2: int) -> Keys:
    """The ring whose only key a passphrase gives."""
    return Keys(Scrypt(salt, KEY_BYTES, 1 << cost_log2, 8, 1).derive(passphrase.encode()))


def _check(wish: Wish) -> None:
    if not (wish.data / OWN).is_file():
        raise wrong(str(wish.data), "is no data folder of a service", "name that of footfall serve with --data")
    if wish.data.resolve() in wish.out.resolve().parents:
        raise wrong(str(wish.out), "is inside of what is copied", "name a file elsewhere")
    if wish.out.exists():
        raise wrong(str(wish.out), "exists", "name a new file")
    if wish.with_keys and not wish.passphrase:
        raise wrong("--keys", "keys in the clear would open everything", "give a passphrase, or leave the keys out")
    if wish.passphrase and len(wish.passphrase) < LEAST_PASSPHRASE:
        raise wrong("passphrase", "is too short", f"take at least {LEAST_PASSPHRASE} characters")


@contextmanager
def _sealed(target: Writable, passphrase: str) -> Iterator[Writable]:
    if not passphrase:
        yield target
        return
    salt = secrets.token_bytes(SALT_BYTES)
    target.write(MAGIC + bytes([COST_LOG2]) + salt)
    sealer = Sealer(target, key_of(passphrase, salt, COST_LOG2), NAME)
    yield sealer
    sealer.finish()


class _Stream(io.RawIOBase):
    """What gzip wants to write to."""

    def __init__(self, target: Writable) -> None:
        self._target = target

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        view = memoryview(data).cast("B")  # type: ignore[arg-type]
        self._target.write(view)
        return len(view)


def _fill(packed: gzip.GzipFile, wish: Wish, now: datetime) -> Manifest:
    entries = []
    with (
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
        TemporaryDirectory(prefix=".footfall-backup-", dir=wish.out.absolute().parent) as staging,
    ):
        for name in _names(wish):
            entry = _add(tar, wish, name, Path(staging) / "copy")
            if entry is not None:
                entries.append(entry)
        manifest = Manifest(version("footfall"), now.isoformat(), wish.with_keys, tuple(entries))
        text = json.dumps(asdict(manifest), indent=1).encode()
        tar.addfile(_info(MANIFEST, len(text), 0o600), io.BytesIO(text))
    return manifest


def _names(wish: Wish) -> Iterator[str]:
    """Paths in the data folder, as they are to be called in the archive."""
    skipped = {"lock", "customvision/lock", VISITS} | (set() if wish.with_keys else set(SECRET_FOLDERS))
    skipped |= set() if wish.with_recordings else {RECORDINGS}
    for path in sorted(wish.data.rglob("*")):
        relative = path.relative_to(wish.data)
        is_wanted = not any(map(relative.is_relative_to, skipped)) and not path.name.endswith(LEFT_OUT)
        if is_wanted and path.is_file() and not path.is_symlink():
            yield relative.as_posix()


def _add(tar: tarfile.TarFile, wish: Wish, name: str, staging: Path) -> Entry | None:
    """Copy a file of a running service; None: it has gone in the meantime."""
    path = wish.data / name
    try:
        mode = path.stat().st_mode & 0o700
        with path.open("rb") as file:
            is_database = file.read(len(SQLITE)) == SQLITE
        _copy_database(path, staging) if is_database else _copy_file(path, staging)
    except FileNotFoundError:
        return None
    if name == OWN and not wish.with_keys:
        _forget_secrets(staging)
    with staging.open("rb") as copy:
        digest = hashlib.file_digest(copy, "sha256").hexdigest()
        size = copy.seek(0, os.SEEK_END)
        copy.seek(0)
        tar.addfile(_info(name, size, mode), copy)
    staging.unlink()
    return Entry(name, size, digest, mode)


def _copy_file(path: Path, target: Path) -> None:
    with path.open("rb") as file, target.open("wb") as copy:
        while chunk := file.read(CHUNK_BYTES):
            copy.write(chunk)


def _copy_database(path: Path, target: Path) -> None:
    source = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    with closing(source), closing(sqlite3.connect(target)) as copy:
        source.backup(copy, pages=PAGES, sleep=PAUSE_S)
        copy.execute("PRAGMA journal_mode = DELETE")


def _forget_secrets(own: Path) -> None:
    """Take out what nobody could open without the keys: a service that finds it does not start."""
    with closing(sqlite3.connect(own, isolation_level=None)) as database:
        if database.execute("SELECT 1 FROM sqlite_master WHERE name = 'secrets'").fetchone():
            database.execute("DELETE FROM secrets")
            database.execute("VACUUM")


def _info(name: str, size: int, mode: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, mode
    return info


def wrong(path: str, what: str, cure: str) -> ConfigError:
    """One thing wrong with a backup."""
    return ConfigError([Problem("backup", path, what, cure)])
