"""What an analyst gives, made by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import cv2
import numpy as np

from footfall.config.native import plan_for_target
from footfall.config.plan import GraphPlan, PrivacyMask, SourceSpec, pipeline
from footfall.core.types import Frame, Image, Observed, TrackObservation
from footfall.engine.items import Happened
from footfall.live.backdrop import HOLD_S, LEARNT_S
from footfall.live.hub import LiveHub
from footfall.live.window import Tap
from footfall.spatial.insights import Counted, Insight
from footfall.spatial.regions import CountRule, Line, LineCrossingRule, SpatialSpec, Trigger, Zone

BEGIN = datetime(2026, 3, 1, 8, tzinfo=UTC)
SIZE = 320, 180
SPATIAL = SpatialSpec(
    (Zone("till", ((0.0, 0.5), (0.5, 0.5), (0.5, 1.0), (0.0, 1.0)), (CountRule(),)),),
    (Line("door", (0.6, 0.2), (0.6, 0.9), (LineCrossingRule(),)),),
)


def plan(url: str = "rtsp://user:secret@10.0.0.7/main", *, masks: tuple[PrivacyMask, ...] = ()) -> GraphPlan:
    """A camera with a zone and a line."""
    (graph,) = plan_for_target(url, spatial=SPATIAL, source_id="front").graphs
    specs = [
        replace(node.spec, masks=masks) if isinstance(node.spec, SourceSpec) else node.spec for node in graph.nodes
    ]
    return replace(graph, nodes=pipeline(specs))


def noise(seed: int = 0, size: tuple[int, int] = SIZE) -> Image:
    """A picture in which everything differs."""
    return np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), np.uint8)


def somebody(left: float = 0.1, bottom: float = 0.8) -> TrackObservation:
    """A person whose feet are at (left + 0.05, bottom)."""
    box = left, bottom - 0.4, left + 0.1, bottom
    return TrackObservation("0123456789abcdef0123456789abcdef", 0.0, 0, box, (left + 0.05, bottom), 0.9)


def happened(
    t_s: float,
    *people: TrackObservation,
    image: Image | None = None,
    picture: Image | None = None,
    insights: tuple[Insight, ...] = (),
) -> Happened:
    """One analysed frame."""
    utc = BEGIN + timedelta(seconds=t_s)
    image = noise() if image is None else image
    frame = Frame("front", round(t_s * 10), t_s, utc, image, (640, 360), picture=picture)
    return Happened(Observed("front", frame.index, t_s, utc, (640, 360), people), insights, frame)


def counted(t_s: float, people: int) -> Counted:
    """So many are at the till."""
    return Counted("till", t_s, 0, Trigger.EVENT, (), people)


def learnt(hub: LiveHub, image: Image) -> Tap:
    """A camera that has looked at this for an hour."""
    tap = hub.open("front", plan())
    for step in range(int((LEARNT_S + HOLD_S) / 4) + 2):
        tap(happened(4.0 * step, image=image))
    return tap


def decoded(jpeg: bytes) -> Image:
    """The pixels of a JPEG."""
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)
