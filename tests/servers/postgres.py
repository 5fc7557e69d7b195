"""A real PostgreSQL on 127.0.0.1 that can be killed and started again."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from servers.mosquitto import free_port


def programs() -> Path | None:
    """The folder of the newest one that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    return found[-1].parent if found else None


def _identity() -> dict[str, object]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid():
        return {}
    user = pwd.getpwnam("postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _lives(pid: int) -> bool:
    """Not so if nobody but its parent remembers it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@dataclass
class Postgres:
    """One server in a folder of its own; nothing is forced to the disk, so that it is fast."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="footfall-postgres-")))
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://footfall@127.0.0.1:{self.port}/postgres"

    def start(self) -> Postgres:
        """Start with what there is; returns when it answers."""
        data = self.folder / "data"
        if not data.exists():
            self._make(data)
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "fsync": "off",
            "full_page_writes": "off",
            "max_connections": "60",
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [programs() / "postgres", "-D", data, *options],
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=self.folder,
                **_identity(),
            )
        self._wait()
        return self

    def kill(self) -> None:
        """SIGKILL, to the server and all it has started, which hold its memory until they are gone."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)
        server = self.process.pid
        started = [int(word) for word in Path(f"/proc/{server}/task/{server}/children").read_text().split()]
        for pid in (server, *started):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(60)
        self.process = None
        deadline = time.monotonic() + 60
        while any(map(_lives, started)):
            assert time.monotonic() < deadline, "PostgreSQL does not end"
            time.sleep(0.01)

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)
            self.process = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def _make(self, data: Path) -> None:
        identity = _identity()
        if identity:
            os.chown(self.folder, identity["user"], identity["group"])
        command = [programs() / "initdb", "-D", data, "-U", "footfall", "-A", "trust", "-E", "UTF8"]
        options = ["--locale=C", "--no-sync", "--no-instructions"]
        subprocess.run([*command, *options], check=True, capture_output=True, cwd=self.folder, **identity)

    def _wait(self) -> None:
        deadline = time.monotonic() + 60
        ready = [programs() / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        while subprocess.run(ready, check=False).returncode:
            assert self.process is not None
            assert self.process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < deadline, "PostgreSQL does not answer"
            time.sleep(0.05)
