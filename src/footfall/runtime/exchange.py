"""Other rules for a camera that runs: its picture, its detector and its people stay; rules and events are exchanged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from footfall.config.plan import DetectSpec, EventSpec, GraphPlan, GroundSpec, LookAt, NodePlan
from footfall.core.ports import Clock, Node
from footfall.core.types import Message
from footfall.engine.graph import Graph
from footfall.engine.rules import SpatialNode
from footfall.runtime.options import Options
from footfall.runtime.wiring import KEEPER, rules_nodes
from footfall.spatial.regions import SpatialSpec

EXCHANGED = (GroundSpec, SpatialSpec, EventSpec)


def can_exchange(old: GraphPlan, new: GraphPlan) -> bool:
    """Whether nothing but the rules, the floor or the wording of events differs."""
    if old.extension or new.extension or new.spec(DetectSpec).look is LookAt.INTEREST:
        return False
    if len(old.nodes) != len(new.nodes) or replace(old, nodes=()) != replace(new, nodes=()):
        return False
    return all(_stays(before, after) for before, after in zip(old.nodes, new.nodes, strict=True))


def _stays(before: NodePlan, after: NodePlan) -> bool:
    return before == after or (isinstance(after.spec, EXCHANGED) and replace(before, spec=after.spec) == after)


def exchange(graph: Graph, old: GraphPlan, new: GraphPlan, options: Options, clock: Clock) -> Iterator[Message]:
    """Put the nodes of the new plan in; what is still to be told under the old one."""
    kept = {node.name for node in new.nodes if node in old.nodes}
    nodes = {name: node for name, node in rules_nodes(new, options, clock).items() if name not in kept}
    rules = nodes.get("spatialanalysis")
    ending = None
    if isinstance(rules, SpatialNode):
        before = graph.node("spatialanalysis")
        assert isinstance(before, SpatialNode)
        ending = before.hand_over(rules)
    behind = [graph.node("events"), *((graph.node(KEEPER),) if KEEPER in nodes else ())]
    if ending is not None:
        yield from _told(ending, behind)
    graph.exchange(nodes)


def _told(item: object, nodes: list[Node]) -> Iterator[Message]:
    for node in nodes:
        yield from (message for message in node.feed(item) if isinstance(message, Message))
