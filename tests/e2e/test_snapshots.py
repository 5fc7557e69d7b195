"""A camera's pictures to learn from, in the service as people start it: consented, sealed, capped, told."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from footfall.annotate import VideoWriter
from footfall.learning.bundle import make_bundle
from footfall.learning.lesson import Kind
from servers.footfall_serve import ADMIN, PASSWORD, Api, FootfallServe, wait_until
from takeaways import white_finder, with_white

AT = datetime(2026, 11, 21, tzinfo=UTC)
CONSENT = "agreed on 1 May, notice at the door"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip of somebody who walks by, a model that finds them, and a configuration that asks for two pictures."""
    folder = tmp_path_factory.mktemp("snapshots")
    (folder / "people.zip").write_bytes(make_bundle(white_finder(), ("person",), Kind.DETECTION, "1", AT, None))
    with VideoWriter(folder / "clip.mp4", 10.0, (640, 360)) as writer:
        for number in range(60):
            x = 40 + 8 * number
            picture = with_white((x, 120, x + 60, 280), (640, 360))
            picture[120:280, x : x + 60] -= np.random.default_rng(number).integers(0, 40, (160, 60, 3), np.uint8)
            writer.write(picture, number / 10)
    snapshots = {"project": "coats", "consent": CONSENT, "given_by": "A. Meier", "every": 1, "a_day": 2}
    camera = {
        "name": "door",
        "url": str(folder / "clip.mp4"),
        "model": str(folder / "people.zip"),
        "zones": [{"name": "all", "points": [[0, 0], [1, 0], [1, 1], [0, 1]]}],
        "snapshots": snapshots,
    }
    (folder / "site.yaml").write_text(json.dumps({"cameras": [camera]}))
    return folder


@pytest.fixture(scope="module")
def service(folder: Path) -> Iterator[FootfallServe]:
    with FootfallServe(folder, folder / "site.yaml", more=("--customvision",)) as service:
        yield service


def images(service: FootfallServe, project: str, key: str) -> list[dict[str, Any]]:
    where = f"{service.url}/customvision/v3.3/training/projects/{project}/images"
    reply = httpx.get(
        where,
        params={"taggingStatus": "Untagged"},
        headers={"Training-Key": key},
        verify=False,  # noqa: S501 - its own
        timeout=60,
    )
    return list(reply.json())


def test_two_pictures_are_sealed_into_the_project_and_then_it_is_over(service: FootfallServe, folder: Path) -> None:
    key = service.wait_for(r"training key 1: (\S+)")[1]
    base = f"{service.url}/customvision/v3.3/training/projects"
    made = httpx.post(base, params={"name": "coats"}, headers={"Training-Key": key}, verify=False, timeout=60)  # noqa: S501 - its own
    project = made.json()["id"]
    token = re.sub(r".*token=", "", service.setup_link())
    api = Api(service)
    api.ask("POST", "setup", {"token": token, "name": ADMIN, "password": PASSWORD})
    api.log_in()
    wait_until(lambda: len(images(service, project, key)) == 2, 60)

    def reasons() -> dict[str, str]:
        reply = httpx.get(f"{service.url}/health/ready", cookies=api.cookies, verify=False, timeout=60)  # noqa: S501 - its own
        return dict(reply.json()["reasons"])

    wait_until(lambda: "snapshots-full:door" in reasons(), 60)
    assert "by consent of A. Meier: 2 of 2 today" in reasons()["snapshots-full:door"]
    kept = images(service, project, key)
    assert [image["metadata"]["camera"] for image in kept] == ["door", "door"]
    picture = httpx.get(kept[0]["originalImageUri"], verify=False, timeout=60).content  # noqa: S501 - its own
    assert picture[:2] == b"\xff\xd8"
    entries = {entry["what"]: entry["about"] for entry in api.ask("GET", "audit")["entries"]}
    assert CONSENT in entries["snapshots-on"]
    assert "A. Meier" in entries["snapshots-on"]
    assert "snapshots-full" in entries
    in_clear = [
        file for file in (folder / "data").rglob("*") if file.is_file() and b"\xff\xd8\xff" in file.read_bytes()
    ]
    assert in_clear == []
    assert len(images(service, project, key)) == 2
    api.close()
