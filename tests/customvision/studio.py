"""A workshop for tests: a real data folder, a clock that is set by hand, and a learner that is quick."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np

from footfall.customvision.service import CustomVision
from footfall.customvision.training import iterations, orders
from footfall.customvision.training.trainer import Means
from footfall.customvision.wire.iterations import Iteration
from footfall.customvision.workshop import Workshop
from footfall.customvision.workspace import images, projects, tags
from footfall.customvision.workspace.intake import Box, Upload
from footfall.customvision.workspace.limits import Limits

LEARNER = Path(__file__).with_name("stand_in.py")
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
PATIENCE_S = 1500.0
COMPACT = "0732100f-1a38-4e49-a514-c9b44c697ab5"
GENERAL = "ee85a74c-405e-4adc-bb47-ffa8ca0c9f31"
DETECTION = "7ec2ac80-887b-48a6-8df9-8b1357765430"
RED, GREEN, BLUE = (200, 30, 30), (30, 200, 30), (30, 30, 200)


class HandClock:
    """Stands still until it is set."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self.set_back = timedelta()

    def now(self) -> datetime:
        return START + self.ahead - self.set_back

    def monotonic_s(self) -> float:
        return time.monotonic() + self.ahead.total_seconds()

    def advance(self, **by: float) -> None:
        self.ahead += timedelta(**by)


class PlainLinks:
    """Addresses that say what they lead to."""

    def image(self, project_id: str, image_id: str, part: str) -> str:
        return f"http://here/image/{project_id}/{image_id}/{part}"

    def prediction(self, project_id: str, prediction_id: str, part: str) -> str:
        return f"http://here/prediction/{project_id}/{prediction_id}/{part}"

    def export(self, project_id: str, iteration_id: str, export_id: str) -> str:
        return f"http://here/export/{project_id}/{iteration_id}/{export_id}"


@dataclass
class Studio:
    """Opens and closes one data folder, again and again."""

    folder: Path
    mode: str = "quick"
    limits: Limits = field(default_factory=Limits)
    memory_bytes: int = 4 * 2**30
    clock: HandClock = field(default_factory=HandClock)
    told: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)

    @contextmanager
    def opened(self, *, is_working: bool = True) -> Iterator[Workshop]:
        command = (sys.executable, str(LEARNER), self.mode, str(self._release))
        means = Means(command, threads=1, memory_bytes=self.memory_bytes)
        vision = CustomVision(self.folder, self.clock, PlainLinks(), audit=self._hear, limits=self.limits, means=means)
        try:
            if is_working:
                vision.start()
            yield vision.shop
        finally:
            vision.close()

    def release(self) -> None:
        """Let patient learners go on."""
        self._release.touch()

    @property
    def _release(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}-release")

    def _hear(self, event: str, what: Mapping[str, object]) -> None:
        self.told.append((event, what))

    def revoke(self) -> None:
        """Take the service's key away, and let its last yes grow old."""
        key = self.folder / "keys" / "service-key"
        key.rename(key.with_name("elsewhere"))
        self.clock.advance(seconds=60)

    def restore(self) -> None:
        key = self.folder / "keys" / "service-key"
        key.with_name("elsewhere").rename(key)
        self.clock.advance(seconds=60)


def painted(colour: Sequence[int], seed: int, side: int = 64) -> bytes:
    """A JPEG of about one colour, another one for each seed."""
    rng = np.random.default_rng(seed)
    rgb = np.clip(np.array(colour) + rng.normal(0, 12, (side, side, 3)), 0, 255).astype(np.uint8)
    is_made, jpeg = cv2.imencode(".jpg", rgb[:, :, ::-1])
    assert is_made
    return jpeg.tobytes()


def shapes_on_ground(shape: str, seed: int, side: int = 320) -> tuple[bytes, tuple[float, float, float, float]]:
    """A JPEG with a disc or a cross somewhere on textured ground, and its box: left, top, width, height."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(60, 160, (20, 20, 3), dtype=np.uint8)
    picture = cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC)
    radius = int(rng.integers(35, 70))
    x, y = (int(one) for one in rng.integers(radius + 4, side - radius - 4, 2))
    colour = tuple(int(one) for one in rng.integers(180, 255, 3))
    if shape == "disc":
        cv2.circle(picture, (x, y), radius, colour, -1)
    else:
        cv2.line(picture, (x - radius, y), (x + radius, y), colour, 16)
        cv2.line(picture, (x, y - radius), (x, y + radius), colour, 16)
    is_made, jpeg = cv2.imencode(".jpg", picture)
    assert is_made
    return jpeg.tobytes(), ((x - radius) / side, (y - radius) / side, 2 * radius / side, 2 * radius / side)


def colours(
    shop: Workshop, many: int = 6, domain: str = COMPACT, kind: str = "Multiclass", name: str = "colours"
) -> tuple[str, list[str]]:
    """A project with so many red and as many green pictures; its id and those of its tags."""
    project_id = projects.create_project(shop, name, None, domain, kind).id
    tag_ids = [tags.create_tag(shop, project_id, name, None, None).id for name in ("red", "green")]
    for tag_id, colour in zip(tag_ids, (RED, GREEN), strict=True):
        add(shop, project_id, tag_id, colour, many)
    return project_id, tag_ids


def add(shop: Workshop, project_id: str, tag_id: str, colour: Sequence[int], many: int, seed: int = 0) -> list[str]:
    uploads = [Upload(f"{n}.jpg", painted(colour, seed + n), (tag_id,)) for n in range(many)]
    summary = images.create_images(shop, project_id, uploads)
    assert summary.is_batch_successful, summary
    return [result.image.id for result in summary.images if result.image]


def boxes(shop: Workshop, many: int = 15) -> tuple[str, list[str]]:
    """A detection project; each picture has one box of each of two tags."""
    project_id = projects.create_project(shop, "boxes", None, DETECTION, None).id
    tag_ids = [tags.create_tag(shop, project_id, name, None, None).id for name in ("left", "right")]
    regions = tuple(Box(tag_id, 0.1 + 0.5 * side, 0.2, 0.3, 0.4) for side, tag_id in enumerate(tag_ids))
    uploads = [Upload(f"{n}.jpg", painted(BLUE, n), (), regions) for n in range(many)]
    assert images.create_images(shop, project_id, uploads).is_batch_successful
    return project_id, tag_ids


def trained(shop: Workshop, project_id: str, **asked: object) -> Iteration:
    """Train, and wait until it is done."""
    begun = orders.train_project(shop, project_id, **asked)
    assert begun.status == "Training"
    return ended(shop, project_id, begun.id)


def ended(shop: Workshop, project_id: str, iteration_id: str) -> Iteration:
    wait(lambda: iterations.get_iteration(shop, project_id, iteration_id).status != "Training")
    return iterations.get_iteration(shop, project_id, iteration_id)


def wait(is_true: Callable[[], object]) -> None:
    begun_s = time.monotonic()
    while not is_true():
        assert time.monotonic() < begun_s + PATIENCE_S, "waited too long"
        time.sleep(0.02)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, byte for byte."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
