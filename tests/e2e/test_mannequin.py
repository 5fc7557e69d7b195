"""A mannequin in the shop window: found as a person all the time, and dropped as TRACKER_NODE_CONFIG says."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from footfall.annotate import VideoWriter
from footfall.config.environment import Settings
from footfall.config.load import load_plan
from footfall.config.plan import GraphPlan, OnEnd, Pace, SourceSpec
from footfall.core.types import Detections, Frame, Message
from footfall.engine.clock import SystemClock
from footfall.ingest.decode import VideoSource
from footfall.runtime.options import Options
from footfall.runtime.wiring import Models, run_graph

SIZE_PX, FPS, SECONDS = (320, 180), 10, 16
AZURE = "cognitiveservices.vision.spatialanalysis-personcount"
WINDOW: dict[str, object] = {"stationary_objects_buffer_length_in_seconds": 20}
"""With the default ratio of 0.2 a place is stationary after four seconds."""


class Blocks:
    """Finds bright blocks in a dark picture, and cannot tell dolls from people."""

    def detect(self, frames: Sequence[Frame]) -> list[Detections]:
        return [self._one(frame) for frame in frames]

    def _one(self, frame: Frame) -> Detections:
        _, _, stats, _ = cv2.connectedComponentsWithStats((frame.image[:, :, 1] > 150).astype(np.uint8))
        xywh = stats[1:, :4].astype(np.float32)
        xyxy = np.concatenate([xywh[:, :2], xywh[:, :2] + xywh[:, 2:]], axis=1)
        score, label = np.full(len(xyxy), 0.9, np.float32), np.zeros(len(xyxy), np.int16)
        return Detections(xyxy, score, label, (frame.image.shape[1], frame.image.shape[0]))


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A doll on the right from beginning to end; from 9 s to 14 s a person walks by on the left."""
    path = tmp_path_factory.mktemp("window") / "clip.mp4"
    noise = np.random.default_rng(1)
    with VideoWriter(path, FPS, SIZE_PX) as video:
        for k in range(SECONDS * FPS):
            image = noise.integers(20, 40, (SIZE_PX[1], SIZE_PX[0], 3), np.uint8)
            cv2.rectangle(image, (240, 60), (264, 139), (220, 220, 220), -1)
            if 9 * FPS <= k < 14 * FPS:
                x = 40 + 2 * (k - 9 * FPS)
                cv2.rectangle(image, (x, 80), (x + 24, 159), (220, 220, 220), -1)
            video.write(image, k / FPS)
    return path


def plan_of(clip: Path, **nodes: object) -> GraphPlan:
    """One personcount over the whole picture, as a deployment manifest asks for it."""
    zone = {"name": "shop", "polygon": [[0, 0], [1, 0], [1, 1], [0, 1]], "events": [{"type": "count", "config": {}}]}
    parameters = {
        "VIDEO_URL": str(clip),
        "VIDEO_SOURCE_ID": "window",
        "VIDEO_IS_LIVE": False,
        "SPACEANALYTICS_CONFIG": json.dumps({"zones": [zone]}),
        **{name: json.dumps(value) for name, value in nodes.items()},
    }
    text = json.dumps({"graphs": {"g": {"operationId": AZURE, "version": 1, "parameters": parameters}}})
    return load_plan(text, file="manifest.json", settings=Settings()).graphs[0]


def counts(plan: GraphPlan) -> list[tuple[float, int]]:
    """(media time in seconds, people) of every count event."""
    source = plan.spec(SourceSpec)
    once = VideoSource(
        SourceSpec(source.source_id, source.url, on_end=OnEnd.STOP, pace=Pace.FAST),
        image_width_px=320,
        clock=SystemClock(),
    )
    graph = run_graph(plan, Models(Blocks()), Options(Path(), Path(), media_time=True), SystemClock())
    messages = [message for frame in once.frames() for message in graph.push(frame)]
    bodies = [json.loads(message.body) for message in messages if isinstance(message, Message)]
    return [
        (float(body["sourceInfo"]["timestamp"].split(":")[-1].rstrip("Z")), event["properties"]["personCount"])
        for body in bodies
        for event in body.get("events", [])
        if event["type"] == "personCountEvent"
    ]


def most(told: list[tuple[float, int]], low_s: float, high_s: float) -> int:
    return max(count for t_s, count in told if low_s <= t_s < high_s)


def last(told: list[tuple[float, int]], t_s: float) -> int:
    return next(count for at_s, count in reversed(told) if at_s < t_s)


def test_the_mannequin_counts_for_four_seconds_and_the_passer_by_always(clip: Path) -> None:
    told = counts(plan_of(clip, TRACKER_NODE_CONFIG=WINDOW))
    assert last(told, 4.0) == 1
    assert last(told, 8.9) == 0
    assert most(told, 9.0, 14.0) == 1
    assert last(told, 16.0) == 0


@pytest.mark.parametrize(
    "nodes",
    [
        pytest.param({"TRACKER_NODE_CONFIG": {**WINDOW, "remove_stationary_objects": False}}, id="switched off"),
        pytest.param(
            {"TRACKER_NODE_CONFIG": WINDOW, "STATIONARY_TARGET_REMOVER_CONFIG": {"enable": False}},
            id="switched off at the remover, which wins",
        ),
        pytest.param({}, id="twelve minutes are not over"),
        pytest.param({"TRACKER_NODE_CONFIG": {**WINDOW, "stationary_objects_filter_ratio": 1}}, id="a ratio of 1"),
        pytest.param(
            {"TRACKER_NODE_CONFIG": {**WINDOW, "stationary_objects_filter_ratio": 0.85}}, id="too short for the ratio"
        ),
    ],
)
def test_who_is_not_dropped_is_counted_to_the_end(clip: Path, nodes: dict[str, object]) -> None:
    told = counts(plan_of(clip, **nodes))
    assert last(told, 8.9) == 1
    assert most(told, 9.0, 14.0) == 2
    assert last(told, 16.0) == 1
