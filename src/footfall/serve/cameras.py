"""The cameras of the service: what runs them, and what looks at each as it runs."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import Lock

from footfall.config.plan import GraphPlan, Plan, SourceSpec
from footfall.core.errors import ConfigError, DetectorError, Problem
from footfall.core.ports import Clock
from footfall.engine.camera import CameraRunner
from footfall.engine.delivery import Delivery, RemoteSink
from footfall.engine.runner import State
from footfall.ingest.url import redact
from footfall.live.hub import LiveHub
from footfall.runtime.inside import Inside
from footfall.runtime.options import Options, Taps
from footfall.runtime.runtime import Runtime
from footfall.serve.hearers import Hearers
from footfall.serve.names import camera_names
from footfall.serve.presence import IN_VIEW
from footfall.serve.rates import Rates, Sample, Span
from footfall.serve.recorder import Recorder
from footfall.serve.snapshots import Snapshots
from footfall.serve.tracks import TrackPieces, TrackWriter
from footfall.spatial.regions import SpatialSpec
from footfall.web.desk import CameraState

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Beside:
    """What a run needs beside its plan."""

    options: Options
    environ: Mapping[str, str]
    store: RemoteSink
    """The store, behind its outbox."""
    inside: Inside
    hub: LiveHub
    hearers: Hearers
    tracks: TrackWriter
    clock: Clock
    snapshots: Snapshots | None = None


class Cameras:
    """All cameras of the present plan.

    Args:
        plan: what to run.
        beside: what that needs.

    Raises:
        ConfigError: a sink or a model cannot be opened; nothing was started.
    """

    def __init__(self, plan: Plan, beside: Beside) -> None:
        self._beside = beside
        self._lock = Lock()
        self._changing = Lock()
        """Held while what runs is changed."""
        self._recorders: dict[str, Recorder] = {}
        self._spans: dict[str, Span] = {}
        self._plan = plan
        self._names = camera_names(plan.graphs)
        self._started = beside.clock.now()
        self._is_tracking = False
        options = replace(beside.options, taps=self._taps)
        try:
            self.runtime = Runtime(plan, options, beside.environ, [beside.store], beside.hearers)
        except DetectorError as error:
            raise _wrong(error) from error

    @property
    def delivery(self) -> Delivery:
        """All sinks."""
        return self.runtime.delivery

    def start(self) -> None:
        """Start every enabled camera."""
        with self._changing:
            self._follow_consents()
            self.runtime.start()

    def apply(self, plan: Plan) -> None:
        """Run another plan by difference.

        Raises:
            ConfigError: it cannot be run; everything is as before.
        """
        with self._changing:
            before = self._plan
            self._exchange(before, plan)
            self._follow_consents()
        gone = {graph.id for graph in before.graphs} - {graph.id for graph in plan.graphs if graph.enabled}
        with self._lock:
            for graph_id in gone:
                self._recorders.pop(graph_id, None)
                self._spans.pop(graph_id, None)
        for name in set(camera_names(before.graphs).values()) - set(self._names.values()):
            self._beside.hub.close(name)

    def _exchange(self, before: Plan, plan: Plan) -> None:
        self._names = camera_names((*plan.graphs, *self._gone(plan)))
        try:
            self.runtime.send_to(plan.sinks)
            self.runtime.apply(plan)
        except (ConfigError, DetectorError) as error:
            self.runtime.send_to(before.sinks)
            self._names = camera_names(before.graphs)
            self.runtime.apply(before)
            raise (error if isinstance(error, ConfigError) else _wrong(error)) from error
        self._plan, self._names = plan, camera_names(plan.graphs)

    def record_tracks(self, *, wanted: bool) -> None:
        """Whether people are recorded from now on."""
        with self._lock:
            self._is_tracking = wanted
            for recorder in self._recorders.values():
                recorder.is_tracking = wanted

    def sample(self) -> None:
        """Note how far every camera is; to be called every second."""
        now_s = self._beside.clock.monotonic_s()
        for runner in self.runtime.supervisor.runners:
            sample = Sample.of(now_s, runner.metrics.counts, runner.metrics.seconds)
            with self._lock:
                self._spans.setdefault(runner.plan.id, Span()).add(sample)

    def states(self) -> Sequence[CameraState]:
        """Every camera now, in the order of the plan."""
        runners = {runner.plan.id: runner for runner in self.runtime.supervisor.runners}
        return [self._state(graph, runners.get(graph.id)) for graph in self._plan.graphs]

    def ask_to_stop(self) -> None:
        """Ask all cameras to end, and return at once."""
        self.runtime.supervisor.ask_to_stop()

    def close(self) -> int:
        """Stop everything; how many messages wait on disk. Safe to call twice."""
        return self.runtime.close(STOP_WITHIN_S)

    def revive(self) -> None:
        """Start again what a mistake has ended a while ago; to be called every second."""
        latest = self._beside.clock.now() - AGAIN_AFTER
        with self._changing:
            self.runtime.supervisor.revive(lambda runner: isinstance(runner, CameraRunner) and runner.since < latest)

    def _state(self, graph: GraphPlan, runner: object) -> CameraState:
        running = runner if isinstance(runner, CameraRunner) else None
        with self._lock:
            recorder, span = self._recorders.get(graph.id), self._spans.get(graph.id)
        observed = recorder.last if recorder else None
        now = recorder.presence.now if recorder and observed else {}
        rates = span.rates() if span else Rates()
        metrics = running.metrics if running else None
        reason = running.reason if running and running.state is not State.RUNNING else ""
        return CameraState(
            name=self._names[graph.id],
            plan=graph,
            url=redact(graph.spec(SourceSpec).url),
            state=running.state.value if running else State.STOPPED.value if graph.enabled else "disabled",
            reason=redact(reason),
            reason_code=code_of(reason),
            since=running.since if running else self._started,
            size_px=observed.size_px if observed else None,
            counts={name: metrics.counts.get(name, 0) if metrics else 0 for name in COUNTS},
            fps_in=rates.fps_in,
            fps_analysed=rates.fps_analysed,
            lag_s=metrics.lag_s if metrics else 0.0,
            people=len(observed.people) if observed else 0,
            zones={zone: people for zone, people in now.items() if zone != IN_VIEW},
            detector_s=rates.detector_s,
            clock_offset_s=metrics.clock_offset_s if metrics else None,
        )

    def _follow_consents(self) -> None:
        if self._beside.snapshots is not None:
            self._beside.snapshots.follow(self._plan.graphs)

    def _gone(self, plan: Plan) -> list[GraphPlan]:
        """Graphs that run and are not in another plan: they are still fed while they end."""
        there = {graph.id for graph in plan.graphs}
        return [graph for graph in self._plan.graphs if graph.id not in there]

    def _taps(self, graph: GraphPlan) -> Taps:
        name, camera = self._names[graph.id], graph.spec(SourceSpec).source_id
        tap = self._beside.hub.open(name, graph)
        with self._lock:
            if graph.id not in self._recorders:
                self._recorders[graph.id] = Recorder(camera, TrackPieces(camera, self._beside.tracks.keep))
            recorder = self._recorders[graph.id]
            recorder.is_tracking = self._is_tracking
        recorder.follow(graph.spec(SpatialSpec))

        def look(item: object) -> None:
            self._beside.inside(item, camera)
            tap(item)

        snap = self._beside.snapshots.tap(graph) if self._beside.snapshots is not None else None
        return Taps(on_tracked=snap, on_happened=look, keeper=recorder, picture_width_px=tap.picture_width_px)


COUNTS = ("frames_in", "frames_analysed", "frames_dropped", "events", "reconnects", "source_errors")
STOP_WITHIN_S = 5.0
"""For cameras and senders together: what is not sent by then waits on disk."""
AGAIN_AFTER = timedelta(minutes=1)
"""What has failed is tried anew after so long."""
KNOWN = (
    *("not-found", "refused", "unauthorized", "timeout", "not-video", "no-frames", "broken", "ended", "blocked"),
    *("starting", "detector", "program"),
)


def code_of(reason: str) -> str:
    """The short, stable word for why a camera does not run."""
    if not reason:
        return ""
    word = reason.partition(":")[0]
    if word in KNOWN:
        return word
    return "program" if reason.startswith("a mistake in the program") else "detector"


def _wrong(error: DetectorError) -> ConfigError:
    return ConfigError([Problem("configuration", "model", str(error), "name a model that this machine can run")])
