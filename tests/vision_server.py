"""`footfall customvision serve` as people run it, pictures to work with, and the vendor's client as a child."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import cv2
import httpx
import numpy as np

from footfall.cli.prove import interrupt_child

TESTS = Path(__file__).parent
SIDE = 160
START_S = 300.0


@dataclass
class Running:
    """A service that answers."""

    process: subprocess.Popen
    url: str
    keys: dict[str, str]
    data: Path
    log: Path

    @property
    def pid(self) -> int:
        return self.process.pid


@contextmanager
def running(folder: Path, *options: str, wrap: tuple[str, ...] = ()) -> Iterator[Running]:
    """The command, until the block ends; its log is kept."""
    data, log = folder / "data", folder / "log"
    command = [sys.executable, "-m", "footfall", "customvision", "serve", "--data", str(data), "--port", "0", *options]
    with log.open("wb") as file:
        process = subprocess.Popen([*wrap, *command], stderr=file, stdout=file, env={**os.environ, **_quiet()})
    try:
        told = _wait(process, log)
        keys = dict(re.findall(r"footfall: ((?:training|prediction) key \d): (\S+)", told))
        yield Running(process, re.search(r"answers at (\S+)", told)[1], keys, data, log)
    finally:
        if wrap:
            interrupt_child(process.pid)
        else:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _quiet() -> dict[str, str]:
    return {"PYTHONPATH": os.pathsep.join([str(TESTS.parent / "src"), os.environ.get("PYTHONPATH", "")])}


def _wait(process: subprocess.Popen, log: Path) -> str:
    ends = monotonic() + START_S
    while monotonic() < ends and process.poll() is None:
        told = log.read_text()
        if re.search(r"answers at \S+\n", told):
            return told
        sleep(0.05)
    raise AssertionError(f"the service did not start:\n{log.read_text()}")


def draw_pictures(folder: Path, each: int = 15, seed: int = 7) -> list[dict]:
    """Discs and bars on textured ground, with the boxes around them: {name, file, tag, box}."""
    chance, pictures = np.random.default_rng(seed), []
    for number in range(each):
        for tag in ("bar", "disc"):
            picture, box = _drawn(tag, chance)
            name = f"{tag}_{number}.jpg"
            cv2.imwrite(str(folder / name), picture)
            pictures.append({"name": name, "file": str(folder / name), "tag": tag, "box": box})
    return pictures


def _drawn(tag: str, chance: np.random.Generator) -> tuple[np.ndarray, list[float]]:
    ground = chance.integers(60, 140, (SIDE // 8, SIDE // 8, 3), dtype=np.uint8)
    picture = cv2.resize(ground, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    x, y = chance.integers(45, SIDE - 45, 2).tolist()
    if tag == "disc":
        half_x = half_y = int(chance.integers(22, 34))
        cv2.circle(picture, (x, y), half_x, (40, 60, 230), -1, cv2.LINE_AA)
    else:
        half_x, half_y = int(chance.integers(30, 40)), int(chance.integers(8, 12))
        cv2.rectangle(picture, (x - half_x, y - half_y), (x + half_x, y + half_y), (220, 200, 30), -1)
    box = [(x - half_x) / SIDE, (y - half_y) / SIDE, 2 * half_x / SIDE, 2 * half_y / SIDE]
    return picture, box


def told_by(python: Path, story: str, server: Running, pictures: list[dict], older: bool = False) -> dict:
    """What the vendor's client saw in a story of `tests/vendor`."""
    script = (
        TESTS
        / "vendor"
        / ("custom_vision.py" if story in ("classification", "detection") else "custom_vision_everything.py")
    )
    told = {
        "url": server.url,
        "training": server.keys["training key 1"],
        "prediction": server.keys["prediction key 2"],
        "pictures": pictures,
    }
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if older:
        environ["PYTHONPATH"] = str(python.parent.parent / "older")
    done = subprocess.run(
        [str(python), "-W", "ignore", str(script), story], check=False,
        input=json.dumps(told), capture_output=True, text=True, timeout=1800, env={**environ, "NO_PROXY": "127.0.0.1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout)


class Client:
    """Asks a running service by HTTP, in the words of the current client."""

    def __init__(self, server: Running) -> None:
        self._http = httpx.Client(base_url=server.url, timeout=300, trust_env=False)
        self._keys = {
            area: {f"{area.title()}-Key": server.keys[f"{area} key 1"]} for area in ("training", "prediction")
        }

    def train(self, method: str, path: str, **more) -> httpx.Response:
        headers = {**self._keys["training"], **more.pop("headers", {})}
        return self._http.request(method, f"/customvision/v3.4-preview/training{path}", headers=headers, **more)

    def predict(self, path: str, content: bytes, kind: str = "application/octet-stream") -> httpx.Response:
        headers = {**self._keys["prediction"], "Content-Type": kind}
        return self._http.post(f"/customvision/v3.1/prediction{path}", headers=headers, content=content)

    def fetch(self, url: str) -> httpx.Response:
        """Without a key."""
        return self._http.get(url)

    def project(self, name: str) -> str:
        return self.train("POST", f"/projects?name={name}").json()["id"]

    def upload(self, project: str, pictures: list[dict]) -> list[str]:
        """Tags by name and pictures with their tag; the ids of the pictures."""
        names = sorted({one["tag"] for one in pictures})
        tags = {name: self.train("POST", f"/projects/{project}/tags?name={name}").json()["id"] for name in names}
        entries = [
            {
                "name": one["name"],
                "contents": b64encode(Path(one["file"]).read_bytes()).decode(),
                "tagIds": [tags[one["tag"]]],
            }
            for one in pictures
        ]
        answer = self.train("POST", f"/projects/{project}/images/files", json={"images": entries})
        assert answer.status_code == 200, answer.text
        return [one["image"]["id"] for one in answer.json()["images"]]

    def model(self, project: str) -> str:
        """Train, and publish as `model`; the iteration."""
        iteration = self.train("POST", f"/projects/{project}/train").json()
        path = f"/projects/{project}/iterations/{iteration['id']}"
        ends = monotonic() + 1500
        while iteration["status"] == "Training" and monotonic() < ends:
            sleep(0.2)
            iteration = self.train("GET", path).json()
        assert iteration["status"] == "Completed", iteration
        assert self.train("POST", f"{path}/publish?publishName=model&predictionId=x").json() is True
        return iteration["id"]

    def close(self) -> None:
        self._http.close()


@contextmanager
def client_of(server: Running) -> Iterator[Client]:
    client = Client(server)
    try:
        yield client
    finally:
        client.close()
