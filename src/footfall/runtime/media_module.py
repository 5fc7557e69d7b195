"""The media-graph module (`lvaEdge`) as one process: hub, twin and methods here, running instances there."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import cv2

from footfall.core.errors import FootfallError, SinkError
from footfall.core.types import Message
from footfall.edge.client import ModuleClient
from footfall.edge.messages import Handlers, Json, Twin
from footfall.engine.clock import SystemClock
from footfall.engine.delivery import Delivery
from footfall.mediagraph.methods import Methods
from footfall.mediagraph.registry import Registry
from footfall.mediagraph.store import Store as GraphStore
from footfall.mediagraph.twin import DEFAULT_CATEGORIES, ModuleSettings, changed, read_twin, reported
from footfall.recording.media import Store
from footfall.runtime.edge_sink import edge_outlet
from footfall.runtime.media import MediaRuntime, MediaServices
from footfall.runtime.media_environment import Surroundings
from footfall.runtime.media_log import EVENT_LOG, set_up_module_logging
from footfall.runtime.media_metrics import MetricsServer, render
from footfall.runtime.media_reports import Outputs
from footfall.runtime.media_signals import Arrival, Signals

log = logging.getLogger(__name__)
events = logging.getLogger(EVENT_LOG)

TICK_S = 0.25
TOLD_WITHIN_S = 20.0
"""Calls that come before the twin was read wait for it."""
LAST_WORDS_S = 3.0
"""How long the last events may take to reach the hub; they are safe on the disk in any case."""


def run(environ: Mapping[str, str], is_over: Callable[[], bool]) -> int:
    """Be the module until `is_over`; the exit code.

    Raises:
        ConfigError: the environment does not say which module this is, or the module's folder cannot be used.
    """
    cv2.setNumThreads(1)
    set_up_module_logging("Information", DEFAULT_CATEGORIES)
    end = threading.Event()
    module = MediaModule(Surroundings.of(environ), end).start()
    try:
        while not (is_over() or end.wait(TICK_S)):
            module.look()
    finally:
        module.close()
    if module.failure is not None:
        raise module.failure
    return 0


class MediaModule:
    """The module: what the hub says becomes methods, settings and signals; what instances say goes to the hub.

    Args:
        around: what the environment says.
        end: set when the module cannot go on; see `failure`.
    """

    def __init__(self, around: Surroundings, end: threading.Event) -> None:
        self._around = around
        self._end = end
        self._clock = SystemClock()
        self._methods = Methods(self._clock)
        self._signals = Signals()
        self._settings: ModuleSettings | None = None
        self._work: _Work | None = None
        self._is_told = threading.Event()
        """Set once the hub has said what this module is to be."""
        self.failure: FootfallError | None = None
        """Why the module cannot go on."""
        handlers = Handlers(self._on_twin, self._on_method, self._on_input)
        self._client = ModuleClient(around.identity, handlers, self._clock)
        self._metrics = MetricsServer(around.metrics, self._figures)

    def start(self) -> Self:
        """Connect; returns itself, and at once."""
        self._client.start()
        return self

    def look(self) -> None:
        """Look after what runs, from time to time."""
        for instance in self._work.media.running if self._work else ():
            instance.revive()

    def close(self) -> None:
        """Stop all instances, send what can be sent, say goodbye."""
        self._metrics.close()
        if self._work is not None:
            self._work.registry.close()
            self._work.delivery.close(LAST_WORDS_S)
        self._client.close()

    def _on_twin(self, twin: Twin) -> None:
        try:
            self._take(twin)
        finally:
            self._is_told.set()

    def _take(self, twin: Twin) -> None:
        reading = read_twin(twin.desired)
        for problem in reading.problems:
            log.warning("%s", problem)
        if reading.settings is None:
            if self._work is None:
                self._methods.refuse(reading.missing)
            return
        try:
            self._apply(reading.settings)
        except FootfallError as error:
            self.failure = error
            self._end.set()
            return
        self._report(twin)

    def _apply(self, wanted: ModuleSettings) -> None:
        """Live settings at once; the folder only when the module starts."""
        settings = self._settings = wanted if self._settings is None else changed(self._settings, wanted)
        debug = self._around.paths.find(settings.debug_logs_folder) if settings.debug_logs_folder else None
        set_up_module_logging(settings.log_level, settings.log_categories, debug)
        is_new = self._work is None
        work = self._work = self._work or self._begin(settings)
        work.registry.allows_unsecured = settings.allows_unsecured
        self._methods.configure(work.registry, is_strict=settings.is_strict)
        if is_new:
            work.registry.resume()
            log.info("The module is now running.")

    def _begin(self, settings: ModuleSettings) -> _Work:
        around = self._around
        folder = around.paths.find(settings.data_folder)
        store = GraphStore(folder)
        delivery = Delivery({}, [edge_outlet(self._client, folder / "outbox", _output).start()])
        assets = around.assets or folder / "assets"
        media = MediaRuntime(
            MediaServices(
                _Announcing(delivery),
                self._outputs,
                Store(assets, around.paths, around.keys, around.retention_days),
                self._signals,
                around.hosts,
                self._clock,
                around.style,
            )
        )
        return _Work(Registry(store, media.start, self._clock), media, delivery)

    def _outputs(self) -> Outputs:
        settings = self._settings
        assert settings is not None
        return Outputs(settings.topic, settings.diagnostics_output, settings.operational_output)

    def _report(self, twin: Twin) -> None:
        mine = reported()
        if any(twin.reported.get(name) != value for name, value in mine.items()):
            try:
                self._client.report(mine)
            except SinkError as error:
                log.warning("the module's state is not reported (%s)", error)

    def _on_method(self, name: str, payload: Json) -> tuple[int, Json]:
        self._is_told.wait(TOLD_WITHIN_S)
        text = json.dumps(payload, ensure_ascii=False)
        reply = self._methods.dispatch(name, text.encode(errors="surrogatepass"))
        return reply.status, reply.payload

    def _on_input(self, name: str, _body: bytes, properties: Mapping[str, str | None]) -> None:
        said = {key: value or "" for key, value in properties.items()}
        self._signals.arrive(Arrival(name, self._clock.now(), said, said.get("$.mid", "")))

    def _figures(self) -> str:
        who = self._around.identity
        labels = {"iothub": who.hub, "edge_device": who.who.device, "module_name": who.who.module or ""}
        return render(self._work.media.running if self._work else (), labels)


@dataclass(frozen=True, slots=True)
class _Work:
    """What there is once the module's folder is known."""

    registry: Registry
    media: MediaRuntime
    delivery: Delivery


class _Announcing:
    """Puts every message that goes out into the log, category `Events`."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery

    def __call__(self, messages: Sequence[Message]) -> None:
        """Deliver, and log."""
        self._delivery(messages)
        if events.isEnabledFor(logging.INFO):
            for message in messages:
                body = json.loads(message.body)
                events.info("%s", json.dumps({"body": body, "applicationProperties": dict(message.properties)}))


def _output(message: Message) -> str:
    """The output of the module that a message leaves by."""
    return message.topic
