"""What a plan asks for that this version does not do: said at the start, not found out from missing numbers."""

from __future__ import annotations

from collections.abc import Iterator

from footfall.config.plan import GraphPlan, GroundSpec, Plan
from footfall.core.errors import Problem
from footfall.spatial.regions import DistanceRule, SpatialSpec


def not_yet(plan: Plan, file: str) -> tuple[Problem, ...]:
    """Warnings for what is accepted and has no effect, errors for graphs that cannot run."""
    return tuple(problem for graph in plan.graphs if graph.enabled for problem in _of_graph(graph, file))


def _of_graph(graph: GraphPlan, file: str) -> Iterator[Problem]:
    path = f"$.graphs.{graph.id.replace('/', '.instances.')}"
    if graph.debug:
        what, cure = "there is no debug window in this version", "use footfall run --save-video"
        yield Problem(file, path, what, cure, is_warning=True)
    zones = graph.spec(SpatialSpec).zones
    measures = any(isinstance(rule, DistanceRule) for zone in zones for rule in zone.rules)
    ground = graph.spec(GroundSpec)
    if measures and ground.camera is None and not ground.calibrate:
        what = "persondistance needs a calibrated camera, and do_calibration is false without one"
        yield Problem(file, path, what, "set do_calibration to true, or give CAMERA_CONFIG", is_warning=True)
