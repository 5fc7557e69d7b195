"""operations.json: direct methods in a row, as published samples have them (spec/media-graph.md section 12). Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from footfall.config.document import Document, Value
from footfall.config.section import Entry, Section, suggest
from footfall.mediagraph.documents import VERSIONS
from footfall.mediagraph.methods import NAMES
from footfall.mediagraph.shapes import Declared

WAIT: Final = "WaitForInput"
SET_TOPOLOGY: Final = "GraphTopologySet"
KNOWN: Final = (*NAMES, WAIT)


@dataclass(frozen=True, slots=True)
class Operation:
    """One step."""

    name: str
    """A direct method, or `WaitForInput`."""
    path: str
    """Where it stands: `$.operations[3]`."""
    payload: Declared = field(default_factory=dict, repr=False)
    """Of methods other than GraphTopologySet: what is sent."""
    message: str = ""
    """Of WaitForInput: what people are told."""
    topology_file: str = ""
    """Of GraphTopologySet: relative to the working folder."""
    topology_url: str = ""
    """Of GraphTopologySet."""


def read_operations(value: Value, document: Document) -> tuple[Operation, ...]:
    """The steps, in their order; what is wrong is noted in the document, and such a step left out."""
    section = Section.of(value, "$", document)
    if section is None:
        return ()
    version = section.text("apiVersion").strip()
    if version not in VERSIONS:
        document.error("$.apiVersion", f"is none of {', '.join(VERSIONS)}", f"write {VERSIONS[-1]!r}")
    if not section.items("operations"):
        document.error("$.operations", "there is nothing to do", 'add {"opName": ..., "opParams": {...}}')
    steps = [_operation(entry, version, document) for entry in section.items("operations")]
    section.finish()
    return tuple(step for step in steps if step is not None)


def _operation(entry: Entry, version: str, document: Document) -> Operation | None:
    section = Section.of(entry.value, entry.path, document)
    if section is None:
        return None
    name = section.text("opName").strip()
    given = section.get("opParams")
    section.finish()
    if name not in KNOWN:
        cure = suggest(name, KNOWN) or f"write one of {', '.join(KNOWN)}"
        document.error(f"{entry.path}.opName", "is no operation", cure)
        return None
    parameters: Value = given.value if given is not None else {}
    if not isinstance(parameters, dict):
        document.error(f"{entry.path}.opParams", "is not an object", "write {...}")
        return None
    if name not in {WAIT, SET_TOPOLOGY}:
        return Operation(name, entry.path, {"@apiVersion": version, **parameters})
    inner = Section.of(parameters, f"{entry.path}.opParams", document)
    assert inner is not None, "it is an object"
    return _waiting(inner, entry.path) if name == WAIT else _topology(inner, entry.path)


def _waiting(section: Section, path: str) -> Operation:
    step = Operation(WAIT, path, message=section.text("message").strip())
    section.finish()
    return step


def _topology(section: Section, path: str) -> Operation | None:
    file, url = section.text("topologyFile").strip(), section.text("topologyUrl").strip()
    section.finish()
    if bool(file) is bool(url):
        what = "names a file and a URL" if file else "names no topology"
        section.document.error(section.path, what, "write either topologyFile or topologyUrl")
        return None
    if url and not url.lower().startswith(("http://", "https://")):
        section.document.error(f"{section.path}.topologyUrl", "is no address of the web", "write http(s)://...")
        return None
    return Operation(SET_TOPOLOGY, path, topology_file=file, topology_url=url)
