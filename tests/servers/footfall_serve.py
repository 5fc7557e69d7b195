"""`footfall serve` as people start it: a process of its own, page and API over HTTPS with the certificate it made."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from servers.mosquitto import free_port

ADMIN, PASSWORD = "anna", "correct horse battery"
START_S = 120.0


@dataclass
class FootfallServe:
    """One service in `folder`; what it says is kept."""

    folder: Path
    config: Path | None = None
    port: int = field(default_factory=free_port)
    more: tuple[str, ...] = ()
    """Further options."""
    process: subprocess.Popen[str] | None = None
    said: list[str] = field(default_factory=list)
    _listener: threading.Thread = field(init=False, repr=False)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def start(self) -> Self:
        """Start; returns once it answers."""
        config = [] if self.config is None else [str(self.config)]
        options = ["--data", str(self.folder / "data"), "--port", str(self.port), *self.more]
        environment = os.environ | {"FOOTFALL_MODEL": "motion", "OMP_NUM_THREADS": "1"}
        command = [sys.executable, "-m", "footfall", "serve", *config, *options]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self.wait_for(r"answers at https://")
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

    def setup_link(self) -> str:
        """The link that it prints at its first start."""
        return self.wait_for(r"set up: (\S+)")[1]

    def stop(self) -> int:
        """End it as `systemctl stop` does; its exit status."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(60)
        finally:
            self.process.kill()
            self.process.wait()
            self._listener.join(60)
            if self.process.stderr is not None:
                self.process.stderr.close()
            self.process = None

    def _listen(self) -> None:
        assert self.process is not None
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said.append(line.rstrip())

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


class Api:
    """The service's API as somebody who is logged in."""

    def __init__(self, service: FootfallServe) -> None:
        self._http = httpx.Client(base_url=f"{service.url}/api/v1/", verify=False, timeout=60.0)  # noqa: S501 - its own
        self._csrf: dict[str, str] = {}

    def log_in(self, name: str = ADMIN, password: str = PASSWORD) -> Self:
        """By name and password."""
        self.ask("POST", "session", {"name": name, "password": password})
        self._csrf = {"X-Footfall-CSRF": self.ask("GET", "session")["csrf"]}
        return self

    def ask(self, method: str, where: str, body: object = None, **headers: str) -> Any:
        """What it answers, as data.

        Raises:
            AssertionError: it refuses.
        """
        reply = self._http.request(method, where, json=body, headers=self._csrf | headers)
        assert reply.is_success, f"{method} {where}: {reply.status_code} {reply.text}"
        return reply.json() if reply.content else None

    @property
    def cookies(self) -> dict[str, str]:
        """Of the session."""
        return dict(self._http.cookies)

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()


def wait_until(is_so: Callable[[], bool], timeout_s: float) -> None:
    deadline_s = time.monotonic() + timeout_s
    while not is_so():
        assert time.monotonic() < deadline_s, "it never came to that"
        time.sleep(0.2)
