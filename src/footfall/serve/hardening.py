"""What this process must never do: leave the memory with people's pictures in it on the disk."""

from __future__ import annotations

import ctypes
import os
import resource
from pathlib import Path

_PR_SET_DUMPABLE = 4


def forbid_dumps() -> None:
    """No core dumps, nobody looks into this process's memory, and its files are for its user alone.

    Who traces it already (`footfall prove`) goes on doing so, and could read nothing else.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)
    if is_traced():
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_DUMPABLE)")


def is_traced() -> bool:
    """Whether somebody follows this process's system calls."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return "TracerPid:\t0\n" not in status
