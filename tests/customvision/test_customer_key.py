"""A customer's key in a key server: taken back, everything stops; given again, everything goes on (C6, C7)."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pytest

from customvision.studio import LEARNER, RED, HandClock, colours, painted, trained, wait
from footfall.customvision.door.operations import OPERATIONS
from footfall.customvision.service import CustomVision
from footfall.customvision.training import exports, publishing
from footfall.customvision.training.trainer import Means
from footfall.customvision.workshop import Workshop
from footfall.vault.making import make_ring, service_key_file
from footfall.vault.objects import SealedObjects
from footfall.vault.rotation import rotate
from footfall.vault.sealed import HEADER_BYTES, Header
from servers.transit_server import TransitServer, transit_server
from vision_door import P31, T34, VisionDoor, VisionVisitor

REVOKED = "BadRequestCustomerManagedKeyRevoked"
DONE = "done"
WITHDRAWN_S = 16.0
"""So long after its withdrawal a key is surely asked for again."""


@dataclass
class Shop:
    """A service with a published model, its pictures and an archive, and a client in front of it."""

    folder: Path
    server: TransitServer
    clock: HandClock = field(default_factory=HandClock)
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.door = VisionDoor(self.folder)

    @contextmanager
    def opened(self) -> Iterator[tuple[Workshop, VisionVisitor]]:
        means = Means((sys.executable, str(LEARNER)))
        vision = CustomVision(self.folder, self.clock, self.door.links, audit=self._hear, means=means)
        vision.start()
        visitor = self.door.visitor(shop=vision.shop, operations=OPERATIONS)
        try:
            yield vision.shop, visitor
        finally:
            visitor.close()
            self.door._open.clear()
            vision.close()

    def _hear(self, event: str, what: object) -> None:
        self.told.append(event)

    def keys_told(self) -> list[str]:
        told = [event for event in self.told if event.startswith("key")]
        self.told.clear()
        return told


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    with transit_server() as server:
        monkeypatch.setenv("FOOTFALL_CUSTOMER_KEY", server.url)
        monkeypatch.setenv("FOOTFALL_KEY_SERVER_TOKEN", "the-token")
        yield Shop(tmp_path, server)


def filled(shop: Workshop) -> dict[str, str]:
    """Ids and addresses of all that a project can hold."""
    project, [tag, _] = colours(shop)
    iteration = trained(shop, project).id
    publishing.publish_iteration(shop, project, iteration, "it", "/subscriptions/x")
    exports.export_iteration(shop, project, iteration, "ONNX")
    wait(lambda: [export.status for export in exports.get_exports(shop, project, iteration)] == ["Done"])
    return {"project": project, "tag": tag, "iteration": iteration}


def requests(ids: dict[str, str]) -> dict[str, tuple[str, str, dict]]:
    """Every kind of thing that a client does with data, and that can be done again and again."""
    project, run = f"{T34}/projects/{ids['project']}", f"{T34}/projects/{ids['project']}/iterations/{ids['iteration']}"
    predict = f"{P31}/{ids['project']}/classify/iterations/it/image"
    picture = {"content": painted(RED, 99), "headers": {"Content-Type": "application/octet-stream"}}
    return {
        "projects": ("GET", f"{T34}/projects", {}),
        "images": ("GET", f"{project}/images", {}),
        "upload": ("POST", f"{project}/images?tagIds={ids['tag']}", picture),
        "tag": ("PATCH", f"{project}/tags/{ids['tag']}", {"json": {"name": "red"}}),
        "performance": ("GET", f"{run}/performance?threshold=0.5", {}),
        "exports": ("GET", f"{run}/export", {}),
        "quick test": ("POST", f"{project}/quicktest/image?store=false", picture),
        "predict": ("POST", predict, picture),
        "predict without store": ("POST", f"{predict}/nostore", picture),
        "predictions": ("POST", f"{project}/predictions/query", {"json": {}}),
    }


def answers(visitor: VisionVisitor, asked: dict[str, tuple[str, str, dict]]) -> dict[str, object]:
    """Name -> done, or status and code of the error."""
    told = {}
    for name, (method, path, more) in asked.items():
        answer = visitor.ask(method, path, **more)
        told[name] = DONE if answer.is_success else (answer.status_code, answer.json()["code"])
    return told


def addresses(visitor: VisionVisitor, ids: dict[str, str]) -> list[str]:
    [first, *_] = visitor.ask("GET", f"{T34}/projects/{ids['project']}/images").json()
    [export] = visitor.ask("GET", requests(ids)["exports"][1]).json()
    return [first["originalImageUri"], first["thumbnailUri"], export["downloadUri"]]


@pytest.mark.parametrize("silence_s", [0.0, 60.0], ids=["refused", "out of reach"])
def test_a_key_is_taken_back_and_given_again(shop: Shop, silence_s: float) -> None:
    with shop.opened() as (workshop, visitor):
        ids = filled(workshop)
        asked, links = requests(ids), addresses(visitor, ids)
        assert answers(visitor, asked) == dict.fromkeys(asked, DONE)
        assert len(workshop.models) == 1
        assert shop.keys_told() == ["key-created"]

        if silence_s:
            shop.server.is_sealed = True
        else:
            shop.server.policies["the-token"] = set()
        shop.clock.advance(seconds=silence_s or WITHDRAWN_S)
        assert answers(visitor, asked) == dict.fromkeys(asked, (400, REVOKED))
        assert {visitor.ask("GET", link).json()["code"] for link in links} == {REVOKED}
        train = visitor.ask("POST", f"{T34}/projects/{ids['project']}/train?forceTrain=true")
        assert (train.status_code, train.json()["code"]) == (400, REVOKED)
        assert shop.keys_told() == ["key-revoked"]

        shop.server.is_sealed = False
        shop.server.policies["the-token"] = {"encrypt", "decrypt"}
        shop.clock.advance(seconds=6)
        assert answers(visitor, asked) == dict.fromkeys(asked, DONE)
        assert {visitor.ask("GET", link).status_code for link in links} == {200}
        assert shop.keys_told() == ["key-restored"]


def test_nothing_opens_after_a_start_without_the_key(shop: Shop) -> None:
    with shop.opened() as (workshop, visitor):
        ids = filled(workshop)
    shop.server.policies["the-token"] = set()
    asked = requests(ids)
    with shop.opened() as (_, visitor):
        assert answers(visitor, asked) == dict.fromkeys(asked, (400, REVOKED))
        shop.server.policies["the-token"] = {"encrypt", "decrypt"}
        shop.clock.advance(seconds=6)
        assert answers(visitor, asked) == dict.fromkeys(asked, DONE)


def test_keys_are_rotated_while_clients_work(shop: Shop) -> None:
    with shop.opened() as (workshop, visitor):
        ids = filled(workshop)
        asked = requests(ids)
        files = sorted((shop.folder / "objects").rglob("*.enc"))
        before = {file: file.read_bytes() for file in files}
        ring = make_ring(shop.folder / "keys", os.environ, shop.clock, lambda event, what: None)
        own = service_key_file(shop.folder / "keys", os.environ)
        objects = SealedObjects(shop.folder / "objects", ring, tidies=False)
        for _ in range(2):
            assert rotate(ring, [objects], lambda event, what: None, own) >= len(files)
            assert answers(visitor, asked) == dict.fromkeys(asked, DONE)
    for file, content in before.items():
        after = file.read_bytes()
        assert sha256(after[HEADER_BYTES:]).digest() == sha256(content[HEADER_BYTES:]).digest()
        assert Header.decode(after).key_id == ring.newest != Header.decode(content).key_id


@pytest.mark.parametrize("kind", ["image", "thumbnail", "model", "export"])
def test_a_changed_object_is_an_error_that_the_audit_log_knows(shop: Shop, kind: str) -> None:
    with shop.opened() as (workshop, visitor):
        ids = filled(workshop)
        links = addresses(visitor, ids)
        for file in (shop.folder / "objects" / ids["project"] / kind).glob("*.enc"):
            content = bytearray(file.read_bytes())
            content[-20] ^= 1
            file.write_bytes(content)
        workshop.models.clear()
        method, path, more = requests(ids)["predict without store"]
        touching = {
            "image": lambda: visitor.ask("GET", links[0]),
            "thumbnail": lambda: visitor.ask("GET", links[1]),
            "export": lambda: visitor.ask("GET", links[2]),
            "model": lambda: visitor.ask(method, path, **more),
        }
        answer = touching[kind]()
        assert (answer.status_code, answer.json()["code"]) == (400, "BadRequestInvalid")
        assert "object-altered" in shop.told
