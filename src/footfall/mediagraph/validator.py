"""Whether a topology, and an instance of it, is valid: every check of section 5.3 of spec/media-graph.md. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeVar, cast
from urllib.parse import urlsplit

from footfall.config.document import Value
from footfall.core.errors import FootfallError
from footfall.mediagraph.documents import (
    VERSIONS,
    Instance,
    Node,
    Parameter,
    ParameterType,
    Topology,
    read_instance,
    read_topology,
)
from footfall.mediagraph.flaws import MODULE_VALIDATION, RTSP_SCHEME, Check, Flaw, earliest
from footfall.mediagraph.nodes import SHAPES, NodeKind
from footfall.mediagraph.references import NAMES_OF_RECORDINGS, SYSTEM, TIMES, references, substitute
from footfall.mediagraph.scalars import decimal, flag, whole
from footfall.mediagraph.shapes import PREFIX, Declared, Reader
from footfall.mediagraph.wiring import check_wiring

Document = TypeVar("Document", Topology, Instance)
_INT: Final = 2**31
UNSECURED: Final = PREFIX + "UnsecuredEndpoint"
_SCHEMES: Final[Mapping[tuple[NodeKind, bool], tuple[str, ...]]] = {
    (NodeKind.RTSP_SOURCE, False): ("rtsp",),
    (NodeKind.RTSP_SOURCE, True): ("rtsps",),
    (NodeKind.GRPC, False): ("tcp",),
    (NodeKind.GRPC, True): ("tcp",),
    (NodeKind.COGNITIVE, False): ("tcp",),
    (NodeKind.COGNITIVE, True): ("tcp",),
    (NodeKind.HTTP, False): ("http", "https"),
    (NodeKind.HTTP, True): ("https",),
}
"""By kind of node and whether its endpoint is a TlsEndpoint."""


class Invalid(FootfallError):
    """A document breaks a rule. `flaws` are all of the earliest check that found any."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        self.flaws = tuple(flaws)
        super().__init__("; ".join(f"{flaw.target}: {flaw.message}" for flaw in flaws))


def valid_topology(value: Value, versions: Sequence[str] = VERSIONS) -> tuple[Topology, tuple[Flaw, ...]]:
    """A topology that may be stored, and warnings.

    Raises:
        Invalid: it breaks a rule.
    """
    topology, flaws = all_of_topology(value, versions)
    return _refused(topology, flaws)


def valid_instance(value: Value, versions: Sequence[str] = VERSIONS) -> tuple[Instance, tuple[Flaw, ...]]:
    """An instance of sound form, and warnings; `substituted` tells whether it fits its topology.

    Raises:
        Invalid: it breaks a rule.
    """
    instance, flaws = read_instance(value, versions)
    return _refused(instance, flaws)


def _refused(document: Document | None, flaws: Sequence[Flaw]) -> tuple[Document, tuple[Flaw, ...]]:
    if errors := earliest(flaws):
        raise Invalid(errors)
    assert document is not None, "what is no document has an error"
    return document, tuple(flaws)


def all_of_topology(value: Value, versions: Sequence[str] = VERSIONS) -> tuple[Topology | None, tuple[Flaw, ...]]:
    """A topology as far as it goes, and everything wrong with it."""
    topology, flaws = read_topology(value, versions)
    if topology is None:
        return None, flaws
    return topology, (*flaws, *check_wiring(topology), *_references(topology), *_defaults(topology))


def substituted(topology: Topology, instance: Instance) -> tuple[Mapping[str, Declared], tuple[Flaw, ...]]:
    """The nodes with the instance's parameters put in, by name, and everything wrong with them.

    Variables of the system are still in them.
    """
    flaws = [*_unknown(topology, instance), *_unsupplied(topology, instance), *_mistyped(topology, instance)]
    if flaws:
        return {}, tuple(flaws)
    known = _table(topology, instance)
    reader = Reader(topology.version, is_substituted=True)
    nodes = {
        node.name: reader.object(SHAPES[node.kind], substitute(node.declared, known), node.path)
        | {"@type": node.declared["@type"]}
        for node in topology.nodes
    }
    flaws = [replace(flaw, check=Check.SUBSTITUTED) for flaw in reader.flaws if not flaw.is_warning]
    for node in topology.nodes:
        flaws += check_url(node, nodes[node.name])
    return nodes, tuple(flaws)


def check_url(node: Node, declared: Declared) -> Iterator[Flaw]:
    """Whether a node's endpoint has an address of its kind."""
    endpoint = cast("Declared | None", declared.get("endpoint"))
    if endpoint is None:
        return
    schemes = _SCHEMES[node.kind, endpoint["@type"] != UNSECURED]
    scheme, separator, _ = str(endpoint["url"]).partition("://")
    if not separator or scheme.lower() not in schemes:
        yield _scheme_flaw(node, scheme[:LONGEST_SCHEME] if separator else "", schemes)
    elif not _has_host(str(endpoint["url"]), needs_port=schemes == ("tcp",)):
        path = (*node.path, "endpoint", "url")
        yield Flaw(Check.SCHEMES, path, "names no host", f"write {schemes[0]}://HOST:PORT")


