"""Nodes wired as a graph; items are pushed through it depth-first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from footfall.core.ports import Node


class Graph:
    """A directed acyclic graph of nodes.

    Args:
        nodes: Name -> node, in an order in which every input stands before its user.
        inputs: Name -> names of the nodes that feed it; nodes without inputs are fed by `push`.

    Raises:
        ValueError: an input is unknown or stands after its user.
    """

    def __init__(self, nodes: Mapping[str, Node], inputs: Mapping[str, Sequence[str]]) -> None:
        self._nodes = dict(nodes)
        self._users: dict[str, list[str]] = {name: [] for name in nodes}
        self._entries: list[str] = []
        seen: set[str] = set()
        for name in nodes:
            feeds = inputs.get(name, ())
            if not set(feeds) <= seen:
                raise ValueError(f"node {name}: its inputs {sorted(set(feeds) - seen)} do not stand before it")
            for feed in feeds:
                self._users[feed].append(name)
            if not feeds:
                self._entries.append(name)
            seen.add(name)

    def node(self, name: str) -> Node:
        """One of its nodes.

        Raises:
            KeyError: there is none of this name.
        """
        return self._nodes[name]

    def exchange(self, nodes: Mapping[str, Node]) -> None:
        """Put other nodes in the places of some, between two items; who feeds whom stays.

        Raises:
            ValueError: there is no node of such a name.
        """
        if strange := nodes.keys() - self._nodes.keys():
            raise ValueError(f"no nodes {sorted(strange)}")
        self._nodes |= nodes

    def push(self, item: object) -> Iterator[object]:
        """Feed one item to the entry nodes; yield what comes out of nodes that feed nobody."""
        for entry in self._entries:
            yield from self._pass_on(entry, self._nodes[entry].feed(item))

    def flush(self) -> Iterator[object]:
        """End the stream: each node gives what it held back, in order, through the nodes behind it."""
        for name, node in self._nodes.items():
            yield from self._pass_on(name, node.flush())

    def _pass_on(self, name: str, items: Iterable[object]) -> Iterator[object]:
        users = self._users[name]
        if not users:
            yield from items
            return
        for item in items:
            for user in users:
                yield from self._pass_on(user, self._nodes[user].feed(item))
