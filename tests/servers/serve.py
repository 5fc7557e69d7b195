"""`footfall serve` as a process of its own, for tests that kill it."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

PATIENCE_S = 180.0


class Serving:
    """One data folder, and the process that serves it at the moment.

    Args:
        folder: for data, log and witness.
        config: footfall.yaml.
    """

    def __init__(self, folder: Path, config: str) -> None:
        self.data, self.log = folder / "data", folder / "serve.log"
        self._config = folder / "footfall.yaml"
        self._config.write_text(config)
        self._process: subprocess.Popen[bytes] | None = None
        self.url = ""

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [sys.executable, "-m", "footfall", "serve", str(self._config), "--data", str(self.data)]
        environ = {**os.environ, "FOOTFALL_MODEL": "motion", "OMP_NUM_THREADS": "1"}
        begin = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "--insecure-http", "--port", "0"], stderr=log, stdout=log, env=environ
            )

        def answers() -> bool:
            assert self._process is not None
            assert self._process.poll() is None, self.log.read_text()
            lines = self.log.read_bytes()[begin:].decode().splitlines()
            found = [line for line in lines if "answers at " in line]
            self.url = found[0].split("answers at ")[1].strip() if found else ""
            return bool(found)

        until(answers, "it answers")

    def kill(self) -> None:
        """SIGKILL."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def stop(self, within_s: float = 60.0) -> int:
        """SIGTERM; the exit code."""
        if self._process is None:
            return 0
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(within_s)
        finally:
            self._process.kill()
            self._process.wait()
            self._process = None

    def stored(self) -> Counter[bytes]:
        """Bodies of all events in the store."""
        rows = ask(self.data / "store.sqlite", "SELECT body FROM events")
        return Counter(bytes(body) for (body,) in rows)

    def waiting(self) -> Counter[bytes]:
        """Bodies of the messages that wait in outboxes."""
        files = (self.data / "outbox").glob("*.sqlite")
        return Counter(bytes(body) for file in files for (body,) in ask(file, "SELECT body FROM messages"))


def ask(file: Path, question: str) -> list[tuple[object, ...]]:
    """Rows of an SQLite file; the file is not changed."""
    connection = sqlite3.connect(file, timeout=60.0)
    try:
        return connection.execute(question).fetchall()
    finally:
        connection.close()


def until(holds: Callable[[], object], what: str, patience_s: float = PATIENCE_S) -> None:
    """Wait until something holds."""
    deadline_s = time.monotonic() + patience_s
    while not holds():
        assert time.monotonic() < deadline_s, f"not in time: {what}"
        time.sleep(0.1)
