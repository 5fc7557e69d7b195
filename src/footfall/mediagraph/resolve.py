"""A topology and an instance of it -> the graph that runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from typing import cast

from footfall.config.media import MediaGraph, MediaNode
from footfall.mediagraph.documents import Instance, Node, Topology
from footfall.mediagraph.flaws import earliest
from footfall.mediagraph.references import substitute, system_variables
from footfall.mediagraph.shapes import Declared
from footfall.mediagraph.specs import media_inputs, spec
from footfall.mediagraph.validator import Invalid, substituted, unsecured


def resolve(topology: Topology, instance: Instance, *, allows_unsecured: bool = False) -> MediaGraph:
    """Put all parameters in, look at every value again, and build the graph.

    Only names of recordings keep `${System.DateTime}` and `${System.PreciseDateTime}`.

    Args:
        topology: A valid one.
        instance: One of sound form, of this topology.
        allows_unsecured: Whether endpoints without TLS are allowed (the twin's allowUnsecuredEndpoints).

    Raises:
        Invalid: a parameter is unknown, missing or of another type, or a value or an address does not fit.
    """
    nodes, flaws = substituted(topology, instance)
    if errors := earliest(flaws) or (() if allows_unsecured else earliest(unsecured(topology))):
        raise Invalid(errors)
    variables = system_variables(topology.name, instance.name)
    built = tuple(_built(node, nodes, variables) for node in _in_order(topology))
    return MediaGraph(instance.name, topology.name, built)


def _built(node: Node, nodes: Mapping[str, Declared], variables: Mapping[str, str]) -> MediaNode:
    declared = cast("Declared", substitute(nodes[node.name], variables))
    return MediaNode(node.name, spec(node.kind, declared), media_inputs(declared))


def _in_order(topology: Topology) -> Iterator[Node]:
    """Nodes behind their inputs, otherwise as they stand."""
    named = {node.name: node for node in topology.nodes}
    order = TopologicalSorter({node.name: node.inputs for node in topology.nodes}).static_order()
    return (named[name] for name in order)
