"""Topologies and instances: JSON values -> frozen documents, with every flaw of their form (spec/media-graph.md 1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, cast

from footfall.config.document import Value
from footfall.config.section import kind_of
from footfall.mediagraph.flaws import NOT_SUPPORTED, Check, Flaw
from footfall.mediagraph.nodes import OLD_NAMES, PROCESSORS, SINKS, SOURCES, NodeKind
from footfall.mediagraph.scalars import Choice, Text, text_of
from footfall.mediagraph.shapes import PREFIX, Declared, Field, Listed, Need, Reader, Record

VERSIONS: Final = ("1.0", "2.0")
STRICT_VERSIONS: Final = ("2.0",)
"""What a module that is strict about versions takes, as the last real one did."""
SECTIONS: Final = ("sources", "processors", "sinks")

RESOURCE_NAME: Final = Text(
    r"(?!-)[A-Za-z0-9-]{1,32}(?<!-)", "is no name for a topology or an instance",
    "use up to 32 letters, digits and dashes, no dash at an end", is_literal=True, check=Check.NAME,
)  # fmt: skip
_PARAMETER_NAME: Final = Text(
    r"[^\s${}]{1,64}", "is no name for a parameter", "use 1 to 64 characters, no blanks, $, { or }", is_literal=True,
    check=Check.PARAMETERS,
)  # fmt: skip
_PLAIN: Final = Text(trims=False)


class ParameterType(Enum):
    """What a parameter holds."""

    STRING = "String"
    SECRET = "SecretString"  # noqa: S105
    INT = "Int"
    DOUBLE = "Double"
    BOOL = "Bool"


_TYPE: Final = Choice(tuple(kind.value for kind in ParameterType), is_literal=True, check=Check.PARAMETERS)
_DECLARATION: Final = Record((
    Field("name", _PARAMETER_NAME, Need.YES), Field("type", _TYPE, Need.YES), Field("description", _PLAIN),
    Field("default", _PLAIN),
), check=Check.PARAMETERS)  # fmt: skip
_TOPOLOGY: Final = Record((
    Field("@apiVersion", Text()),
    Field("name", RESOURCE_NAME, Need.YES),
    Field("properties", Record((
        Field("description", _PLAIN), Field("parameters", Listed(_DECLARATION, check=Check.PARAMETERS)),
        Field("sources", Listed(SOURCES)), Field("processors", Listed(PROCESSORS), since_2=[]),
        Field("sinks", Listed(SINKS)),
    )), Need.YES),
))  # fmt: skip
_INSTANCE: Final = Record((
    Field("@apiVersion", Text()),
    Field("name", RESOURCE_NAME, Need.YES),
    Field("properties", Record((
        Field("description", _PLAIN), Field("topologyName", Text(r"(?s).+", "is empty", "name a topology"), Need.YES),
        Field("parameters", Listed(
            Record((Field("name", Text(), Need.YES), Field("value", _PLAIN)), check=Check.PARAMETERS),
            check=Check.PARAMETERS,
        )),
    )), Need.YES),
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as a topology declares it."""

    name: str
    type: ParameterType
    default: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Node:
    """A node as a topology declares it, parameters still in it."""

    kind: NodeKind
    name: str
    path: tuple[str | int, ...]
    """Where it stands: `("properties", "sinks", 0)`."""
    inputs: tuple[str, ...]
    declared: Declared = field(repr=False)


@dataclass(frozen=True, slots=True)
class Topology:
    """A kind of media graph."""

    name: str
    version: str
    parameters: tuple[Parameter, ...]
    nodes: tuple[Node, ...]
    declared: Declared = field(repr=False)
    """The whole document, secrets included, as `read_topology` takes it."""


@dataclass(frozen=True, slots=True)
class Instance:
    """A media graph: a topology with values for its parameters."""

    name: str
    version: str
    topology: str
    values: tuple[tuple[str, str | None], ...] = field(repr=False)
    """(parameter, value or None for the declaration's default) in the order sent."""
    declared: Declared = field(repr=False)
    """The whole document, secrets included, as `read_instance` takes it."""


