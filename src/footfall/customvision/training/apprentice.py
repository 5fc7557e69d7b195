"""The parent's side of a training's child process."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from queue import Empty, SimpleQueue
from typing import Final

import msgspec

from footfall.customvision.training.job_child import MEMORY_VARIABLE
from footfall.customvision.training.job_words import FromChild, FromParent, hear_child, say

COMMAND: Final = (sys.executable, "-m", "footfall.customvision.training.job_child")
_PASSED_ON: Final = ("PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
"""All that a child inherits of the environment: no keys, no proxies."""


class ChildEnded(Exception):
    """It is gone and left no answer.

    Args:
        code: how it ended; negative: by this signal.
    """

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(
            f"the training process was ended by signal {-code}" if code < 0 else "the training ended early"
        )


class Apprentice:
    """A child that learns. It hears its task and then speaks; to be killed when nobody needs it any more.

    Args:
        command: how it is started.
        threads: cores that its libraries may use.
        memory_bytes: most that it may take.

    Raises:
        OSError: it cannot be started.
    """

    def __init__(self, command: Sequence[str], threads: int, memory_bytes: int) -> None:
        self._child = subprocess.Popen(  # noqa: S603 - our own module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(threads, memory_bytes),
            start_new_session=True,
        )
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._to_child, self._from_child = self._child.stdin, self._child.stdout
        self._heard: SimpleQueue[FromChild | None] = SimpleQueue()
        self._ear = threading.Thread(target=self._listen, name="training-ear", daemon=True)
        self._ear.start()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._child.pid

    def say(self, message: FromParent) -> None:
        """Give it its task, or a picture that it wants.

        Raises:
            ChildEnded: it is gone.
        """
        try:
            say(self._to_child, message)
        except (OSError, ValueError) as error:
            raise ChildEnded(self._child.wait()) from error

    def hear(self, patience_s: float) -> FromChild | None:
        """What it says next; None: nothing for so long.

        Raises:
            ChildEnded: it is gone.
        """
        try:
            message = self._heard.get(timeout=patience_s)
        except Empty:
            return None
        if message is None:
            raise ChildEnded(self._child.wait())
        return message

    def kill(self) -> None:
        """End it now, and return when it has ended; safe to call twice and from another thread."""
        self._child.kill()
        self._child.wait()

    def close(self) -> None:
        """End it and let go of the pipes."""
        self.kill()
        self._ear.join()
        self._from_child.close()
        try:
            self._to_child.close()
        except BrokenPipeError:
            return

    def _listen(self) -> None:
        try:
            while True:
                self._heard.put(hear_child(self._from_child))
        except (EOFError, OSError, ValueError, msgspec.MsgspecError):
            self._child.kill()
            self._heard.put(None)


def _environment(threads: int, memory_bytes: int) -> dict[str, str]:
    inherited = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    cores = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), str(threads))
    ours = {
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "PYTHONDONTWRITEBYTECODE": "1",
        MEMORY_VARIABLE: str(memory_bytes),
    }
    return inherited | cores | ours
