"""`python -m benchmarks customvision-predict [--rounds N] [--advanced]`: what answers cost; do ten clients get theirs?

A classifier and a detector are trained on drawn pictures, published, and asked about pictures of 640x480 in one
process, each way in turn: decoding and the bare model, the operation without and with storing. Processor time is of
the process, kernel included; what waits for the disk is in the wall time alone. With --advanced, in place of all that:
drawn things are learned by a quick and by an advanced training, each in its child process, and both models are asked in
turn; minutes of one core.
"""

from __future__ import annotations

import argparse
import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import cv2
import numpy as np

from benchmarks import customvision_pictures
from benchmarks.machine import fingerprint
from footfall.customvision.prediction import predicting
from footfall.customvision.service import CustomVision
from footfall.customvision.training import iterations, orders, progress, publishing
from footfall.customvision.workshop import Workshop
from footfall.customvision.workspace import images, projects, tags
from footfall.customvision.workspace.intake import Box, Upload, upright
from footfall.engine.clock import SystemClock
from footfall.learning.model import open_model
from footfall.vault.objects import ObjectKind, ObjectName

COMPACT = "0732100f-1a38-4e49-a514-c9b44c697ab5"
DETECTION = "7ec2ac80-887b-48a6-8df9-8b1357765430"
SHAPES = ("disc", "cross")
PER_SHAPE = 15
"""As few as a detector may be trained with."""
PER_KIND = 20
"""Of drawn things: so many that fine-tuning pays."""
CLIENTS = 10
SIZE = (640, 480)


class NoLinks:
    """Nobody opens anything here."""

    def image(self, project_id: str, image_id: str, part: str) -> str:
        """As `Links`."""
        return ""

    def prediction(self, project_id: str, prediction_id: str, part: str) -> str:
        """As `Links`."""
        return ""

    def export(self, project_id: str, iteration_id: str, export_id: str) -> str:
        """As `Links`."""
        return ""


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks customvision-predict", description=__doc__)
    parser.add_argument("--rounds", type=int, default=100, help="answers of each kind")
    parser.add_argument("--advanced", action="store_true", help="a tuned classifier beside a quick one")
    args = parser.parse_args(argv)
    with TemporaryDirectory() as folder:
        vision = CustomVision(Path(folder), SystemClock(), NoLinks())
        vision.start()
        try:
            figures = (measure_tuned if args.advanced else measure)(vision.shop, args.rounds)
        finally:
            vision.close()
    print(json.dumps({"machine": fingerprint(), "figures": figures}, indent=2))
    return 1 if figures.get("ten clients", {}).get("faults") else 0


def measure_tuned(shop: Workshop, rounds: int) -> dict[str, Any]:
    """The same drawn things learned in two ways."""
    project_id = projects.create_project(shop, "things", None, COMPACT, "Multiclass").id
    for kind, drawn in customvision_pictures.things(PER_KIND, seed=31).items():
        tag_id = tags.create_tag(shop, project_id, kind, None, None).id
        uploads = [
            Upload(f"{n}.jpg", jpeg(np.ascontiguousarray(one[..., ::-1])), (tag_id,)) for n, one in enumerate(drawn)
        ]
        assert images.create_images(shop, project_id, uploads).is_batch_successful
    figures: dict[str, Any] = {}
    ways: dict[str, Callable[[bytes], object]] = {}
    for way, hours in (("Regular", 0), ("Advanced", 1)):
        begun_s = time.monotonic()
        iteration = learned(shop, project_id, way, hours)
        figures[f"{way}: wall s"] = time.monotonic() - begun_s
        figures[f"{way}: notes"] = progress.get_training_progress(shop, project_id, iteration).notes
        publishing.publish_iteration(shop, project_id, iteration, way, "benchmark")
        name = ObjectName(ObjectKind.MODEL, project_id, iteration)
        figures[f"{way}: model MB"] = len(shop.objects.get(name)) / 1e6

        def asked(data: bytes, way: str = way) -> object:
            return predicting.classify_image(shop, project_id, way, data, store=False)

        ways[f"{way}: nostore"] = asked
    return figures | in_turn(ways, [textured(seed) for seed in range(10)], rounds)


