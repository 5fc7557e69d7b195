"""Which nodes may follow which, and how many there may be (spec/media-graph.md section 5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from footfall.mediagraph.documents import Node, Topology
from footfall.mediagraph.flaws import Check, Flaw
from footfall.mediagraph.nodes import NodeKind

EXTENSIONS: Final = frozenset({NodeKind.GRPC, NodeKind.HTTP, NodeKind.COGNITIVE})
_PICTURES: Final = frozenset({NodeKind.RTSP_SOURCE, NodeKind.MOTION, NodeKind.RATE})
_SPEAKERS: Final = EXTENSIONS | {NodeKind.MOTION}
"""Nodes that say something about pictures."""
EVENTS: Final = _SPEAKERS | {NodeKind.HUB_SOURCE}
"""What opens a gate."""
PREDECESSORS: Final[Mapping[NodeKind, frozenset[NodeKind]]] = {
    NodeKind.MOTION: frozenset({NodeKind.RTSP_SOURCE}),
    NodeKind.RATE: _PICTURES,
    **dict.fromkeys(EXTENSIONS, _PICTURES | EXTENSIONS),
    NodeKind.GATE: EVENTS | {NodeKind.RTSP_SOURCE},
    NodeKind.ASSET_SINK: frozenset({NodeKind.RTSP_SOURCE, NodeKind.GATE}),
    NodeKind.FILE_SINK: frozenset({NodeKind.GATE}),
    NodeKind.HUB_SINK: _SPEAKERS | {NodeKind.RTSP_SOURCE},
}
AT_MOST_ONE: Final = (NodeKind.MOTION, NodeKind.ASSET_SINK, NodeKind.FILE_SINK)
RECORDERS: Final = frozenset({NodeKind.ASSET_SINK, NodeKind.FILE_SINK})


def check_wiring(topology: Topology) -> Iterator[Flaw]:
    """Everything wrong with names, inputs, predecessors, counts and cycles."""
    yield from _doubles(topology)
    named = {node.name: node for node in topology.nodes}
    for node in topology.nodes:
        yield from _inputs(node, named)
        if node.kind is NodeKind.GATE:
            yield from _gate(node, topology, named)
    yield from _counts(topology)
    yield from _cycles(topology, named)
    yield from _idle(topology)


def _doubles(topology: Topology) -> Iterator[Flaw]:
    seen: set[str] = set()
    for node in topology.nodes:
        if node.name in seen:
            yield _flaw(Check.UNIQUE, node, f"the name {node.name!r} is taken by another node", "rename one of them")
        seen.add(node.name)


def _inputs(node: Node, named: Mapping[str, Node]) -> Iterator[Flaw]:
    for index, name in enumerate(node.inputs):
        before = named.get(name)
        if before is None:
            path = (*node.path, "inputs", index, "nodeName")
            yield Flaw(Check.INPUTS, path, f"there is no node {name!r}", "name a node of this topology")
        elif before.kind not in PREDECESSORS.get(node.kind, frozenset()):
            allowed = ", ".join(kind.value for kind in NodeKind if kind in PREDECESSORS.get(node.kind, frozenset()))
            what = f"a node of type {node.kind.value} cannot follow one of type {before.kind.value}"
            yield _flaw(Check.PREDECESSORS, node, what, f"let it follow one of type {allowed}")
        elif node.kind is NodeKind.HUB_SINK and before.kind is NodeKind.RTSP_SOURCE:
            yield _warning(node, "is told nothing by a camera alone", "let it follow a node that says something")


def _gate(gate: Node, topology: Topology, named: Mapping[str, Node]) -> Iterator[Flaw]:
    kinds = [named[name].kind for name in gate.inputs if name in named]
    if kinds.count(NodeKind.RTSP_SOURCE) != 1:
        yield _flaw(Check.PREDECESSORS, gate, "takes media from exactly one RTSP source", "name it once in inputs")
    if not EVENTS.intersection(kinds):
        what = "has nothing to open it"
        cure = "add an input from a motion detector, an extension or a hub message source"
        yield _flaw(Check.PREDECESSORS, gate, what, cure)
    if not any(gate.name in node.inputs for node in topology.nodes if node.kind in RECORDERS):
        yield _flaw(Check.COUNTS, gate, "is followed by no recording", "add an asset sink or a file sink behind it")


def _counts(topology: Topology) -> Iterator[Flaw]:
    counts = Counter(node.kind for node in topology.nodes)
    if counts[NodeKind.RTSP_SOURCE] != 1:
        what = f"{counts[NodeKind.RTSP_SOURCE]} RTSP sources"
        yield Flaw(Check.COUNTS, ("properties", "sources"), f"has {what}", "use exactly one")
    for node in topology.nodes:
        if node.kind in AT_MOST_ONE and counts[node.kind] > 1:
            yield _flaw(Check.COUNTS, node, f"there are {counts[node.kind]} of type {node.kind.value}", "use one")
    extensions = [node for node in topology.nodes if node.kind in EXTENSIONS]
    if topology.version == "1.0" and len(extensions) > 1:
        yield _flaw(Check.COUNTS, extensions[1], "API 1.0 has one extension only", "use API 2.0, or one extension")


def _cycles(topology: Topology, named: Mapping[str, Node]) -> Iterator[Flaw]:
    for node in topology.nodes:
        if _returns(node, named):
            yield _flaw(Check.CYCLE, node, "takes input from itself, directly or through others", "break the circle")


def _returns(node: Node, named: Mapping[str, Node]) -> bool:
    """Whether a node is among those before it."""
    pending, seen = list(node.inputs), set[str]()
    while pending:
        name = pending.pop()
        if name == node.name:
            return True
        if name not in seen and name in named:
            seen.add(name)
            pending += named[name].inputs
    return False


def _idle(topology: Topology) -> Iterator[Flaw]:
    taken = {name for node in topology.nodes for name in node.inputs}
    for node in topology.nodes:
        if node.path[1] == "processors" and node.name not in taken and node.kind is not NodeKind.GATE:
            yield _warning(node, "nobody takes what it gives", "remove it, or name it in inputs")


def _flaw(check: Check, node: Node, what: str, cure: str) -> Flaw:
    return Flaw(check, node.path, what, cure)


def _warning(node: Node, what: str, cure: str) -> Flaw:
    return Flaw(Check.COUNTS, node.path, what, cure, is_warning=True)
