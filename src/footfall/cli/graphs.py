"""The rules and the camera that belong to a recording."""

from __future__ import annotations

import argparse
from dataclasses import replace

from footfall.cli.files import read_text
from footfall.cli.options import regions
from footfall.cli.watch import say_all
from footfall.config.environment import Settings
from footfall.config.load import Kind, load_plan, recognise
from footfall.config.native import plan_for_target
from footfall.config.plan import GraphPlan, GroundSpec, Plan, SourceSpec
from footfall.core.errors import ConfigError, Problem
from footfall.spatial.regions import SpatialSpec


class Graphs:
    """Which rules and which camera belong to which recording.

    Raises:
        ConfigError: the configuration or a region is wrong.
    """

    def __init__(self, args: argparse.Namespace, settings: Settings) -> None:
        self._args = args
        self._settings = settings
        self._plan: Plan | None = None
        self._spatial = SpatialSpec()
        text = read_text(args.config) if args.config else ""
        if not args.config or recognise(text, lenient=args.lenient) is Kind.SPACEANALYTICS:
            self._spatial = regions(args, settings)
            return
        if args.line or args.zone:
            what = "regions are given beside a whole configuration"
            cure = "put them into the file, or leave --config away"
            raise ConfigError([Problem("command line", "--line/--zone", what, cure)])
        self._plan = load_plan(text, file=args.config, settings=settings, lenient=args.lenient)
        say_all(self._plan.warnings)

    def of(self, source: str, path: str) -> GraphPlan:
        """The graph of a camera: the one asked for, the only one, or the one whose source is called like it.

        Raises:
            ConfigError: it is not clear which one is meant.
        """
        if self._plan is None:
            plan = plan_for_target(path, spatial=self._spatial, source_id=source, settings=self._settings)
            return self._seen_by(plan.graphs[0])
        graphs, wanted = self._plan.graphs, self._args.graph
        fitting = [graph for graph in graphs if wanted == graph.id]
        if wanted is None:
            called = [graph for graph in graphs if graph.spec(SourceSpec).source_id == source]
            fitting = list(graphs) if len(graphs) == 1 else called
        if len(fitting) != 1:
            what = f"{len(graphs)} graphs, and none of them is clearly that of {source}"
            cure = f"choose one: --graph {' | '.join(graph.id for graph in graphs)}"
            raise ConfigError([Problem(self._args.config, "$.graphs", what, cure)])
        return self._seen_by(fitting[0])

    def _seen_by(self, graph: GraphPlan) -> GraphPlan:
        """The graph with the camera of --camera."""
        if self._args.camera is None:
            return graph
        nodes = [
            replace(node, spec=replace(node.spec, camera=self._args.camera))
            if isinstance(node.spec, GroundSpec)
            else node
            for node in graph.nodes
        ]
        return replace(graph, nodes=tuple(nodes))
