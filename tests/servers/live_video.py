"""Whoever follows the live-video tutorial: terminals, what they show, and what is left on the disk."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import pytest

ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = ROOT / "docs" / "tutorial" / "live-video.md"
DONE_BEFORE = ("./dev setup", ". .venv/bin/activate")
STAYS = "footfall deploy deployment"
"""The command that goes on in a terminal of its own."""
PATIENCE_S = 300.0
PORTS = (443, 554, 8883, 50051)
"""Of the tutorial, on this machine."""
HEAD, TAIL = 1000, 2000
"""Characters of a log that a failure shows."""


def commands() -> list[str]:
    """Every command of the tutorial, in order."""
    text = re.sub(r"^```.*?^```$", "", TUTORIAL.read_text(), flags=re.M | re.S)
    lines = [line.removeprefix("    ") for line in text.splitlines() if line.startswith("    ")]
    return [line for line in lines if line not in DONE_BEFORE]


class Reader:
    """Follows the tutorial in a folder of its own, in as many terminals as it takes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._where = ROOT
        self._terminals: list[subprocess.Popen[str]] = []
        (folder / "bin").mkdir()
        footfall = folder / "bin" / "footfall"
        footfall.write_text(f'#!/bin/sh\nexec {sys.executable} -m footfall "$@"\n')
        footfall.chmod(0o755)
        self._environment = {
            **os.environ,
            "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT / "src"),
            "PYTHONUNBUFFERED": "1",
        }

    def run(self, command: str) -> str:
        """Type a command and wait for its end; what it printed."""
        if command.startswith("cd "):
            self._where = Path(self._here(command).removeprefix("cd "))
            return ""
        done = self.try_to(command)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}{self.logs()}"
        return done.stdout

    def try_to(self, command: str) -> subprocess.CompletedProcess[str]:
        """Type a command that may fail, and wait for its end."""
        shell = ["/bin/sh", "-c", self._here(command)]
        return subprocess.run(
            shell, check=False, cwd=self._where, env=self._environment, capture_output=True, text=True, timeout=300.0
        )

    def start(self, command: str) -> Path:
        """Type a command in a terminal of its own; where its output goes."""
        log = self.folder / f"terminal-{len(self._terminals)}.log"
        with log.open("w") as out:
            self._terminals.append(
                subprocess.Popen(
                    ["/bin/sh", "-c", f"exec {self._here(command)}"],
                    cwd=self._where,
                    env=self._environment,
                    stdin=subprocess.PIPE,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                    text=True,
                )
            )
        return log

    @property
    def newest_pid(self) -> int:
        """Of the command in the newest terminal."""
        return self._terminals[-1].pid

    def forget_newest(self) -> None:
        """The command in the newest terminal has ended."""
        terminal = self._terminals.pop()
        terminal.wait(60.0)
        if terminal.stdin is not None:
            terminal.stdin.close()

    def press_enter(self) -> None:
        """In the newest terminal."""
        keyboard = self._terminals[-1].stdin
        assert keyboard is not None
        keyboard.write("\n")
        keyboard.flush()

    def interrupt(self) -> None:
        """Ctrl-C in all terminals, the newest first."""
        while self._terminals:
            terminal = self._terminals.pop()
            terminal.send_signal(signal.SIGINT)
            try:
                terminal.wait(60.0)
            except subprocess.TimeoutExpired:
                terminal.kill()
                raise
            finally:
                if terminal.stdin is not None:
                    terminal.stdin.close()

    def logs(self) -> str:
        """What every module said, for a failure."""
        files = sorted((self.folder / "live-video").glob("edge/logs/*.log"))
        return "".join(f"\n== {file.name}\n{shortened(file.read_text())}" for file in files)

    def prepare(self, steps: Iterator[str]) -> str:
        """Follow the tutorial up to the deployment, which is returned: everything is in place for it."""
        for command in steps:
            if command.startswith(STAYS):
                break
            self.run(command)
        variables = self.folder / "live-video" / ".env"
        variables.write_text(self._here(variables.read_text()))
        return command

    def _here(self, command: str) -> str:
        return command.replace("/tmp/live-video", str(self.folder / "live-video"))  # noqa: S108 - where readers do it


