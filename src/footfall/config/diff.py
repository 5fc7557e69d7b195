"""What changes between two plans, graph by graph (spec/container.md section 6, RULE C4)."""

from __future__ import annotations

from dataclasses import dataclass

from footfall.config.plan import GraphPlan, Plan, RecorderPlan


@dataclass(frozen=True, slots=True)
class PlanDiff:
    """Graph ids, each in plan order. Graphs that are disabled before and after are in none of the lists."""

    start: tuple[str, ...] = ()
    stop: tuple[str, ...] = ()
    restart: tuple[str, ...] = ()
    """Run before and after, but differently."""
    stay: tuple[str, ...] = ()
    """Unchanged: they keep running with their tracks and calibration."""


def diff(old: Plan, new: Plan) -> PlanDiff:
    """What must happen for `new` to run instead of `old`."""
    before, after = _running(old), _running(new)
    both = [graph_id for graph_id in after if graph_id in before]
    return PlanDiff(
        start=tuple(graph_id for graph_id in after if graph_id not in before),
        stop=tuple(graph_id for graph_id in before if graph_id not in after),
        restart=tuple(graph_id for graph_id in both if before[graph_id] != after[graph_id]),
        stay=tuple(graph_id for graph_id in both if before[graph_id] == after[graph_id]),
    )


def _running(plan: Plan) -> dict[str, GraphPlan | RecorderPlan]:
    return {graph.id: graph for graph in plan.runs if graph.enabled}
