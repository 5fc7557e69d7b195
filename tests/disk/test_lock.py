from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from disk import files_at_most
from footfall.disk.lock import FileLock, InUseError

HOLDER = """
import sys
from pathlib import Path
from footfall.disk.lock import FileLock
lock = FileLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lock"


def test_it_is_held_once_and_then_free_again(path: Path) -> None:
    lock = FileLock(path)
    for _ in range(2):
        with pytest.raises(InUseError, match=f"^is in use by process {os.getpid()}$"):
            FileLock(path)
    lock.release()
    lock.release()
    FileLock(path).release()


def test_nobody_else_may_read_it(path: Path) -> None:
    FileLock(path).release()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_who_is_killed_lets_go(path: Path) -> None:
    environ = {"PYTHONPATH": os.pathsep.join(sys.path)}
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDER, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environ
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"held\n"
        with pytest.raises(InUseError, match=f"process {child.pid}$"):
            FileLock(path)
        child.kill()
    FileLock(path).release()
    assert path.read_text() == f"{os.getpid()}\n"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(b"", "unknown", id="it has not written its number yet"),
        pytest.param(b"\xff", "\ufffd", id="no text"),
    ],
)
def test_a_holder_without_a_number(path: Path, content: bytes, told: str) -> None:
    lock = FileLock(path)
    path.write_bytes(content)
    with pytest.raises(InUseError, match=f"process {told}$"):
        FileLock(path)
    lock.release()


def test_a_folder_that_is_not_there_is_told(path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        FileLock(path / "deep")


def test_a_full_disk_is_held_all_the_same(path: Path) -> None:
    with files_at_most(0):
        lock = FileLock(path)
        with pytest.raises(InUseError, match="process unknown"):
            FileLock(path)
    lock.release()
