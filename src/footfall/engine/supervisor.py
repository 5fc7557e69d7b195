"""Keeps cameras running: live diffs of a Plan, and what has failed is started again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from time import monotonic

from footfall.config.plan import GraphPlan, Plan, RecorderPlan
from footfall.core.errors import FootfallError
from footfall.engine.runner import Runner, State

log = logging.getLogger(__name__)

STOP_WITHIN_S = 10.0
"""Patience with threads that were asked to end: a frame under analysis, a camera that must time out."""


class Supervisor:
    """Runs the graphs of a Plan and applies new plans by difference (RULE C4).

    Args:
        build: makes what runs a graph or a recorder.
        adapt: makes a runner go on under another plan, where it can do so without a break; whether it can.
    """

    def __init__(
        self,
        build: Callable[[GraphPlan | RecorderPlan], Runner],
        adapt: Callable[[Runner, GraphPlan | RecorderPlan], bool] = lambda _runner, _plan: False,
    ) -> None:
        self._build = build
        self._adapt = adapt
        self._runners: dict[str, Runner] = {}

    @property
    def runners(self) -> tuple[Runner, ...]:
        """Everything that runs or has run under the present plan."""
        return tuple(self._runners.values())

    def apply(self, plan: Plan) -> None:
        """Make reality follow the plan; graphs whose plan is unchanged keep running, tracks and all.

        Raises:
            ConfigError: a graph cannot be built; those that are unchanged run, no new one does.
        """
        wanted = {graph.id: graph for graph in plan.runs if graph.enabled}
        gone = [runner for runner in self._runners.values() if not self._stays(runner, wanted.get(runner.plan.id))]
        for runner in gone:
            runner.stop()
        join_all(gone, STOP_WITHIN_S)
        for runner in gone:
            del self._runners[runner.plan.id]
        new = self._built({name: graph for name, graph in wanted.items() if name not in self._runners})
        self._runners.update(new)
        for runner in new.values():
            runner.start()

    def revive(self, is_due: Callable[[Runner], bool]) -> None:
        """Start again what has failed, where it is due.

        Raises:
            FootfallError: it cannot be built any more.
        """
        for runner in self.runners:
            if runner.state is State.FAILED and is_due(runner):
                log.info("%s is started again", runner.name)
                fresh = self._runners[runner.plan.id] = self._build(runner.plan)
                fresh.start()

    def _stays(self, runner: Runner, plan: GraphPlan | RecorderPlan | None) -> bool:
        return plan is not None and (plan == runner.plan or self._adapt(runner, plan))

    def _built(self, graphs: Mapping[str, GraphPlan | RecorderPlan]) -> dict[str, Runner]:
        built: dict[str, Runner] = {}
        try:
            for name, graph in graphs.items():
                built[name] = self._build(graph)
        except FootfallError:
            for runner in built.values():
                runner.stop()
            join_all(tuple(built.values()), STOP_WITHIN_S)
            raise
        return built

    def stop(self, within_s: float | None = None) -> bool:
        """Stop everything and wait for it, so long or as usual; whether all has ended in time."""
        self.ask_to_stop()
        return join_all(self.runners, STOP_WITHIN_S if within_s is None else within_s)

    def ask_to_stop(self) -> None:
        """Ask everything to end and return at once."""
        for runner in self.runners:
            runner.stop()

    def is_done(self, timeout_s: float) -> bool:
        """Wait a little; whether every graph has ended."""
        return join_all(self.runners, timeout_s)


def join_all(runners: Sequence[Runner], timeout_s: float) -> bool:
    """Wait for all of them together; whether all have ended in time."""
    deadline_s = monotonic() + timeout_s
    ended = [runner.join(max(0.0, deadline_s - monotonic())) for runner in runners]
    return all(ended)
