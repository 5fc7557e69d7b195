"""Any configuration file -> Plan: what it is, is told from its content, never from its name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from footfall.config.deployment import plan_from_azure, plan_from_graph
from footfall.config.document import Document, Value, decode, parse_json
from footfall.config.environment import Settings
from footfall.config.native import plan_from_yaml
from footfall.config.operations import UnknownOperation, parse_operation
from footfall.config.parameters import SPACE_NAMES, region_style
from footfall.config.plan import Plan
from footfall.config.section import Section
from footfall.config.spaceanalytics import read_regions
from footfall.config.yamltext import parse_yaml
from footfall.core.errors import ConfigError, Problem
from footfall.spatial.regions import SpatialSpec

_DEFAULT = Settings()


class Kind(Enum):
    """What a configuration document is."""

    DEPLOYMENT = "deployment manifest"
    TEMPLATE = "deployment template"
    TWIN = "module twin"
    DESIRED = "desired properties"
    GRAPH = "graph"
    SPACEANALYTICS = "SPACEANALYTICS_CONFIG"
    FOOTFALL = "footfall.yaml"
    TOPOLOGY = "media graph topology"
    INSTANCE = "media graph instance"
    OPERATIONS = "operations.json"
    UNKNOWN = "unknown document"


_OF_MEDIA_GRAPHS = {Kind.TOPOLOGY, Kind.INSTANCE, Kind.OPERATIONS}
_AZURE = {Kind.DEPLOYMENT, Kind.TEMPLATE, Kind.TWIN, Kind.DESIRED}


def recognise(text: str | bytes, *, lenient: bool = False) -> Kind:
    """What a text is; UNKNOWN for anything else, broken text included."""
    try:
        return _kind(parse(text, Document("", lenient=lenient)))
    except ConfigError:
        return Kind.UNKNOWN


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document as data: whatever else is asked of it, its text need not be read again, which takes longest."""

    file: str
    kind: Kind
    value: Value
    notes: tuple[Problem, ...]
    """What is worth a look in the text itself."""
    lenient: bool

    def document(self) -> Document:
        """For further problems, beside those of the text."""
        document = Document(self.file, lenient=self.lenient)
        for note in self.notes:
            document.warn(note.path, note.what, note.cure)
        return document


def read(text: str | bytes, *, file: str, lenient: bool = False) -> Parsed:
    """Read a JSON or YAML text, and tell what it is.

    Raises:
        ConfigError: it is neither.
    """
    document = Document(file, lenient=lenient)
    value = parse(text, document)
    return Parsed(file, _kind(value), value, document.warnings, lenient)


def compile_plan(parsed: Parsed, settings: Settings = _DEFAULT) -> tuple[Plan, tuple[Problem, ...]]:
    """The plan of a document that names cameras, and what is worth a look.

    Raises:
        ConfigError: with every problem of the document.
    """
    document = parsed.document()
    return _compile(parsed.value, document, settings), document.warnings


def load_plan(text: str | bytes, *, file: str, settings: Settings = _DEFAULT, lenient: bool = False) -> Plan:
    """Compile a document of any kind that names cameras.

    Raises:
        ConfigError: with every problem of the document.
    """
    return compile_plan(read(text, file=file, lenient=lenient), settings)[0]


def load_spatial(
    text: str | bytes,
    *,
    file: str,
    operation: str | None = None,
    settings: Settings = _DEFAULT,
    lenient: bool = False,
) -> SpatialSpec:
    """The regions of a bare SPACEANALYTICS_CONFIG object, or of the only camera of any other document.

    `operation` is an operation id or its short name; a bare object needs it for zones without events.

    Raises:
        ConfigError: with every problem; also for a document with several cameras.
    """
    document = Document(file, lenient=lenient)
    value = parse(text, document)
    if _kind(value) is Kind.SPACEANALYTICS:
        return _bare_regions(value, document, operation, settings)
    plan = _compile(value, document, settings)
    if len(plan.graphs) != 1:
        names = ", ".join(graph.id for graph in plan.graphs)
        document.error("$", f"holds {len(plan.graphs)} cameras ({names})", "keep the one whose regions are meant")
        document.raise_errors()
    return plan.graphs[0].spec(SpatialSpec)