@pytest.fixture
def reader() -> Iterator[Reader]:
    """One at a time on this machine: the tutorial's ports are fixed."""
    with (Path(tempfile.gettempdir()) / "footfall-live-video.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        await_ports()
        folder = Path(tempfile.mkdtemp(prefix="lv-"))
        reader = Reader(folder)
        try:
            yield reader
            reader.interrupt()
        finally:
            for terminal in reader._terminals:
                terminal.kill()
            shutil.rmtree(folder, ignore_errors=True)


def await_ports() -> None:
    """50051 is one that Linux may give to anybody who asks for a free one, and what was killed may be late to end."""
    deadline = time.monotonic() + PATIENCE_S
    while taken := [port for port in PORTS if is_taken(port)]:
        assert time.monotonic() < deadline, f"others listen on {taken} of 127.0.0.1, which the tutorial needs"
        time.sleep(0.2)


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def shortened(log: str) -> str:
    """How it began and how it ended."""
    return log if len(log) <= HEAD + TAIL else f"{log[:HEAD]}\n...\n{log[-TAIL:]}"


def until(look: Callable[[], Any], reader: Reader, what: str) -> Any:
    """What there is to see at last."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if seen := look():
            return seen
        time.sleep(0.2)
    raise AssertionError(f"{what}: not within {PATIENCE_S:g} s{reader.logs()}")


def messages(log: Path) -> list[dict[str, Any]]:
    """What the monitor has shown so far."""
    found = []
    for part in re.split(r"^\[IoTHubMonitor\].*$", log.read_text(), flags=re.M)[1:]:
        try:
            found.append(json.loads(part))
        except ValueError:
            continue  # not all of it is there yet
    return found


def replies(log: Path) -> list[tuple[str, int]]:
    """The console's replies so far."""
    found = re.findall(r"^Response: (\w+) - Status: (\d+)", log.read_text(), flags=re.M)
    return [(name, int(status)) for name, status in found]


def kind(message: dict[str, Any]) -> str:
    properties = message.get("applicationProperties", {})
    return str(properties.get("eventType", "")).removeprefix("Microsoft.Media.Graph.")


def zone_events(seen: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Each event of each inference message, and the ids of the people that came with it."""
    for message in seen:
        inferences = message["body"].get("inferences", []) if kind(message) == "Analytics.Inference" else []
        people = [one["inferenceId"] for one in inferences if one["type"] == "entity"]
        for one in inferences:
            if one["type"] == "event":
                yield one, people


def says_running(reader: Reader, status: str) -> bool:
    done = reader.try_to(status)
    rows = [line for line in done.stdout.splitlines() if "Running" in line]
    return done.returncode == 0 and len(rows) == 4


def length_s(asset: Path) -> float:
    """Seconds of an asset's pictures, every one of which can be decoded."""
    playlist = next(asset.glob("*.m3u8"))
    with av.open(str(playlist)) as container:
        stream = container.streams.video[0]
        times = [picture.time for picture in container.decode(stream) if picture.time is not None]
    return times[-1] - times[0] + (times[1] - times[0])


def probed_s(asset: Path) -> float:
    """Seconds of an asset as FFmpeg's own ffprobe sees it, which also says that it begins with a key frame."""
    command = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-of", "json"]
    entries = ["-show_entries", "format=duration:packet=flags", "-read_intervals", "%+#1"]
    done = subprocess.run([*command, *entries, str(next(asset.glob("*.m3u8")))], capture_output=True, check=True)
    found = json.loads(done.stdout)
    assert found["packets"][0]["flags"].startswith("K")
    return float(found["format"]["duration"])
