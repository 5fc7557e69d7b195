"""Every proof in "Where training images are", run as it stands there against a service with a trained project."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from footfall.cli.main import main
from servers.custom_vision import CustomVisionServer, told
from takeaways import encoded

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "training-images.md"
COMPACT = "0732100f-1a38-4e49-a514-c9b44c697ab5"
COLOURS = {"red": (220, 30, 30), "blue": (30, 30, 220)}


def picture(number: int, colour: str) -> bytes:
    pixels = np.random.default_rng(number).integers(0, 90, (120, 160, 3), np.uint8)
    pixels[20:100, 40:120] = COLOURS[colour]
    return encoded(pixels, ".jpg")


def proofs(question: int) -> list[str]:
    """The commands below a question: one a line, continued ones joined."""
    section = re.split(r"^## ", DOCUMENT.read_text(), flags=re.M)[question]
    lines = re.findall(r"^    (.*)$", section.replace("\\\n      ", ""), re.M)
    return [line for line in lines if line.strip()]


class World:
    """A service, a project in it, and where commands are run."""

    def __init__(self, server: CustomVisionServer, folder: Path) -> None:
        self.server, self.folder = server, folder
        with server.client() as client:
            project = told(client.post("projects", params={"name": "coats", "domainId": COMPACT}))["id"]
            ids = {name: told(client.post(f"projects/{project}/tags", params={"name": name}))["id"] for name in COLOURS}
            entries = [
                {
                    "name": str(n),
                    "contents": base64.b64encode(picture(n, list(COLOURS)[n % 2])).decode(),
                    "tagIds": [ids[list(COLOURS)[n % 2]]],
                }
                for n in range(10)
            ]
            made = told(client.post(f"projects/{project}/images/files", json={"images": entries}))
            iteration = told(client.post(f"projects/{project}/train"))
            while iteration["status"] == "Training":
                time.sleep(0.5)
                iteration = told(client.get(f"projects/{project}/iterations/{iteration['id']}"))
            asked = {"publishName": "coats", "predictionId": "any"}
            told(client.post(f"projects/{project}/iterations/{iteration['id']}/publish", params=asked))
        (folder / "picture.jpg").write_bytes(picture(99, "red"))
        self.environment = {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "NO_PROXY": "*",
            "T": server.keys["training key 1"],
            "P": server.keys["prediction key 1"],
            "API": f"{server.endpoint}/customvision/v3.3/training",
            "PROJECT": project,
            "IMAGE": made["images"][0]["image"]["id"],
            "NAME": "coats",
        }

    def run(self, command: str) -> list[str]:
        """What a command of the document says, here."""
        here = {
            "/srv/vision": str(self.server.folder),
            "http://127.0.0.1:8973": self.server.endpoint,
        }
        replaced = command
        for there, where in here.items():
            replaced = replaced.replace(there, where)
        done = subprocess.run(
            ["bash", "-c", replaced],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout.splitlines()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    for tool in ("curl", "grep", "find"):
        if shutil.which(tool) is None:
            pytest.skip(f"no {tool} here")
    folder = tmp_path_factory.mktemp("proofs")
    with CustomVisionServer(folder / "vision") as server:
        yield World(server, folder)


def test_no_picture_is_stored_in_clear(world: World) -> None:
    (command,) = proofs(1)
    assert world.run(command) == ["no picture in clear"]
    shutil.copy(world.folder / "picture.jpg", world.server.folder / "objects" / "leak.jpg")
    try:
        assert world.run(command) == [str(world.server.folder / "objects" / "leak.jpg")]
    finally:
        (world.server.folder / "objects" / "leak.jpg").unlink()


def test_objects_are_noise(world: World) -> None:
    _, command = proofs(2)
    (line,) = world.run(command)
    bits, words = line.split(" ", 1)
    assert words == "bits a byte"
    assert 7.8 < float(bits) <= 8.0


def test_the_ring_opens(world: World) -> None:
    command, _ = proofs(2)
    words = command.replace("/srv/vision", str(world.server.folder)).split()
    assert words[0] == "footfall"
    assert main(words[1:]) == 0


def test_a_prediction_that_is_not_stored_writes_nothing(world: World) -> None:
    before, ask, after = proofs(4)
    world.run(before)
    assert world.run(ask) == ["200"]
    assert world.run(after) == ["0"]
    assert world.run(ask.replace("/nostore", "")) == ["200"]
    assert world.run(after) != ["0"]


def test_a_training_image_is_deleted_and_its_files_are_gone(world: World) -> None:
    find, delete, count = proofs(3)
    assert len(world.run(find)) == 3
    assert world.run(delete) == ["202"]
    assert world.run(count) == ["0"]


def test_a_model_is_asked_where_there_is_no_network(world: World, tmp_path: Path) -> None:
    if subprocess.run(["unshare", "--net", "--map-root-user", "true"], check=False, capture_output=True).returncode:
        pytest.skip("networks cannot be taken away here")
    _, command = proofs(5)
    (tmp_path / "ours.key").write_text(world.environment["T"])
    ends = ["--at", world.server.endpoint, "--key-file", str(tmp_path / "ours.key")]
    assert main(["customvision", "use", "coats", "--as", str(world.folder / "model.zip"), *ends]) == 0
    (line,) = world.run(command)
    alone = {one["tagName"]: one["probability"] for one in json.loads(line)["predictions"]}
    assert max(alone, key=lambda name: alone[name]) == "red"
    ask = proofs(4)[1].replace("-o /dev/null -w '%{http_code}\\n' ", "")
    (answer,) = world.run(ask)
    served = {one["tagName"]: one["probability"] for one in json.loads(answer)["predictions"]}
    assert alone == pytest.approx(served, abs=1e-4)
