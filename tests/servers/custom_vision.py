"""`footfall customvision serve` as people start it: a process of its own on this machine, without TLS."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import httpx

START_S = 120.0


@dataclass
class CustomVisionServer:
    """One service with its data in `folder`; what it says is kept."""

    folder: Path
    more: tuple[str, ...] = ()
    """Further options."""
    process: subprocess.Popen[str] | None = None
    said: list[str] = field(default_factory=list)
    _listener: threading.Thread = field(init=False, repr=False)
    keys: dict[str, str] = field(default_factory=dict)
    """By name, such as `training key 1`; told at the first start alone."""
    endpoint: str = ""
    """Where it answers; another one after every start."""

    def start(self) -> Self:
        """Start; returns once it answers and has told its keys."""
        options = ["--data", str(self.folder), "--port", "0", *self.more]
        command = [sys.executable, "-m", "footfall", "customvision", "serve", *options]
        environment = os.environ | {"OMP_NUM_THREADS": "1"}
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
        self._listener = threading.Thread(target=self._listen, args=(self.process.stderr,), daemon=True)
        self._listener.start()
        self.endpoint = self.wait_for(r"answers at (http://\S+)")[1]
        for line in self.said:
            if found := re.search(r"((?:training|prediction) key \d): (\S+)", line):
                self.keys[found[1]] = found[2]
        return self

    def wait_for(self, pattern: str) -> re.Match[str]:
        """What the service says on standard error, as soon as it does."""
        assert self.process is not None
        deadline_s = time.monotonic() + START_S
        while time.monotonic() < deadline_s and self.process.poll() is None:
            if found := re.search(pattern, "\n".join(self.said)):
                return found
            time.sleep(0.02)
        raise AssertionError(f"never said {pattern}:\n" + "\n".join(self.said))

    def client(self) -> httpx.Client:
        """With the first training key."""
        base = f"{self.endpoint}/customvision/v3.3/training/"
        headers = {"Training-Key": self.keys["training key 1"]}
        return httpx.Client(base_url=base, headers=headers, timeout=60.0, trust_env=False)

    def stop(self) -> None:
        """End it as `systemctl stop` does."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        finally:
            self.process.kill()
            self.process.wait()
            self.process = None
            self._listener.join(60)
            self.said.clear()

    def _listen(self, stderr: IO[str]) -> None:
        with stderr:
            for line in stderr:
                self.said.append(line.rstrip())

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


def told(reply: httpx.Response) -> Any:
    """What a reply holds.

    Raises:
        AssertionError: it is a refusal.
    """
    assert reply.is_success, f"{reply.request.method} {reply.request.url}: {reply.status_code} {reply.text}"
    return reply.json() if reply.content else None
