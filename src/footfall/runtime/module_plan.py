"""Desired properties of a module -> Plan, with names and paths as they are on this machine (spec/operations.md 2)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Final

from footfall.config.availability import not_yet
from footfall.config.environment import Settings
from footfall.config.load import load_plan
from footfall.config.plan import GraphPlan, Plan, RecorderPlan, SourceSpec
from footfall.core.errors import ConfigError, Problem
from footfall.core.outside import HostMap, PathMap
from footfall.ingest.url import redact, scheme
from footfall.spatial.regions import SpatialSpec

TWIN: Final = "module twin"
BACKEND: Final = "avabackend"
BACKEND_ADDRESS: Final = "0.0.0.0:50051"
PORTS: Final = {"rtsp": 554, "rtsps": 322, "http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Outside:
    """Where the names of a deployment are on this machine."""

    hosts: HostMap = field(default_factory=HostMap)
    paths: PathMap = field(default_factory=PathMap)


def read_outside(environ: Mapping[str, str]) -> Outside:
    """FOOTFALL_HOSTS and FOOTFALL_PATHS.

    Raises:
        ConfigError: one of them has another form.
    """
    try:
        hosts = HostMap.parse(environ.get("FOOTFALL_HOSTS", ""))
    except ValueError as error:
        raise ConfigError(
            [Problem("environment", "FOOTFALL_HOSTS", str(error), "write NAME[:PORT]=HOST[:PORT],..")]
        ) from error
    try:
        paths = PathMap.parse(environ.get("FOOTFALL_PATHS", ""))
    except ValueError as error:
        raise ConfigError([Problem("environment", "FOOTFALL_PATHS", str(error), "write /INSIDE=/HERE,..")]) from error
    return Outside(hosts, paths)


def plan_of_desired(desired: Mapping[str, object], settings: Settings, outside: Outside) -> Plan:
    """The plan that a twin asks for; a twin without graphs asks for nothing.

    With LAUNCHER_TYPE=avaBackend that is a door without a graph of its own: visitors bring theirs.

    Raises:
        ConfigError: with every problem of the twin; there is never half a plan.
    """
    plan = _plan_of_twin(desired, settings, outside)
    if plan.graphs or plan.recorders or settings.launcher_type != BACKEND:
        return plan
    return replace(plan, graphs=(_backend(settings),))


def _plan_of_twin(desired: Mapping[str, object], settings: Settings, outside: Outside) -> Plan:
    graphs: dict[str, object] = {} if any(key.lower() == "graphs" for key in desired) else {"graphs": {}}
    plan = load_plan(json.dumps({**desired, **graphs}), file=TWIN, settings=settings)
    problems = [problem for problem in not_yet(plan, TWIN) if not problem.is_warning]
    problems += shared_doors(plan)
    if problems:
        raise ConfigError(problems)
    return replace(
        plan,
        graphs=tuple(_outside(graph, outside) for graph in plan.graphs),
        recorders=tuple(_recorder_outside(recorder, outside) for recorder in plan.recorders),
    )


def _backend(settings: Settings) -> GraphPlan:
    """Serves graphs that come with each stream (spec/operations.md section 12.2)."""
    address = settings.environ.get("BINDING_ADDRESS") or BACKEND_ADDRESS
    zone = {"name": "none", "polygon": [[0, 0], [1, 0], [1, 1]], "events": [{"type": "count"}]}
    graph = {
        "operationId": "cognitiveservices.vision.spatialanalysis.azurevideoanalyzer",
        "parameters": {"BINDING_ADDRESS": address, "SPACEANALYTICS_CONFIG": {"zones": [zone]}},
    }
    [plan] = load_plan(json.dumps({"graphs": {BACKEND: graph}}), file=TWIN, settings=settings).graphs
    nodes = (replace(node, spec=SpatialSpec()) if isinstance(node.spec, SpatialSpec) else node for node in plan.nodes)
    return replace(plan, nodes=tuple(nodes))


def shared_doors(plan: Plan) -> list[Problem]:
    """Enabled graphs that want to listen on the same address."""
    doors: defaultdict[str, list[str]] = defaultdict(list)
    for graph in plan.graphs:
        if graph.enabled and graph.extension is not None:
            doors[graph.extension.address].append(graph.id)
    return [
        Problem(
            TWIN, "$.graphs", f"{' and '.join(ids)} all listen on {address}", "enable one, or change BINDING_ADDRESS"
        )
        for address, ids in doors.items()
        if len(ids) > 1
    ]


def config_hash(graph: GraphPlan | RecorderPlan) -> str:
    """Which configuration a graph runs: the same for the same one, after a restart too. No password is in it."""
    if isinstance(graph, RecorderPlan):
        url = redact(graph.source.url)
    else:
        url = "" if graph.extension is not None else redact(graph.spec(SourceSpec).url)
    return sha256(f"{graph!r} {url}".encode()).hexdigest()[:16]


def _outside(graph: GraphPlan, outside: Outside) -> GraphPlan:
    """The graph with its video where it is on this machine."""
    nodes = []
    for node in graph.nodes:
        spec = node.spec
        if isinstance(spec, SourceSpec) and spec.url:
            spec = replace(spec, url=_url_outside(spec.url, outside))
        nodes.append(replace(node, spec=spec))
    return replace(graph, nodes=tuple(nodes))


def _recorder_outside(recorder: RecorderPlan, outside: Outside) -> RecorderPlan:
    """The recorder with its camera and its folder where they are on this machine."""
    source = replace(recorder.source, url=_url_outside(recorder.source.url, outside))
    folder = str(outside.paths.find(recorder.folder)) if recorder.folder.startswith("/") else recorder.folder
    return replace(recorder, source=source, folder=folder)


def _url_outside(url: str, outside: Outside) -> str:
    kind = scheme(url)
    if kind in PORTS:
        return outside.hosts.url(url, PORTS[kind])
    prefix = "file://" if url.lower().startswith("file://") else ""
    path = url[len(prefix) :]
    return f"{prefix}{outside.paths.find(path)}" if path.startswith("/") else url
