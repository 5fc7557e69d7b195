"""What the supervisor keeps running, and the states it can be in (RULE C4)."""

from __future__ import annotations

from enum import Enum
from typing import Protocol

from footfall.config.plan import GraphPlan, RecorderPlan
from footfall.telemetry import Metrics


class State(Enum):
    """What a camera's graph is doing (RULE C4)."""

    STARTING = "starting"
    RUNNING = "running"
    RECONNECTING = "reconnecting"
    FAILED = "failed"
    STOPPED = "stopped"


MOVES: dict[State, frozenset[State]] = {
    State.STARTING: frozenset({State.RUNNING, State.RECONNECTING, State.FAILED, State.STOPPED}),
    State.RUNNING: frozenset({State.RECONNECTING, State.FAILED, State.STOPPED}),
    State.RECONNECTING: frozenset({State.RUNNING, State.FAILED, State.STOPPED}),
    State.FAILED: frozenset({State.STOPPED}),
    State.STOPPED: frozenset(),
}


class Runner(Protocol):
    """A camera, a graph that others bring frames to, or a recorder."""

    metrics: Metrics

    @property
    def state(self) -> State:
        """What it is doing."""
        ...

    @property
    def reason(self) -> str:
        """Why."""
        ...

    @property
    def failure(self) -> Exception | None:
        """What ended it before its time."""
        ...

    @property
    def plan(self) -> GraphPlan | RecorderPlan:
        """What it runs."""
        ...

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    @property
    def last_index(self) -> int:
        """Number of the newest analysed frame; -1 before the first."""
        ...

    def start(self) -> object:
        """Begin."""
        ...

    def stop(self) -> None:
        """Ask for the end."""
        ...

    def join(self, timeout_s: float) -> bool:
        """Wait for the end; whether it has come."""
        ...