def check(text: str | bytes, *, file: str, settings: Settings = _DEFAULT, lenient: bool = False) -> tuple[Problem, ...]:
    """All problems of a document, warnings included; empty for a flawless one."""
    document = Document(file, lenient=lenient)
    try:
        value = parse(text, document)
        if _kind(value) is Kind.SPACEANALYTICS:
            _bare_regions(value, document, None, settings)
        else:
            _compile(value, document, settings)
    except ConfigError as error:
        return error.problems
    return document.warnings


def parse(text: str | bytes, document: Document) -> Value:
    """The plain values of a JSON or YAML text.

    Raises:
        ConfigError: it is neither.
    """
    text = decode(text, document)
    is_json = text.lstrip()[:1] in {"{", "["}
    value = parse_json(text, "$", document) if is_json else parse_yaml(text, document)
    document.raise_errors()
    return value


def _compile(value: Value, document: Document, settings: Settings) -> Plan:
    kind = _kind(value)
    if kind in _AZURE:
        return plan_from_azure(value, document, settings)
    if kind is Kind.GRAPH:
        return plan_from_graph(value, document, settings)
    if kind is Kind.FOOTFALL:
        return plan_from_yaml(value, document, settings)
    if kind is Kind.SPACEANALYTICS:
        document.error("$", "holds regions but no camera", "name the video too: footfall run VIDEO --config FILE")
    elif kind in _OF_MEDIA_GRAPHS:
        what = f"is a {kind.value}: it belongs to a media graph module"
        document.error("$", what, "send it there: footfall console operations.json")
    else:
        what = "is no configuration that footfall knows"
        cure = "a manifest has modulesContent, a twin properties.desired, footfall.yaml cameras, a region file zones"
        document.error("$", what, cure)
    raise ConfigError(document.problems)


def _bare_regions(value: Value, document: Document, operation: str | None, settings: Settings) -> SpatialSpec:
    section = Section.of(value, "$", document)
    if section is not None and (inner := section.section(*SPACE_NAMES)):
        section = inner
    style = region_style(_short_name(operation, document), settings)
    spatial = read_regions(section, style) if section else SpatialSpec()
    if section:
        section.finish()
    document.raise_errors()
    return spatial


def _short_name(operation: str | None, document: Document) -> str | None:
    if operation is None:
        return None
    try:
        return parse_operation(operation).name
    except UnknownOperation as error:
        document.error("operation", error.what, error.cure)
        return None


def _kind(value: Value) -> Kind:
    if not isinstance(value, dict):
        return Kind.UNKNOWN
    keys = {key.lower(): member for key, member in value.items()}
    if isinstance(keys.get("content"), dict):
        return _kind(keys["content"])
    signs = (
        (Kind.OPERATIONS, "operations" in keys and "apiversion" in keys),
        (Kind.TEMPLATE, "$schema-template" in keys or ("modules" in keys and "modulescontent" not in keys)),
        (Kind.DEPLOYMENT, "modulescontent" in keys),
        (_media_graph(keys.get("properties")), True),
        (Kind.TWIN, "desired" in keys or "properties.desired" in keys),
        (Kind.DESIRED, "graphs" in keys),
        (Kind.GRAPH, "operationid" in keys or "skillid" in keys),
        (Kind.FOOTFALL, "cameras" in keys),
        (Kind.SPACEANALYTICS, bool(keys.keys() & {"zones", "lines", *map(str.lower, SPACE_NAMES)})),
    )
    return next((kind for kind, holds in signs if holds and kind is not Kind.UNKNOWN), Kind.UNKNOWN)


def _media_graph(properties: Value) -> Kind:
    """What a document with `properties` is: a twin, a topology or an instance."""
    if not isinstance(properties, dict):
        return Kind.UNKNOWN
    keys = {key.lower() for key in properties}
    if "desired" in keys:
        return Kind.TWIN
    if "topologyname" in keys:
        return Kind.INSTANCE
    return Kind.TOPOLOGY if keys & {"sources", "processors", "sinks"} else Kind.UNKNOWN
