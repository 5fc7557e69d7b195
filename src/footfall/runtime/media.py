"""Runs instances of media graphs: one camera, its nodes, models of other people, recordings (spec/media-graph.md)."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from math import inf
from time import monotonic

from footfall.config.media import Endpoint, Extension, HubSource, MediaGraph, MediaNode, RtspSource, SignalGate
from footfall.config.plan import GraphPlan, NodePlan, SourceSpec
from footfall.core.errors import ConfigError
from footfall.core.media_time import utc_of
from footfall.core.outside import HostMap
from footfall.core.ports import Clock, Source
from footfall.core.retry import camera_pause_s
from footfall.core.types import Frame, Message, Packet
from footfall.engine.camera import CameraRunner, Parts
from footfall.engine.clock import SystemClock
from footfall.engine.media import Json, Sample
from footfall.engine.worker import StopSignal, Worker
from footfall.extension.build import open_client
from footfall.extension.client import Answer, Asker, Ears, ExtensionClient
from footfall.extension.render import Style
from footfall.ingest.camera import MediaCamera, PacketTaker, spec_of
from footfall.ingest.decode import VideoSource
from footfall.ingest.packets import PacketSource
from footfall.recording.media import Recording, Store, open_recording
from footfall.recording.names import GraphNames
from footfall.runtime.delivery import uniform
from footfall.runtime.media_nodes import Wiring, camera_of, extensions, recorders, wishes
from footfall.runtime.media_reports import Outputs, Reporter
from footfall.runtime.media_signals import Signals, Waiting
from footfall.runtime.media_trust import Trust

log = logging.getLogger(__name__)

RTSP_PORT = 554
LAST_ANSWERS_S = 2.0
"""How long a model may take to say its last words (spec/grpc-extension.md section 11)."""


REVIVE_S = 30.0
"""At least so long between two attempts to go on after a mistake in the program."""
OUTAGE_S = 5.0
"""A camera that was away for longer begins a new session with the models (spec/recording.md section 10)."""


@dataclass(frozen=True, slots=True)
class MediaServices:
    """What all instances of a module share."""

    deliver: Callable[[Sequence[Message]], None]
    """Takes messages whose `topic` is the module's output; returns when they are safe."""
    outputs: Callable[[], Outputs]
    """What the twin says at the moment."""
    store: Store
    """Where recordings go."""
    signals: Signals = field(default_factory=Signals)
    hosts: HostMap = field(default_factory=HostMap)
    clock: Clock = field(default_factory=SystemClock)
    style: Style = Style.FIRST
    """How inferences are rendered."""


class MediaRuntime:
    """Starts instances, and knows those that run."""

    def __init__(self, services: MediaServices) -> None:
        self._services = services
        self._lock = threading.Lock()
        self._instances: list[MediaInstance] = []

    def start(self, graph: MediaGraph) -> MediaInstance:
        """Start an instance; returns without waiting for its camera.

        Raises:
            ConfigError: it cannot run here.
        """
        instance = MediaInstance(graph, self._services)
        with self._lock:
            self._instances = [*self.running, instance]
        return instance

    @property
    def running(self) -> list[MediaInstance]:
        """Those that nobody has stopped."""
        return [instance for instance in self._instances if not instance.is_stopped]


