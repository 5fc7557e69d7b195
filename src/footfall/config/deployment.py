"""Azure documents -> Plan: deployment manifest and template, module twin, desired properties (spec/operations.md 2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from footfall.config.document import Document, Value, child
from footfall.config.environment import Settings, log_level, overlay
from footfall.config.graph import read_graph
from footfall.config.plan import DetectSpec, GraphPlan, Plan, RecorderPlan
from footfall.config.section import Entry, Section

_MODULE_NAMES = ("spatialanalysis", "peopleanalytics")


@dataclass(frozen=True, slots=True)
class Module:
    """One module of a manifest that holds graphs."""

    desired: Section
    env: tuple[Entry, ...] = ()


def plan_from_azure(value: Value, document: Document, settings: Settings) -> Plan:
    """Compile any of the Azure documents.

    Raises:
        ConfigError: with every problem of the document; there is never half a plan.
    """
    root = Section.of(value, "$", document)
    found: list[GraphPlan | RecorderPlan] = []
    sinks = settings.sinks
    modules = find_modules(root) if root else []
    for module in modules:
        own = overlay(settings, list(module.env), document)
        sinks = own.sinks
        found.extend(read_desired(module.desired, own))
    if root and not modules:
        document.error(
            "$", "no module holds graphs", 'add "spatialanalysis": {"properties.desired": {"graphs": {...}}}'
        )
    elif root and not found:
        document.warn("$", "holds no graph that could run", 'add "graphs": {"<name>": {"operationId": ...}}')
    _check_ids(found, document)
    graphs = _share_equal_detectors([graph for graph in found if isinstance(graph, GraphPlan)], document)
    document.raise_errors()
    recorders = tuple(recorder for recorder in found if isinstance(recorder, RecorderPlan))
    return Plan(tuple(graphs), sinks, document.warnings, recorders=recorders)


def find_modules(root: Section) -> list[Module]:
    """The modules that hold graphs, in any wrapping."""
    content = root.section("content")
    if content is not None:
        return find_modules(content)
    modules = root.section("modulesContent", "modules")
    if modules is None:
        desired = _desired(root)
        return [Module(root if desired is None else desired)]
    found = [module for entry in modules.entries.values() if (module := _module(entry, modules))]
    named = [module for module in found if any(name in module.desired.path.lower() for name in _MODULE_NAMES)]
    return named or found


def _module(entry: Entry, modules: Section) -> Module | None:
    """One member of `modulesContent`, with its environment from `$edgeAgent`."""
    if not isinstance(entry.value, dict):
        return None
    members = Section.of(entry.value, entry.path, modules.document)
    desired = _desired(members) if members else None
    if members is None or desired is None or "graphs" not in desired:
        return None
    agent_members = modules.section("$edgeAgent")
    agent = _desired(agent_members) if agent_members else None
    listed = agent.section("modules") if agent else None
    holder = listed.section(entry.key) if listed else members
    env = holder.section("env") if holder else None
    return Module(desired, tuple(_variables(env)) if env else ())


def _variables(env: Section) -> Iterator[Entry]:
    """`"NAME": {"value": ...}`, or `"NAME": ...`."""
    for entry in env.entries.values():
        value = entry.value
        if isinstance(value, dict):
            value = next((item for key, item in value.items() if key.lower() == "value"), None)
        if isinstance(value, bool):
            value = str(value).lower()
        if isinstance(value, str | int | float):
            yield Entry(entry.key, str(value), entry.path)


def _desired(section: Section) -> Section | None:
    """Desired properties: `properties.desired` as one key or as two, or `desired` alone; with layered paths."""
    properties = section.section("properties")
    holder = section if properties is None else properties
    desired = holder.section("properties.desired", "desired")
    layered = [entry for name, entry in section.entries.items() if name.startswith("properties.desired.graphs")]
    for entry in layered:
        rest = entry.key[len("properties.desired.graphs") :].lstrip(".")
        graphs = {rest: entry.value} if rest else entry.value
        addition = Section(section.path, [Entry("graphs", graphs, entry.path)], section.document)
        desired = desired.overlaid(addition) if desired else addition
    return desired


def read_desired(desired: Section, settings: Settings) -> list[GraphPlan | RecorderPlan]:
    """All graphs of a module; `null` graphs of a twin patch are gone."""
    level = _global_level(desired)
    graphs = desired.section("graphs")
    desired.finish("$version", "$metadata", "globalSettings", "schemaVersion")
    if graphs is None:
        return []
    entries = [e for e in graphs.entries.values() if e.value is not None and not e.key.startswith("$")]
    plans = [plan for entry in entries for plan in read_graph(entry, graphs.document, settings)]
    return [_with_level(plan, level) for plan in plans]


def _with_level(plan: GraphPlan | RecorderPlan, level: str) -> GraphPlan | RecorderPlan:
    if isinstance(plan, RecorderPlan) or plan.platform_log_level:
        return plan
    return replace(plan, platform_log_level=level)


def _global_level(desired: Section) -> str:
    settings = desired.section("globalSettings")
    if settings is None:
        return ""
    level = log_level(settings, "platformLogLevel")
    settings.boolean("PlatformTelemetryEnabled", default=False)
    settings.boolean("CustomerTelemetryEnabled", default=True)
    settings.finish("$metadata", "$version")
    return level


def plan_from_graph(value: Value, document: Document, settings: Settings) -> Plan:
    """A GRAPH object alone, as in the extension configuration of Azure Video Analyzer (spec/operations.md 12.3)."""
    return plan_from_azure({"graphs": {"spatialanalysis": value}}, document, settings)


def _check_ids(graphs: Sequence[GraphPlan | RecorderPlan], document: Document) -> None:
    seen: set[str] = set()
    for graph in graphs:
        if graph.id in seen:
            document.error(child("$", "graphs"), f"the graph {graph.id} is there twice", "rename one")
        seen.add(graph.id)


def _share_equal_detectors(graphs: list[GraphPlan], document: Document) -> list[GraphPlan]:
    """A shared detector is one detector: an instance that configures it differently gets its own, with a warning."""
    first: dict[str, DetectSpec] = {}
    shared = []
    for graph in graphs:
        nodes = []
        for node in graph.nodes:
            spec = node.spec
            if node.shared and isinstance(spec, DetectSpec) and first.setdefault(node.shared, spec) != spec:
                what = f"{graph.id} changes the shared node {node.shared}: it gets a detector of its own"
                document.warn("$.graphs", what, "remove DETECTOR_NODE_CONFIG from the instance")
                nodes.append(replace(node, shared=""))
            else:
                nodes.append(node)
        shared.append(replace(graph, nodes=tuple(nodes)))
    return shared
