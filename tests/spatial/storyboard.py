"""People on a stage: short ways to write who stands where, frame by frame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from footfall.core.geometry import Point
from footfall.core.types import TrackObservation
from footfall.spatial.insights import Insight
from footfall.spatial.operation import Operation
from footfall.spatial.regions import SpatialSpec

GONE = None
SQUARE_PICTURE = 1.0
WIDE_PICTURE = 360 / 640


def person(track_id: str, foot: Point, t_s: float = 0.0, frame: int = 0, **more: Any) -> TrackObservation:
    """Somebody 0.05 wide and 0.2 high who stands at `foot`."""
    x, y = foot
    box_n = more.pop("box_n", (x - 0.025, y - 0.2, x + 0.025, y))
    score = more.pop("score", 0.9)
    return TrackObservation(track_id, t_s, frame, box_n, foot, score, **more)


def play(
    spec: SpatialSpec,
    frames: Iterable[Mapping[str, Point | None]],
    fps: float = 1.0,
    aspect: float = SQUARE_PICTURE,
    flush: bool = True,
    **more: Any,
) -> list[Insight]:
    """Run storyboard frames (track id -> foot point) through a fresh operation."""
    operation = Operation(spec, aspect)
    told: list[Insight] = []
    for frame, people in enumerate(frames):
        t_s = frame / fps
        seen = [person(i, foot, t_s, frame, **more) for i, foot in people.items() if foot is not None]
        told += operation.step(seen, t_s, frame)
    return told + operation.flush() if flush else told


def solo(steps: Sequence[Point | None], track_id: str = "ann") -> list[dict[str, Point | None]]:
    """One person's way."""
    return [{track_id: step} for step in steps]


def between(start: Point, end: Point, steps: int) -> list[Point]:
    """An even walk from start to end, both included, in `steps` steps."""
    (x0, y0), (x1, y1) = start, end
    return [(x0 + (x1 - x0) * k / steps, y0 + (y1 - y0) * k / steps) for k in range(steps + 1)]
