"""The process that learns: pictures come in through a pipe, the model goes out through one, and no file is written.

It is started as `python -m footfall.customvision.training.job_child`, confines itself before it touches anything that
came from outside, and ends with its parent.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from footfall.learning.lesson import Learned, Lesson, Report

MEMORY_VARIABLE: Final = "FOOTFALL_JOB_MEMORY"
"""Most bytes of address space."""
_NICE: Final = 10
_PR_SET_PDEATHSIG: Final = 1
_CLONE_NEWNET: Final = 0x40000000
_CLONE_NEWUSER: Final = 0x10000000


def main(learn: Callable[[Lesson, Report], Learned] | None = None) -> int:
    """Hear a task, learn, tell what came of it; the exit code is 0 whatever came of it.

    Args:
        learn: how to; by the kind of the lesson where it is left out.
    """
    confine()
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what libraries print is no answer
    from footfall.customvision.training import teaching  # noqa: PLC0415 - brings threads along: after `confine`

    try:
        teaching.teach(sys.stdin.buffer, answers, learn or teaching.by_kind)
    except (EOFError, BrokenPipeError):
        return 1
    return 0


def confine() -> None:
    """Yield to others, end with the parent; no files, no core dump, no network where the kernel lets us say so."""
    os.nice(_NICE)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNET):  # only root may, but everybody may as root of an own user namespace
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    memory = int(os.environ.get(MEMORY_VARIABLE, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


if __name__ == "__main__":
    sys.exit(main())
