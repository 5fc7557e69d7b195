"""Where in a document each line and zone stands: for whoever finds something wrong with one of them later."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from footfall.config.document import Document, Value, child, parse_json
from footfall.config.load import parse
from footfall.core.errors import ConfigError

_LISTS = {"zones": "zone", "lines": "line"}


class Whereabouts(NamedTuple):
    """One line or zone of a document."""

    kind: str
    """`line` or `zone`."""
    name: str
    path: str
    """JSON path; members of an object that is serialised into a string are named as if it were not."""


def whereabouts(text: str, *, lenient: bool = False) -> tuple[Whereabouts, ...]:
    """All lines and zones of a document in their order; none of a text that is no document."""
    try:
        return tuple(_regions(parse(text, Document("", lenient=lenient)), "$", lenient))
    except ConfigError:
        return ()


def path_of(places: tuple[Whereabouts, ...], kind: str, name: str, camera: tuple[str, int]) -> str:
    """The path of a line or zone, `$` where it is not found.

    Args:
        places: All of the document.
        kind: `line` or `zone`.
        name: Its name.
        camera: (graph id, number of the graph): tells which one is meant where cameras have regions of the same name.
    """
    named = [place.path for place in places if (place.kind, place.name) == (kind, name)]
    graph, number = camera
    own = [
        path
        for path in named
        if path.startswith(f"$.cameras[{number}].") or any(part and part in path for part in graph.split("/"))
    ]
    return next(iter(own or named), "$")


def _regions(value: Value, path: str, lenient: bool) -> Iterator[Whereabouts]:
    if isinstance(value, str) and value.lstrip()[:1] in {"{", "["}:
        document = Document("", lenient=lenient)
        value = parse_json(value, path, document)
    if isinstance(value, list):
        for index, member in enumerate(value):
            yield from _regions(member, child(path, index), lenient)
    if not isinstance(value, dict):
        return
    for key, member in value.items():
        at, kind = child(path, key), _LISTS.get(key.lower())
        if kind and isinstance(member, list):
            yield from (
                Whereabouts(kind, item["name"], child(at, index))
                for index, item in enumerate(member)
                if isinstance(item, dict) and isinstance(item.get("name"), str)
            )
        else:
            yield from _regions(member, at, lenient)
