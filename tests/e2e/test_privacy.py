"""Four cameras, a service, viewers of both views: no picture touches a disk, nobody is reached but the cameras.

`FOOTFALL_PROOF_SECONDS=300` makes it longer; the same by hand: docs/how-to/prove-it-stays-inside.md.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import IO

import httpx
import pytest
from websockets.asyncio.client import connect

from footage import make_clip
from footfall.simulator.rtsp import Login, RtspCamera
from servers.mosquitto import free_port

SECONDS = float(os.environ.get("FOOTFALL_PROOF_SECONDS", "5"))
PATIENCE_S = 180.0
PASSWORD = "a long enough passphrase"
CANARY = "canary-0f3a"
"""The cameras' password."""


@pytest.fixture(scope="module")
def cameras(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[RtspCamera]]:
    clip = make_clip(tmp_path_factory.mktemp("clip") / "clip.mp4", count=100, fps=10, size=(640, 360))
    with ExitStack() as running:
        yield [running.enter_context(RtspCamera(clip, login=Login("viewer", CANARY))) for _ in range(4)]


def configuration(cameras: list[RtspCamera]) -> str:
    """Each camera with a zone; one has a mask."""
    text = "model: motion\ncameras:\n"
    for number, camera in enumerate(cameras):
        text += (
            f"  - name: c{number}\n    url: {camera.url}\n    login: {{user: viewer, password: {CANARY}}}\n"
            "    zones: [{name: all, points: [[0, 0], [1, 0], [1, 1], [0, 1]]}]\n"
        )
    return text + "    masks: [{name: desk, points: [[0, 0], [0.5, 0], [0.5, 0.5]]}]\n"


class Proof:
    """`footfall serve` under `footfall prove`."""

    def __init__(self, folder: Path, cameras: list[RtspCamera]) -> None:
        data, config = folder / "data", folder / "footfall.yaml"
        data.mkdir(mode=0o700)
        config.write_text(configuration(cameras))
        config.chmod(0o600)
        self.data = data
        self.url = f"http://127.0.0.1:{free_port()}"
        serve = ("serve", str(config), "--data", str(data), "--insecure-http", "--port", self.url.rpartition(":")[2])
        allowed = [f"--may-reach=127.0.0.1:{camera.port}" for camera in cameras]
        command = ("prove", f"--may-write={data}", *allowed, "--", *serve)
        environment = {**os.environ, "FOOTFALL_DATA": str(data / "models")}
        self._out, self._err = (folder / "out").open("w+"), (folder / "err").open("w+")
        self.process = subprocess.Popen(
            (sys.executable, "-m", "footfall", *command), stdout=self._out, stderr=self._err, env=environment
        )

    def token(self) -> str:
        """Of the link that is printed once."""
        deadline_s = time.monotonic() + 240
        while (found := re.search(r"setup\?token=(\S+)", read(self._err))) is None:
            assert self.process.poll() is None, read(self._err)
            assert time.monotonic() < deadline_s, read(self._err)
            time.sleep(0.1)
        return found[1]

    def service(self) -> int:
        """The process that serves: below strace, below this one."""
        pid = self.process.pid
        for _ in range(2):
            pid = int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])
        return pid

    def verdict(self) -> tuple[int, str, str]:
        """Exit code, what was found, and the log."""
        os.kill(self.service(), signal.SIGINT)
        code = self.process.wait(240)
        return code, read(self._out), read(self._err)

    def __enter__(self) -> Proof:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            os.kill(self.service(), signal.SIGTERM)
            self.process.wait(60)
        self._out.close()
        self._err.close()


def read(file: IO[str]) -> str:
    file.seek(0)
    return file.read()


def entered(proof: Proof) -> httpx.Client:
    """The first admin, who takes the right to see real pictures."""
    web = httpx.Client(base_url=f"{proof.url}/api/v1", timeout=60.0)
    said = web.post("/setup", json={"token": proof.token(), "name": "ann", "password": PASSWORD})
    assert said.status_code == 200, said.text
    web.headers["X-Footfall-CSRF"] = said.json()["csrf"]
    assert web.put("/users/ann", json={"real_pixels": True}).status_code == 200
    return web


async def look(proof: Proof, web: httpx.Client, seconds: float) -> None:
    """Viewers look at every camera in every view, for so long and until each view has pictures: tracing is slow."""
    cookie = "; ".join(f"{name}={value}" for name, value in web.cookies.items())
    counts: dict[str, int] = {}

    async def watch(camera: int, view: str) -> None:
        url = f"{proof.url.replace('http', 'ws')}/api/v1/cameras/c{camera}/live?view={view}"
        headers = {"Cookie": cookie, "Origin": proof.url}
        async with connect(url, additional_headers=headers, max_size=None) as socket:
            async for message in socket:
                assert isinstance(message, bytes)
                assert message[4 + int.from_bytes(message[:4], "big") :].startswith(b"\xff\xd8\xff")
                counts[f"c{camera} {view}"] = counts.get(f"c{camera} {view}", 0) + 1

    tasks = [asyncio.create_task(watch(camera, view)) for camera in range(4) for view in ("privacy", "real", "real")]
    begin_s = time.monotonic()
    while (looked_s := time.monotonic() - begin_s) < seconds or len(counts) < 8:
        assert looked_s < seconds + PATIENCE_S, counts
        ended, _ = await asyncio.wait(tasks, timeout=0.5)
        assert not ended
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def in_shared_memory(pid: int) -> list[str]:
    """What a process has mapped of it; the trace sees whatever it makes there."""
    return [line for line in Path(f"/proc/{pid}/maps").read_text().splitlines() if "/dev/shm/" in line]  # noqa: S108


@pytest.mark.slow
def test_nothing_leaves(tmp_path: Path, cameras: list[RtspCamera]) -> None:
    with Proof(tmp_path, cameras) as proof:
        with closing(entered(proof)) as web:
            limits = Path(f"/proc/{proof.service()}/limits").read_text()
            asyncio.run(look(proof, web, SECONDS))
            shared_memory = in_shared_memory(proof.service())
            for path in ("cameras/c0/still?view=privacy", "cameras/c3/still?view=real", "cameras", "events", "audit"):
                assert web.get(path).status_code == 200, path
        code, told, log = proof.verdict()
    assert "UNEXPECTED" not in told, told
    assert code == 0, told + log
    assert re.search(r"Max core file size\s+0\s+0", limits)
    assert shared_memory == []
    for nothing in ("files without a name", "pictures written"):
        assert f"{nothing}: 0\n" in told
    reached = told.partition("addresses reached: 4\n")[2].splitlines()[:4]
    assert reached == sorted(f"  127.0.0.1:{camera.port}" for camera in cameras)
    assert_no_canary(proof.data, told + log)


def assert_no_canary(data: Path, told: str) -> None:
    """The cameras' password is nowhere in the clear."""
    assert CANARY not in told
    for file in data.rglob("*"):
        assert not file.is_file() or CANARY.encode() not in file.read_bytes(), file