def unsecured(topology: Topology) -> Iterator[Flaw]:
    """Endpoints without TLS, for a module that does not allow them."""
    for node in topology.nodes:
        endpoint = cast("Declared", node.declared.get("endpoint", {}))
        if endpoint.get("@type") == UNSECURED:
            what = "is an unsecured endpoint, which this module does not allow"
            cure = "use a TlsEndpoint, or set the desired property allowUnsecuredEndpoints"
            yield Flaw(Check.SECURITY, (*node.path, "endpoint"), what, cure, MODULE_VALIDATION)


def _scheme_flaw(node: Node, scheme: str, schemes: tuple[str, ...]) -> Flaw:
    what, cure = f"has an address with the scheme {scheme!r}", f"use {' or '.join(schemes)}"
    if node.kind is not NodeKind.RTSP_SOURCE:
        return Flaw(Check.SCHEMES, node.path, what, cure)
    valid = ", ".join(schemes)
    wording = f"Uri scheme '{scheme}' is not valid for an RTSP source endpoint. Valid values are: {valid}"
    return Flaw(Check.SCHEMES, node.path, what, cure, RTSP_SCHEME, wording)


def _has_host(url: str, *, needs_port: bool) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and (parts.port is not None or not needs_port)
    except ValueError:
        return False


def _references(topology: Topology) -> Iterator[Flaw]:
    declared = {parameter.name for parameter in topology.parameters}
    for node in topology.nodes:
        for path, name in references(node.declared, node.path):
            if name not in declared and name not in SYSTEM:
                what = f"refers to the parameter {name[:LONGEST_NAME]!r}, which is not declared"
                yield Flaw(Check.REFERENCES, path, what, "declare it in $.properties.parameters")
            elif name in TIMES and path[-1] not in NAMES_OF_RECORDINGS:
                what = f"refers to {name}, which is known only when a recording begins"
                yield Flaw(Check.REFERENCES, path, what, "use it in names of recordings only")


def _defaults(topology: Topology) -> Iterator[Flaw]:
    for index, parameter in enumerate(topology.parameters):
        if parameter.default is not None and (wrong := _wrong(parameter, parameter.default)):
            yield Flaw(Check.DEFAULTS, ("properties", "parameters", index, "default"), *wrong)


def _wrong(parameter: Parameter, text: str) -> tuple[str, str] | None:
    """What keeps a text from being a value of a parameter, and the cure."""
    text, kind = text.strip(), parameter.type
    if kind is ParameterType.INT:
        number = whole(text)
        is_int = number is not None and -_INT <= number < _INT
        return None if is_int else ("is not a whole number of 32 bits", "write one")
    if kind is ParameterType.DOUBLE:
        return None if decimal(text) is not None else ("is not a number", "write a number")
    if kind is ParameterType.BOOL:
        return None if flag(text) is not None else ("is neither true nor false", "write true or false")
    return None


def _unknown(topology: Topology, instance: Instance) -> Iterator[Flaw]:
    declared = {parameter.name for parameter in topology.parameters}
    for index, (name, _) in enumerate(instance.values):
        if name not in declared:
            what = f"the topology declares no parameter {name[:LONGEST_NAME]!r}"
            yield Flaw(Check.KNOWN, ("properties", "parameters", index, "name"), what, "remove it")


def _unsupplied(topology: Topology, instance: Instance) -> Iterator[Flaw]:
    supplied = {name for name, value in instance.values if value is not None}
    for parameter in topology.parameters:
        if parameter.default is None and parameter.name not in supplied:
            what = f"the parameter {parameter.name!r} has no value and no default"
            yield Flaw(Check.SUPPLIED, ("properties", "parameters"), what, "add a value")


def _mistyped(topology: Topology, instance: Instance) -> Iterator[Flaw]:
    declared = {parameter.name: parameter for parameter in topology.parameters}
    for index, (name, value) in enumerate(instance.values):
        if value is not None and name in declared and (wrong := _wrong(declared[name], value)):
            yield Flaw(Check.SUBSTITUTED, ("properties", "parameters", index, "value"), *wrong)


def _table(topology: Topology, instance: Instance) -> dict[str, str]:
    """What every parameter is for an instance. Blanks around a value mean nothing, but in a secret."""
    given = {name: value for name, value in instance.values if value is not None}
    texts = {each: given.get(each.name, each.default or "") for each in topology.parameters}
    return {each.name: text if each.type is ParameterType.SECRET else text.strip() for each, text in texts.items()}


LONGEST_NAME: Final = 64
LONGEST_SCHEME: Final = 20