def measure(shop: Workshop, rounds: int) -> dict[str, dict[str, float]]:
    made = {kind: published(shop, kind) for kind in (COMPACT, DETECTION)}
    pictures = [textured(seed) for seed in range(10)]
    ways: dict[str, Callable[[bytes], object]] = {}
    for name, domain, ask in (
        ("classify", COMPACT, predicting.classify_image),
        ("detect", DETECTION, predicting.detect_image),
    ):
        project_id, iteration_id = made[domain]
        model = open_model(shop.objects.get(ObjectName(ObjectKind.MODEL, project_id, iteration_id)))
        bare = model.detect if model.is_detector else model.classify

        def alone(data: bytes, bare: Callable[..., object] = bare) -> object:
            return bare(upright(data, shop.limits, 2**22))

        def asked(data: bytes, ask: Callable[..., object] = ask, project_id: str = project_id) -> object:
            return ask(shop, project_id, "it", data, store=False)

        def kept(data: bytes, ask: Callable[..., object] = ask, project_id: str = project_id) -> object:
            return ask(shop, project_id, "it", data)

        ways |= {f"{name}: decode and model": alone, f"{name}: nostore": asked, f"{name}: stored": kept}
    figures = in_turn(ways, pictures, rounds)
    figures["ten clients"] = at_once(ways["classify: nostore"], pictures)
    return figures


def in_turn(
    ways: dict[str, Callable[[bytes], object]], pictures: list[bytes], rounds: int
) -> dict[str, dict[str, float]]:
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for turn in range(-2, rounds):
        for name, way in ways.items():
            cpu_s, wall_s = time.process_time(), time.perf_counter()
            way(pictures[turn % len(pictures)])
            if turn >= 0:
                taken[name].append((time.process_time() - cpu_s, time.perf_counter() - wall_s))
    return {name: summary(np.array(times) * 1e3) for name, times in taken.items()}


def summary(ms: np.ndarray) -> dict[str, float]:
    """(n, 2) milliseconds: processor, wall."""
    (cpu, wall), (cpu_95, wall_95) = np.median(ms, 0), np.percentile(ms, 95, 0)
    return {"cpu_ms": cpu, "cpu_ms_p95": cpu_95, "wall_ms": wall, "wall_ms_p95": wall_95}


def at_once(way: Callable[[bytes], object], pictures: list[bytes]) -> dict[str, float]:
    faults: list[str] = []

    def client() -> None:
        for picture in pictures:
            try:
                way(picture)
            except Exception as error:  # noqa: BLE001 - all are counted
                faults.append(repr(error))

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    begun_s = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers = CLIENTS * len(pictures)
    return {"answers": answers, "faults": len(faults), "answers_a_second": answers / (time.perf_counter() - begun_s)}


def published(shop: Workshop, domain: str) -> tuple[str, str]:
    """Project and iteration of a model that answers as `it`."""
    project_id = projects.create_project(shop, domain, None, domain, None).id
    for shape in SHAPES:
        tag_id = tags.create_tag(shop, project_id, shape, None, None).id
        uploads = [upload(shape, seed, tag_id, with_box=domain == DETECTION) for seed in range(PER_SHAPE)]
        assert images.create_images(shop, project_id, uploads).is_batch_successful
    iteration_id = learned(shop, project_id)
    publishing.publish_iteration(shop, project_id, iteration_id, "it", "benchmark")
    return project_id, iteration_id


def learned(shop: Workshop, project_id: str, way: str | None = None, hours: int = 0) -> str:
    """Train, wait until it is done, and tell the iteration's id."""
    iteration = orders.train_project(shop, project_id, way, hours)
    while iteration.status == "Training":
        time.sleep(0.5)
        iteration = iterations.get_iteration(shop, project_id, iteration.id)
    assert iteration.status == "Completed", iteration.training_error_details
    return iteration.id


def upload(shape: str, seed: int, tag_id: str, *, with_box: bool) -> Upload:
    picture, radius = ground(seed), 60
    rng = np.random.default_rng(seed)
    x, y = int(rng.integers(radius, SIZE[0] - radius)), int(rng.integers(radius, SIZE[1] - radius))
    colour = tuple(int(one) for one in rng.integers(180, 255, 3))
    if shape == "disc":
        cv2.circle(picture, (x, y), radius, colour, -1)
    else:
        cv2.line(picture, (x - radius, y), (x + radius, y), colour, 16)
        cv2.line(picture, (x, y - radius), (x, y + radius), colour, 16)
    box = Box(tag_id, (x - radius) / SIZE[0], (y - radius) / SIZE[1], 2 * radius / SIZE[0], 2 * radius / SIZE[1])
    return Upload(f"{seed}.jpg", jpeg(picture), () if with_box else (tag_id,), (box,) if with_box else ())


def ground(seed: int) -> np.ndarray:
    coarse = np.random.default_rng(seed).integers(40, 180, (30, 40, 3), dtype=np.uint8)
    return np.ascontiguousarray(cv2.resize(coarse, SIZE, interpolation=cv2.INTER_CUBIC))


def textured(seed: int) -> bytes:
    """As many bytes as a photograph of this size."""
    picture = ground(1000 + seed)
    noise = np.random.default_rng(seed).normal(0, 4, picture.shape)
    return jpeg(np.clip(picture + noise, 0, 255).astype(np.uint8))


def jpeg(picture: np.ndarray) -> bytes:
    is_made, data = cv2.imencode(".jpg", picture)
    assert is_made
    return data.tobytes()
