"""A real Mosquitto on 127.0.0.1 that can be killed and started again."""

from __future__ import annotations

import getpass
import os
import secrets
import signal
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

MOSQUITTO = Path("/usr/sbin/mosquitto")
MOSQUITTO_PASSWD = Path("/usr/bin/mosquitto_passwd")

PORTS = range(12_000, 32_000)
"""Below those that Linux gives to connections, one of which may take a port before, or between, its servers."""


def free_port() -> int:
    """A port for a server that starts later, and perhaps again and again."""
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@dataclass
class Mosquitto:
    """One broker; queues are unlimited and kept in a file, so that what is lost was lost by its peers."""

    folder: Path
    login: tuple[str, str] | None = None
    certificates: Path | None = None
    """Folder with ca.pem, server.pem and server.key: the listener speaks TLS and asks for a client certificate."""
    extra: tuple[str, ...] = ()
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start with what was kept; returns when the port answers."""
        config = self.folder / "mosquitto.conf"
        config.write_text("\n".join(self._settings()) + "\n")
        log = (self.folder / "mosquitto.log").open("ab")
        self.process = subprocess.Popen([MOSQUITTO, "-c", config], stdout=log, stderr=log)
        log.close()
        deadline = time.monotonic() + 60
        while not self._answers():
            assert self.process.poll() is None, (self.folder / "mosquitto.log").read_text()
            assert time.monotonic() < deadline, "mosquitto does not answer"
            time.sleep(0.02)

    def save(self) -> None:
        """Write sessions and subscriptions to the disk; they are there when this returns."""
        before = self._saved()
        self._signal(signal.SIGUSR1)
        deadline = time.monotonic() + 60
        while self._saved() == before:
            assert time.monotonic() < deadline, "mosquitto does not save"
            time.sleep(0.02)

    def kill(self) -> None:
        """SIGKILL."""
        self._signal(signal.SIGKILL)
        self.process.wait(60)
        self.process = None

    def pause(self) -> None:
        """SIGSTOP: accepts connections, never answers."""
        self._signal(signal.SIGSTOP)
        os.waitpid(self.process.pid, os.WUNTRACED)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def stop(self) -> None:
        if self.process is not None:
            self.kill()

    def _saved(self) -> int:
        """When it last has: the file is written beside, then renamed."""
        file = self.folder / "mosquitto.db"
        return file.stat().st_mtime_ns if file.exists() else 0

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def _signal(self, number: int) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def _settings(self) -> list[str]:
        settings = [
            f"user {getpass.getuser()}",
            f"persistence true\npersistence_location {self.folder}/",
            "max_inflight_messages 0\nmax_queued_messages 0",
            f"listener {self.port} 127.0.0.1",
            *self.extra,
        ]
        if self.login:
            passwords = self.folder / "passwords"
            subprocess.run([MOSQUITTO_PASSWD, "-b", "-c", passwords, *self.login], check=True, capture_output=True)
            settings.append(f"allow_anonymous false\npassword_file {passwords}")
        else:
            settings.append("allow_anonymous true")
        if self.certificates:
            folder = self.certificates
            settings.append(f"cafile {folder}/ca.pem\ncertfile {folder}/server.pem\nkeyfile {folder}/server.key")
            settings.append("require_certificate true")
        return settings
