"""What a module reports about its graphs (spec/container.md section 6, RULE C4)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from footfall.config.plan import Plan
from footfall.core.errors import Problem, SinkRejected, SinkUnavailable
from footfall.edge.patch import difference
from footfall.engine.items import Happened
from footfall.engine.runner import Runner, State
from footfall.events.calibration import CalibrationInfo
from footfall.runtime.module_plan import config_hash
from footfall.runtime.options import Taps

log = logging.getLogger(__name__)

FIGURES_EVERY_S: Final = 10.0
LONGEST_TEXT: Final = 1000
MOST_PROBLEMS: Final = 20
"""A reported twin holds 32 KiB, a text in it 4,096 bytes (spec/iot.md section 4)."""
FORBIDDEN: Final = str.maketrans(dict.fromkeys(".$# ", "_") | {chr(code): "_" for code in range(32)})

Tree = dict[str, object]
Report = Callable[[Tree], int | None]
"""Merges a patch into the reported properties; gives their new `$version`."""


@dataclass(slots=True)
class Seen:
    """The newest of a graph, as it passed the rules; written by the analyst's thread."""

    utc: datetime | None = None
    calibration: CalibrationInfo = field(default_factory=CalibrationInfo)

    def look(self, item: object) -> None:
        """Note one item."""
        assert isinstance(item, Happened)
        self.utc, self.calibration = item.observed.utc, item.calibration

    @property
    def taps(self) -> Taps:
        """What the graph is to call."""
        return Taps(on_happened=self.look)


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of the desired properties."""

    version: int | None = None
    """`$version` of those that run."""
    refused: int | None = None
    """`$version` of newer ones that cannot run."""
    problems: tuple[Problem, ...] = ()

    @property
    def document(self) -> Tree:
        """As it is reported."""
        document: Tree = {} if self.version is None else {"version": self.version}
        if self.problems:
            told = [_text(f"{problem.path}: {problem.what}; {problem.cure}") for problem in self.problems]
            document["refused"] = {"version": self.refused or 0, "problems": told[:MOST_PROBLEMS]}
        return document


class Figures:
    """Frames a second of each graph, measured between two looks at its counters."""

    def __init__(self) -> None:
        self._before: dict[str, tuple[float, int, int]] = {}
        self._shown: dict[str, tuple[float, float]] = {}

    def measure(self, runners: Sequence[Runner], t_s: float) -> None:
        """Look at the counters."""
        now = {r.plan.id: (t_s, r.metrics.counts["frames_in"], r.metrics.counts["frames_analysed"]) for r in runners}
        self._shown = {name: _rates(self._before.get(name, (t_s, 0, 0)), figures) for name, figures in now.items()}
        self._before = now

    def __getitem__(self, name: str) -> tuple[float, float]:
        """(in, analysed) frames a second at the last look."""
        return self._shown.get(name, (0.0, 0.0))


class Reporter:
    """Keeps the reported properties true: changes go out at once, mere figures every few seconds.

    Args:
        send: how.
        seen: the newest of each graph, by its id.
    """

    def __init__(self, send: Report, seen: Mapping[str, Seen]) -> None:
        self._send = send
        self._seen = seen
        self._figures = Figures()
        self._frames: dict[str, str] = {}
        self._due_s = 0.0
        self._told: Mapping[str, object] = {}
        self._version: int | None = None

    def begin(self, reported: Mapping[str, object]) -> None:
        """What an earlier run has left in the twin."""
        self._told = {key: value for key, value in reported.items() if key in {"applied", "graphs"}}

    def step(self, plan: Plan, runners: Sequence[Runner], applied: Applied, t_s: float) -> None:
        """Report what has changed."""
        if t_s >= self._due_s:
            self._due_s = t_s + FIGURES_EVERY_S
            self._figures.measure(runners, t_s)
            self._frames = {name: _iso(seen.utc) for name, seen in self._seen.items() if seen.utc is not None}
        now = {"applied": applied.document, "graphs": self._graphs(plan, runners)}
        patch = difference(self._told, now)
        if not patch:
            return
        try:
            version = self._send(patch)
        except SinkUnavailable as error:
            log.debug("nothing is reported (%s)", error)
        except SinkRejected as error:
            log.warning("the hub refuses what is reported (%s)", error)
            self._told = now
        else:
            is_next = None in {version, self._version} or version == self._version + 1  # type: ignore[operator]
            self._told = now if is_next else {}  # somebody has begun anew: tell all of it again
            self._version = version

    def _graphs(self, plan: Plan, runners: Sequence[Runner]) -> Tree:
        running = {runner.plan.id: runner for runner in runners}
        graphs: dict[str, Tree] = {}
        for graph in plan.runs:
            name, _, instance = graph.id.partition("/")
            about = self._about(graph.id, running.get(graph.id)) | {"config_hash": config_hash(graph)}
            graphs.setdefault(_key(name), {})[_key(instance)] = about
        return dict(graphs)

    def _about(self, name: str, runner: Runner | None) -> Tree:
        fps_in, fps_out = self._figures[name]
        seen = self._seen.get(name) or Seen()
        about: Tree = {
            "state": (State.STOPPED if runner is None else runner.state).value,
            "fps_in": fps_in,
            "fps_out": fps_out,
            "last_frame": self._frames.get(name, ""),
            "last_error": "" if runner is None else _text(runner.reason),
            "calibration": seen.calibration.state.value,
        }
        return about


def _rates(before: tuple[float, int, int], now: tuple[float, int, int]) -> tuple[float, float]:
    passed_s = now[0] - before[0]
    if passed_s <= 0.0:
        return 0.0, 0.0
    rate_in, rate_out = (max(0.0, round((now[i] - before[i]) / passed_s, 1)) for i in (1, 2))
    return rate_in, rate_out


def _iso(utc: datetime | None) -> str:
    return "" if utc is None else utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _key(name: str) -> str:
    """A name that a twin may hold."""
    return name.translate(FORBIDDEN)


def _text(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}..."
