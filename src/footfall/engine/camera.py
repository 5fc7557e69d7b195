"""One camera's life: a reader thread, an analyst thread, and back to the camera whenever it is lost."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Final, TypeAlias

from footfall.config.plan import GraphPlan, OnEnd, Pace, SourceSpec
from footfall.core.errors import FootfallError, SourceUnavailable
from footfall.core.ports import Clock, Source
from footfall.core.retry import backoff_s
from footfall.core.types import Frame, Message
from footfall.engine.clock_alarm import ClockAlarm
from footfall.engine.graph import Graph
from footfall.engine.runner import MOVES, State
from footfall.engine.worker import Closed, Mailbox, Policy, StopSignal, Worker
from footfall.telemetry import Metrics

log = logging.getLogger(__name__)

Deliver: TypeAlias = Callable[[list[Message]], None]

LONGEST_WAIT_S: Final = 3.0
"""Between two tries to reach a camera: events go on within 5 s of its return."""
FORGET_AFTER_S: Final = 5.0
"""Nobody whom a camera saw can still be said to be there when it has been away for so long."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a runner is made of; `runtime` builds it."""

    plan: GraphPlan
    open_source: Callable[[], Source]
    graph: Graph
    stop: StopSignal = field(default_factory=StopSignal)
    """Set when the camera must end: whatever the source sleeps on can wake up at it."""
    on_life: Callable[[float], None] = field(default=lambda _base_s: None)
    """Told at the first frame of every further connection how much later stream time is than the connection's own."""
    pause_s: Callable[[SourceUnavailable, int, float], float] = field(
        default=lambda _error, attempt, random_0_1: backoff_s(attempt, random_0_1, LONGEST_WAIT_S)
    )
    """How long to wait after an error before the next try, its number from 1, and chance in [0, 1)."""


