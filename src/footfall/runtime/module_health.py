"""Health events of a module, by their old names (spec/container.md section 7, RULE C5). No clock here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from footfall.core.errors import FootfallError
from footfall.engine.runner import Runner, State

HEARTBEAT_S: Final = 60.0
RATES_S: Final = 300.0
INGESTER_S: Final = 3600.0


def names_of(graph: str) -> tuple[str, str]:
    """Graph and instance of `<graph>/<instance>`; names of cameras, which stand for both, may hold slashes.

    >>> names_of("shop/door"), names_of("Door 1/2/Door 1/2")
    (('shop', 'door'), ('Door 1/2', 'Door 1/2'))
    """
    half = len(graph) // 2
    if graph[half : half + 1] == "/" and graph[:half] == graph[half + 1 :]:
        return graph[:half], graph[:half]
    name, _, instance = graph.partition("/")
    return name, instance


@dataclass(frozen=True, slots=True)
class HealthEvent:
    """One of them."""

    name: str
    graph: str = ""
    """Id of the graph, `<graph>/<instance>`; empty for the whole module."""
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def document(self) -> dict[str, object]:
        """As it is sent, but for the time."""
        graph, instance = names_of(self.graph)
        where = {"graphId": graph, "instanceId": instance} if self.graph else {}
        return {"name": self.name, **where, **self.details}


@dataclass(slots=True)
class Life:
    """What was told about one graph."""

    heartbeat_s: float
    """When the next one is due, in the seconds that `Health` is given."""
    rates_s: float
    ingester_s: float
    is_ingesting: bool = False
    has_crashed: bool = False
    frames: tuple[int, int] = (0, 0)
    errors: int = 0


class Health:
    """Tells how graphs live, from their counters and states."""

    def __init__(self) -> None:
        self._lives: dict[str, tuple[Runner, Life]] = {}
        self._is_waiting = False
        """Whether not all graphs of the present plan have seen a frame yet."""

    def follow(self, runners: Sequence[Runner], t_s: float) -> list[HealthEvent]:
        """These are the graphs from now on."""
        events: list[HealthEvent] = []
        for name, (runner, life) in tuple(self._lives.items()):
            if runner not in runners:
                events += self._ended(name, life)
        for runner in runners:
            if runner.plan.id not in self._lives:
                life = Life(t_s + HEARTBEAT_S, t_s + RATES_S, t_s + INGESTER_S)
                self._lives[runner.plan.id] = runner, life
                events.append(HealthEvent("archon_graphCreationSuccess", runner.plan.id))
        self._is_waiting = bool(runners)
        return events

    def refused(self, graphs: Iterable[str]) -> list[HealthEvent]:
        """These graphs could not be made."""
        return [HealthEvent("archon_graphCreationFailed", name) for name in graphs]

    def step(self, t_s: float) -> list[HealthEvent]:
        """What there is to tell now."""
        events = [event for runner, life in self._lives.values() for event in _step(runner, life, t_s)]
        if self._is_waiting and all(life.is_ingesting for _, life in self._lives.values()):
            self._is_waiting = False
            events.append(HealthEvent("archon_allGraphsStarted"))
        return events

    def ended(self) -> list[HealthEvent]:
        """The module ends."""
        events = [event for name, (_, life) in tuple(self._lives.items()) for event in self._ended(name, life)]
        return [*events, HealthEvent("archon_exit")]

    def _ended(self, name: str, life: Life) -> Iterator[HealthEvent]:
        if life.is_ingesting:
            yield HealthEvent("VideoIngesterState", name, {"state": "Stopped"})
        yield HealthEvent("archon_graphCleanup", name)
        del self._lives[name]


def _step(runner: Runner, life: Life, t_s: float) -> Iterator[HealthEvent]:
    name, counts = runner.plan.id, runner.metrics.counts
    if (is_ingesting := runner.state is State.RUNNING) != life.is_ingesting:
        life.is_ingesting = is_ingesting
        yield HealthEvent("VideoIngesterState", name, {"state": "Started" if is_ingesting else "Stopped"})
    if runner.failure is not None and not life.has_crashed:
        life.has_crashed = True
        is_ours = not isinstance(runner.failure, FootfallError)
        yield HealthEvent("archon_error" if is_ours else "archon_graphCreationFailed", name, {"reason": runner.reason})
    if t_s >= life.heartbeat_s:
        life.heartbeat_s += HEARTBEAT_S
        yield HealthEvent("archon_graphHeartbeat", name, {"state": runner.state.value})
    if t_s >= life.rates_s:
        life.rates_s += RATES_S
        now = counts["frames_in"], counts["frames_analysed"]
        for label, before, after in zip(("InputRate", "OutputRate"), life.frames, now, strict=True):
            yield HealthEvent(label, name, {"rate": round((after - before) / RATES_S, 2)})
        life.frames = now
    if t_s >= life.ingester_s:
        life.ingester_s += INGESTER_S
        yield HealthEvent("VideoIngesterHeartbeat", name, {"errors": counts["source_errors"] - life.errors})
        life.errors = counts["source_errors"]
