"""Spatial analysis as a module of an edge hub: the twin says what runs, and the module reports how it runs.

spec/container.md sections 5 to 8, spec/operations.md section 2. Twins arrive in a thread of the hub's client and wait
there; everything else happens in `run`'s own thread.
"""

from __future__ import annotations

import json
import logging
import queue
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Final

from footfall.config.diff import PlanDiff, diff
from footfall.config.environment import Settings, read_settings
from footfall.config.plan import Plan
from footfall.core.errors import ConfigError, DetectorError, Problem
from footfall.core.ports import Clock
from footfall.core.types import Message
from footfall.edge.client import ModuleClient
from footfall.edge.identity import ModuleIdentity, from_environment
from footfall.edge.messages import Handlers, Twin
from footfall.engine.clock import SystemClock
from footfall.engine.worker import Worker
from footfall.runtime.edge_sink import edge_outlet
from footfall.runtime.folders import data_folder, models_folder
from footfall.runtime.module_health import Health, HealthEvent
from footfall.runtime.module_logs import LogFiles, LogOwner, ModuleLogs
from footfall.runtime.module_plan import TWIN, Outside, plan_of_desired, read_outside
from footfall.runtime.module_report import Applied, Reporter, Seen
from footfall.runtime.options import Options
from footfall.runtime.runtime import Runtime
from footfall.runtime.wiring import random_id
from footfall.telemetry import LEVELS, set_level, set_up_logging

log = logging.getLogger(__name__)
health_log = logging.getLogger("footfall.health")

EVENTS: Final = "output1"
"""Output of all events (RULE E6)."""
HEALTH: Final = "health"
OUTPUT: Final = "$.on"
GET_LOGS: Final = "getRTCVLogs"
TICK_S: Final = 1.0
AGAIN_S: Final = 10.0
"""How long until what could not be opened is tried again: a port may become free, a model be pulled."""
NODES: Final = ("footfall.ingest", "footfall.detect", "footfall.engine", "footfall.extension")
"""Loggers that `nodesLogLevel` is for."""


@dataclass(slots=True)
class Wanted:
    """The newest desired properties, and what became of them."""

    desired: Mapping[str, object] = field(default_factory=dict)
    plan: Plan = field(default_factory=lambda: Plan(()))
    """The plan that runs."""
    applied: Applied = field(default_factory=Applied)
    retry_s: float | None = None


class SpatialModule:
    """The module, wired; `step` is called about once a second.

    Args:
        settings: of the process.
        outside: where the names of the deployment are.
        runtime: runs the plans.
        seen: what the runtime's taps write to.
        client: of the hub.
    """

    def __init__(
        self, settings: Settings, outside: Outside, runtime: Runtime, seen: Mapping[str, Seen], client: ModuleClient
    ) -> None:
        self._settings = settings
        self._outside = outside
        self._runtime = runtime
        self._clock: Clock = SystemClock()
        self._wanted = Wanted()
        self._health = Health()
        self._reporter = Reporter(client.report, seen)
        self._is_known = False
        """Whether a twin has been seen."""

    def take(self, twin: Twin) -> None:
        """Make reality follow a twin, or say why not."""
        if not self._is_known:
            self._reporter.begin(twin.reported)
        self._wanted.desired = twin.desired
        self._apply()
        self._is_known = True

    def step(self) -> None:
        """Tell how things are; try again what could not be opened."""
        now_s = self._clock.monotonic_s()
        if self._wanted.retry_s is not None and now_s >= self._wanted.retry_s:
            self._apply()
        self._tell(self._health.step(now_s))
        if self._is_known:
            self._reporter.step(self._wanted.plan, self._runtime.supervisor.runners, self._wanted.applied, now_s)

    def close(self) -> None:
        """End all graphs; what they still have to say is sent, or kept for the next start."""
        self._runtime.supervisor.stop()
        self._tell(self._health.ended())
        if self._is_known:
            runners, now_s = self._runtime.supervisor.runners, self._clock.monotonic_s()
            self._reporter.step(self._wanted.plan, runners, self._wanted.applied, now_s)
        self._runtime.close()

    def _apply(self) -> None:
        wanted = self._wanted
        version = wanted.desired.get("$version")
        number = version if isinstance(version, int) else None
        try:
            plan = plan_of_desired(wanted.desired, self._settings, self._outside)
        except ConfigError as error:
            self._refuse(number, error.problems, may_heal=False)
            return
        changed = diff(wanted.plan, plan)
        try:
            self._runtime.apply(plan)
        except (ConfigError, DetectorError) as error:
            self._refuse(number, problems_of(error), may_heal=True)
            self._tell(self._health.refused((*changed.start, *changed.restart)))
            self._restore()
        else:
            self._accept(number, plan, changed)
        self._tell(self._health.follow(self._runtime.supervisor.runners, self._clock.monotonic_s()))

    def _accept(self, version: int | None, plan: Plan, changed: PlanDiff) -> None:
        wanted = self._wanted
        wanted.plan, wanted.applied, wanted.retry_s = plan, Applied(version), None
        for problem in plan.warnings:
            log.warning("%s", problem)
        set_levels(plan, self._settings)
        log.info("version %s of the twin is applied: %s", version, in_words(changed))
        if self._is_known and (changed.start or changed.stop or changed.restart):
            self._tell([HealthEvent("archon_configchange")])

    def _refuse(self, version: int | None, problems: tuple[Problem, ...], *, may_heal: bool) -> None:
        """What ran before goes on."""
        wanted = self._wanted
        if wanted.applied.problems != problems:
            for problem in problems:
                log.error("%s", problem)
            log.error("version %s of the twin is refused; what ran before goes on", version)
        wanted.applied = Applied(wanted.applied.version, version, problems)
        wanted.retry_s = self._clock.monotonic_s() + AGAIN_S if may_heal else None

    def _restore(self) -> None:
        """Start again what had to end for something that then could not be opened."""
        try:
            self._runtime.apply(self._wanted.plan)
        except (ConfigError, DetectorError) as error:
            log.error("what ran before does not start again: %s", error)  # noqa: TRY400 - no mistake of the program

    def _tell(self, events: list[HealthEvent]) -> None:
        """Health events go to the log, and where ARCHON_TELEMETRY_IOTHUB says so to the hub."""
        now = self._clock.now()
        for event in events:
            document = event.document | {"timestamp": now.isoformat(timespec="milliseconds").replace("+00:00", "Z")}
            text = json.dumps(document)
            health_log.info("%s", text)
            if self._settings.telemetry_iothub:
                self._runtime.delivery([Message(HEALTH, text.encode(), random_id(), now, {OUTPUT: HEALTH})])


