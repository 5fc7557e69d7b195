"""Pictures, models and exports at rest: sealed, one file each, and gone when they are deleted.

`FOLDER/<project>/<kind>/<id>.enc`, as `vault.sealed` writes it under the name `<kind>/<project>/<id>`. A file grows as
`.<id>.enc.part`, sealed already, and gets its name when it is on the disk. What is deleted loses its name first, then
its key, then its place on the disk: whatever blocks of it remain cannot be opened.
"""

from __future__ import annotations

import logging
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Final

from footfall.vault.faults import Altered, NoObject, NotSealed, UnknownKey
from footfall.vault.headers import Change, redo, rewrite, shred
from footfall.vault.keys import KeyRing
from footfall.vault.part import PartFile, alone_in, sweep, sync_folder
from footfall.vault.sealed import HEADER_BYTES, SUFFIX, Header, Sealer, opened

log = logging.getLogger(__name__)

BATCH: Final = 32
"""Headers that are changed at once; who puts or deletes waits for so many."""
GONE: Final = ".gone"
_PART: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,99}")


class ObjectKind(StrEnum):
    """What an object is."""

    IMAGE = "image"
    RESIZED = "resized"
    THUMBNAIL = "thumbnail"
    MODEL = "model"
    EXPORT = "export"
    EVIDENCE = "evidence"
    PREDICTION = "prediction"
    EMBEDDING = "embedding"


@dataclass(frozen=True, slots=True, order=True)
class ObjectName:
    """Which object: nothing else opens under this name.

    Raises:
        ValueError: project or id hold other characters than letters, digits, dashes and underscores.
    """

    kind: ObjectKind
    project_id: str
    id: str

    def __post_init__(self) -> None:
        for part in (self.project_id, self.id):
            _checked(part)

    def __str__(self) -> str:
        return f"{self.kind}/{self.project_id}/{self.id}"


