"""`footfall serve` as people and systemd meet it: one process a folder, an orderly end, a store that somebody locks."""

from __future__ import annotations

import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from footfall.simulator.scene import SceneSpec, write_scene
from servers.serve import Serving, until

pytestmark = pytest.mark.slow


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    write_scene(SceneSpec(duration_s=20.0, size_px=(320, 180), people=4, seed=3), tmp_path)
    zone = "{name: middle, points: [[0.2, 0.1], [0.8, 0.1], [0.8, 1.0], [0.2, 1.0]]}"
    serving = Serving(
        tmp_path, f"fps: 6\ncameras: [{{name: a, url: {tmp_path}/clip.mp4, width: 320, zones: [{zone}]}}]\n"
    )
    serving.start()
    yield serving
    serving.stop()


def test_one_process_orderly_end_and_a_locked_store(serving: Serving) -> None:
    limits = Path(f"/proc/{serving.pid}/limits").read_text()
    assert [line.split()[4:6] for line in limits.splitlines() if "core file" in line] == [["0", "0"]]

    command = [sys.executable, "-m", "footfall", "serve", "--data", str(serving.data), "--insecure-http", "--port", "0"]
    second = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert second.returncode == 2
    [line] = [line for line in second.stderr.splitlines() if "in use" in line]
    assert f"process {serving.pid}" in line

    until(lambda: sum(serving.stored().values()) > 2, "events are stored")
    with closing(sqlite3.connect(serving.data / "store.sqlite", timeout=30.0, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        until(lambda: sum(serving.waiting().values()) > 2, "events wait in the outbox")
        other.execute("ROLLBACK")
    until(lambda: not serving.waiting(), "the store has them")

    address = urlsplit(serving.url)
    with socket.create_connection((address.hostname or "", address.port or 0)) as idle:
        idle.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert idle.recv(100).startswith(b"HTTP/1.1 200")
        assert httpx.get(f"{serving.url}/health/ready", timeout=60).status_code == 401
        assert serving.stop(within_s=60.0) == 0
    assert "Traceback" not in serving.log.read_text()
