"""A deployment on this machine: the agent, the hub that it keeps running, and the modules that it is told to run."""

from __future__ import annotations

import logging
import os
import queue
import socket
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import sleep
from types import TracebackType
from typing import Any, Final, Self

from footfall.core.errors import ConfigError, Problem, SinkError
from footfall.core.ports import Clock
from footfall.deploy.agent import Agent
from footfall.deploy.desired import Assignment
from footfall.deploy.hub_access import agent_client, answers, credentials_of, device_of, service_of
from footfall.deploy.launch import Part, Site, host_map, launch, part_of, wanted_port
from footfall.deploy.process import ModuleProcess
from footfall.edge.client import ModuleClient
from footfall.edge.messages import Handlers, Properties, Twin
from footfall.edge.service import ServiceError

log = logging.getLogger(__name__)

HUB: Final = Assignment("edgeHub", "azureiotedge-hub")
START_WITHIN_S: Final = 30.0
LOOK_EVERY_S: Final = 0.2
REPORT_EVERY_S: Final = 30.0
"""Also when nothing has changed: a report that got lost is told again."""
SPARE_PORT: Final = 8554


class Starter:
    """Starts modules as processes; simulators get a port each and keep it."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._ports: dict[str, int] = {}

    def start(self, spec: Assignment, part: Part, everybody: Sequence[Assignment]) -> ModuleProcess:
        """Start one module.

        Raises:
            OSError: it does not start.
            ValueError: its container options do not fit.
        """
        for other in everybody:
            if part_of(other.image) is Part.RTSP_SIMULATOR and other.name not in self._ports:
                self._ports[other.name] = self._free_port(other)
        hosts = host_map(everybody, self._ports, self._site.host)
        credentials = {} if part in {Part.HUB, Part.RTSP_SIMULATOR} else credentials_of(self._site.hub, spec.name)
        start = launch(spec, part, self._site, hosts, credentials)
        return ModuleProcess(start, log_of(self._site, spec.name), os.environ)

    def _free_port(self, spec: Assignment) -> int:
        wanted = wanted_port(spec)
        for port in (wanted, SPARE_PORT, 0):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((self._site.host, port))
                except OSError:
                    continue
                found = int(probe.getsockname()[1])
            if found != wanted:
                log.warning("%s: port %d cannot be used, it listens on %d", spec.name, wanted, found)
            return found
        raise OSError(f"no port is free for {spec.name}")


class Deployment:
    """Keeps a hub and its modules running. Use as a context manager: at its end everything ends.

    Args:
        site: where everything is.
        clock: time of day.

    Raises:
        ConfigError: the hub does not start.
    """

    def __init__(self, site: Site, clock: Clock) -> None:
        self._site = site
        self._clock = clock
        self._agent = Agent(Starter(site).start, clock, (HUB,))
        self._twins: queue.SimpleQueue[Twin] = queue.SimpleQueue()
        self._client: ModuleClient | None = None
        self._told: Properties = {}
        self._told_s = 0.0

    def __enter__(self) -> Self:
        try:
            self._await_hub()
        except BaseException:
            self._agent.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._agent.stop_modules()
        if self._client is not None:
            self._tell(self._agent.report())
            self._client.close()
        self._agent.stop()

    def apply(self, manifest: Mapping[str, Any], file: str) -> None:
        """Hand a manifest to the hub.

        Raises:
            ConfigError: the hub refuses it; nothing was changed.
        """
        with service_of(self._site.hub, self._clock) as service:
            try:
                service.apply(device_of(self._site.hub), manifest)
            except ServiceError as error:
                cure = "mend it" if error.status == 400 else f"look into {log_of(self._site, HUB.name)}"
                raise ConfigError([Problem(file, "$.modulesContent", error.detail, cure)]) from error

    def run(self, is_over: Callable[[float], bool], announce: Callable[[Mapping[str, Any]], None]) -> None:
        """Keep everything running until `is_over`, which may sleep for the seconds it is given.

        `announce` gets the agent's report whenever it has changed.
        """
        self._client = agent_client(self._site.hub, Handlers(on_twin=self._twins.put), self._clock).start()
        announced: Mapping[str, Any] = {}
        while not is_over(LOOK_EVERY_S):
            while not self._twins.empty():
                self._agent.apply(self._twins.get().desired)
            self._agent.step()
            report = self._agent.report()
            if report != announced:
                announce(report)
                announced = report
            if report != self._told or self._clock.monotonic_s() - self._told_s > REPORT_EVERY_S:
                self._tell(report)

    def _await_hub(self) -> None:
        """Start the hub and wait until it answers."""
        deadline_s = self._clock.monotonic_s() + START_WITHIN_S
        self._agent.step()
        while not answers(self._site.hub, self._clock):
            self._agent.step()
            if self._agent.has_failed(HUB.name) or self._clock.monotonic_s() > deadline_s:
                file = log_of(self._site, HUB.name)
                raise ConfigError([Problem("hub", "$", f"does not start: {last_line(file)}", f"look into {file}")])
            sleep(LOOK_EVERY_S)

    def _tell(self, report: Properties) -> None:
        """Report to the hub: modules that are gone are taken out."""
        assert self._client is not None
        gone = {name: None for name in _modules(self._told) if name not in _modules(report)}
        try:
            self._client.report({**report, "modules": {**_modules(report), **gone}})
        except SinkError as error:
            log.debug("the hub does not take the report: %s", error)
            return
        self._told, self._told_s = report, self._clock.monotonic_s()


def log_of(site: Site, name: str) -> Path:
    """Where a module's output goes."""
    return site.data / "logs" / f"{name}.log"


def last_line(file: Path) -> str:
    """What a module said last."""
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return "it said nothing"
    return next((line for line in reversed(lines) if line.strip()), "it said nothing")


def _modules(report: Properties) -> Mapping[str, Any]:
    modules = report.get("modules")
    return modules if isinstance(modules, Mapping) else {}
