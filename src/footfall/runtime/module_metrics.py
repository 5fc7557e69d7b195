"""Health events as figures for Prometheus, under their old names in snake case (spec/container.md, RULE C5)."""

from __future__ import annotations

import re
import threading
from typing import Final

from footfall.runtime.module_health import HealthEvent

_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
RATE: Final = "rate"


class HealthFigures:
    """How often each health event was told, and the last rates; told and read in different threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: dict[str, dict[str, float]] = {}
        self._gauges: set[str] = set()

    def count(self, event: HealthEvent) -> None:
        """One more; of rates the last one counts."""
        name, rate = _HUMP.sub("_", event.name).lower(), event.details.get(RATE)
        with self._lock:
            of_graph = self._values.setdefault(name, {})
            if isinstance(rate, float):
                self._gauges.add(name)
                of_graph[event.graph] = rate
            else:
                of_graph[event.graph] = of_graph.get(event.graph, 0) + 1

    def render(self) -> str:
        """In Prometheus' text form."""
        with self._lock:
            lines = [line for name, values in sorted(self._values.items()) for line in self._lines(name, values)]
        return "".join(f"{line}\n" for line in lines)

    def _lines(self, name: str, values: dict[str, float]) -> list[str]:
        kind = "gauge" if name in self._gauges else "counter"
        return [f"# TYPE {name} {kind}", *(f"{name}{_labels(graph)} {value:g}" for graph, value in values.items())]


def _labels(graph: str) -> str:
    if not graph:
        return ""
    name, _, instance = (
        part.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") for part in graph.partition("/")
    )
    return f'{{graph="{name}",instance="{instance}"}}'
