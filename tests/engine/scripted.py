"""A camera's life as a script: what the source does, frame by frame."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import numpy as np

from footfall.config.plan import GraphPlan, OnEnd, Pace, SourceSpec, pipeline
from footfall.core.types import Frame, Message

DAY = datetime(2024, 1, 1, tzinfo=UTC)


class Clock:
    """Runs ten seconds further at every look."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return DAY + timedelta(seconds=self.seconds)

    def monotonic_s(self) -> float:
        self.seconds += 10.0
        return self.seconds


class Scripted:
    """Plays one life: so many frames, then the error, or the end."""

    def __init__(self, frames: int, error: Exception | None = None) -> None:
        self._frames = frames
        self._error = error
        self.closed = threading.Event()

    def frames(self) -> Iterator[Frame]:
        for index in range(self._frames):
            yield Frame("cam", index, index / 10, DAY, np.zeros((2, 4, 3), np.uint8), (4, 2))
        if self._error:
            raise self._error

    def close(self) -> None:
        self.closed.set()


class Report:
    """One message a frame that tells its time and number; one more at the end."""

    def feed(self, item: object) -> Iterable[object]:
        assert isinstance(item, Frame)
        yield Message("cam", f"{item.index}@{item.t_s:g}".encode(), str(item.index), item.utc)

    def flush(self) -> Iterable[object]:
        yield Message("cam", b"flush", "flush", DAY)


def graph_plan(on_end: OnEnd, name: str = "g") -> GraphPlan:
    source = SourceSpec("cam", "rtsp://nobody", on_end=on_end, pace=Pace.FAST)
    return GraphPlan(name, "", pipeline([source]))


class Endless:
    """A camera that sends on and on, until it is closed."""

    def __init__(self) -> None:
        self.closed = threading.Event()

    def frames(self) -> Iterator[Frame]:
        index = 0
        while not self.closed.is_set():
            yield Frame("cam", index, index / 10, DAY, np.zeros((2, 4, 3), np.uint8), (4, 2))
            index += 1

    def close(self) -> None:
        self.closed.set()
