"""Runs what `$edgeAgent` is told to run, and says how it goes (spec/iot.md section 8)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol, TypeAlias

from footfall.core.ports import Clock
from footfall.core.retry import backoff_s
from footfall.deploy.desired import Assignment, read_modules
from footfall.deploy.launch import Part, part_of

log = logging.getLogger(__name__)

LONGEST_PAUSE_S: Final = 60.0
"""Between two starts of a module that does not stay up."""
HEALTHY_S: Final = 60.0
"""A module that ran this long starts anew without a pause."""
STOP_WITHIN_S: Final = 30.0
"""A media graph flushes its recordings for up to 25 s."""


class Process(Protocol):
    """A started module."""

    def exit_code(self) -> int | None:
        """None: it runs."""
        ...

    def tend_log(self) -> None:
        """See that its log does not grow without end."""
        ...

    def ask_to_stop(self) -> None:
        """Let it come to its end."""
        ...

    def stop(self, patience_s: float) -> None:
        """See it end."""
        ...


Start: TypeAlias = Callable[[Assignment, Part, Sequence[Assignment]], Process]
"""Starts a module, given all that it may want to reach; raises OSError or ValueError."""


@dataclass(slots=True)
class Module:
    """A module and what has become of it."""

    spec: Assignment
    part: Part | None
    process: Process | None = None
    state: str = "stopped"
    """`running`, `stopped`, `failed`, `backoff`."""
    reason: str = ""
    started: datetime | None = None
    ended: datetime | None = None
    code: int = 0
    restarts: int = 0
    tries: int = 0
    """Starts in a row that did not last."""
    since_s: float = 0.0
    again_s: float | None = field(default=None)
    """When it is started again."""

    def report(self) -> dict[str, Any]:
        """As `$edgeAgent` reports it."""
        return {
            "type": "docker",
            "status": "running" if self.spec.is_wanted else "stopped",
            "restartPolicy": self.spec.restart.value,
            "version": self.spec.version,
            "settings": {"image": self.spec.image},
            "runtimeStatus": self.state,
            "statusDescription": self.reason or self.state,
            "exitCode": self.code,
            "restartCount": self.restarts,
            "lastStartTimeUtc": _iso(self.started),
            "lastExitTimeUtc": _iso(self.ended),
        }


class Agent:
    """Keeps the modules of a deployment running.

    Args:
        start: starts one module.
        clock: time of day.
        system: what runs before any deployment, and whatever one says: the hub.
    """

    def __init__(self, start: Start, clock: Clock, system: Sequence[Assignment] = ()) -> None:
        self._start = start
        self._clock = clock
        self._system = {spec.name: _new(spec) for spec in system}
        self._modules: dict[str, Module] = {}
        self._status: dict[str, Any] = {"code": 417, "description": "no deployment yet"}
        self._version = 0

    def apply(self, desired: Mapping[str, Any]) -> None:
        """Take over desired properties: what is unchanged runs on; a document that is wrong changes nothing."""
        self._version = int(desired.get("$version", 0))
        if str(desired.get("schemaVersion", "1.0")).partition(".")[0] != "1":
            self._status = {"code": 412, "description": f"schema version {desired['schemaVersion']} is not supported"}
            return
        try:
            specs = read_modules(desired)
        except ValueError as error:
            log.warning("the deployment is not applied: %s", error)
            self._status = {"code": 400, "description": str(error)}
            return
        self._status = {"code": 200, "description": ""}
        self._end([module for module in self._modules.values() if module.spec not in specs])
        kept = {name: module for name, module in self._modules.items() if module.spec in specs}
        self._modules = {spec.name: kept.get(spec.name) or _new(spec) for spec in specs}
        self.step()

    def step(self) -> None:
        """Notice who has ended and start who is due."""
        now_s = self._clock.monotonic_s()
        for module in (*self._system.values(), *self._modules.values()):
            self._notice_end(module, now_s)
            is_due = module.again_s is not None and module.again_s <= now_s
            if module.process is None and module.part is not None and is_due:
                self._begin(module, now_s)

    def report(self) -> dict[str, Any]:
        """The reported properties of `$edgeAgent`."""
        return {
            "lastDesiredVersion": self._version,
            "lastDesiredStatus": dict(self._status),
            "schemaVersion": "1.0",
            "systemModules": {name: module.report() for name, module in self._system.items()},
            "modules": {name: module.report() for name, module in self._modules.items()},
        }

    def has_failed(self, name: str) -> str:
        """Why something of the system is down at this moment; empty while it runs."""
        module = self._system[name]
        return "" if module.state == "running" else module.reason

    def stop_modules(self) -> None:
        """End all modules of the deployment; they stay known."""
        self._end(list(reversed(self._modules.values())))

    def stop(self) -> None:
        """End everything, the system last."""
        self.stop_modules()
        self._end(list(self._system.values()))

    def _begin(self, module: Module, now_s: float) -> None:
        assert module.part is not None
        module.again_s = None
        module.started, module.since_s = self._clock.now(), now_s
        try:
            everybody = [other.spec for other in self._modules.values()]
            module.process = self._start(module.spec, module.part, everybody)
        except (OSError, ValueError) as error:
            self._ended(module, 1, now_s, f"cannot be started: {error}")
            return
        module.state, module.reason = "running", ""
        log.info("%s runs (%s)", module.spec.name, module.part.value)

    def _notice_end(self, module: Module, now_s: float) -> None:
        code = module.process.exit_code() if module.process is not None else None
        if code is None and module.process is not None:
            module.process.tend_log()
        if code is not None and module.process is not None:
            module.process.stop(0.0)
            module.process = None
            self._ended(module, code, now_s, f"ended with exit code {code}")

    def _ended(self, module: Module, code: int, now_s: float, reason: str) -> None:
        module.code, module.ended, module.reason = code, self._clock.now(), reason
        if not module.spec.restart.restarts(code):
            module.state = "failed" if code else "stopped"
            log.warning("%s %s", module.spec.name, reason)
            return
        module.tries = 0 if now_s - module.since_s > HEALTHY_S else module.tries + 1
        pause_s = backoff_s(module.tries, 0.5, LONGEST_PAUSE_S) if module.tries else 0.0
        module.state, module.again_s = "backoff", now_s + pause_s
        module.restarts += 1
        log.warning("%s %s: again in %.0f s", module.spec.name, reason, pause_s)

    def _end(self, modules: Sequence[Module]) -> None:
        for module in modules:
            if module.process is not None:
                module.process.ask_to_stop()
        for module in modules:
            if module.process is not None:
                module.process.stop(STOP_WITHIN_S)
            module.process, module.state, module.again_s = None, "stopped", None


def _new(spec: Assignment) -> Module:
    part = part_of(spec.image)
    if part is None:
        log.warning("%s: nothing of footfall takes the place of %s: it is left out", spec.name, spec.image)
        return Module(spec, None, state="stopped", reason=f"nothing here takes the place of {spec.image}")
    return Module(spec, part, again_s=0.0 if spec.is_wanted else None)


def _iso(time: datetime | None) -> str:
    return "0001-01-01T00:00:00+00:00" if time is None else time.isoformat()
