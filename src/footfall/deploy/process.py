"""One module as a process of this machine: its output goes to a file, and it never outlives the agent."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from footfall.deploy.launch import Launch

LARGEST_LOG_BYTES: Final = 10_000_000
"""A larger log is set aside as `NAME.log.1`, of which there is one."""


class ModuleProcess:
    """A started module.

    Raises:
        OSError: it cannot be started, or its log not be written.
    """

    def __init__(self, launch: Launch, log: Path, inherited: Mapping[str, str]) -> None:
        for folder in (*launch.folders, log.parent):
            folder.mkdir(parents=True, exist_ok=True)
        self._log = log
        self.tend_log()
        with log.open("ab") as out:
            self._child = subprocess.Popen(  # noqa: S603 - our own commands; the manifest chooses among them
                mortal(launch.command),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env={**inherited, **launch.environment},
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._child.pid

    def tend_log(self) -> None:
        """Set the log aside where it has grown too large; a line that is written meanwhile may be lost."""
        if not self._log.exists() or self._log.stat().st_size <= LARGEST_LOG_BYTES:
            return
        aside = self._log.with_name(f"{self._log.name}.1")
        try:
            shutil.copyfile(self._log, aside)
        except OSError:
            aside.unlink(missing_ok=True)
        os.truncate(self._log, 0)

    def exit_code(self) -> int | None:
        """The code it ended with; None: it runs. Ended by signal n: 128 + n, as shells say it."""
        code = self._child.poll()
        return code if code is None or code >= 0 else 128 - code

    def ask_to_stop(self) -> None:
        """Let it come to its end."""
        if self._child.poll() is None:
            self._child.terminate()

    def stop(self, patience_s: float) -> None:
        """See it end, by force if it takes longer; its own children go with it."""
        self.ask_to_stop()
        try:
            self._child.wait(patience_s)
        except subprocess.TimeoutExpired:
            os.killpg(self._child.pid, signal.SIGKILL)
            self._child.wait()


def mortal(command: tuple[str, ...]) -> tuple[str, ...]:
    """The command, ended by the kernel if the agent dies; as it is, where util-linux' setpriv is missing."""
    setpriv = shutil.which("setpriv")
    return command if setpriv is None else (setpriv, "--pdeathsig", "TERM", "--", *command)