def run(environ: Mapping[str, str], is_over: Callable[[], bool]) -> int:
    """Be the module that the environment names, until somebody asks for the end; the exit code.

    Raises:
        ConfigError: the environment names no module, or something in it is wrong.
    """
    settings, identity, outside = read_settings(environ), from_environment(environ), read_outside(environ)
    data, clock = data_folder(environ), SystemClock()
    set_up_logging(settings.platform_log_level, as_json=True)
    with kept_log(data / "logs") as files:
        for problem in settings.warnings:
            log.warning("%s", problem)
        logs = ModuleLogs(who_of(identity), files, logs_target(environ, data), clock, upload)
        twins: queue.SimpleQueue[Twin] = queue.SimpleQueue()
        client = ModuleClient(identity, Handlers(twins.put, partial(answer, logs)), clock)
        seen: defaultdict[str, Seen] = defaultdict(Seen)
        options = Options(
            models_folder=models_folder(environ),
            outbox_folder=data / "outbox",
            calibration_folder=data / "calibration",
            tells_answers=False,
            taps=lambda graph: seen[graph.id].taps,
        )
        outlet = edge_outlet(client, options.outbox_folder, output_of)
        runtime = Runtime(Plan((), settings.sinks), options, environ, [outlet])
        module = SpatialModule(settings, outside, runtime, seen, client)
        client.start()
        try:
            while not is_over():
                if (twin := newest(twins, TICK_S)) is not None:
                    module.take(twin)
                module.step()
        finally:
            module.close()
            client.close()
    return 0


@contextmanager
def kept_log(folder: Path) -> Iterator[LogFiles]:
    """The log goes to files too."""
    files = LogFiles(folder)
    handler, root = files.handler(), logging.getLogger("footfall")
    root.addHandler(handler)
    try:
        yield files
    finally:
        root.removeHandler(handler)
        handler.close()


def answer(logs: ModuleLogs, name: str, payload: object) -> tuple[int, object]:
    """Answer a direct method; names count with their case."""
    if name == GET_LOGS:
        return logs.answer(payload)
    return 501, {"error": f"there is no method {name}; this module has {GET_LOGS}"}


def who_of(identity: ModuleIdentity) -> LogOwner:
    """The module as its log names it."""
    who = identity.who
    return LogOwner(who.module or who.device, sha256(who.client_id.encode()).hexdigest()[:12])


def logs_target(environ: Mapping[str, str], data: Path) -> Path:
    """Where uploads of logs go: $FOOTFALL_LOGS, else the module's own data."""
    return Path(environ.get("FOOTFALL_LOGS") or data)


def upload(work: Callable[[], None]) -> None:
    """Run an upload in a thread of its own."""
    Worker("log upload", work).start()


def output_of(message: Message) -> str:
    """The output of a message."""
    return message.properties.get(OUTPUT, EVENTS)


def newest(twins: queue.SimpleQueue[Twin], timeout_s: float) -> Twin | None:
    """The last twin that has come, if one comes in time."""
    try:
        twin = twins.get(timeout=timeout_s)
        while True:
            twin = twins.get_nowait() if not twins.empty() else twin
            if twins.empty():
                return twin
    except queue.Empty:
        return None


def set_levels(plan: Plan, settings: Settings) -> None:
    """Loggers are as talkative as the most talkative graph wants them."""
    graphs = [graph for graph in plan.graphs if graph.enabled]
    platform = [graph.platform_log_level or settings.platform_log_level for graph in graphs]
    set_level(most_talkative(platform or [settings.platform_log_level]))
    nodes = [graph.nodes_log_level or settings.nodes_log_level for graph in graphs]
    for name in NODES:
        set_level(most_talkative(nodes or [settings.nodes_log_level]), name)


def most_talkative(levels: Sequence[str]) -> str:
    """The one that lets most through."""
    return max(levels, key=list(LEVELS).index)


def problems_of(error: ConfigError | DetectorError) -> tuple[Problem, ...]:
    """As they are reported."""
    if isinstance(error, ConfigError):
        return error.problems
    return (Problem(TWIN, "$.graphs", str(error), "footfall models verify"),)


def in_words(changed: PlanDiff) -> str:
    """What an applied plan does."""
    parts = (("start", changed.start), ("stop", changed.stop), ("restart", changed.restart), ("stay", changed.stay))
    return "; ".join(f"{', '.join(graphs)} {verb}" for verb, graphs in parts if graphs) or "nothing runs"
