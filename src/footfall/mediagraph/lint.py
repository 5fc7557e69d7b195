"""Everything wrong with a file that holds a topology, an instance or operations, for people who write them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from footfall.config.document import Document, Value
from footfall.config.load import Kind, parse
from footfall.core.errors import ConfigError, Problem
from footfall.mediagraph.documents import Instance, Topology, read_instance, read_topology
from footfall.mediagraph.flaws import Flaw
from footfall.mediagraph.operations import Operation, read_operations
from footfall.mediagraph.validator import all_of_topology, check_url, substituted

KINDS: Final = frozenset({Kind.TOPOLOGY, Kind.INSTANCE, Kind.OPERATIONS})
ReadFile = Callable[[str], str]
"""Gives the text of a file that operations name.

Raises:
    ConfigError: it cannot be read.
"""


def check_media(text: str, kind: Kind, file: str, read: ReadFile, *, lenient: bool = False) -> tuple[Problem, ...]:
    """All problems of a document of one of KINDS, and of the topologies that operations name."""
    document = Document(file, lenient=lenient)
    try:
        value = parse(text, document)
    except ConfigError as error:
        return error.problems
    if kind is Kind.OPERATIONS:
        steps = read_operations(value, document)
        return (*document.problems, *_steps(steps, file, read, lenient=lenient))
    if kind is Kind.TOPOLOGY:
        return (*document.problems, *_told(_topology(value)[1], file))
    return (*document.problems, *_told(read_instance(value)[1], file))


def _steps(steps: Iterable[Operation], file: str, read: ReadFile, *, lenient: bool) -> list[Problem]:
    """Problems of the documents that operations send, instances tried on the topologies before them."""
    problems: list[Problem] = []
    known: dict[str, Topology] = {}
    for step in steps:
        if step.topology_file:
            topology, found = _topology_of(step, file, read, lenient=lenient)
            problems += found
            if topology is not None:
                known[topology.name] = topology
        elif step.name == "GraphInstanceSet":
            instance, flaws = read_instance(step.payload)
            fits = () if instance is None else _fits(instance, known.get(instance.topology))
            problems += _told([*flaws, *fits], file, f"{step.path}.opParams")
    return problems


def _topology_of(
    step: Operation, file: str, read: ReadFile, *, lenient: bool
) -> tuple[Topology | None, tuple[Problem, ...]]:
    document = Document(step.topology_file, lenient=lenient)
    try:
        value = parse(read(step.topology_file), document)
    except ConfigError as error:
        where = f"{step.path}.opParams.topologyFile"
        return None, tuple(each if each.path != "$" else _at(each, file, where) for each in error.problems)
    topology, flaws = _topology(value)
    problems = (*document.problems, *_told(flaws, step.topology_file))
    return (None if any(not each.is_warning for each in problems) else topology), problems


def _at(problem: Problem, file: str, path: str) -> Problem:
    """A problem of a whole file, told where that file is named."""
    return Problem(file, path, f"{problem.file}: {problem.what}", problem.cure)


def _topology(value: Value) -> tuple[Topology | None, tuple[Flaw, ...]]:
    """A topology and its flaws, addresses that hold no parameter included."""
    topology, flaws = all_of_topology(value)
    if topology is None or any(not flaw.is_warning for flaw in read_topology(value)[1]):
        return topology, flaws
    plain = [node for node in topology.nodes if "${" not in str(node.declared.get("endpoint"))]
    return topology, (*flaws, *(flaw for node in plain for flaw in check_url(node, node.declared)))


def _fits(instance: Instance, topology: Topology | None) -> tuple[Flaw, ...]:
    return () if topology is None else substituted(topology, instance)[1]


def _told(flaws: Iterable[Flaw], file: str, inside: str = "$") -> list[Problem]:
    """Flaws as problems, errors first; `inside` is where the document stands in the file."""
    ordered = sorted(flaws, key=lambda flaw: (flaw.is_warning, flaw.check))
    return [
        Problem(file, inside + flaw.json_path[1:], flaw.what, flaw.cure, is_warning=flaw.is_warning) for flaw in ordered
    ]
