"""Disks that are full."""

from __future__ import annotations

import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def files_at_most(size: int) -> Iterator[None]:
    """No file may grow beyond this: as good as a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def tiny_disk(path: Path, kib: int) -> Iterator[Path]:
    """A disk of its own; skips the test where nobody may mount one."""
    path.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kib}k", "tmpfs", str(path)], check=False)
    if mounted.returncode:
        pytest.skip("mounting a small disk is not permitted")
    try:
        yield path
    finally:
        subprocess.run(["umount", "--lazy", str(path)], check=True)
