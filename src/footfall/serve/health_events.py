"""Azure's health events of the service: one JSON object a line in the log, and counted for /metrics (RULE C5)."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence

from footfall.core.ports import Clock
from footfall.engine.runner import Runner
from footfall.runtime.module_health import Health, HealthEvent
from footfall.runtime.module_metrics import HealthFigures

log = logging.getLogger("footfall.health")


class HealthTeller:
    """Looks at what runs, and tells what has changed.

    Args:
        runners: what runs now.
        clock: of the service.
    """

    def __init__(self, runners: Callable[[], Sequence[Runner]], clock: Clock) -> None:
        self._runners = runners
        self._clock = clock
        self._health = Health()
        self._followed: tuple[Runner, ...] = ()
        self.figures = HealthFigures()
        """How often each was told."""

    def tick(self) -> None:
        """Tell what there is to tell; to be called every second."""
        now_s, runners = self._clock.monotonic_s(), tuple(self._runners())
        events = []
        if runners != self._followed:
            events += [HealthEvent("archon_configchange")] if self._followed else []
            events += self._health.follow(runners, now_s)
            self._followed = runners
        self._tell([*events, *self._health.step(now_s)])

    def close(self) -> None:
        """The service ends."""
        self._tell(self._health.ended())

    def _tell(self, events: Sequence[HealthEvent]) -> None:
        stamp = self._clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        for event in events:
            self.figures.count(event)
            log.info("%s", json.dumps(event.document | {"timestamp": stamp}))
