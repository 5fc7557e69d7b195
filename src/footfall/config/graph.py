"""One GRAPH of the twin, with its instances and shared nodes -> GraphPlans (spec/operations.md section 2, RULE 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from footfall.config.document import Document
from footfall.config.environment import Settings, log_level
from footfall.config.operations import RECORDER, Operation, UnavailableOperation, UnknownOperation, parse_operation
from footfall.config.parameters import CameraContext, read_debug, read_extension, read_parameters
from footfall.config.plan import DetectSpec, GraphPlan, RecorderPlan, pipeline
from footfall.config.recorder import read_recorder
from footfall.config.section import Entry, Section, suggest

_NODE_PARAMETERS = {
    "detector": ("DETECTOR_NODE_CONFIG",),
    "facemask": ("VIDEO_DECODE_GPU_INDEX", "ENABLE_FACE_MASK_CLASSIFIER"),
    "cameracalibrator": ("CAMERACALIBRATOR_NODE_CONFIG", "CALIBRATION_CONFIG"),
}
_GRAPH_NAMES = (
    "PersonCountGraph",
    "PersonCrossingLineGraph",
    "PersonCrossingPolygonGraph",
    "PersonDistanceGraph",
    "SpatialAnalysisGraph",
)


@dataclass(frozen=True, slots=True)
class SharedNode:
    """A node that several instances use."""

    name: str
    node: str
    """`detector`, `facemask` or `cameracalibrator`."""
    parameters: Section


@dataclass(frozen=True, slots=True)
class _Graph:
    """What all instances of a graph have in common."""

    name: str
    operation: Operation
    enabled: bool
    platform_log_level: str
    nodes_log_level: str
    parameters: Section
    shared: dict[str, SharedNode]
    settings: Settings


def read_graph(entry: Entry, document: Document, settings: Settings) -> Sequence[GraphPlan | RecorderPlan]:
    """A GraphPlan for each instance, or a RecorderPlan for each camera; none, with problems noted, if it cannot run."""
    section = Section.of(entry.value, entry.path, document)
    if section is None:
        return []
    enabled = section.boolean("enabled", default=True)
    operation = _operation(section, enabled=enabled)
    if operation is None:
        return []
    if operation.name == RECORDER:
        return read_recorder(section, entry.key, settings, enabled=enabled)
    graph = _Graph(
        entry.key,
        operation,
        enabled,
        log_level(section, "platformLogLevel"),
        log_level(section, "nodesLogLevel", "nodeLogLevel"),
        section.section("parameters") or Section(section.path, (), document),
        _shared_nodes(section),
        settings,
    )
    section.integer("version", default=1)
    instances = section.section("instances")
    section.finish("$metadata", "$version")
    if instances is None or not instances.entries:
        return [_plan(graph, graph.name, graph.parameters, enabled=enabled)]
    live = [e for e in instances.entries.values() if e.value is not None and not e.key.startswith("$")]
    return [plan for item in live if (plan := _instance(item, graph, only_camera=len(live) == 1))]


def _operation(section: Section, *, enabled: bool) -> Operation | None:
    entry = section.get("operationId", "skillId")
    operation_id = section.text("operationId", "skillId")
    if entry is None:
        section.document.error(
            section.path, "operationId is missing", 'add "operationId": "cognitiveservices.vision..."'
        )
        return None
    try:
        return parse_operation(operation_id)
    except UnavailableOperation as error:
        note = section.document.error if enabled else section.document.warn
        note(entry.path, error.what, error.cure)
    except UnknownOperation as error:
        if isinstance(entry.value, str):
            section.document.error(entry.path, error.what, error.cure)
    return None


def _shared_nodes(section: Section) -> dict[str, SharedNode]:
    nodes: dict[str, SharedNode] = {}
    shared = section.section("sharedNodes")
    for entry in shared.entries.values() if shared else ():
        item = Section.of(entry.value, entry.path, section.document)
        if item is None:
            continue
        node = _node_name(item.text("node"), item.get("node") or entry, section.document)
        parameters = item.section("parameters") or Section(item.path, (), section.document)
        item.finish()
        if node:
            allowed = {name.lower() for name in _NODE_PARAMETERS[node]}
            foreign = [name for name in parameters.entries if name not in allowed]
            for name in foreign:
                what = f"is no parameter of the node {node}, ignored"
                section.document.warn(parameters.entries[name].path, what, "move it to the graph or an instance")
            nodes[entry.key.lower()] = SharedNode(entry.key, node, parameters.without(*foreign))
    return nodes


def _node_name(text: str, entry: Entry, document: Document) -> str:
    """`<Graph>/<node>` or `<Graph>.<node>` -> node; empty, with an error noted, for an unknown one."""
    graph, _, node = text.strip().replace(".", "/").rpartition("/")
    if node.lower() not in _NODE_PARAMETERS:
        cure = suggest(node, _NODE_PARAMETERS) or f"write <Graph>/ and one of {', '.join(_NODE_PARAMETERS)}"
        document.error(entry.path, "does not name a node that can be shared", cure)
        return ""
    if graph.lower() not in {name.lower() for name in _GRAPH_NAMES}:
        document.warn(entry.path, "unknown graph name", suggest(graph, _GRAPH_NAMES) or "write PersonCountGraph or so")
    return node.lower()


def _instance(entry: Entry, graph: _Graph, *, only_camera: bool) -> GraphPlan | None:
    """Graph parameters < shared node parameters < instance parameters (RULE 3 d)."""
    section = Section.of(entry.value, entry.path, graph.parameters.document)
    if section is None:
        return None
    enabled = graph.enabled and section.boolean("enabled", default=True)
    used = _used_nodes(section, graph)
    own = section.section("parameters") or Section(section.path, (), section.document)
    section.finish("$metadata", "$version")
    merged = graph.parameters.overlaid(*(node.parameters for node in used), own)
    parameters = Section(own.path, merged.entries.values(), section.document)
    detector = next((node.name for node in used if node.node == "detector"), "")
    return _plan(graph, entry.key, parameters, enabled=enabled, only_camera=only_camera, detector=detector)


def _used_nodes(section: Section, graph: _Graph) -> list[SharedNode]:
    used = []
    mapping = section.section("sharedNodeMap")
    for entry in mapping.entries.values() if mapping else ():
        node = _node_name(entry.key, entry, section.document)
        name = entry.value if isinstance(entry.value, str) else ""
        shared = graph.shared.get(name.lower())
        if shared is None:
            known = [item.name for item in graph.shared.values()]
            cure = suggest(name, known) or f"write one of {', '.join(known) or '(sharedNodes is empty)'}"
            section.document.error(entry.path, "names no node of sharedNodes", cure)
        elif node and node != shared.node:
            section.document.error(entry.path, f"{shared.name} is a {shared.node}, not a {node}", "name the right node")
        else:
            used.append(shared)
    return used


def _plan(
    graph: _Graph,
    instance: str,
    parameters: Section,
    *,
    enabled: bool,
    only_camera: bool = True,
    detector: str = "",
) -> GraphPlan:
    operation = graph.operation
    context = CameraContext(operation, instance, only_camera, graph.settings)
    debug = read_debug(parameters, operation)
    extension = read_extension(parameters, operation)
    nodes = read_parameters(parameters, context)
    return GraphPlan(
        id=f"{graph.name}/{instance}",
        operation=operation.name,
        nodes=pipeline(nodes, {DetectSpec: f"{graph.name}/{detector}"} if detector else None),
        enabled=enabled,
        debug=debug,
        extension=extension,
        platform_log_level=graph.platform_log_level,
        nodes_log_level=graph.nodes_log_level,
    )
