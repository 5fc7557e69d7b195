"""Spatial analysis as a module of an edge hub: the process (spec/container.md sections 5 to 8).

Twins arrive in a thread of the hub's client and wait there; everything else happens in `run`'s own thread.
"""

from __future__ import annotations

import logging
import queue
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Final

from footfall.config.environment import Settings, read_settings
from footfall.config.plan import Plan
from footfall.core.types import Message
from footfall.edge.client import ModuleClient
from footfall.edge.identity import ModuleIdentity, from_environment
from footfall.edge.messages import Handlers, Twin
from footfall.engine.clock import SystemClock
from footfall.engine.worker import Worker
from footfall.runtime.edge_sink import edge_outlet
from footfall.runtime.folders import data_folder, models_folder
from footfall.runtime.media_metrics import VARIABLE, MetricsServer, address
from footfall.runtime.module_logs import LogFiles, LogOwner, ModuleLogs
from footfall.runtime.module_plan import read_outside
from footfall.runtime.module_report import Seen
from footfall.runtime.options import Options
from footfall.runtime.runtime import Runtime
from footfall.runtime.twin_follower import OUTPUT, TwinFollower
from footfall.telemetry import set_up_logging

log = logging.getLogger(__name__)

EVENTS: Final = "output1"
"""Output of all events (RULE E6)."""
GET_LOGS: Final = "getRTCVLogs"
TICK_S: Final = 1.0
REPORT_S: Final = 3.0
"""Patience with a hub that does not answer; what is not reported now is reported later."""


def run(environ: Mapping[str, str], is_over: Callable[[], bool]) -> int:
    """Be the module that the environment names, until somebody asks for the end; the exit code.

    Raises:
        ConfigError: the environment names no module, or something in it is wrong.
    """
    settings, identity, data = read_settings(environ), from_environment(environ), data_folder(environ)
    set_up_logging(settings.platform_log_level, as_json=True)
    with kept_log(data / "logs") as files:
        for problem in settings.warnings:
            log.warning("%s", problem)
        logs = ModuleLogs(who_of(identity), files, logs_target(environ, data), SystemClock(), upload)
        twins: queue.SimpleQueue[Twin] = queue.SimpleQueue()
        client = ModuleClient(identity, Handlers(twins.put, partial(answer, logs)), SystemClock())
        follower = follower_of(client, settings, environ, data)
        metrics = MetricsServer(address(environ) if environ.get(VARIABLE) else None, follower.figures.render)
        client.start()
        try:
            while not is_over():
                if (twin := newest(twins, TICK_S)) is not None:
                    follower.take(twin)
                follower.step()
        finally:
            metrics.close()
            follower.close()
            client.close()
    return 0


def follower_of(client: ModuleClient, settings: Settings, environ: Mapping[str, str], data: Path) -> TwinFollower:
    """All that runs graphs and sends their events, behind an outbox.

    Raises:
        ConfigError: a sink of the environment or the outbox cannot be opened.
    """
    seen: defaultdict[str, Seen] = defaultdict(Seen)
    options = Options(
        models_folder=models_folder(environ),
        outbox_folder=data / "outbox",
        calibration_folder=data / "calibration",
        recordings_folder=data,
        tells_answers=False,
        settings=settings,
        taps=lambda graph: seen[graph.id].taps,
    )
    outside = read_outside(environ)
    outlet = edge_outlet(client, options.outbox_folder, output_of)
    runtime = Runtime(Plan((), settings.sinks), options, environ, [outlet])
    return TwinFollower(settings, outside, runtime, seen, partial(client.report, timeout_s=REPORT_S), SystemClock())


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
