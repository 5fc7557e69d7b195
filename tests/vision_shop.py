"""A workshop over a real database and real sealed objects, and pictures that are drawn."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import numpy as np
from PIL import Image as Pillow
from sqlalchemy import Engine, event

from footfall.customvision.faults import Refused
from footfall.customvision.wire.labels import ImageTagCreateEntry
from footfall.customvision.workshop import Workshop
from footfall.customvision.workspace import images, labels, projects, tags
from footfall.customvision.workspace.domains import find_domain
from footfall.customvision.workspace.intake import Upload
from footfall.customvision.workspace.limits import Limits
from footfall.store.database import connect, open_database
from footfall.vault.keys import Keys
from footfall.vault.objects import SealedObjects

GOLDEN = Path(__file__).parent / "golden" / "customvision"
DETECTION = "da2e3a8a-40a5-4171-82f4-58522f70fbc1"
KEYS = Keys(b"k" * 32)
NOBODY = "00000000-0000-4000-8000-000000000000"
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass
class HandClock:
    """Stands still until it is set."""

    at: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        self.at += timedelta(microseconds=1)
        return self.at

    def monotonic_s(self) -> float:
        return self.at.timestamp()


class PlainLinks:
    """Addresses that say what they lead to."""

    def image(self, project_id: str, image_id: str, part: str) -> str:
        return f"https://here/{project_id}/{image_id}/{part}"

    def prediction(self, project_id: str, prediction_id: str, part: str) -> str:
        return f"https://here/{project_id}/{prediction_id}/{part}"

    def export(self, project_id: str, iteration_id: str, export_id: str) -> str:
        return f"https://here/{project_id}/{iteration_id}/{export_id}"


@cache
def _empty() -> bytes:
    """A database with all tables and nothing in them: made once, since that takes a while."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "vision.sqlite"
        open_database(file, "vision").dispose()
        return file.read_bytes()


@dataclass
class Floor:
    """One data folder, and what was told to the audit log."""

    folder: Path
    limits: Limits = field(default_factory=Limits)
    told: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)

    @contextmanager
    def opened(self) -> Iterator[Workshop]:
        file = self.folder / "vision.sqlite"
        if not file.exists():
            file.write_bytes(_empty())
        engine = connect(file, "vision")
        objects = SealedObjects(self.folder / "objects", KEYS)
        try:
            yield Workshop(engine, objects, HandClock(), self.limits, PlainLinks(), self._hear)
        finally:
            engine.dispose()

    def _hear(self, what: str, about: Mapping[str, object]) -> None:
        self.told.append((what, about))


def drawn(seed: int = 0, size: tuple[int, int] = (64, 48), format: str = "JPEG", **options: Any) -> bytes:
    """A picture with a square on noise, another one for each seed."""
    rng = np.random.default_rng(seed)
    rgb = rng.integers(0, 60, (size[1], size[0], 3), np.uint8)
    rgb[size[1] // 4 : size[1] // 2, size[0] // 4 : size[0] // 2] = rng.integers(128, 255, 3, np.uint8)
    target = BytesIO()
    Pillow.fromarray(rgb).save(target, format, **options)
    return target.getvalue()


def add(shop: Workshop, project_id: str, count: int = 1, *tag_ids: str, seed: int = 0) -> list[str]:
    """So many pictures with these tags; their ids."""
    uploads = [Upload(f"{n}.jpg", drawn(seed + n), tag_ids) for n in range(count)]
    summary = images.create_images(shop, project_id, uploads)
    assert summary.is_batch_successful, summary
    return [result.image.id for result in summary.images if result.image]


def project(shop: Workshop, name: str = "forks", *tag_names: str, **options: Any) -> tuple[str, list[str]]:
    """A project with tags: its id and theirs."""
    project_id = projects.create_project(shop, name, **options).id
    return project_id, [tags.create_tag(shop, project_id, tag_name).id for tag_name in tag_names]


def put(shop: Workshop, project_id: str, image_id: str, tag_id: str) -> None:
    """A tag on an image."""
    labels.create_image_tags(shop, project_id, [ImageTagCreateEntry(image_id=image_id, tag_id=tag_id)])


def refusal(operation: Any, *arguments: Any, **named: Any) -> str:
    """The code that an operation is refused with."""
    try:
        answer = operation(*arguments, **named)
    except Refused as refused:
        return refused.code
    raise AssertionError(f"not refused: {answer}")


def told(*answers: Any) -> str:
    """Answers as JSON, key for key; ids that are given by chance are told apart by number."""
    numbers: dict[str, str] = {}

    def numbered(match: re.Match[str]) -> str:
        if find_domain(match[0]):
            return match[0]
        return numbers.setdefault(match[0], f"id-{len(numbers) + 1}")

    text = _ID.sub(numbered, msgspec.json.encode(answers).decode())
    return json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"


def golden(name: str, *answers: Any) -> None:
    """Compare with what is kept; `FOOTFALL_GOLDEN=write pytest` rewrites it; review the diff."""
    file = GOLDEN / f"{name}.json"
    if os.environ.get("FOOTFALL_GOLDEN") == "write":
        file.write_text(told(*answers), "utf-8")
    assert told(*answers) == file.read_text("utf-8")


@contextmanager
def statements(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """Every statement that runs meanwhile, with its values."""
    heard: list[tuple[str, Any]] = []

    def hear(_: Any, __: Any, statement: str, values: Any, *___: Any) -> None:
        heard.append((statement, values))

    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(engine, "before_cursor_execute", hear)
