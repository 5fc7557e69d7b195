"""`footfall module media-graph` as a child process."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

import httpx

from servers.mosquitto import free_port


class MediaModule:
    """The process, and what it sends."""

    def __init__(self, connection_string: str, ca: Path, folder: Path, **more: str) -> None:
        self.folder = folder
        self.metrics = free_port()
        self._log = folder / "module.log"
        self._environment = {
            "EdgeHubConnectionString": connection_string,
            "EdgeModuleCACertificateFile": str(ca),
            "FOOTFALL_PATHS": f"/var={folder}/var",
            "FOOTFALL_METRICS": str(self.metrics),
            "PYTHONPATH": ":".join(sys.path),
            **more,
        }

    def start(self) -> None:
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "footfall", "module", "media-graph"],
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @property
    def log(self) -> str:
        return self._log.read_text()

    def wait_running(self) -> None:
        self.wait_log("The module is now running.")

    def wait_log(self, text: str, count: int = 1) -> None:
        deadline_s = time.monotonic() + 60.0
        while self.log.count(text) < count:
            assert time.monotonic() < deadline_s, self.log
            assert self.process.poll() is None, self.log
            time.sleep(0.05)

    @property
    def sent(self) -> list[dict[str, Any]]:
        """Events that were safe on the disk, as the log has them; a line that is just being written counts later."""
        lines = self.log.rpartition("\n")[0].splitlines()
        return [json.loads(line.partition(" Events: ")[2]) for line in lines if " Events: " in line]

    def figures(self) -> str:
        """For Prometheus."""
        return httpx.get(f"http://127.0.0.1:{self.metrics}/metrics", timeout=60).text

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()
        self.process.wait()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            assert self.process.wait(60) == 0, self.log
