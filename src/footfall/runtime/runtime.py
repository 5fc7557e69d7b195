"""The composition root: a Plan becomes sources, detectors, nodes and sinks."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING

import cv2

from footfall.config.plan import (
    ATTRIBUTES_WIDTH_PX,
    FACE_WIDTH_PX,
    ExtensionSpec,
    GraphPlan,
    Plan,
    RecorderPlan,
    SourceSpec,
)
from footfall.core.ports import Clock
from footfall.core.types import Message
from footfall.engine.camera import CameraRunner, Parts
from footfall.engine.clock import SystemClock
from footfall.engine.delivery import RemoteSink
from footfall.engine.graph import Graph
from footfall.engine.runner import Runner, State
from footfall.engine.supervisor import Supervisor
from footfall.engine.worker import StopSignal, Worker
from footfall.ingest.decode import VideoSource
from footfall.ingest.masks import check_recordable
from footfall.runtime.delivery import LiveSinks, uniform
from footfall.runtime.detectors import Detectors
from footfall.runtime.exchange import can_exchange, exchange
from footfall.runtime.keeping import read_keeping
from footfall.runtime.late import load_late
from footfall.runtime.options import Options
from footfall.runtime.wiring import Models, run_graph

if TYPE_CHECKING:
    from footfall.engine.door import DoorRunner
    from footfall.extension.wire import StreamDescriptor

log = logging.getLogger(__name__)


class Runtime:
    """Everything a plan needs, built and wired.

    Args:
        plan: what to run.
        options: what that needs beside the plan.
        environ: gives sinks their secrets.
        others: sinks that no address in the plan names; they are started and closed with the rest.
        hear: told every event once it is with all sinks.

    Raises:
        ConfigError: a sink or model of the plan cannot be opened, or the keys of recordings are wrong; nothing was
            started.
        DetectorError: a model file is broken; nothing was started.
    """

    def __init__(
        self,
        plan: Plan,
        options: Options,
        environ: Mapping[str, str] = os.environ,
        others: Sequence[RemoteSink] = (),
        hear: Callable[[Sequence[Message]], None] | None = None,
    ) -> None:
        self._plan = plan
        self._options = options
        self._clock: Clock = SystemClock()
        cv2.setNumThreads(1)  # cameras run side by side already: a second pool only costs
        self._detectors = Detectors(options, self._clock)
        self._keeping = read_keeping(environ)
        self._late = Worker("late imports", load_late)
        self._is_loading = False
        self._open_models(plan)
        sinks = plan.sinks or (() if others else ("-",))
        self._sinks = LiveSinks(sinks, options.outbox_folder, environ, self._clock, others, hear, lead=options.lead)
        self.delivery = self._sinks.delivery
        self.supervisor = Supervisor(self._runner, self._adapt)

    @property
    def served(self) -> Mapping[str, str]:
        """Graph id -> the detector that serves it, in words."""
        return self._detectors.served

    def start(self) -> None:
        """Start every enabled graph."""
        self._run(self._plan)

    def apply(self, plan: Plan) -> None:
        """Run the graphs of another plan by difference; its sinks do not count.

        Raises:
            ConfigError: a model cannot be opened, and everything is as before; or an address cannot be listened on,
                and what has changed does not run.
            DetectorError: a model file is broken; everything is as before.
        """
        self._open_models(plan)
        self._plan = plan
        self._run(plan)

    def send_to(self, sinks: Sequence[str]) -> None:
        """Send events to these sinks from now on; `others` stay.

        Raises:
            ConfigError: one cannot be opened; everything is as before.
        """
        self._sinks.follow(sinks)

    def close(self, within_s: float | None = None) -> int:
        """Stop everything, in so long or as usual; how many events wait on disk. Safe to call twice."""
        deadline_s = inf if within_s is None else self._clock.monotonic_s() + within_s
        if not self.supervisor.stop(within_s):
            log.warning("not every camera has ended in time: its last events may be missing")
        self._detectors.close()
        self._late.join()
        return self.delivery.close(max(1.0, min(10.0, deadline_s - self._clock.monotonic_s())))

    @property
    def failure(self) -> BaseException | None:
        """What ended a camera or a sink before its time; the first that there is."""
        failures = (runner.failure for runner in self.supervisor.runners)
        return next((failure for failure in failures if failure), self.delivery.failure)

    def _run(self, plan: Plan) -> None:
        if not self._is_loading:
            self._is_loading = True
            self._late.start()
        self.supervisor.apply(plan)

    def _open_models(self, plan: Plan) -> None:
        for graph in plan.graphs:
            if graph.enabled:
                self._detectors.open(graph)
                self._detectors.open_faces(graph)
                self._detectors.open_attributes(graph)

    def _runner(self, plan: GraphPlan | RecorderPlan) -> Runner:
        if isinstance(plan, RecorderPlan):
            from footfall.runtime.recorder import RecorderRunner  # noqa: PLC0415 - where somebody records

            return RecorderRunner(plan, self._options, self._keeping, self._clock)
        return self._camera(plan) if plan.extension is None else self._door(plan, plan.extension)

    def _adapt(self, runner: Runner, plan: GraphPlan | RecorderPlan) -> bool:
        """Whether a camera goes on, seeing all the while, under another plan."""
        if not (isinstance(runner, CameraRunner) and isinstance(plan, GraphPlan)) or runner.state in ENDED:
            return False
        old = runner.plan
        if not can_exchange(old, plan):
            return False
        runner.take_up(plan, lambda graph: exchange(graph, old, plan, self._options, self._clock))
        return True

    def _door(self, plan: GraphPlan, spec: ExtensionSpec) -> DoorRunner:
        from footfall.runtime.door import open_door  # noqa: PLC0415 - gRPC is large, and few graphs have visitors

        tell = self.delivery if self._options.tells_answers else nobody
        return open_door(plan, spec, self._visitors_graph, tell, self._clock)

    def _visitors_graph(self, plan: GraphPlan, stream: StreamDescriptor) -> Graph:
        from footfall.runtime.door import configured  # noqa: PLC0415

        own = configured(plan, stream.configuration, self._options.settings)
        detector, _ = self._detectors.open(own)
        models = Models(detector, self._detectors.open_faces(own), self._detectors.open_attributes(own))
        return run_graph(own, models, self._options, self._clock)

    def _camera(self, plan: GraphPlan) -> CameraRunner:
        source = plan.spec(SourceSpec)
        detector, wanted_px = self._detectors.open(plan)
        models = Models(detector, self._detectors.open_faces(plan), self._detectors.open_attributes(plan))
        taps = self._options.taps(plan)
        graph = run_graph(plan, models, replace(self._options, taps=lambda _: taps), self._clock)
        wanted_by = FACE_WIDTH_PX if models.faces else 0, ATTRIBUTES_WIDTH_PX if models.asking or plan.snapshots else 0
        least_px = max(self._options.picture_width_px, *wanted_by)
        stop, lead = StopSignal(), self._options.lead(source.url)
        if taps.on_packet is not None:
            check_recordable(source)

        def picture_px() -> int:
            return max(least_px, taps.picture_width_px() if taps.picture_width_px else 0)

        def open_source() -> VideoSource:
            return VideoSource(
                source,
                image_width_px=wanted_px,
                picture_width_px=picture_px,
                clock=self._clock,
                wait=stop.wait,
                on_packet=taps.on_packet,
                lead=lead,
            )

        parts = Parts(plan, open_source, graph, stop, taps.on_life or (lambda _base_s: None))
        if self._options.patience is not None:
            parts = replace(parts, pause_s=self._options.patience())
        return CameraRunner(parts, self.delivery, self._clock, uniform, gives_up=self._options.gives_up)


ENDED = (State.FAILED, State.STOPPED)


def nobody(_messages: Sequence[Message]) -> None:
    """Takes messages that nobody is to hear."""
