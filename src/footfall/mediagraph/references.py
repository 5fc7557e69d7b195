"""`${name}` in the strings of a topology: parameters, and variables of the system (spec/media-graph.md 2). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from footfall.config.document import Value
from footfall.mediagraph.flaws import Path
from footfall.mediagraph.scalars import REFERENCE

TOPOLOGY_NAMES: Final = ("System.GraphTopologyName", "System.TopologyName")
INSTANCE_NAMES: Final = ("System.GraphInstanceName", "System.PipelineName")
TIMES: Final[Mapping[str, str]] = {
    "System.DateTime": "System.DateTime",
    "System.Runtime.DateTime": "System.DateTime",
    "System.PreciseDateTime": "System.PreciseDateTime",
    "System.Runtime.PreciseDateTime": "System.PreciseDateTime",
}
"""Variables that change with every recording, and the spelling that sinks are given."""
SYSTEM: Final = frozenset({*TOPOLOGY_NAMES, *INSTANCE_NAMES, *TIMES})
NAMES_OF_RECORDINGS: Final = frozenset({"assetNamePattern", "filePathPattern", "fileNamePattern"})
"""The keys that may hold a variable of TIMES."""


def references(value: Value, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every name that is referred to, and where."""
    for where, text in texts(value, path):
        for name in REFERENCE.findall(text):
            yield where, name


def texts(value: Value, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every string of a value, and where it stands."""
    if isinstance(value, str):
        yield path, value
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield from texts(member, (*path, key))


def substitute(value: Value, known: Mapping[str, str]) -> Value:
    """The same value with every reference to a known name replaced, once; others stay."""
    if isinstance(value, str):
        return REFERENCE.sub(lambda match: known.get(match[1], match[0]), value)
    if isinstance(value, dict):
        return {key: substitute(member, known) for key, member in value.items()}
    if isinstance(value, list):
        return [substitute(member, known) for member in value]
    return value


def system_variables(topology: str, instance: str) -> dict[str, str]:
    """What the system's variables are for an instance; those of times stay references, in one spelling."""
    names = dict.fromkeys(TOPOLOGY_NAMES, topology) | dict.fromkeys(INSTANCE_NAMES, instance)
    return names | {name: f"${{{plain}}}" for name, plain in TIMES.items()}
