"""A graph that others bring frames to: it waits at a door, and every visitor gets a graph of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

from footfall.config.plan import GraphPlan
from footfall.core.ports import Clock
from footfall.core.types import Frame
from footfall.engine.graph import Graph
from footfall.engine.runner import State
from footfall.engine.worker import StopSignal
from footfall.events.inferences import Inference, NamedEvent, PersonEntity
from footfall.telemetry import Metrics


class Door(Protocol):
    """Where visitors come in."""

    def start(self) -> None:
        """Let visitors in."""
        ...

    def close(self) -> None:
        """Send all visitors away; safe to call twice."""
        ...


class Visit:
    """One visitor's frames on their way through a graph."""

    def __init__(self, graph: Graph, metrics: Metrics, clock: Clock, turn: threading.Lock) -> None:
        self._graph: Graph | None = graph
        self._metrics = metrics
        self._clock = clock
        self._turn = turn

    def look(self, frame: Frame) -> list[Inference]:
        """What there is to say about one frame."""
        assert self._graph is not None
        with self._turn, self._metrics.timed("analysis"):
            items = list(self._graph.push(frame))
        found = [item for item in items if isinstance(item, PersonEntity | NamedEvent)]
        self._metrics.count("frames_in")
        self._metrics.count("frames_analysed")
        self._metrics.count("events", sum(isinstance(item, NamedEvent) for item in found))
        self._metrics.lag_s = (self._clock.now() - frame.utc).total_seconds()
        return found

    def close(self) -> None:
        """The visitor has left: what the rules still hold is told to those who look on, nobody else can hear it."""
        with self._turn:
            if self._graph is not None:
                list(self._graph.flush())
            self._graph = None


class DoorRunner:
    """Runs a graph whose frames come in through a door; what `CameraRunner` is to a camera.

    Args:
        plan: of the graph.
        open_door: makes the door; called once, with this runner.
        clock: time of day.
    """

    def __init__(self, plan: GraphPlan, open_door: Callable[[DoorRunner], Door], clock: Clock) -> None:
        self.plan = plan
        self._clock = clock
        self._stop = StopSignal()
        self._turn = threading.Lock()
        """Visitors take turns: whoever looks on sees one frame after the other."""
        self._closing = threading.Lock()
        self.metrics = Metrics()
        self.state = State.STARTING
        self.reason = ""
        self.failure: Exception | None = None
        self._door = open_door(self)

    @property
    def name(self) -> str:
        """What people call the graph."""
        return self.plan.id

    @property
    def last_index(self) -> int:
        """Number of the newest analysed frame, over all visitors."""
        return self.metrics.counts["frames_analysed"] - 1

    def admit(self, graph: Graph) -> Visit:
        """Let a visitor in, with a graph that nobody else uses."""
        return Visit(graph, self.metrics, self._clock, self._turn)

    def start(self) -> DoorRunner:
        """Open the door; returns itself."""
        self._door.start()
        self.state = State.RUNNING
        return self

    def stop(self) -> None:
        """Ask for the end."""
        self._stop.set()

    def join(self, timeout_s: float) -> bool:
        """Wait until somebody asks for the end, then close the door; whether it is closed."""
        if not self._stop.wait(timeout_s):
            return False
        with self._closing:
            if self.state is not State.STOPPED:
                self._door.close()
                self.state = State.STOPPED
        return True