class CameraRunner:
    """One camera, from its source to its messages.

    Args:
        parts: The graph and the way to open its source.
        deliver: Takes messages; called from the analyst thread, returns when they are as safe as they can be.
        clock: Time of day.
        random: Uniform numbers in [0, 1) for the jitter of the back-off.
        gives_up: Whether a source that cannot be opened at the very start ends the run (command line) instead of
            being tried again for ever (services).
    """

    def __init__(
        self, parts: Parts, deliver: Deliver, clock: Clock, random: Callable[[], float], *, gives_up: bool
    ) -> None:
        self._parts = parts
        self._deliver = deliver
        self._clock = clock
        self._random = random
        self._gives_up = gives_up
        self._spec = parts.plan.spec(SourceSpec)
        is_fast = self._spec.pace is Pace.FAST
        self._mailbox: Mailbox[Frame] = Mailbox(8, Policy.BLOCK) if is_fast else Mailbox(1, Policy.DROP_OLDEST)
        self._stop = parts.stop
        self._source: Source | None = None
        self._workers = [
            Worker(f"{parts.plan.id} reader", self._read, self._fail),
            Worker(f"{parts.plan.id} analyst", self._analyse, self._fail),
        ]
        self._moving = threading.Lock()
        self._turn = threading.Lock()
        """Held while the graph is at work: it is changed between two frames."""
        self.since = clock.now()
        """When it came into its state."""
        self._clock_alarm = ClockAlarm(self._spec.source_id)
        self.metrics = Metrics()
        self.last_index = -1
        """Number of the newest analysed frame."""
        self.state = State.STARTING
        self.reason = ""
        """Why the state is what it is: the reason of the last source error, or the text of a failure."""
        self.failure: Exception | None = None
        """What ended the graph before its time: a `FootfallError`, or a mistake in the program."""

    @property
    def name(self) -> str:
        """What people call the camera."""
        return self._spec.source_id

    @property
    def plan(self) -> GraphPlan:
        """What this runner runs."""
        return self._parts.plan

    def take_up(self, plan: GraphPlan, change: Callable[[Graph], Iterable[Message]]) -> None:
        """Go on under another plan of the same pictures, between two frames and without missing any.

        Args:
            plan: what runs from now on.
            change: changes the graph, and gives what is still to be told under the old plan.
        """
        with self._turn:
            messages = list(change(self._parts.graph))
            self._parts = replace(self._parts, plan=plan)
        if messages:
            self._deliver(messages)
            self.metrics.count("events", sum(not message.is_private for message in messages))

    def start(self) -> CameraRunner:
        """Start both threads; returns itself."""
        for worker in self._workers:
            worker.start()
        return self

    def stop(self) -> None:
        """Ask for the end; frames already taken in are still analysed."""
        self._stop.set()
        self._mailbox.close()
        if self._source is not None:
            self._source.close()

    def join(self, timeout_s: float) -> bool:
        """Wait until the graph has ended; whether it has."""
        deadline_s = monotonic() + timeout_s
        return all(worker.join(max(0.0, deadline_s - monotonic())) for worker in self._workers)

    def _move(self, state: State, reason: str = "") -> None:
        """Change the state; one line in the log per change."""
        with self._moving:
            if state is self.state:
                self.reason = reason
                return
            if state not in MOVES[self.state]:
                return
            self.state, self.reason, self.since = state, reason, self._clock.now()
        level = logging.WARNING if state in {State.RECONNECTING, State.FAILED} else logging.INFO
        log.log(level, "%s is %s%s", self._spec.source_id, state.value, f" ({reason})" if reason else "")

    def _read(self) -> None:
        for frame in self._lives():
            self._move(State.RUNNING)
            self.metrics.count("frames_in")
            self.metrics.clock_offset_s = frame.clock_offset_s
            self._clock_alarm.see(frame.clock_offset_s)
            self._mailbox.put(frame)
            if self._stop.is_set():
                break
        self._mailbox.close()

    def _lives(self) -> Iterator[Frame]:
        """Frames over all connections of the source: stream time and frame numbers go on from life to life."""
        attempt = 0
        born_s: float | None = None
        base_s, last_s = 0.0, 0.0
        base_index, index = 0, -1
        while not self._stop.is_set():
            try:
                for frame in self._one_life():
                    if born_s is None:
                        born_s = self._clock.monotonic_s()
                    elif attempt:
                        base_s = max(last_s, self._clock.monotonic_s() - born_s) - frame.t_s
                        base_index = index + 1
                        self._parts.on_life(base_s)
                        self.metrics.count("reconnects")
                    attempt = 0
                    index, last_s = base_index + frame.index, base_s + frame.t_s
                    yield replace(frame, t_s=last_s, index=index)
            except SourceUnavailable as error:
                if self._stop.is_set():
                    return
                if self._spec.on_end is OnEnd.STOP or (self._gives_up and born_s is None):
                    raise
                self.metrics.count("source_errors")
                self._move(State.RECONNECTING, str(error))
                attempt += 1
                self._stop.wait(self._parts.pause_s(error, attempt, self._random()))
            else:
                return

    def _one_life(self) -> Iterator[Frame]:
        source = self._source = self._parts.open_source()
        try:
            if not self._stop.is_set():
                yield from source.frames()
        finally:
            source.close()

    def _analyse(self) -> None:
        graph, is_open = self._parts.graph, False
        last_s = self._clock.monotonic_s()
        while True:
            try:
                frame = self._mailbox.get(timeout_s=1.0)
            except Closed:
                break
            if frame is not None:
                self._hand_on(graph.push(frame), frame)
                is_open, last_s = True, self._clock.monotonic_s()
            elif is_open and self.state is State.RECONNECTING and self._is_forgotten(last_s):
                self._hand_on(graph.flush(), None)
                is_open = False
        self._hand_on(graph.flush(), None)
        if self.state is not State.FAILED:
            self._move(State.STOPPED)

    def _is_forgotten(self, last_s: float) -> bool:
        """Whether the camera has been away so long that nobody it saw can still be said to be there."""
        return self._clock.monotonic_s() - last_s > FORGET_AFTER_S

    def _hand_on(self, items: Iterable[object], frame: Frame | None) -> None:
        with self._turn, self.metrics.timed("analysis"):
            messages = [item for item in items if isinstance(item, Message)]
        self.metrics.counts["frames_dropped"] = self._mailbox.dropped
        if messages:
            with self.metrics.timed("delivery"):
                self._deliver(messages)
            self.metrics.count("events", sum(not message.is_private for message in messages))
        if frame is not None:
            self.metrics.count("frames_analysed")
            self.last_index = frame.index
            self.metrics.lag_s = (self._clock.now() - frame.utc).total_seconds()
            self.metrics.latencies_s.append(self.metrics.lag_s)

    def _fail(self, error: Exception) -> None:
        """End both threads; the first error is the one that is told."""
        self.failure = self.failure or error
        if isinstance(error, FootfallError):
            self._move(State.FAILED, str(error))
        else:
            self._move(State.FAILED, f"a mistake in the program: {type(error).__name__}")
            log.error("%s", self.plan.id, exc_info=error)
        self.stop()