class SealedObjects:
    """All objects of one folder. Many threads and processes may use it.

    Args:
        folder: made where it is missing, for this user alone.
        ring: wraps the key of each object.
        tidies: remove what a crash left behind; not while another process puts objects.

    Raises:
        OSError: the folder cannot be made or read.
    """

    def __init__(self, folder: Path, ring: KeyRing, *, tidies: bool = True) -> None:
        self._folder = folder
        self._ring = ring
        _make(folder)
        with alone_in(self._folder):
            redo(folder)
            if tidies:
                _tidy(folder)

    def put(self, name: ObjectName, data: bytes) -> None:
        """Keep an object; it is on the disk when this returns. One that is there is replaced.

        Raises:
            KeyRevoked: nothing is sealed at present.
            NoObject: the project was deleted meanwhile.
            OSError: the disk is full, or fails; nothing has changed.
        """
        try:
            while not self._put(name, data):
                log.info("keys were rotated while %s was put: once more", name)
        except FileNotFoundError as error:
            raise NoObject(f"the project of {name} was deleted meanwhile") from error

    def get(self, name: ObjectName) -> bytes:
        """An object, exactly as it was put.

        Raises:
            NoObject: there is none.
            Altered: it is not as it was put.
            KeyRevoked: nothing is opened at present.
            OSError: the disk fails.
        """
        try:
            return self._read(name)
        except (NotSealed, UnknownKey):  # perhaps its header has just been changed
            try:
                return self._read(name)
            except (NotSealed, UnknownKey) as error:
                raise Altered(f"{name}: {error}") from error

    def has(self, name: ObjectName) -> bool:
        """Whether there is one; not whether it opens."""
        return self._file(name).is_file()

    def names(self, project_id: str | None = None) -> Iterator[ObjectName]:
        """All objects, or those of a project, in no order."""
        projects = "*" if project_id is None else _checked(project_id)
        for kind in ObjectKind:
            for file in self._folder.glob(f"{projects}/{kind}/*{SUFFIX}"):
                parts = (file.parent.parent.name, file.name.removesuffix(SUFFIX))
                if all(_PART.fullmatch(part) for part in parts):
                    yield ObjectName(kind, *parts)

    def delete(self, names: Iterable[ObjectName]) -> None:
        """Remove objects, those that are there; they are gone from the disk when this returns.

        Raises:
            OSError: the disk fails.
        """
        with alone_in(self._folder):
            gone = [moved for name in names if (moved := _out_of_sight(self._file(name)))]
            for file in gone:
                shred(file)
            for folder in {file.parent for file in gone}:
                sync_folder(folder)

    def delete_project(self, project_id: str) -> None:
        """Remove all objects of a project, as `delete`."""
        folder = self._folder / _checked(project_id)
        with alone_in(self._folder):
            gone = _out_of_sight(folder)
            if gone:
                _clear(gone)
            sync_folder(self._folder)

    def rewrap(self) -> int:
        """Have the ring's newest key wrap the key of every object; how many others had.

        Headers change, contents do not. After an interruption simply call it again. What does not open is left alone.

        Raises:
            KeyRevoked: nothing is opened at present.
            OSError: the disk fails, or is full.
        """
        # Whoever is just giving an object its name comes first; whoever comes later has the newest key.
        with alone_in(self._folder):
            self._ring.check()
        names, count = self.names(), 0
        while batch := list(islice(names, BATCH)):
            with alone_in(self._folder):
                redo(self._folder)
                changes = [change for name in batch if (change := self._rewrapped(name))]
                rewrite(self._folder, changes)
            count += len(changes)
        return count

    def _put(self, name: ObjectName, data: bytes) -> bool:
        """Whether it is there: not if its key was to be wrapped by one that is no longer the newest."""
        file = self._file(name)
        _make(file.parent)
        part = PartFile(file.with_name(f"{file.name}.{secrets.token_hex(4)}"))
        try:
            sealer = Sealer(part, self._ring, str(name))
            sealer.write(data)
            sealer.finish()
            part.sync()
            with alone_in(self._folder):
                if is_newest := sealer.key_id == self._ring.newest:
                    part.rename(file)
            if is_newest:
                sync_folder(file.parent)
            return is_newest
        finally:
            part.discard()

    def _file(self, name: ObjectName) -> Path:
        return self._folder / name.project_id / name.kind / f"{name.id}{SUFFIX}"

    def _read(self, name: ObjectName) -> bytes:
        try:
            with self._file(name).open("rb") as file:
                return b"".join(opened(file, self._ring, str(name)))
        except FileNotFoundError as error:
            raise NoObject(f"there is no {name}") from error

    def _rewrapped(self, name: ObjectName) -> Change | None:
        file = self._file(name)
        try:
            with file.open("rb") as sealed:
                header = Header.decode(sealed.read(HEADER_BYTES))
            if header.key_id == self._ring.newest:
                return None
            key = self._ring.unwrap(header.key_id, header.wrapped)
        except FileNotFoundError:
            return None
        except (NotSealed, UnknownKey) as error:
            log.error("%s: %s", file, error)  # noqa: TRY400 - the cause is in the line
            return None
        return Change(file, Header(*self._ring.wrap(key), header.prefix))


def _checked(part: str) -> str:
    if not _PART.fullmatch(part):
        raise ValueError(f"{part!r} is no name of an object")
    return part


def _make(folder: Path) -> None:
    if folder.is_dir():
        return
    _make(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


def _out_of_sight(path: Path) -> Path | None:
    """Take its name away; None: it is not there."""
    gone = path.with_name(f".{path.name}.{secrets.token_hex(4)}{GONE}")
    try:
        return path.rename(gone)
    except FileNotFoundError:
        return None


def _clear(folder: Path) -> None:
    for file in [path for path in folder.rglob("*") if path.is_file()]:
        shred(file)
    shutil.rmtree(folder)


def _tidy(folder: Path) -> None:
    """What a crash left behind: parts of files, and what was being deleted."""
    for gone in folder.glob(f".*{GONE}"):
        _clear(gone)
    for inner in folder.glob("*/*/"):
        sweep(inner)
        for gone in inner.glob(f".*{GONE}"):
            shred(gone)
    sweep(folder)
    sync_folder(folder)