class MediaInstance:
    """One instance that runs; starts at once and does not wait for its camera.

    Raises:
        ConfigError: a folder cannot be written, shared memory cannot be had: nothing runs.
    """

    def __init__(self, graph: MediaGraph, services: MediaServices) -> None:
        self.graph = graph
        self._services = services
        self._reporter = Reporter(graph.instance, services.outputs, services.deliver, services.clock)
        self._recordings: list[Recording] = []
        self.clients: dict[str, ExtensionClient] = {}
        """Models of other people, by the name of their node."""
        self.received_bytes = 0
        """Of the camera's video."""
        self._waiting = Waiting(self._emit)
        self._trust = Trust(_endpoint(graph))
        self._seen_s = 0.0
        self._revived_s = -inf
        self.is_stopped = False
        """Whether somebody has asked for the end."""
        with ExitStack() as opened:
            opened.callback(self._close, 0.0)
            gated = self._open_recordings()
            for node in extensions(graph):
                self.clients[node.name] = self._open_client(node)
            offers = {name: partial(self._offer, name) for name in self.clients}
            wiring = Wiring(graph, offers, gated, self._reporter)
            self._graph = wiring.build()
            self._models = wiring.models
            opened.pop_all()
        self.runner = self._camera().start()
        self._listen()

    @property
    def source(self) -> str:
        """Name of the camera's node."""
        return camera_of(self.graph).name

    def dropped(self) -> Iterator[tuple[str, int]]:
        """How many frames were dropped before which node."""
        yield self.source, self.runner.metrics.counts["frames_dropped"]
        for name, client in self.clients.items():
            yield name, client.dropped

    def revive(self) -> None:
        """Tell of a mistake in the program that ended the camera's threads, and begin again, but not all the time."""
        failure, now_s = self.runner.failure, self._services.clock.monotonic_s()
        if failure is None or self.is_stopped or now_s < self._revived_s + REVIVE_S:
            return
        self._revived_s = now_s
        self._reporter.failure(type(failure).__name__)
        self.runner = self._camera().start()

    def stop(self, patience_s: float) -> bool:
        """Let nothing more in, finish what is under way and all recordings; whether that was done in time."""
        deadline_s = monotonic() + patience_s
        self.is_stopped = True
        self._services.signals.leave(self.graph.instance)
        self.runner.stop()
        has_ended = self.runner.join(patience_s)
        return self._close(max(0.0, deadline_s - monotonic())) and has_ended

    def _close(self, patience_s: float) -> bool:
        deadline_s = monotonic() + patience_s
        for client in self.clients.values():
            client.close(min(LAST_ANSWERS_S, max(0.0, deadline_s - monotonic())))
        self._trust.close()
        ended = [recording.close(max(0.0, deadline_s - monotonic())) for recording in self._recordings]
        return all(ended)

    def _open_recordings(self) -> dict[str, Recording]:
        """Those behind gates, by the gate's name."""
        names = GraphNames(self.graph.instance, self.graph.topology)
        gated = {}
        for gate, sinks in recorders(self.graph):
            spec = gate.spec if gate is not None and isinstance(gate.spec, SignalGate) else None
            services, hear = self._services, self._reporter.recording
            recording = open_recording(names, sinks, spec, services.store, hear, services.clock)
            self._recordings.append(recording)
            if gate is not None:
                gated[gate.name] = recording
        return gated

    def _open_client(self, node: MediaNode) -> ExtensionClient:
        assert isinstance(node.spec, Extension)
        asker = Asker(self._services.outputs().account, self.graph.instance, node.name)
        ears = Ears(partial(self._hear, node.name), partial(self._reporter.extension, node.name))
        return open_client(node.spec, asker, ears, self._services.hosts, self._services.style)

    def _renew_clients(self) -> None:
        """Models see a new session: what they remember of the old one is long ago."""
        for node in extensions(self.graph):
            old = self.clients[node.name]
            try:
                self.clients[node.name] = self._open_client(node)
            except ConfigError as error:
                log.warning("%s: %s goes on with its old session: %s", self.graph.instance, node.name, error)
                continue
            Worker(f"{node.name} farewell", partial(old.close, LAST_ANSWERS_S)).start()

    def _offer(self, node: str, frame: Frame, ticks: int, known: Sequence[Json]) -> None:
        """Models see the camera's own picture, not the small one that motion is looked for in."""
        whole = frame if frame.picture is None else replace(frame, image=frame.picture)
        self.clients[node].offer(whole, ticks, [dict(one) for one in known])

    def _camera(self) -> CameraRunner:
        node, wanted, stop = camera_of(self.graph), wishes(self.graph), StopSignal()
        source = self._outside(node)
        camera = MediaCamera(
            source,
            spec_of(f"{self.graph.instance}/{node.name}", source, wanted.max_fps, self._trust.file),
            partial(self._play, stop),
            on_packet=self._take,
            tell=partial(self._reporter.camera, node.name, _endpoint(self.graph).url),
        )
        plan = GraphPlan(self.graph.instance, "", (NodePlan(node.name, camera.spec),))
        parts = Parts(
            plan,
            camera.open,
            self._graph,
            stop,
            self._begin_life,
            pause_s=lambda error, attempt, _: camera_pause_s(error.reason, attempt),
        )
        return CameraRunner(parts, self._services.deliver, self._services.clock, uniform, gives_up=False)

    def _outside(self, node: MediaNode) -> RtspSource:
        """The camera, at its place outside of containers."""
        assert isinstance(node.spec, RtspSource)
        endpoint = node.spec.endpoint
        return replace(
            node.spec, endpoint=replace(endpoint, url=self._services.hosts.url(endpoint.url.strip(), RTSP_PORT))
        )

    def _play(self, stop: StopSignal, spec: SourceSpec, on_packet: PacketTaker) -> Source:
        wanted = wishes(self.graph)
        if not wanted.decodes:
            return PacketSource(spec, clock=self._services.clock, on_packet=on_packet)
        return VideoSource(
            spec,
            image_width_px=wanted.image_width_px,
            picture_width_px=wanted.picture_width_px,
            clock=self._services.clock,
            wait=stop.wait,
            on_packet=on_packet,
            asks_camera=False,
        )

    def _take(self, packet: Packet) -> None:
        self.received_bytes += len(packet.data)
        self._seen_s = self._services.clock.monotonic_s()
        for recording in self._recordings:
            recording.packet(packet)
        self._waiting.begin()

    def _begin_life(self, base_s: float) -> None:
        if self._services.clock.monotonic_s() - self._seen_s > OUTAGE_S:
            self._renew_clients()
        for recording in self._recordings:
            recording.life(base_s)

    def _listen(self) -> None:
        for node in self.graph.nodes:
            if isinstance(node.spec, HubSource):
                self._services.signals.listen(
                    self.graph.instance, node.spec.input_name, partial(self._waiting.take, node.name)
                )

    def _hear(self, node: str, answer: Answer) -> None:
        """A model has answered."""
        if answer.frame is not None:
            self._models[node].answered(answer.frame)
        utc = utc_of(answer.timestamp_90k)
        self._emit(node, Sample(utc, answer.frame, answer.inferences, answer.upstream, answer.opaque))

    def _emit(self, node: str, item: object) -> None:
        if messages := _messages(self._graph.emit(node, item)):
            self._services.deliver(messages)


def _messages(items: Iterable[object]) -> list[Message]:
    return [item for item in items if isinstance(item, Message)]


def _endpoint(graph: MediaGraph) -> Endpoint:
    spec = camera_of(graph).spec
    assert isinstance(spec, RtspSource)
    return spec.endpoint