def read_topology(value: Value, versions: Sequence[str] = VERSIONS) -> tuple[Topology | None, tuple[Flaw, ...]]:
    """A topology, as far as its form allows, and all flaws of that form; None where nothing can be made of it."""
    reader = _reader(value, versions)
    if not isinstance(value, dict):
        return None, tuple(reader.flaws)
    declared = reader.object(_TOPOLOGY, value, ())
    properties = cast("Declared", declared.get("properties", {}))
    parameters = _parameters(properties, reader)
    nodes = tuple(_nodes(properties))
    topology = Topology(str(declared.get("name", "")), reader.version, parameters, nodes, declared)
    return topology, tuple(reader.flaws)


def read_instance(value: Value, versions: Sequence[str] = VERSIONS) -> tuple[Instance | None, tuple[Flaw, ...]]:
    """An instance, as far as its form allows, and all flaws of that form; None where nothing can be made of it."""
    reader = _reader(value, versions)
    if not isinstance(value, dict):
        return None, tuple(reader.flaws)
    declared = reader.object(_INSTANCE, value, ())
    properties = cast("Declared", declared.get("properties", {}))
    given = _declarations(properties)
    values = tuple((str(each.get("name", "")), cast("str | None", each.get("value"))) for each in given)
    _note_doubles([name for name, _ in values], reader)
    topology = str(properties.get("topologyName", ""))
    return Instance(str(declared.get("name", "")), reader.version, topology, values, declared), tuple(reader.flaws)


def check_version(value: dict[str, Value], versions: Sequence[str] = VERSIONS) -> tuple[str, Flaw | None]:
    """The API version of a request, and what is wrong with it."""
    given = next((member for key, member in value.items() if key.lower() == "@apiversion"), None)
    version = (text_of(given) or "").strip()
    if version in versions:
        return version, None
    if given is None:
        return version, Flaw(Check.VERSION, ("@apiVersion",), "is missing", f"write {versions[-1]!r}", NOT_SUPPORTED)
    known = ", ".join(versions)
    wording = f"The API version '{version[:20]}' is not supported. Supported version(s): {known}."
    flaw = Flaw(Check.VERSION, ("@apiVersion",), "is not supported", f"write one of {known}", NOT_SUPPORTED, wording)
    return version, flaw


def _reader(value: Value, versions: Sequence[str]) -> Reader:
    if not isinstance(value, dict):
        reader = Reader(VERSIONS[-1])
        reader.note(Check.OBJECT, (), f"is {kind_of(value)}, not an object", 'write {"@apiVersion": "2.0", ...}')
        return reader
    version, flaw = check_version(value, versions)
    reader = Reader(version if version in VERSIONS else VERSIONS[-1])
    reader.flaws += [flaw] if flaw else []
    return reader


def _parameters(properties: Declared, reader: Reader) -> tuple[Parameter, ...]:
    kinds = {kind.value: kind for kind in ParameterType}
    parameters = tuple(
        Parameter(str(each.get("name", "")), kinds[str(each["type"])], cast("str | None", each.get("default")))
        for each in _declarations(properties)
        if each.get("type") in kinds
    )
    _note_doubles([str(each.get("name", "")) for each in _declarations(properties)], reader)
    return parameters


def _declarations(properties: Declared) -> list[Declared]:
    return cast("list[Declared]", properties.get("parameters", []))


def _note_doubles(names: Iterable[str], reader: Reader) -> None:
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name in seen:
            path = ("properties", "parameters", index, "name")
            reader.note(Check.PARAMETERS, path, f"{name!r} is given twice", "remove one")
        seen.add(name)


def _nodes(properties: Declared) -> Iterable[Node]:
    kinds = {kind.value: kind for kind in NodeKind} | dict(OLD_NAMES)
    for section in SECTIONS:
        for index, declared in enumerate(cast("list[Declared]", properties.get(section, []))):
            if tag := str(declared.get("@type", "")).removeprefix(PREFIX):
                given = cast("list[Declared]", declared.get("inputs", []))
                inputs = tuple(str(each.get("nodeName", "")) for each in given)
                yield Node(kinds[tag], str(declared.get("name", "")), ("properties", section, index), inputs, declared)
