"""Where the service lives: its data folder, the disk under it, its port, the models."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from time import perf_counter
from typing import Final

from footfall.core.errors import ConfigError
from footfall.detect.catalogue import MOTION, FileState, file_path, file_to_open, find_card, verify
from footfall.serve.checkup.finding import Finding

MIB: Final = 1 << 20
GIB: Final = 1 << 30
FULL: Final = 256 * MIB
NEARLY_FULL: Final = 2 * GIB
SLOW_S: Final = 0.05
"""To make 4 kB safe: a database does it for every few events."""
TRIES: Final = 5
REMOTE: Final = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p"}


def check_data(folder: Path) -> Iterator[Finding]:
    """The data folder and its disk."""
    if not _is_there(folder):
        yield from _not_yet(folder)
        return
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield Finding.fail("data folder", f"{folder} cannot be written", f"chown -R {os.getuid()} {folder}")
        return
    mode = folder.stat().st_mode & 0o777
    if mode & 0o077:
        yield Finding.warn("data folder", f"others may look into {folder} ({mode:03o})", f"chmod 700 {folder}")
    else:
        yield Finding.ok("data folder", f"{folder}, {_user_of(folder)}")
    yield from _disk(folder)


def _not_yet(folder: Path) -> Iterator[Finding]:
    above = next(parent for parent in folder.absolute().parents if _is_there(parent))
    if os.access(above, os.W_OK | os.X_OK):
        yield Finding.ok("data folder", f"{folder} will be made")
        yield from _disk(above)
    else:
        cure = "name another folder with --data, or make it for this user"
        yield Finding.fail("data folder", f"{folder} cannot be made in {above}", cure)


def _is_there(path: Path) -> bool:
    """Also false where one may not look into the folder above."""
    try:
        return path.exists()
    except PermissionError:
        return False


def _user_of(folder: Path) -> str:
    holder = holder_of(folder)
    return "in use by a running service" if holder else "free"


def holder_of(folder: Path) -> bool:
    """Whether a service runs on a data folder."""
    try:
        with (folder / "lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _disk(folder: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(folder).free
    text, cure = f"{free / GIB:.1f} GiB free at {folder}", "make room, or shorten what is kept (service.events_days)"
    if free < FULL:
        yield Finding.fail("disk", text, cure)
        return
    yield Finding.warn("disk", text, cure) if free < NEARLY_FULL else Finding.ok("disk", text)
    kind = file_system(folder)
    if kind in REMOTE:
        cure = "SQLite wants a disk of this machine; or use --store postgresql://"
        yield Finding.warn("disk", f"{folder} is on {kind}", cure)
    yield _speed(folder)


def _speed(folder: Path) -> Finding:
    try:
        with TemporaryFile(dir=folder) as file:
            took_s = sorted(_safe_write_s(file.fileno()) for _ in range(TRIES))[TRIES // 2]
    except OSError as error:
        return Finding.fail("disk speed", f"cannot write: {error.strerror}", "look at the disk and its rights")
    text = f"{took_s * 1000:.1f} ms to make 4 kB safe"
    if took_s > SLOW_S:
        return Finding.warn("disk speed", text, "an SSD keeps up with more events")
    return Finding.ok("disk speed", text)


def _safe_write_s(fd: int) -> float:
    started_s = perf_counter()
    os.write(fd, bytes(4096))
    os.fsync(fd)
    return perf_counter() - started_s


def file_system(folder: Path) -> str:
    """Kind of the file system that a folder is on, as /proc/mounts names it."""
    try:
        rows = [line.split() for line in Path("/proc/mounts").read_text("utf-8", errors="replace").splitlines()]
    except OSError:
        return ""
    path = folder.resolve()
    over = [row for row in rows if len(row) > 2 and (path == Path(row[1]) or Path(row[1]) in path.parents)]
    return max(over, key=lambda row: len(row[1]))[2] if over else ""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the service listens."""

    host: str
    port: int


def check_port(address: Address, *, is_running: bool) -> Finding:
    """Whether a service can listen there; one that runs already may."""
    text = f"{address.host}:{address.port}"
    try:
        with socket.create_server((address.host, address.port)):
            return Finding.ok("port", f"{text} is free")
    except OSError as error:
        if error.errno == errno.EADDRINUSE and is_running:
            return Finding.ok("port", f"{text} is the running service's")
        reason = error.strerror or str(error)
        return Finding.fail("port", f"{text}: {reason}", "stop what listens there, or choose another --port")


def check_models(names: Sequence[str], folder: Path) -> Iterator[Finding]:
    """The models that are to run, against their checksums.

    Args:
        names: of models, or paths of files.
        folder: where pulled weights lie.
    """
    states = {checked.path: checked.state for checked in verify(folder)}
    for name in dict.fromkeys(names):
        check = f"model {name}"
        if name == MOTION:
            yield Finding.ok(check, "is built in")
        elif Path(name).suffix in {".onnx", ".xml", ".zip"} or "/" in name:
            is_there = Path(name).exists()
            yield Finding.ok(check, "is there") if is_there else Finding.fail(check, "no such file", "name another")
        else:
            yield _known(check, name, folder, states)


def _known(check: str, name: str, folder: Path, states: dict[Path, FileState]) -> Finding:
    try:
        card = find_card(name)
        path = file_path(card, file_to_open(card), folder)
    except ConfigError as error:
        return Finding.fail(check, error.problems[0].what, error.problems[0].cure)
    if states[path] is FileState.OK:
        return Finding.ok(check, f"checksum is right, licence {card.licence}")
    cure = f"footfall models pull {name}" if card.source else "install footfall again"
    return Finding.fail(check, f"{path}: {states[path].value}", cure)
