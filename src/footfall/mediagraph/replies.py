"""What goes back: documents as replies show them, without secrets (spec/media-graph.md section 9)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, cast

from footfall.config.document import Value
from footfall.mediagraph.documents import ParameterType
from footfall.mediagraph.shapes import PREFIX, Declared
from footfall.mediagraph.slot import KeptInstance, KeptTopology

WITHHELD: Final[Mapping[str, str]] = {
    PREFIX + "UsernamePasswordCredentials": "password",
    PREFIX + "HttpHeaderCredentials": "headerValue",
}
"""What is left out of which credentials."""


def stamp(utc: datetime) -> str:
    """`2026-01-05T10:00:00.000Z`."""
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def topology_reply(kept: KeptTopology) -> Declared:
    """A topology, its parameters still in it."""
    properties = cast("Declared", _open(kept.document.declared["properties"]))
    if "parameters" in properties:
        properties["parameters"] = [_declaration(each) for each in cast("list[Declared]", properties["parameters"])]
    return {"systemData": _times(kept), "name": kept.document.name, "properties": properties}


def instance_reply(kept: KeptInstance) -> Declared:
    """An instance with its state; of a secret parameter only the name."""
    properties: Declared = {"state": kept.state.value, **cast("Declared", kept.document.declared["properties"])}
    if "parameters" in properties:
        values = kept.document.values
        properties["parameters"] = [_value(name, value, kept.secrets) for name, value in values]
    return {"systemData": _times(kept), "name": kept.document.name, "properties": properties}


def _times(kept: KeptTopology | KeptInstance) -> Declared:
    return {"createdAt": kept.created, "lastModifiedAt": kept.modified}


def _open(value: Value) -> Value:
    """A value without what credentials hide."""
    if isinstance(value, dict):
        withheld = WITHHELD.get(str(value.get("@type")))
        return {key: _open(member) for key, member in value.items() if key != withheld}
    return [_open(member) for member in value] if isinstance(value, list) else value


def _declaration(declared: Declared) -> Declared:
    hidden = "default" if declared.get("type") == ParameterType.SECRET.value else None
    return {key: value for key, value in declared.items() if key != hidden}


def _value(name: str, value: str | None, secrets: frozenset[str]) -> Declared:
    return {"name": name} if value is None or name in secrets else {"name": name, "value": value.strip()}
