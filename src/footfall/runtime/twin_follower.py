"""What a twin desires runs, and how it runs is reported (spec/container.md sections 6 to 8).

Unchanged graphs go on running, tracks and calibration and all. A twin that cannot run as a whole changes nothing.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from footfall.config.diff import PlanDiff, diff
from footfall.config.environment import Settings
from footfall.config.plan import Plan
from footfall.core.errors import ConfigError, DetectorError, Problem
from footfall.core.ports import Clock
from footfall.core.types import Message
from footfall.edge.messages import Twin
from footfall.runtime.module_health import Health, HealthEvent
from footfall.runtime.module_metrics import HealthFigures
from footfall.runtime.module_plan import TWIN, Outside, plan_of_desired
from footfall.runtime.module_report import Applied, Report, Reporter, Seen
from footfall.runtime.runtime import Runtime
from footfall.runtime.wiring import random_id
from footfall.telemetry import LEVELS, set_level

log = logging.getLogger(__name__)
health_log = logging.getLogger("footfall.health")

OUTPUT: Final = "$.on"
"""Property that names the output of a message, where it is not the usual one."""
HEALTH: Final = "health"
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


class TwinFollower:
    """Runs what a twin desires; `step` is called about once a second.

    Args:
        settings: of the process.
        outside: where the names of the deployment are.
        runtime: runs the plans.
        seen: what the runtime's taps write to.
        report: merges a patch into the reported properties, as `ModuleClient.report` does.
        clock: time of day.
    """

    def __init__(
        self,
        settings: Settings,
        outside: Outside,
        runtime: Runtime,
        seen: Mapping[str, Seen],
        report: Report,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._outside = outside
        self._runtime = runtime
        self._clock = clock
        self._wanted = Wanted()
        self._health = Health()
        self.figures = HealthFigures()
        self._reporter = Reporter(report, seen)
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
            if self._refuse(number, problems_of(error), may_heal=True):
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

    def _refuse(self, version: int | None, problems: tuple[Problem, ...], *, may_heal: bool) -> bool:
        """What ran before goes on; whether that is news."""
        wanted = self._wanted
        is_news = wanted.applied.problems != problems
        if is_news:
            for problem in problems:
                log.error("%s", problem)
            log.error("version %s of the twin is refused; what ran before goes on", version)
        wanted.applied = Applied(wanted.applied.version, version, problems)
        wanted.retry_s = self._clock.monotonic_s() + AGAIN_S if may_heal else None
        return is_news

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
            self.figures.count(event)
            document = event.document | {"timestamp": now.isoformat(timespec="milliseconds").replace("+00:00", "Z")}
            text = json.dumps(document)
            health_log.info("%s", text)
            if self._settings.telemetry_iothub:
                self._runtime.delivery([Message(HEALTH, text.encode(), random_id(), now, {OUTPUT: HEALTH})])


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
